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

__all__ = ["call", "run", "silence"]


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
