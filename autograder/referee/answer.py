"""What came back from the probe for one case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Answer"]


@dataclass(frozen=True)
class Answer:
    """What came back for one case; ``said`` holds the words of an answer without a value."""

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
