"""The lab under test: its folder, solutions and right answers, its referees, and its notebook, run once.

A module about one lab names it in ``LAB``; tests of every lab are parametrised by ``lab``, indirectly.
"""

import functools
import runpy
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from nbformat import NotebookNode

from autograder.lab.course import Course, LabFolder
from autograder.lab.text import reference_source
from autograder.referee import Referee
from tests.assignments.execution import Executed, execute

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest, course: Course) -> LabFolder:
    """The folder of the lab."""
    return course.lab(request.param if hasattr(request, "param") else request.module.LAB)


@pytest.fixture(scope="module")
def right(lab: LabFolder) -> dict[str, str]:
    """The source of the reference solution of each exercise."""
    return reference_source(lab.text)


@pytest.fixture(scope="module")
def functions(lab: LabFolder) -> Mapping[str, Any]:
    """The functions of the reference solution."""
    return lab.reference


@pytest.fixture(scope="module")
def answers(lab: LabFolder) -> Mapping[str, Mapping[str, str]]:
    """The sources of other right answers: by exercise, then by what is particular to each."""
    return runpy.run_path(str(lab.folder / "answers.py"))["answers"]


@pytest.fixture(scope="module")
def stubs(lab: LabFolder, release: Callable[[str], NotebookNode]) -> dict[str, str]:
    """What the release has in place of each solution."""
    cells = [c for c in release(lab.name).cells if c.metadata.get("nbgrader", {}).get("solution")]
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in cells}


@pytest.fixture(scope="module")
def referees(lab: LabFolder, referee_of: Callable[[str, int], Referee]) -> list[Referee]:
    """A referee for each seed."""
    return [referee_of(lab.name, seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def referee(referees: list[Referee]) -> Referee:
    """The referee for the first seed."""
    return referees[0]


@pytest.fixture(scope="module")
def notebook(lab: LabFolder) -> NotebookNode:
    """The lab's text as a notebook, solutions and hidden tests included."""
    return lab.text


@pytest.fixture(scope="session")
def executed_of(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Executed]:
    """A function that gives the run of a lab's notebook, with demos as short as while it is graded."""

    @functools.cache
    def made(name: str) -> Executed:
        return execute(course.lab(name), tmp_path_factory.mktemp(name), short=True)

    return made


@pytest.fixture
def executed(lab: LabFolder, executed_of: Callable[[str], Executed]) -> Executed:
    """What the notebook prints, and its names, after all its cells have run in order."""
    return executed_of(lab.name)
