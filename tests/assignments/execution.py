"""Runs a lab's notebook in this process, in a folder like a student's."""

import contextlib
import io
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autograder.lab.course import LabFolder
from autograder.lab.earlier import importable
from autograder.release.open_cases import open_cases_text
from course_utils import watch

__all__ = ["Executed", "execute"]


class Executed(NamedTuple):
    """What a notebook printed, and the names that its cells left."""

    out: str
    names: dict[str, Any]


def execute(lab: LabFolder, folder: Path, *, short: bool) -> Executed:
    """Run all code cells in ``folder``; ``short`` cuts long demos as while the lab is graded."""
    for path in (lab.folder / "published.json", *lab.folder.glob("*.txt")):
        shutil.copy(path, folder)
    (folder / "open_cases.json").write_text(open_cases_text(lab, folder / "open_cases.json"), "utf-8")
    shutil.copytree(lab.folder / "data", folder / "data")
    names: dict[str, Any] = {}
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, importable(lab.folder.parent):
        patch.chdir(folder)
        patch.setattr(watch, "being_graded", lambda: short)
        with contextlib.redirect_stdout(printed):
            for number, cell in enumerate(lab.text.cells):
                if cell.cell_type == "code":
                    exec(compile(cell.source, f"<cell {number}>", "exec"), names)
    return Executed(printed.getvalue(), names)
