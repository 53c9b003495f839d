"""Describes in words what the shape, the finiteness and the values of a wrong array look like."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np

__all__ = ["guarded", "nan_pattern", "shape_pattern", "uninformative", "value_pattern"]

T = TypeVar("T")
CONSTANT = "it is the same everywhere"
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


def uninformative(got: Any, inputs: Mapping[str, Any]) -> str:
    """Return why a value tells nothing of how it was made, or an empty string.

    "it is zero everywhere", "it is the same everywhere" or "it is a copy of `xt`", where ``xt`` is an input:
    such values may come from many mistakes.
    """
    if type(got) is list and all(type(number) in (int, float) for number in got):
        got = np.array(got, dtype=float)  # integers may be large
    if not isinstance(got, (np.ndarray, np.generic)) or got.dtype.kind not in "biuf" or not got.size:
        return ""
    if not got.any():
        return "it is zero everywhere" if got.size > 1 else "it is zero"
    if got.size < 2:
        return ""
    if (got == got.flat[0]).all():
        return CONSTANT
    copied = next((path for path, given in _arrays_of(inputs) if np.array_equal(got, given)), "")
    return f"it is a copy of `{copied}`" if copied else ""


def _arrays_of(inputs: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Yield the arrays among the inputs, and those in their dictionaries, each with its name."""
    for key, value in inputs.items():
        name = f'{path}["{key}"]' if path else str(key)
        if isinstance(value, np.ndarray):
            yield name, value
        elif isinstance(value, Mapping):
            yield from _arrays_of(value, name)


def nan_pattern(got: np.ndarray) -> str:
    """Return where values are not finite: everywhere, from which step t on in (n, m, T_x), or in part."""
    bad = ~np.isfinite(got)
    if bad.all():
        return "everywhere"
    return f"from t = {int(np.argmax(bad.any(axis=(0, 1))))} on" if got.ndim == 3 else "in some entries"


def value_pattern(
    got: np.ndarray, want: np.ndarray, rtol: float, inputs: Mapping[str, Any] | None = None
) -> str:
    """Return how finite values of the right shape differ from the right ones, or an empty string.

    ``inputs`` are those of the call, which the values may be a copy of.
    """
    plain = uninformative(got, inputs or {})
    if plain and not (plain == CONSTANT and (want == want.flat[0]).all()):
        return plain

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
