"""Finds outputs that are right given an earlier wrong output, so that one mistake costs once.

The reference is run again with the student's wrong values in place of its own, each substituted where the
reference assigns the variable of the output's name. This is done for variables that a function assigns once,
outside loops, and never writes into; other outputs are not followed. Only values that equal those of a known
mistake in all cases are substituted: outputs that follow from noise prove nothing.
"""

import ast
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.lab.course import LabFolder
from autograder.lab.earlier import importable
from autograder.lab.exercise import Exercise
from autograder.lab.text import reference_namespace, reference_source
from autograder.referee.call import call
from autograder.referee.cases import DrawnCase
from course_utils.judging.compare import Fault
from course_utils.judging.outputs import differs

__all__ = ["followed"]

GIVEN = "_given_"
"""The global variable that holds substituted values, by output."""


def followed(
    lab: LabFolder,
    exercise: Exercise,
    case: DrawnCase,
    outputs: tuple[Any, ...],
    found: Mapping[str, Fault],
    known: frozenset[str],
) -> frozenset[str]:
    """Return the names of outputs with a fault that are right given the ``known`` faulty ones before them.

    ``found`` maps outputs to their faults; ``known`` are the outputs that equal a known mistake's.
    """
    function, replaceable = _substituting(lab, exercise.name) if len(found) > 1 else (None, ())
    given: dict[str, np.ndarray] = {}
    made: tuple[Any, ...] | None = None
    right = set()
    for number, (name, got) in enumerate(zip(exercise.weights, outputs, strict=True)):
        if name not in found:
            continue
        if made and differs(exercise, case, name, got, made[number]) is None:
            right.add(name)
        elif function and name in known and name in replaceable and _has_content(got, found[name]):
            given[name] = got
            made = _made(function, exercise, case, given)
    return frozenset(right)


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
    return bool(np.ptp(got) > 0) or (got.size == 1 and got.item() not in (0, 1))


@lru_cache(maxsize=64)
def _substituting(lab: LabFolder, name: str) -> tuple[Callable[..., Any] | None, tuple[str, ...]]:
    """Return the reference, made to take values from GIVEN, and the outputs that it takes them for."""
    (function,) = ast.parse(reference_source(lab.text)[name]).body
    assert isinstance(function, ast.FunctionDef)
    nodes = list(ast.walk(function))
    bound = Counter(_bound(function))
    parts = [n.value for n in nodes if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)]
    written = {n.id for n in parts if isinstance(n, ast.Name)}
    once = {output for output in lab.exercises[name].outputs if bound[output] == 1} - written
    body: list[ast.stmt] = []
    replaceable: list[str] = []
    for statement in function.body:
        body.append(statement)
        for target in _bound(statement) if isinstance(statement, ast.Assign) else ():
            if target in once:
                replaceable.append(target)
                body += ast.parse(f"{target} = {GIVEN}.get({target!r}, {target})").body
    if not replaceable or any(isinstance(n, ast.While) for n in nodes):
        return None, ()
    function.body = body
    with importable(lab.folder.parent):
        namespace = reference_namespace(lab.text, replace={name: ast.unparse(function)})
    return namespace[name], tuple(replaceable)


def _bound(tree: ast.AST) -> list[str]:
    """Return the names that a piece of code assigns, repeated as often as it assigns them."""
    return [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
