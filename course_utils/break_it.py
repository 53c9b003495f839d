"""Tries a student's own check on a right leaky cell and on wrong ones: a task that is not graded."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["try_check"]

Array = NDArray[np.float64]
Cell = Callable[[Array, Array, float], Array]


def try_check(check: Callable[[Cell], object]) -> None:
    """Print whether ``check`` passes the right cell, and which wrong ones it does not notice.

    ``check`` takes a cell, ``cell(xt, a_prev, decay)`` with arrays of shape (n_a, m), and raises an
    exception, such as an AssertionError, where it finds a fault.
    """
    fault = _raised(check, _right)
    if fault is not None:
        said = f": {fault}" if str(fault) else ""
        print(f"Your check rejects the right cell ({type(fault).__name__}{said}).")
        return
    missed = [name for name, make in WRONG.items() if _raised(check, make()) is None]
    print(
        f"Your check passes the right cell and catches {len(WRONG) - len(missed)} of {len(WRONG)} wrong ones."
    )
    for name in missed:
        print(f"  not noticed: {name}")


def _raised(check: Callable[[Cell], object], cell: Cell) -> Exception | None:
    """Return the exception that a check raises for a cell."""
    try:
        check(cell)
    except Exception as error:
        return error
    return None


def _right(xt: Array, a_prev: Array, decay: float) -> Array:
    return decay * a_prev + (1 - decay) * xt


def _exchanged(xt: Array, a_prev: Array, decay: float) -> Array:
    return decay * xt + (1 - decay) * a_prev


def _unscaled(xt: Array, a_prev: Array, decay: float) -> Array:
    return decay * a_prev + xt


def _half(xt: Array, a_prev: Array, decay: float) -> Array:
    return 0.5 * a_prev + 0.5 * xt


def _mixed(xt: Array, a_prev: Array, decay: float) -> Array:
    mean: Array = xt.mean(axis=1, keepdims=True)
    return decay * a_prev + (1 - decay) * mean


def _in_place(xt: Array, a_prev: Array, decay: float) -> Array:
    a_prev *= decay
    a_prev += (1 - decay) * xt
    return a_prev


def _with_memory() -> Cell:
    """Return a cell that goes on from its own last result, whatever state it is given."""
    kept: list[Array] = []

    def cell(xt: Array, a_prev: Array, decay: float) -> Array:
        last = kept[-1] if kept and kept[-1].shape == np.shape(a_prev) else a_prev
        kept.append(_right(xt, last, decay))
        return kept[-1]

    return cell


WRONG: dict[str, Callable[[], Cell]] = {
    "`decay` and `1 - decay` are exchanged": lambda: _exchanged,
    "the input is not scaled": lambda: _unscaled,
    "`decay` is taken to be 0.5": lambda: _half,
    "the examples of the batch are averaged": lambda: _mixed,
    "`a_prev` is changed in place": lambda: _in_place,
    "the state of the call before is used again": _with_memory,
}
