"""Finds outputs that share memory with inputs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["shared"]

MOST = 100
"""How many arrays of an output, and of an input, are looked at."""


def shared(
    value: Any, inputs: Mapping[str, Any], apart: Sequence[int | str], outputs: int
) -> list[list[Any]]:
    """List [output, input name] for each output of a returned value that shares memory with an input.

    ``apart`` names the outputs that must not: by index in a tuple, or by key in a dictionary. ``outputs``
    is their number: a list of as many counts as the tuple.
    """
    several = type(value) is tuple or (type(value) is list and outputs > 1)
    named = value if type(value) is dict else dict(enumerate(value if several else (value,)))
    found: list[list[Any]] = []
    for output in apart:
        for name, given in inputs.items() if output in named else ():
            pairs = ((a, b) for a in _arrays(named[output])[:MOST] for b in _arrays(given)[:MOST])
            if any(np.may_share_memory(a, b) for a, b in pairs):
                found.append([output, name])
    return found


def _arrays(value: Any, depth: int = 0) -> list[np.ndarray]:
    if isinstance(value, np.ndarray):
        return [value]
    if depth > 6:
        return []
    items = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return [array for item in items for array in _arrays(item, depth + 1)]
