"""Compares an answer with what the reference gives: shape, then finiteness, then values.

The words of a fault are what a student may read of a hidden case: its kind and the order of
magnitude of the error, never a value and never a position in an array.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..sandbox.inside.wire import unpack

__all__ = ["Fault", "compare", "leaves"]


@dataclass(frozen=True)
class Fault:
    """What is wrong with one value. ``kind`` is one of missing, type, length, keys, shape, finite, values."""

    kind: str
    path: str
    message: str


def compare(got: Any, want: Any, path: str, rtol: float) -> Fault | None:
    """Return the first fault of ``got``, or None when it equals ``want`` within the tolerance.

    An error counts relative to the largest expected value of its array. Numbers may be Python or
    NumPy scalars or arrays of one element; lists and tuples must have the expected type and length.
    """
    if isinstance(want, (np.ndarray, np.generic, float, int)) and not isinstance(want, bool):
        return _numbers(got, want, path, rtol)
    if isinstance(want, (list, tuple)):
        if type(got) is not type(want):
            return Fault("type", path, f"`{path}` is {_kind(got)}; it should be a {type(want).__name__}")
        if len(got) != len(want):
            return Fault("length", path, f"`{path}` has {_items(len(got))}; it should have {len(want)}")
        for number, (a, b) in enumerate(zip(got, want, strict=True)):
            if fault := compare(a, b, f"{path}[{number}]", rtol):
                return fault
        return None
    if isinstance(want, Mapping):
        if type(got) is not dict:
            return Fault("type", path, f"`{path}` is {_kind(got)}; it should be a dictionary")
        if set(got) != set(want):
            return _keys(got, want, path)
        for key in want:
            if fault := compare(got[key], want[key], f"{path}[{key!r}]", rtol):
                return fault
        return None
    if type(got) is type(want) and got == want:
        return None
    return Fault("values", path, f"`{path}` is not what it should be")


def leaves(value: Any) -> list[np.ndarray]:
    """Return all arrays and numbers in a tree of tuples, lists and dictionaries, as arrays."""
    if isinstance(value, Mapping):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in leaves(item)]
    if isinstance(value, (np.ndarray, np.generic, float, int)) and not isinstance(value, bool):
        return [np.asarray(value)]
    return []


def _numbers(got: Any, want: Any, path: str, rtol: float) -> Fault | None:
    if got is None:
        return Fault("missing", path, f"`{path}` is None")
    want = np.asarray(want)
    scalar = want.ndim == 0
    if not isinstance(got, (np.ndarray, np.generic)) and not (scalar and type(got) in (int, float, bool)):
        return Fault(
            "type",
            path,
            f"`{path}` is {_kind(got)}; it should be {'a number' if scalar else 'a NumPy array'}",
        )
    got = np.asarray(got)
    if got.dtype.kind not in "biuf" and want.dtype.kind != "c":
        return Fault("type", path, f"`{path}` holds {got.dtype} values; they should be real numbers")
    if got.shape != want.shape and not (scalar and got.size == 1):
        return Fault(
            "shape",
            path,
            f"`{path}` has shape {got.shape}; it should be {want.shape}{_shape_hint(got, want)}",
        )
    if got is want or got.size == 0:
        return None
    got = got.reshape(want.shape)
    if not (np.isfinite(got).all() and np.isfinite(want).all()):
        if np.array_equal(got, want, equal_nan=True):
            return None
        if np.isfinite(got).all():  # only a known mistake's values are not finite
            return Fault("values", path, f"`{path}` has the right shape, but its values are off by far")
        what = "nan" if np.isnan(got).any() else "infinity"
        return Fault("finite", path, f"`{path}` has the right shape but holds {what}")
    with np.errstate(over="ignore", invalid="ignore"):
        error = float(np.max(np.abs(got.astype(np.float64) - want)))
    scale = float(np.max(np.abs(want))) or 1.0
    if error <= rtol * scale:
        return None
    size = error / scale
    if got.dtype.itemsize < 8 and got.dtype.kind == "f" and size < 1e-5:
        return Fault(
            "values", path, f"`{path}` is computed in {got.dtype}: keep float64, which NumPy uses by itself"
        )
    return Fault("values", path, f"`{path}` has the right shape, but its values are off {_magnitude(size)}")


def _magnitude(size: float) -> str:
    if not math.isfinite(size) or size > 100:
        return "by far"
    if size >= 0.05:
        return "by as much as the values themselves"
    return f"by about 1e{math.floor(math.log10(size) + 0.5)} of their size"


def _shape_hint(got: np.ndarray, want: np.ndarray) -> str:
    if got.ndim == want.ndim and got.shape == want.shape[::-1]:
        return ": it is transposed"
    if sorted(got.shape) == sorted(want.shape):
        return ": its axes are in another order"
    if got.size == want.size:
        return ": as many numbers, but in another form (a lost or an added axis)"
    if got.ndim + 1 == want.ndim:
        return ": an axis is missing"
    return ""


def _keys(got: Mapping[Any, Any], want: Mapping[Any, Any], path: str) -> Fault:
    missing = ", ".join(repr(key) for key in want if key not in got)
    if missing:
        return Fault("keys", path, f"`{path}` lacks {missing}")
    extra = ", ".join(repr(key)[:40] for key in list(got)[:20] if key not in want)
    return Fault("keys", path, f"`{path}` has entries that do not belong there: {extra}")


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, unpack.Other):
        return f"a value of type {value.kind}"
    return f"a value of type {type(value).__name__}"


def _items(count: int) -> str:
    return "1 element" if count == 1 else f"{count} elements"
