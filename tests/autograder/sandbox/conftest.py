"""Sandboxes to run cells in, and a look at what they leave behind."""

import contextlib
import tempfile

import pytest
from leftovers import processes_with, wait_until, zombies

from autograder.referee import Referee
from autograder.sandbox import ForkServer, Isolation, Limits, Sandbox

BOTH = [pytest.param(Isolation.BUBBLEWRAP, marks=pytest.mark.sandbox), Isolation.LIMITS]


class Box:
    """A running sandbox that keeps the outputs of the last cell."""

    def __init__(self, sandbox, server):
        self.sandbox, self.server, self.outputs = sandbox, server, []

    def run(self, code, listener=None):
        """Run a cell and return its CellRun."""
        self.outputs = []
        return self.sandbox.run(code, lambda kind, content: self.outputs.append((kind, content)), listener)

    @property
    def text(self):
        """What the last cell wrote to its streams."""
        return "".join(content["text"] for kind, content in self.outputs if kind == "stream")

    def says(self, code):
        """Run a cell that succeeds and return what it printed."""
        run = self.run(code)
        assert run.error is None, self.outputs
        return self.text.strip()


@pytest.fixture(params=BOTH, ids=str)
def isolation(request):
    """Each isolation in turn."""
    return request.param


@pytest.fixture
def box(tmp_path, monkeypatch):
    """A function that starts a sandbox: ``box(isolation, files={name: text}, **limits)``.

    Afterwards nothing may be left of it: no process, no zombie, no temporary folder.
    """
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    stages = []
    before = zombies()
    with contextlib.ExitStack() as stack:

        def start(
            isolation=Isolation.BUBBLEWRAP, files=None, modules=("activations",), figures=False, **limits
        ):
            server = stack.enter_context(ForkServer(modules, Limits(**limits), isolation, figures=figures))
            stages.append(server.mounted)
            contents = {name: text.encode() for name, text in (files or {}).items()}
            return Box(stack.enter_context(Sandbox(server, server.limits, contents)), server)

        yield start
    for stage in stages:
        assert wait_until(lambda stage=stage: not processes_with(stage)), "a process outlived its sandbox"
    assert zombies() <= before
    assert list(folder.iterdir()) == []


@pytest.fixture(scope="session")
def lab(course):
    """The lab ``cells``."""
    return course.lab("cells")


@pytest.fixture(scope="session")
def referee(lab):
    """A referee of the lab ``cells``, with a seed."""
    with Referee(lab, 7) as referee:
        yield referee
