"""What a submission's process holds before its first cell runs: nothing of the lab's."""

import os
from pathlib import Path

import numpy as np
import pytest
from autograder.referee import Referee
from autograder.sandbox import ForkServer, Isolation, Limits, Sandbox
from course_utils.judging.compare import leaves
from tests.attacks.conftest import processes_with

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may read the memory of another process"),
]
PLANTED = (
    b"planted text in solution",
    b"planted_name_in_solution",
    b"planted-mistake",
    b"planted help",
    b"planted name of a case",
    b"more steps than columns",
    b"check_mix",
)
"""Words of the lab's solution, mistakes and cases."""


def memory_of(pid: int) -> bytes:
    """All readable memory of a process."""
    found = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, access, *_ = line.split()
            start, end = (int(number, 16) for number in place.split("-"))
            if access.startswith("r"):
                try:
                    memory.seek(start)
                    found.append(memory.read(end - start))
                except (OSError, ValueError, OverflowError):  # the kernel's own pages
                    continue
    return b"".join(found)


def workers(server: ForkServer) -> set[int]:
    """The processes of a server that are in a space of their own within it."""
    found = set()
    for pid in processes_with(str(server.mounted)):
        status = Path(f"/proc/{pid}/status").read_text()
        spaces = next(line for line in status.splitlines() if line.startswith("NSpid")).split()
        if len(spaces) > 3:
            found.add(pid)
    return found


def test_nothing_of_the_lab_is_in_a_fresh_process(empty_course):
    lab = empty_course.lab("target")
    with Referee(lab, 7) as referee, ForkServer(lab.lab.modules, Limits(), Isolation.BUBBLEWRAP) as server:
        with Sandbox(server, server.limits) as first:  # the server has served another submission already
            first.run("1 + 1", lambda kind, content: None)
        with Sandbox(server, server.limits):
            assert server.shared
            memories = [memory_of(pid) for pid in workers(server)]
        cases = [case for cases in referee.cases.values() for case in cases if case.group != "published"]
        values = [leaf for case in cases for leaf in leaves([*case.inputs.values(), *case.outputs])]
    numbers = {np.float64(value.ravel()[0]).tobytes() for value in values if value.dtype.kind == "f"}
    assert len(numbers) > 10
    assert len(memories) == 1
    for memory in memories:
        assert b"__seqlab_grade__" in memory, "the search finds what is there"
        assert [words for words in PLANTED if words in memory] == []
        assert not [number for number in numbers if number in memory]


def test_the_words_looked_for_are_the_labs(empty_course):
    folder = empty_course.root / "assignments/target"
    text = b"".join((folder / f"{name}.py").read_bytes() for name in ("target", "exercises", "mistakes"))
    assert [words for words in PLANTED if words not in text] == []
