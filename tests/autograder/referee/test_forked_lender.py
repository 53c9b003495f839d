"""A grading process forks its lender: what that process has, keeps, and ends with."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from autograder.lab.course import LabFolder
from autograder.processes import Died, answers
from autograder.referee import lender as lender_module
from autograder.referee.lender import MEMORY, Lender, Refused
from autograder.sandbox.inside.wire import pack, unpack
from tests.autograder.referee.toy_lab import toy_lab

WAIT = 20.0


def call(lender, value):
    packed = pack()
    node = packed([[np.full((2, 2), value), np.ones((1, 2))], {}])
    answer, arrays = lender.call({"function": "scale", "args": node}, packed.arrays)
    return unpack(arrays, known=packed.sent)(answer["value"])[0].tolist()


def status(pid, name):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.split(":")[1].strip() for line in lines if line.startswith(name + ":"))


def parent_of(pid):
    return int(status(pid, "PPid"))


def started_by(parent):
    """Return the processes that a process has started."""
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            if parent_of(name) == parent and not status(name, "State").startswith("Z"):
                found.append(int(name))
        except FileNotFoundError:
            pass
    return found


class Grading:
    """Stands for a grader: forks a lender with something open, and answers what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.lender = Lender(LabFolder(folder))
        self.open = open(folder / "toy.py")  # noqa: SIM115 - what a lender must not keep open

    def __enter__(self):
        self.lender.fork()
        return self.answer

    def __exit__(self, *_):
        self.lender.close()

    def answer(self, task):
        if task == "facts":
            (pid,) = started_by(os.getpid())
            self.lender.start()  # it is ready once it has set its limit
            limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
            return {
                "value": call(self.lender, 1.0),
                "descriptors": sorted(os.listdir(f"/proc/{pid}/fd")),
                "handlers": int(status(pid, "SigCgt"), 16) >> signal.SIGTERM - 1 & 1,
                "blocked": int(status(pid, "SigBlk"), 16),
                "output": [os.readlink(f"/proc/{pid}/fd/{number}") for number in (0, 1)],
                "memory": next(line.split()[3] for line in limits if line.startswith("Max address space")),
            }
        if task == "restart":
            (first,) = started_by(os.getpid())
            lender_module.SECONDS = 0.5
            try:
                call(self.lender, 98.0)
            except Refused as refused:
                said = str(refused)
            lender_module.SECONDS = 5.0
            value = call(self.lender, 1.0)
            (second,) = started_by(os.getpid())
            fresh = [b"-c" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in (second,)]
            return said, value, first != second, fresh
        if task == "busy":
            lender_module.SECONDS = 600.0
            Path(self.open.name).with_name("pids").write_text(f"{os.getpid()} {started_by(os.getpid())[0]}")
            call(self.lender, 98.0)  # never ends
        return None


def lab_that_may_hang(tmp_path):
    lab = toy_lab(tmp_path)
    path = lab.folder / "toy.py"
    stays = "    while x[0, 0] == 98:\n        pass\n"
    path.write_text(path.read_text("utf-8").replace("    kept =", f"{stays}    kept ="), "utf-8")
    return lab


def one_answer(lab, task):
    ((_, answer),) = answers(Grading, (lab.folder,), [task], 1)
    return answer


def test_a_forked_lender_keeps_nothing_of_its_parent_open(tmp_path):
    facts = one_answer(lab_that_may_hang(tmp_path), "facts")
    assert facts["value"] == [[1.0, 1.0], [1.0, 1.0]]
    assert facts["descriptors"] == ["0", "1", "2", "3"]
    assert facts["output"] == [os.devnull] * 2
    assert not facts["handlers"]
    assert not facts["blocked"]
    assert int(facts["memory"]) == MEMORY


def test_after_a_call_that_takes_too_long_a_fresh_interpreter_takes_its_place(tmp_path):
    said, value, other, fresh = one_answer(lab_that_may_hang(tmp_path), "restart")
    assert "took too long" in said
    assert value == [[1.0, 1.0], [1.0, 1.0]]
    assert other
    assert fresh == [True]


def test_a_forked_lender_that_computes_ends_with_its_killed_parent(tmp_path):
    lab = lab_that_may_hang(tmp_path)
    found = answers(Grading, (lab.folder,), ["busy"], 1, seconds=3.0)  # then the process is killed
    ((_, answer),) = found
    assert answer == Died(-signal.SIGKILL)
    _, lender = map(int, (lab.folder / "pids").read_text().split())
    end = time.monotonic() + WAIT
    while Path(f"/proc/{lender}").exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert not Path(f"/proc/{lender}").exists()


def test_the_switch_and_labs_that_lend_nothing_leave_the_fork_out(tmp_path, monkeypatch):
    lab = toy_lab(tmp_path)
    lender = Lender(lab)
    monkeypatch.setenv("SEQLAB_FRESH_LENDER", "1")
    lender.fork()
    assert not lender.running
    monkeypatch.delenv("SEQLAB_FRESH_LENDER")
    for exercise in lab.exercises.values():
        object.__setattr__(exercise, "calls", ())
    lender.fork()
    assert not lender.running
