"""Judges what a function must not do beside its work: change an input, share memory, draw other numbers."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from course_utils.judging.form import Form, SolvedCase
from course_utils.judging.outputs import differ, differs, faults
from course_utils.judging.patterns import guarded
from course_utils.judging.values import Other

__all__ = ["AGAIN", "PROPERTIES", "UNCHANGED", "Call", "broken", "properties_of"]

UNCHANGED = "the inputs stay as they are"
APART = "the outputs have memory of their own"
RANDOM = "the random state is left as it should be"
AGAIN = "the same inputs give the same outputs again"
PROPERTIES = (UNCHANGED, APART, RANDOM, AGAIN)


class Call(NamedTuple):
    """A call: its case and outputs, the inputs after it, and what is told of it.

    ``outputs`` are None if there are none. ``shared`` lists (output, input name) for outputs that share
    memory with an input, an output being its index or its key. ``random`` are numbers that NumPy's global
    generator gave after the call.
    """

    case: SolvedCase
    outputs: tuple[Any, ...] | None
    after: Mapping[str, Any]
    shared: Sequence[tuple[int | str, str]]
    random: Any = None


def properties_of(form: Form) -> list[str]:
    """Return the properties that a function is held to."""
    return [UNCHANGED, APART, *([RANDOM] if form.seeds else []), AGAIN]


def broken(form: Form, calls: Sequence[Call]) -> dict[str, str]:
    """Return the properties that do not hold over all calls, each with the reason.

    A case that was called twice must have given the same outputs, up to rounding. The random state counts
    where the outputs are right: wrong ones have cost already what was drawn otherwise.
    """
    changed: set[str] = set()
    shared: set[tuple[str, str]] = set()
    numbered = dict(enumerate(form.outputs)) | {name: name for name in form.outputs}
    for case, _, after, pairs, _ in calls:
        changed |= {
            name
            for name, before in case.inputs.items()
            if name not in form.writes and differ(after.get(name), before, name)
        }
        shared |= {(numbered[n], i) for n, i in pairs if n in numbered and i in case.inputs}
    # An input that is written to and returned is one mistake, and costs once.
    shared = {(output, name) for output, name in shared if name not in changed}
    reasons = {}
    if changed:
        listed = ", ".join(f"`{name}`" for name in sorted(changed))
        reasons[UNCHANGED] = f"your function writes into {listed}: work on a new array"
    if shared:
        listed = ", ".join(f"`{out}` shares memory with `{name}`" for out, name in sorted(shared))
        reasons[APART] = f"{listed}: make a new array"
    if form.seeds and any(
        differ(call.random, call.case.random, "random") and _right(form, call) for call in calls
    ):
        reasons[RANDOM] = (
            f"`{form.name}` leaves NumPy's global random generator in another state than expected: "
            "which seed, and how many numbers were drawn?"
        )
    if any(_unlike(form, one, other) for one, other in itertools.combinations(calls, 2)):
        reasons[AGAIN] = (
            f"`{form.name}` gives other outputs when it is called again with the same inputs: does it keep "
            "something from the call before, or draw random numbers?"
        )
    return reasons


def _right(form: Form, call: Call) -> bool:
    """Whether the outputs of a call are right."""
    return call.outputs is not None and not faults(form, call.case, call.outputs, call.after)


def _unlike(form: Form, one: Call, other: Call) -> bool:
    """Whether two calls of one case have different outputs, as far as that can be told."""
    if one.case is not other.case or one.outputs is other.outputs:
        return False
    if one.outputs is None or other.outputs is None:
        return True
    pairs = zip(form.weights, one.outputs, other.outputs, strict=True)
    return any(
        guarded(None, differs, form, one.case, name, a, b) for name, a, b in pairs if not _hidden((a, b))
    )


def _hidden(value: Any) -> bool:
    """Whether a part of a value is unknown: it could not be sent."""
    if isinstance(value, Mapping):
        return any(map(_hidden, value.values()))
    return any(map(_hidden, value)) if isinstance(value, (list, tuple)) else isinstance(value, Other)
