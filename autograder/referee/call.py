"""Calls the grader's own functions as the probe calls a student's, and reads their outputs."""

import contextlib
import copy
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder.lab.exercise import Exercise
from autograder.referee.compare import ABSENT
from autograder.sandbox.inside.wire import RANDOM_NUMBERS

__all__ = ["WrongForm", "as_outputs", "call", "run", "silence"]


class WrongForm(ValueError):
    """A function did not return what its exercise says; the message is for the student."""


def call(
    function: Callable[..., Any], inputs: Mapping[str, Any], exercise: Exercise, seed: int | None = None
) -> tuple[Any, ...]:
    """Call one of our functions on a copy of the inputs; return its outputs, effects included.

    Raises WrongForm when it does not return what the exercise says.
    """
    return run(function, inputs, exercise, seed)[0]


def run(
    function: Callable[..., Any], inputs: Mapping[str, Any], exercise: Exercise, seed: int | None
) -> tuple[tuple[Any, ...], np.ndarray | None]:
    """Call one of our functions as the probe calls a student's.

    Returns its outputs, effects included, and the random numbers drawn after it, None unless the exercise
    seeds. Raises WrongForm as `call` does.
    """
    inputs = copy.deepcopy(dict(inputs))
    state = np.random.get_state()
    try:
        if exercise.seeds:
            np.random.seed(seed)
        with silence():
            value = function(*inputs.values())
        random = np.random.random(RANDOM_NUMBERS) if exercise.seeds else None
    finally:
        np.random.set_state(state)
    return as_outputs(value, inputs, exercise), random


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Drop what our functions print: standard output may be JSON."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def as_outputs(value: Any, inputs: Mapping[str, Any], exercise: Exercise) -> tuple[Any, ...]:
    """Return a function's outputs, then the inputs that are its effects, as a tuple.

    Raises WrongForm unless ``value`` is what the exercise says that it returns.
    """
    names = list(exercise.outputs)
    if exercise.returns is dict:
        if type(value) is not dict:
            should = f"a dictionary with {', '.join(names)}"
            raise WrongForm(f"`{exercise.name}` returns {_amount(value)}; it should return {should}")
        outputs = tuple(value.get(name, ABSENT) for name in names)
    else:
        outputs = value if len(names) > 1 and type(value) is tuple else (value,)
        if len(outputs) != len(names):
            should = f"{len(names)}: {', '.join(names)}"
            raise WrongForm(f"`{exercise.name}` returns {_amount(value)}; it should return {should}")
    return (*outputs, *(inputs.get(name, ABSENT) for name in exercise.effects))


def _amount(value: Any) -> str:
    if type(value) is tuple:
        return f"{len(value)} values"
    return {type(None): "None", list: "a list", dict: "a dictionary"}.get(type(value), "one value")
