"""One grading run at a time: the second says who holds the course."""

import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.cli.demo import hand_in
from autograder.errors import UsageError
from autograder.gradebook.lock import alone

pytestmark = pytest.mark.slow

SEQLAB = Path(sys.executable).parent / "seqlab"


def is_free(path):
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_the_second_is_told_who_holds_it(tmp_path):
    path = tmp_path / "lock"
    who = f"by `seqlab autograde cells`, process {os.getpid()} on {re.escape(socket.gethostname())}, since 20"
    with alone(path, "seqlab autograde cells"):
        with (
            pytest.raises(UsageError, match=f"^the course is being graded {who}.*; wait for it, or end it$"),
            alone(path, "seqlab autograde jazz"),
        ):
            pytest.fail("held twice")
        assert json.loads(path.read_text())["what"] == "seqlab autograde cells", "the holder stays named"
        assert not is_free(path)
    assert is_free(path)


def test_it_is_let_go_when_the_block_raises(tmp_path):
    with pytest.raises(RuntimeError), alone(tmp_path / "lock", "one"):
        raise RuntimeError
    with alone(tmp_path / "lock", "two"):
        assert json.loads((tmp_path / "lock").read_text())["what"] == "two"


def test_what_an_ended_run_left_behind_is_no_lock(tmp_path):
    (tmp_path / "lock").write_text('{"pid": 1, "host": "elsewhere", "since": 0, "what": "a long word"}')
    with alone(tmp_path / "lock", "x"):
        assert json.loads((tmp_path / "lock").read_text())["pid"] == os.getpid()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"what": "x", "since": "y"}'])
def test_a_holder_that_has_not_said_who_it_is(tmp_path, text):
    path = tmp_path / "lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(text)
        file.flush()
        with (
            pytest.raises(UsageError, match=r"graded by another process, which holds .*lock; wait for it"),
            alone(path, "x"),
        ):
            pytest.fail("held twice")


def wait_until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


@pytest.mark.slow
@pytest.mark.sandbox
def test_two_runs_on_one_course(small, scaling, call):
    path = small.root / "assignments/scaling/exercises.py"
    path.write_text(path.read_text("utf-8").replace('"cell_seconds": 1.0', '"cell_seconds": 60.0'), "utf-8")
    for student in ("ann", "bob"):
        endless = scaling["scale"].replace("y = x * w", "while True: pass")
        hand_in(small, "scaling", student, {**scaling, "scale": endless})
    lock = small.root / ".seqlab/lock"
    line = ["autograde", "scaling", "--jobs", "2", "--isolation", "bubblewrap"]
    first = subprocess.Popen([SEQLAB, *line], cwd=small.root, stderr=subprocess.DEVNULL)
    try:
        assert wait_until(
            lambda: lock.exists() and lock.read_text() and (small.root / "gradebook.db").exists()
        )
        second = call(small, "seqlab", "autograde", "unrelated", "--seed", "3")
        assert second.returncode == 2
        (said,) = second.stderr.splitlines()
        assert f"graded by `seqlab autograde scaling`, process {first.pid} on {socket.gethostname()}" in said
        assert not list((small.root / ".seqlab").glob("unrelated/*")), "the second changed nothing"
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert wait_until(lambda: is_free(lock)), "a process of the killed run holds the lock"
