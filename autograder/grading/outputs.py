"""Adds untrusted output messages from the sandbox to the cells of a notebook.

Each message is checked when it arrives, and dropped if the notebook format does not allow it. The size and
the number of outputs are limited for a cell and for the notebook; an update counts once for each output that
it replaces.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from autograder.sandbox import Limits

__all__ = ["NotebookOutputs", "new_error", "new_output"]

JSON_TYPE = re.compile(r"application/(.*\+)?json")
"""MIME types whose data may be any JSON value; all others have text."""
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
PICTURES = ("image/png", "image/jpeg")
"""MIME types that nbconvert writes into pages unescaped."""


class NotebookOutputs:
    """Collects the outputs of one notebook, cell by cell.

    `begin` sets the current cell; then call the object with each of its messages.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._notebook_left = limits.saved_output
        self._displayed: dict[str, list[tuple[NotebookNode, NotebookNode]]] = {}
        """Display id -> the (cell, output) pairs that show it."""

    def begin(self, cell: NotebookNode) -> None:
        """Clear a cell and add the messages that follow to it."""
        self._cell, self._left = cell, self._limits.cell_output
        self._count = self._limits.cell_outputs
        self._clear_first = False
        cell.outputs, cell.execution_count = [], None

    def __call__(self, msg_type: str, content: Mapping[str, Any]) -> None:
        """Add one message; drop it if it is malformed or beyond a limit."""
        if msg_type == "clear_output":
            self._clear(wait=bool(content.get("wait")))
            return
        made = _output("display_data" if msg_type == "update_display_data" else msg_type, content)
        if made is None:
            return
        shown = self._displayed.get(_display_id(content), [])
        adds = msg_type != "update_display_data"
        if not self._charge(len(json.dumps(made)) * (len(shown) + adds), adds):
            return
        for _, output in shown:
            if "data" in made:
                output.data, output.metadata = made.data, made.metadata
        if adds:
            self._add(made)
            if display_id := _display_id(content):
                self._displayed.setdefault(display_id, []).append((self._cell, made))

    def _charge(self, size: int, adds: bool) -> bool:
        """Charge a message to the limits; return whether it fits. The first that does not adds a note."""
        if self._left <= 0:
            return False
        if adds and self._count <= 0:
            reason = f"after {self._limits.cell_outputs} outputs"
        elif size > self._left:
            reason = f"after {self._limits.cell_output >> 10} kB"
        elif size > self._notebook_left:
            reason = f"after {self._limits.saved_output >> 20} MB of outputs in the notebook"
        else:
            self._left, self._notebook_left = self._left - size, self._notebook_left - size
            self._count -= adds
            return True
        self._left = 0
        self._add(_node("stream", name="stdout", text=f"\n... cut {reason}\n"))
        return False

    def _add(self, output: NotebookNode) -> None:
        if self._clear_first:
            self._clear(wait=False)
        if "execution_count" in output:
            self._cell.execution_count = output.execution_count
        self._cell.outputs.append(output)

    def _clear(self, *, wait: bool) -> None:
        self._clear_first = wait
        if not wait:
            self._cell.outputs = []
            for display_id, shown in list(self._displayed.items()):
                self._displayed[display_id] = [pair for pair in shown if pair[0] is not self._cell]


def new_output(output_type: str, **content: Any) -> NotebookNode:
    """Return an output of the grader's. Raises ValueError if the notebook format does not allow it."""
    made = _output(output_type, content)
    if made is None:
        raise ValueError(f"no valid {output_type}: {content!r}"[:300])
    return made


def new_error(name: str, message: str) -> NotebookNode:
    """Return an error of the grader's as an output."""
    return _node("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])


def _node(output_type: str, **values: Any) -> NotebookNode:
    return NotebookNode(output_type=output_type, **values)


def _display_id(content: Mapping[str, Any]) -> str:
    transient = content.get("transient")
    display_id = transient.get("display_id") if isinstance(transient, dict) else None
    return display_id if isinstance(display_id, str) else ""


def _output(kind: str, content: Mapping[str, Any]) -> NotebookNode | None:
    """Return a message as an output of the notebook format; None if it is not a valid one."""
    if kind == "stream":
        name, text = content.get("name"), _text(content.get("text"))
        return (
            _node(kind, name=name, text=text) if name in ("stdout", "stderr") and text is not None else None
        )
    if kind == "error":
        traceback = content.get("traceback")
        words = [
            content.get("ename"),
            content.get("evalue"),
            *(traceback if type(traceback) is list else [None]),
        ]
        if not all(isinstance(word, str) for word in words):
            return None
        return _node(kind, ename=words[0], evalue=words[1], traceback=words[2:])
    if kind not in ("display_data", "execute_result"):
        return None
    data, metadata = _data(content.get("data")), content.get("metadata", {})
    if data is None or type(metadata) is not dict or not _is_harmless(data, metadata):
        return None
    made = _node(kind, data=NotebookNode(data), metadata=NotebookNode(metadata))
    if kind == "execute_result":
        count = content.get("execution_count")
        made.execution_count = count if type(count) is int and 0 <= count < 10**6 else None
    return made


def _text(value: Any) -> str | None:
    """Return text, or a list of lines joined to text; None for anything else."""
    if type(value) is list and all(isinstance(line, str) for line in value):
        value = "".join(value)
    return value if isinstance(value, str) else None


def _data(bundle: Any) -> dict[str, Any] | None:
    """Return a MIME bundle with its lines joined; None if the notebook format does not allow it."""
    if type(bundle) is not dict:
        return None
    made = {kind: value if JSON_TYPE.fullmatch(kind) else _text(value) for kind, value in bundle.items()}
    return (
        None if any(value is None and not JSON_TYPE.fullmatch(kind) for kind, value in made.items()) else made
    )


def _is_harmless(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> bool:
    """Whether pictures are base64 and their sizes numbers: nbconvert writes both into pages unescaped."""
    boxes = [box for box in metadata.values() if isinstance(box, dict)]
    return all(BASE64.fullmatch(data[kind]) for kind in PICTURES if kind in data) and all(
        isinstance(size, int | float) for box in boxes for size in box.values()
    )
