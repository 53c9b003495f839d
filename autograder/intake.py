"""Reads what students handed in: safely, mending what can be mended and naming what cannot."""

import itertools
import json
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from .course import Course
from .errors import BadSubmission

__all__ = ["MAX_BYTES", "Handed", "find_notebook", "read_notebook", "recognise"]

MAX_BYTES = 100 << 20
"""Largest notebook file that is read."""
MAX_SOURCE = 4 << 20
"""Most text that the cells of a notebook may hold, in characters."""
MAX_CELLS = 2_000
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What the notebook format takes for a cell's id."""


@dataclass
class Handed:
    """A notebook as handed in, and what had to be mended in it."""

    path: Path
    notebook: NotebookNode
    repairs: list[str] = field(default_factory=list)


def read_notebook(path: Path) -> Handed:
    """Read a notebook file, without outputs. Raises BadSubmission with one line that says what is wrong."""
    try:
        status = path.lstat()
    except OSError as error:
        raise BadSubmission(f"{path.name} cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(status.st_mode):
        raise BadSubmission(
            f"{path.name} is not an ordinary file but a link, folder or device: hand in the file itself"
        )
    if status.st_size == 0:
        raise BadSubmission(f"{path.name} is empty: save the notebook and hand it in again")
    if status.st_size > MAX_BYTES:
        raise BadSubmission(
            f"{path.name} is larger than {MAX_BYTES >> 20} MB: clear its outputs and hand it in again"
        )
    data = _json(path)
    handed = Handed(path, nbformat.from_dict(_as_version_4(data, path.name)))
    _mend(handed, status.st_size)
    return handed


def find_notebook(folder: Path, lab: str) -> tuple[Path, list[str]]:
    """Return the notebook in a student's folder and what had to be mended.

    The notebook is called after the lab; where it is not, the only notebook in the folder is taken.
    """
    path = folder / f"{lab}.ipynb"
    if path.is_file():
        return path, []
    others = sorted(p for p in folder.glob("*.ipynb") if not p.name.startswith("."))
    if len(others) == 1:
        return others[0], [f"the notebook is called {others[0].name}, not {lab}.ipynb"]
    if others:
        raise BadSubmission(
            f"there is no {lab}.ipynb, and which of {len(others)} other notebooks is meant cannot be told"
        )
    raise BadSubmission(f"there is no notebook: {lab}.ipynb is missing")


def recognise(course: Course, notebook: NotebookNode) -> str:
    """Return the lab that a notebook belongs to, by its grade ids. Raises BadSubmission if none fits.

    Where nbgrader's metadata was lost, the lab is known by the cells' ids or by the functions that are
    defined: both equal the grade ids in a release.
    """
    ids = {cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells if "nbgrader" in cell.metadata}
    for cell in notebook.cells:
        ids |= {cell.id, *re.findall(r"^def (\w+)\(", cell.source, re.MULTILINE)}
    found = {name: len(ids & _grade_ids(course, name)) for name in course.labs}
    best = max(found, key=lambda name: found[name], default=None)
    if best is None or not found[best]:
        raise BadSubmission(
            f"it belongs to no lab of this course ({', '.join(course.labs) or 'there are none'}): "
            "its test cells are unknown"
        )
    return best


def _grade_ids(course: Course, name: str) -> set[str]:
    lab = course.lab(name)
    return {*lab.tests, *lab.tests.values()}


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadSubmission(f"{path.name} is not a notebook: it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise BadSubmission(
            f"{path.name} is not a notebook or was cut off: not JSON from line {error.lineno} on"
        ) from None
    except (RecursionError, ValueError):
        raise BadSubmission(f"{path.name} is not a notebook: its JSON cannot be read") from None
    if not isinstance(data, dict) or not isinstance(data.get("nbformat"), int):
        raise BadSubmission(f"{path.name} is JSON, but not a notebook")
    return data


def _as_version_4(data: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the notebook's data as version 4 of the format, converted from version 3 if need be."""
    if data["nbformat"] == 3:
        try:
            return nbformat.convert(nbformat.from_dict(data), 4)
        except Exception:  # whatever a strange notebook breaks in the conversion
            raise BadSubmission(f"{name} is of the old notebook format 3 and cannot be converted") from None
    if data["nbformat"] != 4:
        raise BadSubmission(
            f"{name} is of notebook format {data['nbformat']}: open it in JupyterLab and save it again"
        )
    return data


def _mend(handed: Handed, size: int) -> None:
    """Bring a notebook into the form that nbgrader expects, and say what was done."""
    nb, name = handed.notebook, handed.path.name
    cells = nb.get("cells")
    if not isinstance(cells, list) or not cells:
        raise BadSubmission(f"{name} has no cells")
    if len(cells) > MAX_CELLS:
        raise BadSubmission(f"{name} has more than {MAX_CELLS} cells")
    if nb.nbformat_minor < 5 if isinstance(nb.get("nbformat_minor"), int) else True:
        nb.nbformat_minor = 5
    if not isinstance(nb.get("metadata"), dict):
        nb.metadata = NotebookNode()
    taken: set[str] = set()
    nb.cells = [cell for cell in cells if _mend_cell(cell, taken)]
    if len(nb.cells) < len(cells):
        handed.repairs.append(f"{len(cells) - len(nb.cells)} malformed cells were left out")
    if sum(len(cell.source) for cell in nb.cells) > MAX_SOURCE:
        raise BadSubmission(f"{name} holds more than {MAX_SOURCE >> 20} MB of text in its cells")
    if size > 10 << 20:
        handed.repairs.append(f"{size >> 20} MB of outputs were dropped")
    kept = ("kernelspec", "language_info")
    nb.metadata = NotebookNode(
        {key: nb.metadata[key] for key in kept if isinstance(nb.metadata.get(key), dict)}
    )
    try:
        nbformat.validate(nb)
    except Exception as error:  # jsonschema's and nbformat's kinds
        reason = str(getattr(error, "message", error)).splitlines()[0][:120]
        raise BadSubmission(f"{name} is not a valid notebook: {reason}") from None


def _mend_cell(cell: Any, taken: set[str]) -> bool:
    """Make one cell well-formed, without outputs; False if nothing can be made of it.

    ``taken`` has the ids of the cells before it: a cell keeps a valid id that is its own.
    """
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return False
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return False
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    kept = {"nbgrader": nbgrader} if _is_header(nbgrader) else {}
    cell_type, known = cell["cell_type"], cell.get("id")
    if not isinstance(known, str) or not ID.fullmatch(known) or known in taken:
        known = next(name for n in itertools.count(len(taken)) if (name := f"cell-{n}") not in taken)
    taken.add(known)
    cell.clear()
    cell.update(id=known, cell_type=cell_type, metadata=nbformat.from_dict(kept), source=source)
    if cell_type == "code":
        cell.update(outputs=[], execution_count=None)
    return True


def _is_header(value: Any) -> bool:
    """Whether a cell's nbgrader metadata is what nbgrader can work with."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("grade_id"), str)
        and re.fullmatch(r"[A-Za-z0-9_-]{1,200}", value["grade_id"]) is not None
        and all(isinstance(value.get(key, False), bool) for key in ("grade", "solution", "locked", "task"))
        and not isinstance(value.get("points", 0), (str, list, dict, bool, type(None)))
        and value.get("schema_version") == 3
    )
