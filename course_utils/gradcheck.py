"""A gradient check: a backward function against central differences of its forward function."""

import copy
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from course_utils.checks import CheckFailed, check_shape
from course_utils.tables import CheckTable, Row, show, words

__all__ = ["gradcheck"]

STEP = 1e-5
"""How far an entry is moved each way: a compromise between rounding and truncation error."""
TOLERANCE = 1e-6
"""Largest difference from the central differences, as a share of a gradient's largest entry."""


def gradcheck(backward: Callable[..., Any], forward: Callable[..., Any], **inputs: Any) -> None:
    """Compare the gradients of ``backward`` with central differences, and show the worst entry of each.

    ``forward(**inputs)`` returns arrays and, last, a cache. ``backward`` takes the upstream gradient of
    each of the first arrays, then the cache, and returns a dictionary: its entry ``dxt`` belongs to the
    input ``xt``, ``dWax`` to ``parameters["Wax"]``. The loss is a sum of the arrays weighted by fixed
    random numbers, so these numbers are the upstream gradients.

    The error of an entry is |yours - numerical| over the largest entry of the gradient. Raises
    `CheckFailed` if it exceeds 1e-6, or if a gradient is missing or has the wrong shape.
    """
    name = getattr(backward, "__name__", type(backward).__name__)
    *outputs, cache = forward(**copy.deepcopy(inputs))
    rng = np.random.default_rng(0)
    count = len(inspect.signature(backward).parameters) - 1
    upstream = [rng.standard_normal(output.shape) for output in outputs[:count]]
    gradients = backward(*copy.deepcopy(upstream), cache)
    if not isinstance(gradients, dict):
        raise CheckFailed(f"{name} returns {words(gradients)}, expected a dictionary of gradients")
    moved = copy.deepcopy(inputs)

    def loss() -> float:
        return sum(float(np.sum(d * o)) for d, o in zip(upstream, forward(**moved), strict=False))

    rows = []
    for key, array in _arrays(moved):
        numerical = _central_differences(loss, array)
        if key in gradients:
            check_shape(key, gradients[key], array.shape)
            rows.append(_row(key, gradients[key], numerical))
        elif numerical.any():
            raise CheckFailed(f"{name}: the gradient `{key}` is missing from the dictionary")
    _report(name, rows)


def _arrays(inputs: Mapping[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    """Yield each input and parameter as an array, after the name of its gradient."""
    for name, value in inputs.items():
        if isinstance(value, dict):
            yield from _arrays(value)
        else:
            yield f"d{name}", value


def _central_differences(loss: Callable[[], float], array: np.ndarray) -> np.ndarray:
    """Return the central difference of ``loss`` for each entry of ``array``, in an array of its shape.

    Each entry is changed in place and restored.
    """
    slopes = np.zeros(array.shape)
    for at in np.ndindex(array.shape):
        value = array[at]
        array[at] = value + STEP
        above = loss()
        array[at] = value - STEP
        slopes[at] = (above - loss()) / (2 * STEP)
        array[at] = value
    return slopes


def _row(key: str, yours: np.ndarray, numerical: np.ndarray) -> Row:
    """Return the table row of one gradient: its worst entry, both values there, and the error."""
    difference = np.abs(yours - numerical)
    at = np.unravel_index(np.argmax(difference), difference.shape)  # a NaN counts as the largest
    error = difference[at] / (max(np.abs(yours).max(), np.abs(numerical).max()) or 1.0)
    entry = f"{key}[{', '.join(map(str, at))}]"
    row = Row(entry, float(numerical[at]), float(yours[at]), f"error {error:.0e}")
    if not error <= TOLERANCE:
        row.problem = (
            f"`{key}` is off by {error:.1g} of its largest entry; worst is `{entry}`: "
            f"yours {words(row.actual)}, central differences {words(row.expected)}"
        )
    return row


def _report(name: str, rows: list[Row]) -> None:
    """Show the table. Raises `CheckFailed` for the first gradient that is off."""
    failed = [row for row in rows if row.problem]
    if not failed:
        show(CheckTable(f"{name}: gradient check passed. The entry furthest off in each gradient:", rows))
        return
    heading = f"{name}: {len(failed)} of {len(rows)} gradients are off. The worst entry of each:"
    show(CheckTable(heading, rows))
    raise CheckFailed(f"{name}: {failed[0].problem}")
