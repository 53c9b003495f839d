"""Reads a submitted notebook file: safely, repairing what can be repaired and naming what cannot."""

import itertools
import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.errors import BadSubmission
from autograder.submission.files import open_plain

__all__ = ["MAX_BYTES", "Handed", "read_notebook"]

MAX_BYTES = 100 << 20
"""Largest notebook file that is read."""
MAX_SOURCE = 4 << 20
"""Most text that the cells of a notebook may hold, in characters."""
MAX_CELLS = 2_000
MAX_BRACKETS = 2_000_000
"""Most lists and dictionaries that the file may hold: read, each takes many times its two bytes."""
HEADER = ("grade", "grade_id", "locked", "points", "schema_version", "solution", "task")
"""What is kept of a cell's nbgrader metadata."""
PICTURES = ("image/png", "image/jpeg", "image/gif")
"""The kinds of attachments that prose keeps; others can hold script."""
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What the notebook format takes for a cell's id."""


@dataclass
class Handed:
    """A notebook as handed in, and what was repaired in it."""

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
    content = _bytes(path)
    data, repairs = _repaired(_as_version_4(_json(path, content), path.name), path.name, len(content))
    return Handed(path, nbformat.from_dict(data), repairs)


def _bytes(path: Path) -> bytes:
    """Return what the file holds, which may change while it is read."""
    try:
        with open_plain(path) as file:
            size = os.fstat(file.fileno()).st_size
            content = file.read(MAX_BYTES + 1) if size <= MAX_BYTES else b""
    except OSError as error:
        raise BadSubmission(f"{path.name} cannot be read: {error.strerror or error}") from None
    if size > MAX_BYTES or len(content) > MAX_BYTES:
        raise BadSubmission(
            f"{path.name} is larger than {MAX_BYTES >> 20} MB: clear its outputs and hand it in again"
        )
    return content


def _json(path: Path, content: bytes) -> dict[str, Any]:
    if content.count(b"[") + content.count(b"{") > MAX_BRACKETS:
        raise BadSubmission(f"{path.name} holds too many values: clear its outputs and hand it in again")
    try:
        data = json.loads(content.decode("utf-8-sig"))
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
            converted: dict[str, Any] = nbformat.convert(nbformat.from_dict(data), 4)
            return converted
        except Exception:  # whatever a strange notebook breaks in the conversion
            raise BadSubmission(f"{name} is of the old notebook format 3 and cannot be converted") from None
    if data["nbformat"] != 4:
        raise BadSubmission(
            f"{name} is of notebook format {data['nbformat']}: open it in JupyterLab and save it again"
        )
    return data


def _repaired(data: dict[str, Any], name: str, size: int) -> tuple[dict[str, Any], list[str]]:
    """Return a notebook in the form that nbgrader expects, and what was done to it.

    All that is not needed is left behind before anything looks deeper into it.
    """
    handed_in, repairs = data.get("cells"), []
    if not isinstance(handed_in, list) or not handed_in:
        raise BadSubmission(f"{name} has no cells")
    if len(handed_in) > MAX_CELLS:
        raise BadSubmission(f"{name} has more than {MAX_CELLS} cells")
    taken: set[str] = set()
    cells = [cell for given in handed_in if (cell := _repaired_cell(given, taken))]
    if len(cells) < len(handed_in):
        repairs.append(f"{len(handed_in) - len(cells)} malformed cells were left out")
    if sum(len(cell["source"]) for cell in cells) > MAX_SOURCE:
        raise BadSubmission(f"{name} holds more than {MAX_SOURCE >> 20} MB of text in its cells")
    if size > 10 << 20:
        repairs.append(f"{size >> 20} MB of outputs were dropped")
    given = data.get("metadata")
    metadata = {
        key: _texts(given.get(key)) for key in ("kernelspec", "language_info") if isinstance(given, dict)
    }
    repaired = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {key: value for key, value in metadata.items() if value},
        "cells": cells,
    }
    try:
        nbformat.validate({**repaired, "cells": []})  # the cells were made to be valid
    except Exception as error:  # jsonschema's and nbformat's kinds
        reason = str(getattr(error, "message", error)).splitlines()[0][:120]
        raise BadSubmission(f"{name} is not a valid notebook: {reason}") from None
    return repaired, repairs


def _texts(value: Any) -> dict[str, str]:
    """Return the entries of a dictionary that are text."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {key: _text(item) for key, item in pairs if isinstance(item, str)}


def _text(text: str) -> str:
    """Return text that can be written: JSON may escape halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _repaired_cell(cell: Any, taken: set[str]) -> dict[str, Any] | None:
    """Return one cell well-formed, without outputs; None if nothing can be made of it.

    ``taken`` has the ids of the cells before it: a cell keeps a valid id that is its own.
    """
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    known = cell.get("id")
    if not isinstance(known, str) or not ID.fullmatch(known) or known in taken:
        known = next(name for n in itertools.count(len(taken)) if (name := f"cell-{n}") not in taken)
    taken.add(known)
    repaired = {"id": known, "cell_type": cell["cell_type"], "metadata": {}, "source": _text(source)}
    if nbgrader is not None and _is_header(nbgrader):
        repaired["metadata"] = {"nbgrader": {key: nbgrader[key] for key in HEADER if key in nbgrader}}
    if cell["cell_type"] == "code":
        repaired |= {"outputs": [], "execution_count": None}
    elif pictures := _pictures(cell.get("attachments")):
        repaired["attachments"] = pictures
    return repaired


def _pictures(value: Any) -> dict[str, dict[str, str]]:
    """Return the pictures among a cell's attachments: without them its page could not be made."""
    bundles = value.items() if isinstance(value, dict) else ()
    kept = {
        name: {
            kind: data for kind, data in _texts(bundle).items() if kind in PICTURES and BASE64.fullmatch(data)
        }
        for name, bundle in bundles
    }
    return {_text(name): bundle for name, bundle in kept.items() if bundle}


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
