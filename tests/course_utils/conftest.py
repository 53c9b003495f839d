"""Fixtures of the course_utils tests: a lab's solutions, a student's folder, and the figures drawn."""

import shutil
from pathlib import Path
from typing import Any

import jupytext
import pytest
from matplotlib.figure import Figure

from autograder.lab.course import LabFolder
from autograder.release.open_cases import open_cases_text
from course_utils import plots

LAB = Path(__file__).parents[2] / "assignments" / "cells"


@pytest.fixture(scope="session")
def open_text() -> str:
    """The open cases of the lab `cells`, as a build writes them."""
    return open_cases_text(LabFolder(LAB), Path("none"))


@pytest.fixture(scope="session")
def cells() -> dict[str, str]:
    """The setup cell and the solution cells of the lab `cells`, by grade id."""
    notebook = jupytext.read(LAB / "cells.py")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in code
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    return {"setup": code[0].source, **found}


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_text: str) -> Path:
    """A student's folder: it holds published.json and open_cases.json, and is the current one."""
    shutil.copy(LAB / "published.json", tmp_path)
    (tmp_path / "open_cases.json").write_text(open_text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def student(lab: Path, cells: dict[str, str]) -> Any:
    """A function that makes a student's version of an exercise: the solution with edits."""

    def make(name: str, *edits: tuple[str, str], **replaced: str) -> Any:
        namespace: dict[str, Any] = {}
        for grade_id, source in cells.items():
            source = replaced.get(grade_id, source)
            for old, new in edits if grade_id == name else ():
                assert source.count(old) == 1, f"{old!r} occurs {source.count(old)} times in {name}"
                source = source.replace(old, new)
            exec(compile(source, f"<{grade_id}>", "exec"), namespace)
        return namespace[name]

    return make


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures drawn during the test, in order, as they would be in a notebook."""
    drawn: list[Figure] = []
    monkeypatch.delenv("SEQLAB_FIGURES", raising=False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(plots, "in_ipython", lambda: True)
    save = Figure.savefig

    def keep(figure: Figure, *args: Any, **options: Any) -> None:
        drawn.append(figure)
        save(figure, *args, **options)

    monkeypatch.setattr(Figure, "savefig", keep)
    return drawn
