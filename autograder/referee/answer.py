"""Holds the answer that the probe sends for one case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Answer"]


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
