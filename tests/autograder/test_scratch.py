"""Temporary folders, and what becomes of them when their owner is killed."""

import gc
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.scratch import Scratch, remove_left

OWNER = """
import sys
from autograder.scratch import Scratch
folder = Scratch()
open(f"{folder.name}/file", "w").close()
print(folder.name, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """A folder for temporary folders, of this test alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def owner(temporary):
    """A process that owns a folder, and that folder."""
    line, environment = [sys.executable, "-c", OWNER], {**os.environ, "TMPDIR": str(temporary)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(line, env=environment, text=True, **pipes) as process:
        yield process, Path(process.stdout.readline().rstrip())
        process.stdin.close()


def test_it_is_removed_at_its_end(temporary):
    with Scratch() as folder:
        assert Path(folder).parent == temporary
        Path(folder, "file").touch()
        remove_left()
        assert Path(folder, "file").exists(), "its owner lives"
    assert list(temporary.iterdir()) == []


def test_it_stays_while_another_process_owns_it(owner):
    _, folder = owner
    remove_left()
    assert (folder / "file").exists()


def test_what_a_killed_process_left_is_removed(owner):
    process, folder = owner
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert folder.exists()
    remove_left()
    assert not folder.exists()


def test_nothing_else_is_removed(temporary):
    (temporary / "elsewhere").mkdir()
    (temporary / "elsewhere/file").touch()
    (temporary / "seqlab-scratch-a_link").symlink_to(temporary / "elsewhere")
    (temporary / "seqlab-other").mkdir()
    (temporary / "seqlab-scratch-a_file").touch()
    remove_left()
    assert len(list(temporary.iterdir())) == 4
    assert (temporary / "elsewhere/file").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_another_users_folder_stays(temporary):
    folder = Path(tempfile.mkdtemp(prefix="seqlab-scratch-"))
    os.chown(folder, 12345, 12345)
    remove_left()
    assert folder.exists()


@pytest.mark.filterwarnings("error")
def test_one_that_is_removed_before_it_is_locked_is_made_again(temporary, monkeypatch):
    """Another process may take it for one that was left."""
    made, real = [], tempfile.mkdtemp

    def mkdtemp(*arguments, **named):
        made.append(real(*arguments, **named))
        if len(made) == 1:
            os.rmdir(made[0])
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)
    with Scratch() as folder:
        assert Path(folder).is_dir()
    gc.collect()
    assert len(made) == 2
    assert list(temporary.iterdir()) == []
