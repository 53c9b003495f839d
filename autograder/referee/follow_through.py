"""Finds outputs that are right given an earlier wrong output, so that one mistake costs once.

The reference is run again with the student's wrong values in place of its own, each substituted where the
reference assigns the variable of the output's name. This is done for variables that a function assigns once,
outside loops, and never writes into; other outputs are not followed. Substituted are values that equal those
of a known mistake, and others that tell something of the right ones (`telling`): what follows from noise, or
from a copy of an input, proves nothing.
"""

import ast
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.lab.course import LabFolder
from autograder.lab.earlier import importable
from autograder.lab.exercise import CORE, Exercise
from autograder.lab.text import reference_namespace, reference_source
from autograder.referee.call import call
from autograder.referee.cases import DrawnCase
from autograder.referee.mistakes import Answered
from autograder.referee.order import rank
from course_utils.judging.compare import Fault, leaves
from course_utils.judging.outputs import differs

__all__ = ["LEAST_LIKENESS", "followed", "likeness", "replaceable", "telling"]

GIVEN = "_given_"
"""The global variable that holds substituted values, by output."""
LEAST_LIKENESS = 0.7
"""How well a wrong value must correlate with the right one, once the inputs are taken out of both."""


def followed(
    lab: LabFolder,
    exercise: Exercise,
    case: DrawnCase,
    outputs: tuple[Any, ...],
    found: Mapping[str, Fault],
    known: frozenset[str],
) -> frozenset[str]:
    """Return the names of outputs with a fault that are right given the ``known`` faulty ones before them.

    ``found`` maps outputs to their faults; ``known`` are the outputs whose values may be substituted.
    """
    function, names = _substituting(lab, exercise.name) if len(found) > 1 and known else (None, ())
    given: dict[str, np.ndarray] = {}
    made: tuple[Any, ...] | None = None
    right = set()
    numbers = {name: number for number, name in enumerate(exercise.weights)}
    for name in sorted(found, key=rank(lab, exercise.name).__getitem__):
        got, number = outputs[numbers[name]], numbers[name]
        if made and differs(exercise, case, name, got, made[number]) is None:
            right.add(name)
        elif function and name in known and name in names and _has_content(got, found[name]):
            given[name] = got
            made = _made(function, exercise, case, given)
    return frozenset(right)


def replaceable(lab: LabFolder, name: str) -> tuple[str, ...]:
    """Return the outputs of an exercise from which others may follow."""
    return _substituting(lab, name)[1]


def telling(lab: LabFolder, exercise: Exercise, answers: Sequence[Answered]) -> frozenset[str]:
    """Return the wrong outputs from which others may follow though they equal no known mistake's.

    In each core case with at least three numbers such an output must be an array of the right shape whose
    `likeness` to the right one is at least LEAST_LIKENESS.
    """
    core = [answer for answer in answers if answer.case.group == CORE]
    found = set()
    for number, name in enumerate(exercise.weights):
        if name in replaceable(lab, exercise.name) and any(name in answer.wrong for answer in answers):
            pairs = [(one.case, one.outputs[number], one.case.outputs[number]) for one in core]
            large = [pair for pair in pairs if isinstance(pair[2], np.ndarray) and pair[2].size > 2]
            if large and all(likeness(*pair) >= LEAST_LIKENESS for pair in large):
                found.add(name)
    return frozenset(found)


def likeness(case: DrawnCase, got: Any, right: Any) -> float:
    """Return how well two arrays correlate (from 0 to 1), once the inputs are taken out of both.

    Taken out is what a sum of multiples of a constant and of the inputs of the same shape explains. So a
    constant, an input, a multiple of one or a sum of several have a likeness of zero, noise added or not.
    """
    if not (isinstance(got, np.ndarray) and got.dtype.kind == "f" and got.shape == np.shape(right)):
        return 0.0
    with np.errstate(over="ignore"):
        got = got.astype(np.float64)
    if not np.isfinite(got).all() or np.max(np.abs(got), initial=0.0) > 1e100:
        return 0.0
    inputs = [leaf.ravel() for leaf in leaves(dict(case.inputs)) if leaf.shape == got.shape]
    known = np.stack([np.ones(got.size), *inputs], axis=1)
    both = np.stack([got.ravel(), np.asarray(right).ravel()], axis=1)
    rest = both - known @ np.linalg.lstsq(known, both, rcond=None)[0]
    sizes = np.linalg.norm(rest, axis=0)
    if (sizes <= 1e-9 * np.linalg.norm(both, axis=0)).any():
        return 0.0
    return float(abs(rest[:, 0] @ rest[:, 1]) / (sizes[0] * sizes[1]))


def _made(
    function: Callable[..., Any], exercise: Exercise, case: DrawnCase, given: Mapping[str, np.ndarray]
) -> tuple[Any, ...] | None:
    """Return the reference's outputs with given values substituted, or None if it fails on them."""
    function.__globals__[GIVEN] = {name: value.copy() for name, value in given.items()}
    try:
        with np.errstate(all="ignore"):
            return call(function, case.inputs, exercise, case.seed)
    except Exception:  # the reference never meets such values
        return None


def _has_content(got: Any, fault: Fault) -> bool:
    """Whether an output is wrong only in its values, and these are no placeholder such as zeros."""
    if fault.kind != "values" or not isinstance(got, np.ndarray) or got.dtype.kind != "f":
        return False
    return bool((got != got.flat[0]).any()) or (got.size == 1 and got.item() not in (0, 1))


@lru_cache(maxsize=64)
def _substituting(lab: LabFolder, name: str) -> tuple[Callable[..., Any] | None, tuple[str, ...]]:
    """Return the reference, made to take values from GIVEN, and the outputs that it takes them for."""
    (function,) = ast.parse(reference_source(lab.reference_text)[name]).body
    assert isinstance(function, ast.FunctionDef)
    nodes = list(ast.walk(function))
    bound = Counter(_bound(function))
    parts = [n.value for n in nodes if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)]
    written = {n.id for n in parts if isinstance(n, ast.Name)}
    once = {output for output in lab.exercises[name].outputs if bound[output] == 1} - written
    body: list[ast.stmt] = []
    names: list[str] = []
    for statement in function.body:
        body.append(statement)
        for target in _bound(statement) if isinstance(statement, ast.Assign) else ():
            if target in once:
                names.append(target)
                body += ast.parse(f"{target} = {GIVEN}.get({target!r}, {target})").body
    if not names or any(isinstance(n, ast.While) for n in nodes):
        return None, ()
    function.body = body
    with importable(lab.folder.parent):
        namespace = reference_namespace(lab.reference_text, replace={name: ast.unparse(function)})
    return namespace[name], tuple(names)


def _bound(tree: ast.AST) -> list[str]:
    """Return the names that a piece of code assigns, repeated as often as it assigns them."""
    return [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
