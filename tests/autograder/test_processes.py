"""Work shared out over processes, any of which may die. What they run are the functions of this module."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.errors import GraderError, UsageError
from autograder.processes import Died, Workers, answers

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def squares():
    """Answers a number by its square and the process; what is no number says what the process is to do."""

    def answer(task):
        if isinstance(task, int):
            return task**2, os.getpid()
        kind, value = task
        if kind == "exit":
            os._exit(value)
        if kind == "kill":
            os.kill(os.getpid(), value)
        if kind == "sleep":
            time.sleep(value)
        if kind == "once":  # dies the first time
            if not os.path.exists(value):
                Path(value).touch()
                os._exit(7)
            return "the second time", os.getpid()
        raise value

    yield answer


class Noted:
    """Notes by files when it is entered and left, and what it worked on; a task may be an exception."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        Path(self.folder, f"entered-{os.getpid()}").touch()
        return self

    def __exit__(self, *_):
        Path(self.folder, f"left-{os.getpid()}").touch()

    def __call__(self, task):
        if isinstance(task, Exception):
            raise task
        Path(self.folder, f"task-{task}").touch()


@contextlib.contextmanager
def failing(error):
    raise error
    yield


@contextlib.contextmanager
def dying():
    os._exit(3)
    yield


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


@pytest.fixture(params=["fork", "spawn"])
def way(request):
    """Both ways to make a process: while a second thread runs, a fork would not be safe."""
    if request.param == "fork":
        if threading.active_count() > 1:
            pytest.skip("this process has threads already")
        yield
        return
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    yield
    end.set()
    thread.join()


pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("way")]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_each_task_is_answered_once(jobs):
    found = list(answers(squares, (), [3, 1, 2], jobs))
    assert sorted((task, square) for task, (square, _) in found) == [(1, 1), (2, 4), (3, 9)]
    processes = {pid for _, (_, pid) in found}
    assert os.getpid() not in processes
    assert len(processes) <= min(jobs, 3)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_process_that_works_too_long_is_killed_and_costs_its_own_task(jobs):
    found = dict(answers(squares, (), [1, ("sleep", 3600), 2], jobs, seconds=1.0))
    assert found.pop(("sleep", 3600)) == Died(-signal.SIGKILL)
    assert {task: square for task, (square, _) in found.items()} == {1: 1, 2: 4}


def test_without_tasks_nothing_is_started():
    assert list(answers(failing, (RuntimeError("started"),), [], 2)) == []


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("task", "code"), [(("exit", 5), 5), (("exit", 0), 0), (("kill", signal.SIGKILL), -signal.SIGKILL)]
)
def test_a_process_that_dies_costs_its_own_task_alone(jobs, task, code):
    found = dict(answers(squares, (), [1, task, 2, 3], jobs))
    assert found[task] == Died(code)
    assert {number: found[number][0] for number in (1, 2, 3)} == {1: 1, 2: 4, 3: 9}


def test_whatever_dies_the_others_are_answered():
    tasks = [("exit", 1), 1, ("exit", 2), ("exit", 3), 2, ("kill", signal.SIGUSR1)]
    found = dict(answers(squares, (), tasks, 2))
    assert {task: found[task] for task in tasks if not isinstance(task, int)} == {
        ("exit", 1): Died(1),
        ("exit", 2): Died(2),
        ("exit", 3): Died(3),
        ("kill", signal.SIGUSR1): Died(-signal.SIGUSR1),
    }
    assert (found[1][0], found[2][0]) == (1, 4)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_task_is_given_out_again(tmp_path, jobs):
    once = ("once", str(tmp_path / "mark"))
    found = list(answers(squares, (), [1, once, ("exit", 6), 2], jobs, tries=2))
    assert len(found) == 4
    assert dict(found)[once][0] == "the second time"
    assert dict(found)[("exit", 6)] == Died(6)


def test_with_one_try_it_is_not(tmp_path):
    once = ("once", str(tmp_path / "mark"))
    assert list(answers(squares, (), [once], 1, tries=1)) == [(once, Died(7))]


@pytest.mark.parametrize(
    ("error", "raised", "words"),
    [
        (UsageError("there is no such lab"), UsageError, "^there is no such lab$"),
        (ZeroDivisionError("by zero"), GraderError, "^the grader failed: ZeroDivisionError: by zero$"),
    ],
)
def test_what_is_raised_there_is_raised_here(error, raised, words):
    with pytest.raises(raised, match=words):
        list(answers(failing, (error,), [1, 2], 2))


def test_a_task_raises_what_is_meant_for_the_caller_and_dies_of_anything_else():
    error = UsageError("no such lab")
    with pytest.raises(UsageError, match="no such lab"):
        list(answers(squares, (), [1, ("raise", error), 2], 2))
    odd = ("raise", ZeroDivisionError("by zero"))
    found = list(answers(squares, (), [1, odd, 2], 2))
    assert sorted(answer == Died(1) for _, answer in found) == [False, False, True]


def test_a_process_that_dies_while_it_starts_is_a_fault():
    """It would die again and again."""
    with pytest.raises(GraderError, match=r"3 processes ended while they started \(exit code 3\)"):
        list(answers(dying, (), [1], 1, tries=2))


def started_in(folder):
    return [int(path.name.partition("-")[2]) for path in folder.glob("entered-*")]


def test_closing_ends_all_processes_and_what_they_hold(tmp_path):
    answered = answers(Noted, (str(tmp_path),), list(range(20)), 2)
    next(answered)
    assert wait_until(lambda: len(started_in(tmp_path)) == 2)
    answered.close()
    assert not [pid for pid in started_in(tmp_path) if is_running(pid)]
    assert len(list(tmp_path.glob("left-*"))) == 2


def test_a_process_that_has_answered_all_lets_go_of_what_it_holds(tmp_path):
    assert len(list(answers(Noted, (str(tmp_path),), [1, 2, 3], 2))) == 3
    assert len(list(tmp_path.glob("left-*"))) == 2
    assert len(list(tmp_path.glob("task-*"))) == 3


def test_processes_may_start_before_their_tasks_are_known(tmp_path):
    """More of them than tasks are no harm."""
    workers = Workers(Noted, (str(tmp_path),), 3)
    assert wait_until(lambda: len(started_in(tmp_path)) == 3)
    assert [task for task, _ in workers.answers([7])] == [7]
    assert len(list(tmp_path.glob("left-*"))) == 3
    workers.close()  # once more


def test_processes_without_tasks_end_when_they_are_closed(tmp_path):
    workers = Workers(Noted, (str(tmp_path),), 2)
    assert wait_until(lambda: len(started_in(tmp_path)) == 2)
    workers.close()
    assert not [pid for pid in started_in(tmp_path) if is_running(pid)]
    assert len(list(tmp_path.glob("left-*"))) == 2


def test_so_does_one_whose_task_raises(tmp_path):
    assert [answer for _, answer in answers(Noted, (str(tmp_path),), [ZeroDivisionError()], 1)] == [Died(1)]
    assert len(list(tmp_path.glob("left-*"))) == 1


def test_ctrl_c_is_left_to_the_parent():
    """A terminal sends it to all processes at once."""
    answered = answers(squares, (), [1, 2, 3], 1)
    task, (square, pid) = next(answered)
    os.kill(pid, signal.SIGINT)
    rest = list(answered)
    assert [(1, 1), *((task, square) for task, (square, _) in rest)] == [(1, 1), (2, 4), (3, 9)]
    assert {other for _, (_, other) in rest} == {pid}
    assert (task, square) == (1, 1)


PARENT = """
import sys, threading, time
from autograder.processes import answers
from tests.autograder.test_processes import Noted

if __name__ == "__main__":
    if sys.argv[2] == "spawn":
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    answered = answers(Noted, (sys.argv[1],), list(range(4)), 2)
    next(answered)
    print("one is answered", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_parent_that_is_killed_takes_its_processes_with_it(tmp_path, method):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    line = [sys.executable, script, tmp_path, method]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, text=True) as parent:
        try:
            assert parent.stdout.readline() == "one is answered\n"
            assert wait_until(lambda: len(started_in(tmp_path)) == 2)
        finally:
            parent.kill()
    assert wait_until(lambda: not [pid for pid in started_in(tmp_path) if is_running(pid)])
