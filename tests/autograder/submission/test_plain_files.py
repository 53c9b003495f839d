"""The files beside a notebook: read without following links, and whatever happens to them meanwhile."""

import os

import pytest

from autograder.errors import BadSubmission
from autograder.submission import read
from autograder.submission.files import link_in, open_plain, plain_files


def test_a_link_or_pipe_is_not_opened(tmp_path):
    (tmp_path / "there").write_text("x")
    (tmp_path / "link").symlink_to("there")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "none"):
        with pytest.raises(OSError, match=r"."):
            open_plain(tmp_path / name)
    with open_plain(tmp_path / "there") as file:
        assert file.read() == b"x"


def test_the_first_link_on_the_way_is_named(tmp_path):
    (tmp_path / "ben/cells").mkdir(parents=True)
    (tmp_path / "ann").symlink_to("ben")
    assert link_in(tmp_path / "ben/cells", tmp_path) is None
    assert link_in(tmp_path / "ann/cells", tmp_path) == tmp_path / "ann"


@pytest.fixture
def growing(monkeypatch):
    """Files grow after they have been measured: each was empty."""

    def measured(descriptor, ask=os.fstat):
        status = list(ask(descriptor))
        status[6] = 0
        return os.stat_result(status)

    monkeypatch.setattr(os, "fstat", measured)


def test_a_file_that_grows_while_it_is_read_is_left_out(tmp_path, growing):
    (tmp_path / "large").write_bytes(b"x" * 100)
    (tmp_path / "small").write_bytes(b"x" * 10)
    assert plain_files(tmp_path, limit=50) == ({"small": b"x" * 10}, ["large"])


def test_a_notebook_that_grows_while_it_is_read_is_too_large(tmp_path, growing, monkeypatch):
    monkeypatch.setattr(read, "MAX_BYTES", 100)
    (tmp_path / "a.ipynb").write_bytes(b"x" * 90)

    def lstat(path):
        found = os.stat(path, follow_symlinks=False)
        (path).write_bytes(b"x" * 1_000)
        return found

    monkeypatch.setattr(type(tmp_path), "lstat", lstat)
    with pytest.raises(BadSubmission, match="is larger than"):
        read.read_notebook(tmp_path / "a.ipynb")


def test_a_notebook_that_a_link_replaces_is_not_read(tmp_path, monkeypatch):
    (tmp_path / "other.ipynb").write_text("{}")
    (tmp_path / "a.ipynb").write_text("{}")

    def lstat(path):
        found = os.stat(path, follow_symlinks=False)
        path.unlink()
        path.symlink_to("other.ipynb")
        return found

    monkeypatch.setattr(type(tmp_path), "lstat", lstat)
    with pytest.raises(BadSubmission, match="cannot be read"):
        read.read_notebook(tmp_path / "a.ipynb")
