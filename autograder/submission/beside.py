"""Says what lies beside the notebook that is graded, where a student may think that it counts."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from nbformat import NotebookNode

from autograder.errors import BadSubmission
from autograder.release.generate import RegisteredCell
from autograder.submission.choose import notebooks_in
from autograder.submission.files import open_plain
from autograder.submission.read import read_notebook
from autograder.submission.timestamp import TIMESTAMP, read_timestamp

__all__ = ["notes_beside"]

MAX_COPIES = 10
"""Most other notebooks of a submission that are looked at."""
LARGEST = 10 << 20
"""Larger ones (in bytes) are not looked at."""
RUN = re.compile(r"^\s*%run\s+(?:-\S+\s+)*[\"']?([^\n\"']+?\.ipynb)\b", re.MULTILINE)


def notes_beside(
    path: Path, notebook: NotebookNode, cells: Callable[[], Mapping[str, RegisteredCell]] | None
) -> list[str]:
    """Return notes on the files beside a submitted notebook: a line each.

    ``cells`` gives the lab's registered cells; None where other notebooks may be other students'. Said are a
    copy with answers that the notebook lacks, a notebook that it asks for and that is not read, and a
    timestamp.txt that cannot be read.
    """
    notes = [*(_copies(path, notebook, cells) if cells else []), *_not_read(path, notebook)]
    try:
        with open_plain(path.with_name(TIMESTAMP)) as file:
            read_timestamp(file.read(1 << 16))
    except OSError:
        pass  # there is none
    except ValueError as error:
        notes.append(f"the time in {TIMESTAMP} is not known: {error}. No lateness was counted.")
    return notes


def _copies(
    path: Path, notebook: NotebookNode, cells: Callable[[], Mapping[str, RegisteredCell]]
) -> list[str]:
    lines: list[str] = []
    for other in [other for other in notebooks_in(path.parent) if other.name != path.name][:MAX_COPIES]:
        try:
            if other.lstat().st_size > LARGEST:
                continue
            copy = read_notebook(other).notebook
        except (BadSubmission, OSError):
            continue
        more = _answered(copy, cells()) - _answered(notebook, cells())
        if lacking := [name for name in cells() if name in more]:
            lines.append(
                f"{other.name} has answers that {path.name} lacks ({', '.join(lacking)}): "
                f"{path.name} alone was graded. Was {other.name} meant?"
            )
    return lines


def _answered(notebook: NotebookNode, cells: Mapping[str, RegisteredCell]) -> set[str]:
    """Return the grade ids of the solution cells in which something was written."""
    found = set()
    for cell in notebook.cells:
        entry = cells.get(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id"))
        if entry and entry.solution and cell.source.strip() != entry.source.strip():
            found.add(entry.name)
    return found


def _not_read(path: Path, notebook: NotebookNode) -> list[str]:
    """Return a line for each notebook that a cell runs: the sandbox has no other notebooks."""
    code = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    asked = dict.fromkeys(name.strip() for source in code for name in RUN.findall(source))
    return [
        f"`%run {name}` found nothing: other notebooks are not read. Copy what you need into {path.name}."
        for name in list(asked)[:MAX_COPIES]
    ]
