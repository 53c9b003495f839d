"""Cells of each lab that use an exercise which is not written yet: the first are right, the rest are stubs.

What a cell uses is read from the notebook: the exercises that it names, those that the notebook's functions
name which it calls, and those without which the variables that it reads would not be there.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
from typing import NamedTuple

import pytest

from autograder.lab.demonstrations import Names, names_of
from autograder.lab.text import reference_source
from tests.conftest import ROOT
from tests.plain import PLAIN

pytestmark = pytest.mark.slow


class Statement(NamedTuple):
    """A statement outside functions, or a whole function, of a notebook."""

    cell: int
    names: Names
    is_definition: bool


def statements(sources):
    """Return the statements of a notebook's code cells in order."""
    found = []
    for cell, source in enumerate(sources):
        for node in ast.parse(source).body:
            definition = isinstance(node, ast.FunctionDef | ast.ClassDef)
            found.append(Statement(cell, names_of(ast.unparse(node)), definition))
    return found


def used(sources, stubs):
    """Return for each cell which of the functions ``stubs`` it uses."""
    every = statements(sources)

    def uses(position, seen):
        found = set()
        for name in every[position].names.reads:
            found |= {name} & stubs
            above = [place for place in range(position) if name in every[place].names.binds]
            if above and above[-1] not in seen:
                found |= reaches(above[-1], seen | {above[-1]}, every[position].cell)
        return found

    def reaches(position, seen, cell):
        """What must be written for a statement to be reached and to run: a cell stops where it fails."""
        found = uses(position, seen)
        for place in range(position):
            before = every[place]
            if before.cell == every[position].cell != cell and not before.is_definition:
                found |= uses(place, seen | {place})
        return found

    found = [set() for _ in sources]
    for position, one in enumerate(every):
        if not one.is_definition:
            found[one.cell] |= uses(position, {position})
    return found


@pytest.fixture(scope="module", params=PLAIN)
def lab(request, course, release, tmp_path_factory):
    """The exercises of a lab, its cells, and what each showed, by how many exercises are written."""
    name = request.param
    folder = tmp_path_factory.mktemp("lab") / name
    shutil.copytree(ROOT / "release" / name, folder)
    right = reference_source(course.lab(name).text)
    cells = []
    for cell in release(name).cells:
        exercise = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type == "code":
            stub = {"stub": cell.source} if exercise in right else {}
            cells.append({"source": right.get(exercise, cell.source), **stub})
    limited = {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.assignments.unwritten_run"],
        input=json.dumps(cells),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        cwd=folder,
        env={**inherited, **limited, "IPYTHONDIR": str(folder.parent), "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return list(right), cells, json.loads(done.stdout)


def test_each_cell_ends_in_one_line_that_names_the_first_exercise_it_needs(lab):
    exercises, cells, shown = lab
    assert len(shown) == len(exercises)
    for written, run in enumerate(shown):
        start = len(cells) - len(run)
        sources = [cell["source"] for cell in cells[:start]]
        sources += [cell.get("stub", cell["source"]) for cell in cells[start:]]
        needed = used(sources, set(exercises[written:]))
        for place, found in enumerate(run, start):
            source = sources[place]
            if "visible_check(" in source:  # which has words of its own
                assert [kind for kind, _ in found] == ["CheckFailed"], source
            elif needed[place]:
                name = min(needed[place], key=exercises.index)
                line = f"`{name}` is not written yet: exercise {exercises.index(name) + 1}"
                assert found == [["NotWritten", line]], f"{written} written:\n{source}"
            else:
                assert found == [], f"{written} written:\n{source}"


def test_a_released_notebook_stops_at_the_first_exercise(lab):
    exercises, _, shown = lab
    stopped = next(found for found in shown[0] if found)
    assert stopped == [["NotWritten", f"`{exercises[0]}` is not written yet: exercise 1"]]
