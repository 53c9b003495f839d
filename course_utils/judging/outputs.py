"""Reads the outputs of a call, and compares each with the right one."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from course_utils.judging.compare import ABSENT, Fault, compare
from course_utils.judging.form import Form, SolvedCase
from course_utils.judging.patterns import guarded

__all__ = ["WrongForm", "as_outputs", "cut", "differ", "differs", "faults"]


class WrongForm(ValueError):
    """A function did not return what its exercise says; the message is for the student."""


def as_outputs(value: Any, inputs: Mapping[str, Any], form: Form) -> tuple[Any, ...]:
    """Return a function's outputs, then the inputs that are its effects, as a tuple.

    A list of as many outputs counts as the tuple: it unpacks alike. Raises WrongForm unless ``value`` is what
    the form says that it returns.
    """
    names = list(form.outputs)
    if form.returns is dict:
        if type(value) is not dict:
            should = f"a dictionary with {', '.join(names)}"
            raise WrongForm(f"`{form.name}` returns {_amount(value)}; it should return {should}")
        outputs = tuple(value.get(name, ABSENT) for name in names)
    else:
        outputs = tuple(value) if len(names) > 1 and type(value) in (tuple, list) else (value,)
        if len(outputs) != len(names):
            should = f"{len(names)}: {', '.join(names)}"
            raise WrongForm(f"`{form.name}` returns {_amount(value, len(names))}; it should return {should}")
    return (*outputs, *(inputs.get(name, ABSENT) for name in form.effects))


def _amount(value: Any, wanted: int = 1) -> str:
    if type(value) is tuple or (type(value) is list and wanted > 1):
        return f"{len(value)} value{'' if len(value) == 1 else 's'}"
    return {type(None): "None", list: "a list", dict: "a dictionary"}.get(type(value), "one value")


def faults(
    form: Form, case: SolvedCase, outputs: tuple[Any, ...], after: Mapping[str, Any]
) -> dict[str, Fault]:
    """Compare all outputs of a call with the right ones; return the faults by name.

    ``after`` are the inputs after the call.
    """
    found = {
        name: fault
        for name, got, want in zip(form.weights, outputs, case.outputs, strict=True)
        if (fault := guarded(_unreadable(name), differs, form, case, name, got, want))
    }
    for name in found.keys() & form.effects.keys():
        found[name] = guarded(found[name], _effect_fault, form, case, name, after.get(name), found[name])
    return found


def differs(
    form: Form, case: SolvedCase, name: str, got: Any, want: Any, rtol: float | None = None
) -> Fault | None:
    """Compare one output as the form and the case say; return its fault, if any.

    ``rtol`` replaces the form's tolerance.
    """
    count, path = case.first.get(name), name
    if count is not None:
        got, want, path = cut(got, count), cut(want, count), f"{name}[:{count}]"
    tolerance = form.rtol if rtol is None else rtol
    return compare(got, want, path, tolerance, loose=name in form.loose, inputs=case.inputs)


def differ(got: Any, want: Any, name: str, rtol: float = 0.0) -> bool:
    """Whether two values differ, by default at all; what cannot be compared does."""
    return guarded(_unreadable(name), compare, got, want, name, rtol) is not None


def cut(value: Any, count: int) -> Any:
    """Return the leading entries of an output that is not compared whole."""
    if type(value) in (list, tuple) or (isinstance(value, np.ndarray) and value.ndim):
        return value[:count]
    return value


def _unreadable(name: str) -> Fault | None:
    return Fault("values", name, f"`{name}` cannot be compared with what it should be")


def _effect_fault(form: Form, case: SolvedCase, name: str, got: Any, fault: Fault) -> Fault:
    """Return the fault of an input that the function should change in place."""
    if compare(got, case.inputs[name], name, 0.0) is None:
        return Fault("effect", name, f"`{name}` is as it was: `{form.name}` should change it in place")
    pattern = None if fault.pattern is None else f"after the call {fault.pattern}"
    return Fault(fault.kind, fault.path, f"after the call, {fault.message}", pattern)
