"""Calls the grader's own functions as the probe calls a student's."""

import contextlib
import copy
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder.lab.exercise import Exercise
from course_utils.judging.form import RANDOM_NUMBERS
from course_utils.judging.outputs import as_outputs
from course_utils.judging.values import listed

__all__ = ["call", "copied", "run", "silence"]


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
    inputs = copied(dict(inputs), {})
    state = np.random.get_state() if exercise.seeds else None  # it takes as long as many a function
    try:
        if exercise.seeds:
            np.random.seed(seed)
        with silence():
            value = listed(function(*inputs.values()))
        random = np.random.random(RANDOM_NUMBERS) if exercise.seeds else None
    finally:
        if state is not None:
            np.random.set_state(state)
    return as_outputs(value, inputs, exercise), random


def copied(value: Any, made: dict[int, Any]) -> Any:
    """Copy inputs as ``copy.deepcopy`` does, in less time: each known mistake that is tried needs a copy.

    ``made`` maps ids to copies, so that what is one object stays one.
    """
    kind = type(value)
    if kind not in (np.ndarray, dict, list, tuple):
        return copy.deepcopy(value)
    if id(value) not in made:
        if kind is np.ndarray:
            made[id(value)] = copy.deepcopy(value) if value.dtype.hasobject else value.copy(order="K")
        elif kind is dict:
            made[id(value)] = {key: copied(item, made) for key, item in value.items()}
        else:
            made[id(value)] = kind(copied(item, made) for item in value)
    return made[id(value)]


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Drop what our functions print: standard output may be JSON."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
