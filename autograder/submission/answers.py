"""Reads the cells that a student wrote, as they were handed in, to show them to the instructor."""

import re
from collections.abc import Iterable
from pathlib import Path

from autograder.submission.read import read_notebook

__all__ = ["answers_in"]


def answers_in(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the source of the cell that answers each exercise; an exercise that none answers is left out.

    It is the last code cell that has the exercise's name as its grade id, else as its cell id, else that
    defines the function. Raises BadSubmission if the file cannot be read.
    """
    cells = [cell for cell in read_notebook(path).notebook.cells if cell.cell_type == "code"]
    found = {}
    for name in names:
        defines = re.compile(rf"(?m)^(async )?def {re.escape(name)}\b")
        sources = (
            [cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name]
            or [cell.source for cell in cells if cell.id == name]
            or [cell.source for cell in cells if defines.search(cell.source)]
        )
        if sources:
            found[name] = sources[-1]
    return found
