"""Reads the answer that the probe sends for one case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.referee.cases import DrawnCase
from autograder.sandbox.inside.wire import WireError, unpack

__all__ = ["Answer", "read_answer"]


@dataclass(frozen=True)
class Answer:
    """The answer to one case.

    ``inputs`` are the inputs after the call. ``shared`` lists (output, input name) for outputs that share
    memory with an input, an output being its index or its key. ``random`` are numbers drawn after the call.
    ``said`` describes an answer that has no value.
    """

    status: str
    value: Any = None
    inputs: Any = None
    shared: list[tuple[int | str, str]] = field(default_factory=list)
    random: Any = None
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def after(self) -> Mapping[str, Any]:
        """The inputs as they were after the call."""
        return self.inputs if type(self.inputs) is dict else {}


def read_answer(header: dict[str, Any], arrays: list[bytes], case: DrawnCase) -> Answer:
    """Read an answer frame, trusting nothing in it. Without ``inputs`` they are as they were sent."""
    status = header.get("status")
    if status == "returned":
        try:
            changed = "inputs" in header
            values = unpack(arrays, known=() if changed else case.sent)
            return Answer(
                "returned",
                value=values(header.get("value")),
                inputs=values(header["inputs"]) if changed else case.inputs,
                shared=_pairs(header.get("shared")),
                random=values(header.get("random", {"value": None})),
            )
        except WireError as error:
            return Answer("unsendable", said={"reason": str(error)})
    words = {
        key: header[key]
        for key in ("error", "message", "source", "function", "empty", "reason", "kind")
        if isinstance(header.get(key), str)
    }
    if type(header.get("line")) is int:
        words["line"] = str(header["line"])
    words["stub"] = "yes" if header.get("stub") is True else ""
    known = ("raised", "missing", "not callable", "unsendable")
    return Answer(
        status if status in known else "unsendable", said={key: text[:300] for key, text in words.items()}
    )


def _pairs(value: Any) -> list[tuple[int | str, str]]:
    pairs = value[:50] if type(value) is list else []
    return [
        (p[0], p[1])
        for p in pairs
        if type(p) is list and len(p) == 2 and type(p[0]) in (int, str) and type(p[1]) is str
    ]
