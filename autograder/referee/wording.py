"""Describes a wrong answer to the student, without values: its pattern, or why there is none."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from autograder.lab.exercise import Exercise
from autograder.referee.answer import Answer

__all__ = ["guarded", "nan_pattern", "redacted", "shape_pattern", "value_pattern", "without_value"]

T = TypeVar("T")
LONG = re.compile(r"\d[\d_]{3,}")
"""Numbers of more digits than a shape has."""
DECIMAL = re.compile(r"[-+]?(\d+\.\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)

LONGEST = 300
"""The length to which the probe cuts an exception's text."""
ASKING = {"StdinNotImplementedError": "asks for input", "BdbQuit": "starts a debugger"}
"""The exceptions of `input()` and of debuggers while grading."""

SWAPPED = "its second and third axis (batch and time) are swapped"


def guarded(default: T, make: Callable[..., T], *args: Any) -> T:
    """Return ``make(*args)``, or a default where it raises: no fault in words may cost a verdict."""
    try:
        return make(*args)
    except Exception:
        return default


def shape_pattern(got: tuple[int, ...], want: tuple[int, ...]) -> str:
    """Return what a wrong shape suggests, or an empty string."""
    if len(got) == len(want) and got == want[::-1]:
        return "it is transposed"
    if len(want) == 3 and got == (want[0], want[2], want[1]):
        return SWAPPED
    if sorted(got) == sorted(want):
        return "its axes are in another order"
    if list(got) == [n for n in want if n != 1]:
        return "an axis of length 1 is lost (`keepdims=True` keeps it)"
    if np.prod(got, dtype=float) == np.prod(want, dtype=float):
        return "as many numbers, but in another shape (a lost or an added axis)"
    if len(got) == len(want):
        pairs = list(zip(got, want, strict=True))
        if any(a == 1 != b for a, b in pairs) and any(b == 1 != a for a, b in pairs):
            return "was it summed over the wrong axis?"
    return "an axis is missing" if len(got) + 1 == len(want) else ""


def nan_pattern(got: np.ndarray) -> str:
    """Return where values are not finite: everywhere, from which step t on in (n, m, T_x), or in part."""
    bad = ~np.isfinite(got)
    if bad.all():
        return "everywhere"
    return f"from t = {int(np.argmax(bad.any(axis=(0, 1))))} on" if got.ndim == 3 else "in some entries"


def value_pattern(got: np.ndarray, want: np.ndarray, rtol: float) -> str:
    """Return how finite values of the right shape differ from the right ones, or an empty string."""

    def same(a: np.ndarray, b: np.ndarray) -> bool:
        scale = float(np.max(np.abs(b), initial=0.0))
        return scale > 0 and float(np.max(np.abs(a - b))) <= rtol * scale

    looks: list[tuple[str, Callable[[], bool]]] = []
    if want.ndim >= 2 and want.shape == want.shape[::-1]:
        looks.append(("it is transposed", lambda: same(got, want.T)))
    if want.ndim == 3 and want.shape[1] == want.shape[2]:
        looks.append((SWAPPED, lambda: same(got, want.swapaxes(1, 2))))
    if want.ndim == 3 and want.shape[2] > 1:
        looks += [
            ("it is one step late", lambda: same(got[..., 1:], want[..., :-1])),
            ("it is one step early", lambda: same(got[..., :-1], want[..., 1:])),
            ("its steps are in reverse order", lambda: same(got, want[..., ::-1])),
        ]
    with np.errstate(all="ignore"):
        return _factor(got, want, same) or next((words for words, look in looks if look()), "")


def _factor(got: np.ndarray, want: np.ndarray, same: Callable[[np.ndarray, np.ndarray], bool]) -> str:
    """Return by which simple factor values are off, if any; a single nonzero number shows none."""
    if np.count_nonzero(want) < 2:
        return ""
    factor = float(np.vdot(got, want) / np.vdot(want, want))  # least squares
    if abs(factor) < 1e-6 or abs(factor - 1) < 1e-6 or not same(got, factor * want):
        return ""
    if abs(factor + 1) < 1e-9:
        return "the sign is wrong"
    over, times = round(1 / abs(factor)), round(abs(factor))
    sign = "-" if factor < 0 else ""
    if 2 <= over <= 1000 and abs(abs(factor) * over - 1) < 1e-9:
        return f"each is {sign}1/{over} of what it should be (a mean instead of a sum?)"
    if 2 <= times <= 1000 and abs(abs(factor) / times - 1) < 1e-9:
        return f"each is {sign}{times} times what it should be (a sum instead of a mean?)"
    return "all by the same factor"


def redacted(text: str) -> str:
    """Return an exception's text without numbers that may be inputs of a hidden case; shapes stay."""
    return LONG.sub("…", DECIMAL.sub("…", text))


def _whole(text: str) -> str:
    """Return a text on one line; where it may have been cut, up to the end of its last whole sentence."""
    line = " ".join(text.split())
    return line[: line.rfind(". ") + 1] or f"{line}…" if len(text) >= LONGEST else line


def without_value(exercise: Exercise, answer: Answer) -> str:
    """Return why an answer has no value: the function is missing, a stub, or raised."""
    said, name = answer.said, exercise.name
    if answer.status == "missing":
        return f"`{name}` is not defined: {said.get('cause') or 'run and keep the cell that defines it'}"
    if answer.status == "not callable":
        kind = said.get("kind", "unknown")
        return f"`{name}` is no longer a function but of type {kind}: choose another name for that variable"
    if answer.status == "raised" and said.get("stub"):
        return f"`{name}` is still a stub: fill in between START and END CODE HERE"
    if answer.status == "raised":
        owner = f" of `{said['function']}`" if said.get("function", name) != name else ""
        known = said.get("line") and said.get("source")
        where = f" (line {said['line']}{owner}: {said['source']})" if known else ""
        error = said.get("error", "an exception")
        if error in ASKING:
            return f"`{name}` {ASKING[error]}{where}, and nobody is there to answer: remove that"
        if cause := said.get("cause"):
            return f"`{name}` needs `{said['undefined']}`, which is not defined: {cause}"
        if error == "NotImplementedError" and said.get("source", "").startswith("raise NotImplementedError"):
            return f"`{name}` raises NotImplementedError{where}: remove that line where your code is complete"
        text = _whole(redacted(said.get("message", "")))
        message = f": {text}" if text else ""
        empty = f"; `{said['empty']}` is None there" if said.get("empty") else ""
        return f"`{name}` raised {error}{message}{where}{empty}"
    return f"what `{name}` returned cannot be read ({said.get('reason', 'no answer')})"
