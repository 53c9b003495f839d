"""Takes a value as the judging sees it: plain data only, copied, as it comes out of the sandbox."""

import itertools
from types import GeneratorType
from typing import Any

import numpy as np

__all__ = [
    "KINDS",
    "MAX_ARRAYS",
    "MAX_DEPTH",
    "MAX_INT",
    "MAX_NODES",
    "MAX_TEXT",
    "Other",
    "Plain",
    "Unreadable",
    "is_key",
    "listed",
    "plain",
]

MAX_ARRAYS = 64 << 20
"""Bytes of the arrays of one answer."""
MAX_NODES = 100_000
MAX_DEPTH = 40
MAX_TEXT = 1 << 20
MAX_INT = 1 << 63
KINDS = "biufc"
"""The kinds of dtypes that are judged: booleans, whole, real and complex numbers."""


class Other:
    """Stands for a value that cannot be sent or judged; ``kind`` is its type's name."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return type(other) is Other and other.kind == self.kind

    def __hash__(self) -> int:
        return hash(self.kind)


class Unreadable(ValueError):
    """A value is too large or nested too deeply to be judged."""


def is_key(value: Any) -> bool:
    """Whether a value is text or a 64-bit integer: larger ones can be chosen so that all hashes collide."""
    return type(value) is str or (type(value) is int and abs(value) < MAX_INT)


def listed(value: Any) -> Any:
    """Return a generator's items as a list, and any other value as it is.

    A function that yields is judged by what it yields; its code runs here. One that never ends gives one item
    more than can be judged.
    """
    if isinstance(value, GeneratorType):
        return list(itertools.islice(value, MAX_NODES + 1))
    return value


def plain(value: Any) -> Any:
    """Return one value as `Plain` does."""
    return Plain()(value)


class Plain:
    """Copies values as the sandbox's wire format does: packed, sent and unpacked.

    Arrays of any class, such as `np.matrix`, become plain arrays, and NumPy's scalars arrays without axes.
    An array object that occurs twice is copied once, in all calls together. What the format cannot express,
    such as other objects, or subclasses of lists and dictionaries, becomes `Other`.
    """

    def __init__(self) -> None:
        self._made: dict[int, np.ndarray] = {}
        self._alive: list[Any] = []
        self._nodes = self._bytes = 0

    def __call__(self, value: Any, depth: int = 0) -> Any:
        """Return a copy of one value; raises Unreadable if the values are too large or too deep."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise Unreadable("nested too deeply or too many values")
        kind = type(value)
        if value is None or kind in (bool, float):
            return value
        if kind in (str, np.str_):
            return _text(str(value)) if len(value) <= MAX_TEXT else Other("very long str")
        if kind is int:
            return value if abs(value) < MAX_INT else Other("very large int")
        if kind in (list, tuple):
            return kind(self(item, depth + 1) for item in value)
        if kind is dict:
            if all(is_key(key) for key in value):
                return {
                    _text(key) if type(key) is str else key: self(item, depth + 1)
                    for key, item in value.items()
                }
            return Other("dict with keys that are neither text nor small numbers")
        if isinstance(value, (np.ndarray, np.generic)):
            return self._array(value)
        return Other(kind.__name__[:80])

    def _array(self, value: Any) -> Any:
        if id(value) in self._made:
            return self._made[id(value)]
        bare = np.asarray(value)
        if bare.dtype.kind not in KINDS or bare.dtype.itemsize > 16:
            return Other(f"array of {str(bare.dtype)[:40]}")
        self._bytes += bare.nbytes
        if self._bytes > MAX_ARRAYS:
            raise Unreadable(f"arrays of more than {MAX_ARRAYS >> 20} MB")
        fortran = bare.flags.f_contiguous and not bare.flags.c_contiguous
        self._made[id(value)] = made = np.array(bare, order="F" if fortran else "C")
        self._alive.append(value)  # so that no other object gets its id
        return made


def _text(text: str) -> str:
    """Return a text as UTF-8 can carry it."""
    return text.encode("utf-8", "replace").decode()
