"""Reads a submitted notebook file safely, repairs what it can, and says what cannot be repaired."""

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

__all__ = ["MAX_BYTES", "Handed", "needed_metadata", "read_notebook"]

MAX_BYTES = 100 << 20
"""Largest notebook file that is read, in bytes."""
MAX_SOURCE = 4 << 20
"""Largest amount of text in the cells of a notebook, in characters."""
MAX_CELLS = 2_000
MAX_KEPT = 32 << 20
"""Most bytes beside outputs: text, attachments and the state of widgets."""
MAX_VALUES = 1_000_000
"""Most values beside outputs: parsed, each takes many times its bytes."""
MAX_TOKENS = 5_000_000
"""Most strings and list brackets in outputs, which are scanned in a second or two."""
OUTPUTS = re.compile(rb'"outputs"\s*:\s*\[')
"""Where outputs begin: in JSON these bytes cannot be inside a string, whose quotes are escaped."""
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]]', re.DOTALL)
"""What shows where a list ends: whole strings, which may be cut off, and brackets."""
HEADER = ("grade", "grade_id", "locked", "points", "schema_version", "solution", "task")
"""The fields of a cell's nbgrader metadata that are kept."""
NEEDED = {"kernelspec": {"name", "display_name"}, "language_info": {"name"}}
"""The parts of a notebook's metadata that are kept, with the fields that the format asks for."""
PICTURES = ("image/png", "image/jpeg", "image/gif")
"""The types of attachments that Markdown cells keep; others can hold scripts."""
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""A valid cell id in the notebook format."""


@dataclass
class Handed:
    """A notebook as handed in, and what was repaired in it."""

    path: Path
    notebook: NotebookNode
    repairs: list[str] = field(default_factory=list)


def read_notebook(path: Path) -> Handed:
    """Read a notebook file, without outputs. Raises BadSubmission, which says in one line what is wrong."""
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
    if content.startswith(b"PK\x03\x04"):
        raise BadSubmission(
            f"{path.name} is a ZIP archive: unpack it, and hand in the notebook that it holds"
        )
    content, lines = _without_outputs(path, content)
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        is_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        reason = "it is UTF-16 text, not UTF-8: save it in JupyterLab" if is_16 else "it is not UTF-8 text"
        raise BadSubmission(f"{path.name} is not a notebook: {reason}") from None
    except json.JSONDecodeError as error:
        place = len(error.doc[: error.pos].encode())
        line = error.lineno + sum(count for start, count in lines if start <= place)
        raise BadSubmission(
            f"{path.name} is not a notebook or was cut off: not JSON from line {line} on"
        ) from None
    except (RecursionError, ValueError):
        raise BadSubmission(f"{path.name} is not a notebook: its JSON cannot be read") from None
    if not isinstance(data, dict) or not isinstance(data.get("nbformat"), int):
        raise BadSubmission(f"{path.name} is JSON, but not a notebook")
    return data


def _without_outputs(path: Path, content: bytes) -> tuple[bytes, list[tuple[int, int]]]:
    """Return a notebook's bytes with empty outputs, and the lines that were dropped: (place, count) of each.

    Outputs are left behind before anything is made of them: JSON takes up to 16 times its size once read.
    Raises BadSubmission where too much is left.
    """
    pieces, lines, size, end, tokens = [], [], 0, 0, 0
    while found := OUTPUTS.search(content, end):
        start, stop, depth = found.end(), len(content), 1
        for token in TOKEN.finditer(content, start):
            sign = content[token.start()]
            depth += (sign == ord("[")) - (sign == ord("]"))
            tokens += 1
            if depth == 0 or tokens > MAX_TOKENS:
                stop = token.start()
                break
        pieces.append(content[end:start])
        size += start - end
        lines.append((size, content.count(b"\n", start, stop)))
        end = stop
        if tokens > MAX_TOKENS:
            raise BadSubmission(f"{path.name} holds too many values: clear its outputs and hand it in again")
    if size + len(content) - end > MAX_KEPT:
        raise BadSubmission(
            f"{path.name} holds more than {MAX_KEPT >> 20} MB beside outputs: take pictures out of its text"
        )
    kept = b"".join([*pieces, content[end:]])
    if sum(kept.count(sign) for sign in (b",", b"[", b"{")) > MAX_VALUES:
        raise BadSubmission(
            f"{path.name} holds too many values beside outputs: take out what is not text or code"
        )
    return kept, lines


def _as_version_4(data: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the notebook's data as version 4 of the format, converted from version 3 if need be."""
    if data["nbformat"] == 3:
        try:
            converted: dict[str, Any] = nbformat.convert(nbformat.from_dict(data), 4)
            for cell in converted["cells"]:
                del cell["id"]  # drawn by nbformat, other ones each time
            return converted
        except Exception:  # the conversion fails in many ways on odd notebooks
            raise BadSubmission(f"{name} is of the old notebook format 3 and cannot be converted") from None
    if data["nbformat"] != 4:
        raise BadSubmission(
            f"{name} is of notebook format {data['nbformat']}: open it in JupyterLab and save it again"
        )
    return data


def _repaired(data: dict[str, Any], name: str, size: int) -> tuple[dict[str, Any], list[str]]:
    """Return a notebook in the form that nbgrader expects, and the repairs.

    Everything that is not needed is dropped before nbformat reads the rest.
    """
    handed_in, repairs = data.get("cells"), []
    if not isinstance(handed_in, list):
        raise BadSubmission(f"{name} has no cells")
    if len(handed_in) > MAX_CELLS:
        raise BadSubmission(f"{name} has more than {MAX_CELLS} cells")
    taken: set[str] = set()
    cells = [cell for given in handed_in if (cell := _repaired_cell(given, taken))]
    if not cells:
        raise BadSubmission(f"{name} has no cells")
    if len(cells) < len(handed_in):
        repairs.append(f"{len(handed_in) - len(cells)} malformed cells were left out")
    if sum(len(cell["source"]) for cell in cells) > MAX_SOURCE:
        raise BadSubmission(f"{name} holds more than {MAX_SOURCE >> 20} MB of text in its cells")
    if size > 10 << 20:
        repairs.append(f"{size >> 20} MB of outputs were dropped")
    metadata = needed_metadata(data.get("metadata"))
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}, repairs


def needed_metadata(given: Any) -> dict[str, dict[str, str]]:
    """Return what grading and pages need of a notebook's metadata, as far as it is whole.

    The kernel is overwritten by the lab's. All else, such as the state of widgets that Colab saves by halves,
    is left behind: nothing needs it, and nbconvert fails where a part is missing.
    """
    kept = {key: _texts(given.get(key)) for key in NEEDED if isinstance(given, dict)}
    return {key: value for key, value in kept.items() if value.keys() >= NEEDED[key]}


def _texts(value: Any) -> dict[str, str]:
    """Return the entries of a dictionary whose values are text; none for any other value."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {key: _text(item) for key, item in pairs if isinstance(item, str)}


def _text(text: str) -> str:
    """Return text that can be encoded: JSON may escape lone surrogates, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _repaired_cell(cell: Any, taken: set[str]) -> dict[str, Any] | None:
    """Return one cell in valid form, without outputs; None if it cannot be repaired.

    ``taken`` holds the ids of earlier cells: a cell keeps its id if it is valid and not taken.
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
    """Return the pictures among a cell's attachments: its feedback page needs them."""
    bundles = value.items() if isinstance(value, dict) else ()
    kept = {
        name: {
            kind: data for kind, data in _texts(bundle).items() if kind in PICTURES and BASE64.fullmatch(data)
        }
        for name, bundle in bundles
    }
    return {_text(name): bundle for name, bundle in kept.items() if bundle}


def _is_header(value: Any) -> bool:
    """Whether a cell's nbgrader metadata is valid for nbgrader."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("grade_id"), str)
        and re.fullmatch(r"[A-Za-z0-9_-]{1,200}", value["grade_id"]) is not None
        and all(isinstance(value.get(key, False), bool) for key in ("grade", "solution", "locked", "task"))
        and not isinstance(value.get("points", 0), (str, list, dict, bool, type(None)))
        and value.get("schema_version") == 3
    )
