"""What all processes of a submission take together has a limit, where control groups can be made."""

import pytest

from autograder.sandbox import Ended, ForkServer, Isolation, Limits, Sandbox, controllers, why_not
from autograder.sandbox import cgroups as cgroup

pytestmark = pytest.mark.sandbox

FILLS = """
import mmap, os
kept = []
for _ in range(40):
    file = os.memfd_create("x")
    os.ftruncate(file, 64 << 20)
    kept.append(mmap.mmap(file, 64 << 20))
    kept[-1].write(b"x" * (64 << 20))
"""


@pytest.fixture
def limited():
    if why_not() or "memory" not in controllers():
        pytest.skip("no control group with a limit on memory can be made here")


def test_memory_of_no_process_has_a_limit_too(limited):
    limits = Limits(total_memory=400 << 20)
    with ForkServer((), limits, Isolation.BUBBLEWRAP) as server:
        with Sandbox(server, limits) as sandbox, pytest.raises(Ended, match="out of memory"):
            sandbox.run(FILLS, lambda *_: None)
        said = []
        with Sandbox(server, limits) as sandbox:  # the server serves the next submission
            sandbox.run("print(1)", lambda *output: said.append(output))
        assert said == [("stream", {"name": "stdout", "text": "1\n"})]


def test_no_group_is_left_behind(limited):
    with ForkServer((), Limits(), Isolation.BUBBLEWRAP) as server:
        server.fork().close()
        made = list(server._group._folders)
        assert made
        assert all(folder.exists() for folder in made)
    assert not any(folder.exists() for folder in made)


def test_where_none_can_be_made_grading_goes_on(monkeypatch, tmp_path):
    monkeypatch.setattr(cgroup, "ROOT", tmp_path)
    assert controllers() == set()
    with ForkServer((), Limits(), Isolation.LIMITS) as server, Sandbox(server, Limits()) as sandbox:
        assert sandbox.run("1 / 0", lambda *_: None).error == "ZeroDivisionError"


def test_what_a_killed_grader_left_is_removed(limited):
    top = cgroup._own_folders()[0]
    (top / "seqlab-999999999-0").mkdir()
    group = cgroup.ControlGroup(Limits())
    group.remove()
    assert not (top / "seqlab-999999999-0").exists()
