"""Compares an answer with the reference's output: shape, then finiteness, then values.

Students may read a fault's message for hidden cases too. It gives the kind of fault, the error as one of
four sizes, the pattern of the values and where they start to be wrong; never an expected value.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.judging.patterns import guarded, nan_pattern, shape_pattern, uninformative, value_pattern
from course_utils.judging.values import Other

__all__ = ["ABSENT", "UNFILLED", "Fault", "compare", "leaves"]

UNFILLED = "was the stub's None filled in?"
"""Ends what is said of an output that is None."""
ABSENT = object()
"""Stands for an output that a returned dictionary does not have."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one value. ``kind`` is one of missing, type, length, keys, shape, finite, values.

    ``path`` is the output's name with indices. ``pattern`` is what the wrong values look like, if known.
    """

    kind: str
    path: str
    message: str
    pattern: str | None = None

    @property
    def sort(self) -> tuple[str, str]:
        """A key that is equal for faults that are the same to a student, whatever their path and numbers."""
        words = self.message.replace(self.path, "") if self.pattern is None else self.pattern
        words = words.replace(f'["{self.path}"]', "")  # dWa, a copy of gradients["dWa"]
        return self.kind, re.sub(r"\d+", "", words)


def compare(
    got: Any,
    want: Any,
    path: str,
    rtol: float,
    *,
    loose: bool = False,
    inputs: Mapping[str, Any] | None = None,
) -> Fault | None:
    """Return the first fault of ``got``, or None when it equals ``want`` within the tolerance.

    ``rtol`` bounds the largest error relative to the largest absolute expected value of the array;
    integers, text and booleans must be equal. Numbers may be Python or NumPy scalars or arrays of one
    element, and a list of integers may be an array; other lists and tuples must have the expected type
    and length. With ``loose``, axes of length 1 may be missing or added. ``inputs`` are those of the call: a
    message says what is a copy of one.
    """
    if got is ABSENT:
        said = f"`{path}` is missing from the dictionary that is returned"
        return None if want is ABSENT else Fault("missing", path, said)
    if got is None and want is not None:
        return Fault("missing", path, f"`{path}` is None: {UNFILLED}")
    if isinstance(want, (np.ndarray, np.generic, float, int)) and not isinstance(want, bool):
        return _numbers(got, np.asarray(want), path, rtol, loose, inputs)
    if isinstance(want, list):
        mine, right = _integers(got), _integers(want)
        if mine is not None and right is not None:
            return _sequence(mine, right, path)
    if isinstance(want, (list, tuple)):
        if type(got) is not type(want):
            return Fault("type", path, f"`{path}` is {_kind(got)}; it should be a {type(want).__name__}")
        if len(got) != len(want):
            return Fault("length", path, f"`{path}` has {_items(len(got))}; it should have {len(want)}")
        for number, (a, b) in enumerate(zip(got, want, strict=True)):
            if _alike(a, b):
                continue
            if fault := compare(a, b, f"{path}[{number}]", rtol, loose=loose, inputs=inputs):
                return fault
        return None
    if isinstance(want, (dict, Mapping)):
        if type(got) is not dict:
            return Fault("type", path, f"`{path}` is {_kind(got)}; it should be a dictionary")
        if set(got) != set(want):
            return _keys(got, want, path)
        for key, b in want.items():
            a = got[key]
            if _alike(a, b):
                continue
            if fault := compare(a, b, f"{path}[{key!r}]", rtol, loose=loose, inputs=inputs):
                return fault
        return None
    if isinstance(want, bool) and _one(got, "b"):
        got = got.item()
    if type(got) is type(want) and got == want:
        return None
    return Fault("values", path, f"`{path}` is not what it should be")


def _alike(got: Any, want: Any) -> bool:
    """Whether both are arrays of numbers with the same bytes, a shortcut for most right answers."""
    return (
        type(got) is type(want) is np.ndarray
        and got.shape == want.shape
        and got.dtype == want.dtype
        and want.dtype.kind in "biufc"
        and got.tobytes() == want.tobytes()
    )


def leaves(value: Any) -> list[np.ndarray]:
    """Return all arrays and numbers in a tree of tuples, lists and dictionaries, as arrays."""
    if isinstance(value, Mapping):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in leaves(item)]
    if isinstance(value, (np.ndarray, np.generic, float, int)) and not isinstance(value, bool):
        return [np.asarray(value)]
    return []


def _numbers(
    got: Any, want: np.ndarray, path: str, rtol: float, loose: bool, inputs: Mapping[str, Any] | None
) -> Fault | None:
    if _alike(got, want):
        return None
    if want.dtype.kind in "iu" and want.ndim == 1 and type(got) is list:
        got = got if (whole := _integers(got)) is None else whole
    scalar = want.ndim == 0 or (loose and want.size == 1)
    if not isinstance(got, (np.ndarray, np.generic)) and not (scalar and type(got) in (int, float, bool)):
        should = "a number" if scalar else "a NumPy array"
        return Fault("type", path, f"`{path}` is {_kind(got)}; it should be {should}")
    got = np.asarray(got)
    if got.dtype == want.dtype and got.shape == want.shape and (got == want).all():
        return None
    if got.dtype.kind not in "biuf" and want.dtype.kind != "c":
        return Fault("type", path, f"`{path}` holds {got.dtype} values; they should be real numbers")
    same = got.shape == want.shape or (scalar and got.size == 1) or (loose and _long(got) == _long(want))
    if not same:
        pattern = guarded("", shape_pattern, got.shape, want.shape)
        said = f"`{path}` has shape {got.shape}; it should be {want.shape}{f': {pattern}' if pattern else ''}"
        return Fault("shape", path, said, pattern)
    if got is want or got.size == 0:
        return None
    return _values(got.reshape(want.shape), want, path, rtol, inputs)


def _values(
    got: np.ndarray, want: np.ndarray, path: str, rtol: float, inputs: Mapping[str, Any] | None
) -> Fault | None:
    """Compare two arrays of the same shape."""
    if want.dtype.kind not in "biu":
        with np.errstate(over="ignore", invalid="ignore"):
            values = got.astype(np.float64)
            error = float(np.max(np.abs(values - want)))
            scale = float(np.max(np.abs(want))) or 1.0
        if error <= rtol * scale < math.inf:
            return None
    if not (np.isfinite(got).all() and np.isfinite(want).all()):
        if np.array_equal(got, want, equal_nan=True):
            return None
        if np.isfinite(got).all():  # only a known mistake's values are not finite
            return Fault(
                "values",
                path,
                f"`{path}` has the right shape, but its values are off by more than 5% of their size",
            )
        what = "nan" if np.isnan(got).any() else "infinity"
        said = (
            f"`{path}` has the right shape but holds {what}, {guarded('in some entries', nan_pattern, got)}"
        )
        return Fault("finite", path, said, what)
    if want.dtype.kind in "biu":
        if np.array_equal(got, want):
            return None
        pattern = guarded("", uninformative, got, inputs or {})
        said = f"`{path}` has the right shape, but its values are not right"
        return Fault("values", path, f"{said}: {pattern}" if pattern else said, pattern or None)
    size = error / scale
    if got.dtype.itemsize < 8 and got.dtype.kind == "f" and size < 1e-5:
        said = f"`{path}` is computed in {got.dtype}: keep float64, which NumPy uses by itself"
        return Fault("values", path, said)
    pattern = guarded("", value_pattern, values, want, rtol, inputs) if math.isfinite(error) else ""
    said = f"`{path}` has the right shape, but its values are off {_magnitude(size)}"
    return Fault("values", path, f"{said}: {pattern}" if pattern else said, pattern)


def _integers(value: Any) -> np.ndarray | None:
    """Return a list or a vector of integers as an array, or None for anything else."""
    if isinstance(value, np.ndarray):
        return value if value.ndim == 1 and value.dtype.kind in "iu" else None
    if type(value) is not list:
        return None
    if not all(type(n) is int or _one(n, "iu") for n in value):
        return None
    numbers = [n if type(n) is int else int(n.item()) for n in value]
    return np.array(numbers, np.int64) if all(abs(n) < 1 << 63 for n in numbers) else None


def _one(value: Any, kinds: str) -> bool:
    """Whether a value is a NumPy scalar or an array of one element, of one of these dtype kinds."""
    return isinstance(value, (np.ndarray, np.generic)) and value.size == 1 and value.dtype.kind in kinds


def _sequence(got: np.ndarray, want: np.ndarray, path: str) -> Fault | None:
    """Compare two vectors of integers: they must be equal."""
    if len(got) != len(want):
        amount = "many" if len(got) > len(want) else "few"
        return Fault("length", path, f"`{path}` has {_items(len(got))}: too {amount}")
    wrong = np.flatnonzero(got != want)
    if not wrong.size:
        return None
    where, pattern = f"after the first {wrong[0]}" if wrong[0] else "from the first on", ""
    if plain := guarded("", uninformative, got, {}):
        where, pattern = f"{where}: {plain}", plain
    elif len(want) > 2 and np.array_equal(got[1:], want[:-1]):
        where = pattern = "from the first on: they come one position late"
    said = f"`{path}` has the right length, but its entries are not right {where}"
    return Fault("values", path, said, pattern)


def _long(array: np.ndarray) -> list[int]:
    return [n for n in array.shape if n != 1]


def _magnitude(size: float) -> str:
    """Say how large an error is, in one of four sizes: with more, hidden values could be found by trying."""
    if size < 1e-9:
        return (
            "by little more than rounding (is a derivative measured by differences, "
            "or something tiny added to a denominator?)"
        )
    if size < 1e-6:
        return (
            "by hardly more than rounding (is a part of it in float32, "
            "or something small added to a denominator or a logarithm?)"
        )
    if size < 0.05:
        return "by less than 5% of their size"
    return "by more than 5% of their size"


def _keys(got: Mapping[Any, Any], want: Mapping[Any, Any], path: str) -> Fault:
    missing = ", ".join(repr(key) for key in want if key not in got)
    if missing:
        return Fault("keys", path, f"`{path}` lacks {missing}")
    extra = ", ".join(repr(key)[:40] for key in list(got)[:20] if key not in want)
    return Fault("keys", path, f"`{path}` has entries that do not belong there: {extra}")


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, Other):
        return f"a value of type {value.kind}"
    return f"a value of type {type(value).__name__}"


def _items(count: int) -> str:
    return "1 element" if count == 1 else f"{count} elements"
