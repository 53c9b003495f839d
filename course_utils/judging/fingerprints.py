"""Recognises known mistakes by fingerprints of what they return for an open case.

hints.json, beside the notebook, has for each mistake its help, the numbers of the open cases in which it
fails, and for one of them a fingerprint of each output that it gets wrong there.
"""

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from course_utils.judging.form import Form, SolvedCase
from course_utils.judging.outputs import cut
from course_utils.judging.patterns import guarded, uninformative
from course_utils.judging.values import plain

__all__ = ["HINTS", "Named", "agree", "fingerprint", "fingerprints", "known_mistakes", "named_mistake"]

HINTS = "hints.json"
FEWEST, MOST = 16, 100_000
"""A fingerprint needs at least FEWEST numbers if all are whole, and takes too long for more than MOST."""

Fingerprint = Sequence[float]
"""A hash of the structure of a value (shapes, keys), and three random projections of its numbers."""


class Named(NamedTuple):
    """The help of the mistake that a wrong answer equals, and whether it explains all wrong outputs."""

    help: str
    whole: bool


def known_mistakes(folder: Path, name: str) -> Sequence[Mapping[str, Any]]:
    """Return the known mistakes of a function; none if their file is missing, since it is optional."""
    try:
        known: Sequence[Mapping[str, Any]] = json.loads((folder / HINTS).read_text(encoding="utf-8"))[name]
        for mistake in known:
            "".join([mistake["help"], *mistake["outputs"]])
            sum([mistake["case"], *mistake["fails"]])
        return known
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ()


def named_mistake(
    known: Sequence[Mapping[str, Any]],
    made: Sequence[Mapping[str, Fingerprint | None]],
    wrong: Sequence[Collection[str]],
    tolerance: float = 1e-7,
) -> Named | None:
    """Return the known mistake that gives the values made, or None if no or several could be meant.

    ``made`` has, for each open case, the fingerprints of an answer's outputs by name; ``wrong`` the names of
    its wrong outputs. A mistake that fails in a case that the answer passes is not meant. Of the others, the
    one with the most outputs that agree wins; then one that fails in the same cases, and then the one with
    the fewest outputs that do not agree. On a tie between different help texts none is named. ``tolerance``
    is that of `agree`: larger where answers are computed in float32.
    """
    failed = {number for number, names in enumerate(wrong) if names}
    best, found = (0, False, 0), set[Named]()
    for mistake in known:
        number, outputs, fails = mistake["case"], mistake["outputs"], set(mistake["fails"])
        if number not in failed or not fails <= failed:
            continue
        equal = {
            name
            for name in outputs
            if name in wrong[number] and agree(made[number].get(name), outputs[name], tolerance)
        }
        rank = len(equal), fails == failed, len(equal) - len(outputs)
        if equal and rank >= best:
            kept = found if rank == best else set()
            best, found = rank, kept | {Named(mistake["help"], rank[1] and equal >= set(wrong[number]))}
    helps = {named.help for named in found}
    return Named(helps.pop(), all(named.whole for named in found)) if len(helps) == 1 else None


def fingerprints(
    form: Form, case: SolvedCase, outputs: Sequence[Any], random: Any
) -> dict[str, Fingerprint | None]:
    """Return the fingerprint of each output of a call, as far as outputs are compared.

    Draws may be equal by chance, but not together with the ``random`` numbers after the call.
    """
    made = {}
    for name, value in zip(form.weights, outputs, strict=True):
        compared = plain(cut(value, case.first[name]) if name in case.first else value)
        if name in form.loose and isinstance(compared, np.ndarray | np.generic):
            compared = np.squeeze(compared)
        informative = not guarded("", uninformative, compared, case.inputs)
        made[name] = fingerprint([compared, random] if form.seeds else compared) if informative else None
    return made


def fingerprint(value: Any) -> Fingerprint | None:
    """Return the fingerprint of a value.

    The weights of the projections are random but fixed. Returns None for anything but finite numbers, text,
    None, and lists, tuples and dictionaries of these; when there are too many numbers; and when unrelated
    mistakes could easily give the same value, such as zeros or a few whole numbers.
    """
    found = _Numbers()
    try:
        form = _form_of(value, found)
        with np.errstate(all="ignore"):
            flat = np.concatenate([*(array.astype(float).ravel() for array in found.arrays), np.zeros(0)])
        few = flat.size < FEWEST and (flat == np.round(flat)).all()
        if few or not flat.any() or not np.isfinite(flat).all():
            return None
    except Exception:  # whatever a student's objects raise
        return None
    with np.errstate(all="ignore"):
        sums = (np.random.RandomState(0).random_sample((3, flat.size)) - 0.5) @ flat
    return [zlib.crc32(form.encode()), *sums.tolist()] if np.isfinite(sums).all() else None


def agree(one: Fingerprint | None, other: Fingerprint | None, tolerance: float = 1e-7) -> bool:
    """Return whether two fingerprints belong to the same value, up to rounding."""
    if one is None or other is None or one[0] != other[0]:
        return False
    bound = tolerance * max(map(abs, (*one[1:], *other[1:])))
    return all(abs(a - b) <= bound for a, b in zip(one[1:], other[1:], strict=True))


class _Numbers:
    """The arrays of a value as they are, of MOST numbers at most: an array may occur in it many times."""

    def __init__(self) -> None:
        self.arrays: list[np.ndarray] = []
        self._count = 0

    def count(self, more: int) -> None:
        """Add a size up, before anything of this size is made; raises ValueError beyond MOST."""
        self._count += more
        if self._count > MOST:
            raise ValueError("too many numbers")


def _form_of(value: Any, found: _Numbers) -> str:
    """Return the structure of a value as text, and append its numbers to those found."""
    if isinstance(value, dict):
        parts = [f"{key!r}:{_form_of(value[key], found)}" for key in sorted(value, key=str)]
        return f"{{{','.join(parts)}}}"
    if isinstance(value, tuple | list) and not all(isinstance(x, int | float | np.number) for x in value):
        return f"{type(value).__name__}({','.join(_form_of(part, found) for part in value)})"
    if value is None:
        return "None"
    found.count(len(value) if isinstance(value, str | tuple | list) else np.size(value))
    array = np.asarray([ord(letter) for letter in value] if isinstance(value, str) else value)
    if array.dtype.kind not in "biuf":
        raise TypeError("no real numbers")
    found.arrays.append(array)
    return f"{'text' if isinstance(value, str) else ''}{array.shape}"
