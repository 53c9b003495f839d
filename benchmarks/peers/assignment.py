"""The assignment of the comparison: the lab `cells` without its demonstrations, with tests in plain Python.

The tests call each function with the inputs of its published example and of its open cases, and compare what
comes back with the right outputs: values that students may see, so that no hidden case leaves the course. The
caches are left out, which would make the tests four times as long.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import numpy as np
from nbformat import NotebookNode

from autograder.lab.course import Course
from autograder.lab.text import reference_source, solution_cells
from autograder.referee.cases import draw_exercise
from autograder.release.build import build
from autograder.release.open_cases import PUBLIC_SEED, open_cases
from course_utils.judging.form import PUBLISHED

LAB = "cells"
IMPORTS = "import numpy as np\n\nfrom course_utils.rnn_utils import sigmoid, softmax"
HELPERS = '''\
import copy


def agree(got, want):
    """Raise an exception unless a result is right; None stands for what is not compared."""
    assert len(got) == len(want)
    for one, other in zip(got, want):
        if other is not None:
            assert one.shape == other.shape
            np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-9)


def check_all(function, cases):
    """Raise an exception unless a function gives the right result for the inputs of each case."""
    for inputs, want in cases:
        agree(function(*copy.deepcopy(inputs)), want)
'''
"""What the tests of every peer consist of, beside their cases."""


@dataclass(frozen=True)
class Question:
    """One function: its points, its text without and with the answer, and its cases as a Python literal."""

    name: str
    points: int
    prose: str
    stub: str
    solution: str
    cases: str


def lean_course(root: Path) -> Course:
    """Make a course with the lab `cells`, of which prose, imports, exercises and tests are left; build it."""
    here = Course.find(Path(__file__).parent)
    folder = root / "assignments" / LAB
    shutil.copytree(here.root / "assignments" / LAB, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(here.root / "nbgrader_config.py", root)
    text = jupytext.read(folder / f"{LAB}.py")
    imports = next(cell for cell in text.cells if cell.cell_type == "code")
    text.cells = [
        cell
        for cell in text.cells
        if cell.cell_type == "markdown" or cell is imports or "nbgrader" in cell.metadata
    ]
    jupytext.write(text, folder / f"{LAB}.py", fmt="py:percent")
    build(root)
    return Course(root)


def questions(course: Course) -> list[Question]:
    """Return the exercises of a course that `lean_course` made, in the order of the lab."""
    lab = course.lab(LAB)
    release = nbformat.read(course.root / "release" / LAB / f"{LAB}.ipynb", 4)
    stubs, solutions, opened = solution_cells(release), reference_source(lab.text), open_cases(lab)
    points = {
        cell.metadata.nbgrader.grade_id.removeprefix("test_"): int(cell.metadata.nbgrader.points)
        for cell in release.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    found = []
    for name, exercise in lab.exercises.items():
        published = [c for c in draw_exercise(lab, exercise, PUBLIC_SEED) if c.group == PUBLISHED]
        cases = [
            (tuple(c.inputs.values()), tuple(o if isinstance(o, np.ndarray) else None for o in c.outputs))
            for c in (*published, *opened[name].cases)
        ]
        found.append(
            Question(
                name, points[name], prose(release, name), stubs[name].source, solutions[name], literal(cases)
            )
        )
    return found


def prose(release: NotebookNode, name: str) -> str:
    """Return the text of the cell before an exercise."""
    cells = release.cells
    place = next(i for i, cell in enumerate(cells) if cell.source.startswith(f"def {name}("))
    return str(cells[place - 1].source)


def literal(value: Any) -> str:
    """Return Python source that makes a value of arrays, numbers, lists, tuples and dictionaries."""
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()!r}).reshape({value.shape!r})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {literal(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        inside = ", ".join(map(literal, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside},)"
    return repr(value)


def source_of_test(question: Question) -> str:
    """Return the source of a test: helpers, and the list CASES."""
    return f"{HELPERS}\n\nCASES = {question.cases}\n"
