"""Honest notebooks get the scores, and the feedback, that stock execution gives them.

Stock execution is nbclient's own `NotebookClient` with a kernel of its own for each notebook. The probe
stands in that kernel and talks to the referee over a socket: no shell, server or executor of ours is there.
"""

import contextlib
import copy
import re
import shutil
import socket
import threading

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from autograder.cli.demo import fill_in
from autograder.feedback import feedback_text
from autograder.grading.notebook import grade_notebook
from autograder.lab.course import load_config
from autograder.lab.text import reference_source
from autograder.referee import Referee
from autograder.release.generate import registered_cells
from autograder.sandbox import Limits
from autograder.sandbox.inside.wire import Reader, frame
from autograder.settings import Settings
from autograder.submission.files import plain_files
from autograder.submission.restore import Sanitiser

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]
SEED = 11
STARTUP = """
def start():
    import builtins, socket
    from autograder.sandbox.inside.probe import Probe
    from autograder.sandbox.inside.worker import Channel
    line = socket.socket(socket.AF_UNIX)
    line.connect({address!r})
    channel = Channel(line)
    builtins.__seqlab_grade__ = Probe(get_ipython().user_ns, channel.send, channel.receive)
start()
del start
"""


class Line(threading.Thread):
    """The referee's end of the socket: hands what the probe sends to the session that is open."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.session = None
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(address)
        self.server.listen(1)

    def run(self):
        with self.server:
            line, _ = self.server.accept()
            with line:
                self.serve(line)

    def serve(self, line):
        reader = Reader()
        while data := line.recv(1 << 18):
            reader.feed(data)
            while (found := reader.next()) is not None:
                session = self.session
                for answer in session.answer(*found) if session else [({"type": "closed"}, [])]:
                    line.sendall(frame(*answer))


def run_by_stock(notebook, referee, folder, address):
    """Run a notebook with nbclient and a kernel, in a folder with the lab's files; returns the verdicts."""
    line, judge = Line(str(address)), referee.judge()
    line.start()
    notebook.cells.insert(0, begin := new_code_cell(STARTUP.format(address=str(address))))
    client = NotebookClient(
        notebook, timeout=60, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.reset_execution_trackers()
    with client.setup_kernel():
        client.execute_cell(begin, 0, store_history=False)
        assert begin.outputs == []
        for index, cell in enumerate(notebook.cells[1:], 1):
            if cell.cell_type == "code":
                exercise = judge.exercise_of(cell.metadata.get("nbgrader", {}).get("grade_id"))
                line.session = judge.open(exercise) if exercise else None
                client.execute_cell(cell, index)
                if line.session:
                    line.session.close()
    line.join(20)
    assert not line.is_alive()
    notebook.cells.remove(begin)
    return judge.final("its test cell is missing")


class Compared:
    """A lab with its referee, its server, and notebooks as nbgrader's sanitising leaves them."""

    def __init__(self, course, name, folder, stack):
        self.lab, self.folder = course.lab(name), folder
        self.right = reference_source(self.lab.text)
        self.referee = stack.enter_context(Referee(self.lab, SEED))
        self.settings = Settings(limits=Limits(cell_seconds=60))
        self.server = stack.enter_context(self.settings.fork_server(self.lab))
        self.files = folder / "files"
        shutil.copytree(course.root / "release" / name, self.files)
        source = nbformat.read(course.root / "source" / name / f"{name}.ipynb", 4)
        cells = registered_cells(source, load_config(course.root), name)
        self.sanitise = Sanitiser(name, cells, source.metadata.kernelspec)

    def mistaken(self, exercise, name):
        """The solutions with a known mistake in one of them."""
        (mistake,) = [m for m in self.lab.mistakes[exercise] if m.name == name]
        source = self.right[exercise]
        for old, new in mistake.edits:
            source = source.replace(old, new)
        return {**self.right, exercise: source}

    def check(self, functions):
        """Run a notebook both ways and compare all that was said; returns the verdicts."""
        name = self.lab.name
        handed_in = fill_in(nbformat.read(self.files / f"{name}.ipynb", 4), functions)
        notebook = self.sanitise(handed_in)
        theirs = copy.deepcopy(notebook)
        work = self.folder / "work"
        shutil.copytree(self.files, work)
        try:
            expected = run_by_stock(theirs, self.referee, work, self.folder / "line")
        finally:
            shutil.rmtree(work)
            (self.folder / "line").unlink()
        ours = grade_notebook(notebook, plain_files(self.files)[0], self.referee, self.server, self.settings)
        assert ours.verdicts == expected
        for detail in ("points", "cases", "diagnosis"):
            said = [[feedback_text(v, detail) for v in verdicts] for verdicts in (ours.verdicts, expected)]
            assert said[0] == said[1]
        tests = self.lab.tests
        for ours_cell, cell in zip(ours.notebook.cells, theirs.cells, strict=True):
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade_id") not in tests:
                assert printed(ours_cell) == printed(cell)
        return ours.verdicts


def printed(cell):
    """Return what a cell put out as text: of an error its name and message, of a display its plain text."""
    found = []
    for output in cell.outputs:
        if output.output_type == "stream":
            found.append("".join(output.text))
        elif output.output_type == "error":
            found.append(f"{output.ename}: {output.evalue}")
        else:
            found.append("".join(output.data["text/plain"]))
    return re.sub(r" at 0x[0-9a-f]+", " at 0x", "".join(found))


@pytest.fixture(scope="module")
def toy(small_built, tmp_path_factory):
    with contextlib.ExitStack() as stack:
        yield Compared(small_built, "scaling", tmp_path_factory.mktemp("toy"), stack)


@pytest.fixture(scope="module")
def cells(course, tmp_path_factory):
    with contextlib.ExitStack() as stack:
        yield Compared(course, "cells", tmp_path_factory.mktemp("cells"), stack)


def points(verdicts):
    return [verdict.points for verdict in verdicts]


def test_the_right_one(toy):
    assert points(toy.check(toy.right)) == [4, 6]


def test_the_blank_one(toy):
    assert points(toy.check({})) == [0, 0]


def test_a_wrong_one(toy):
    wrong = toy.right["scale"].replace("y = x * w", "y = np.cos(x * w)")
    verdicts = toy.check({**toy.right, "scale": wrong})
    assert verdicts[0].points < 4
    assert verdicts[1].carried_forward


@pytest.mark.parametrize(
    ("exercise", "mistake"),
    [("scale", "adds"), ("scale", "mean"), ("repeat", "starts-anew"), ("repeat", "stops-early")],
)
def test_each_known_mistake(toy, exercise, mistake):
    found = {verdict.name: verdict for verdict in toy.check(toy.mistaken(exercise, mistake))}
    assert found[exercise].mistake == mistake


def test_every_known_mistake_of_the_toy_is_among_them(toy):
    marks = test_each_known_mistake.pytestmark[0].args[1]
    assert marks == [(name, m.name) for name, mistakes in toy.lab.mistakes.items() for m in mistakes]


def test_the_right_and_the_blank_one_of_cells(cells):
    assert sum(points(cells.check(cells.right))) == 100
    assert sum(points(cells.check({}))) == 0


@pytest.mark.parametrize("exercise", ["rnn_cell_forward", "rnn_forward", "lstm_cell_forward"])
def test_a_known_mistake_of_cells(cells, exercise):
    mistake = cells.lab.mistakes[exercise][0].name
    found = {verdict.name: verdict for verdict in cells.check(cells.mistaken(exercise, mistake))}
    assert found[exercise].mistake == mistake
