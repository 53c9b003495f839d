"""Says which variables a change of the reference sets, and which is called the first wrong one."""

import ast
import contextlib
import difflib
import functools
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.audit.mutants import Mutant
from autograder.audit.play import namespace
from autograder.lab.course import LabFolder
from autograder.lab.text import python_of, solution_cells
from autograder.referee.call import call
from autograder.referee.places import known_places, traced
from course_utils.judging.locate import Located

__all__ = ["aims", "located", "raises", "targets"]

SECONDS = 2.0
"""How long a wrong answer is traced for one case."""


def located(lab: LabFolder, exercise: str, answer: str | Callable[..., Any]) -> Located | None:
    """Return what is said of an answer, given by its source or itself; None if it is nothing."""
    function = namespace(lab, {exercise: answer})[exercise] if isinstance(answer, str) else answer
    known = known_places(lab, exercise)
    traces = {n: traced(function, case, known.exercise, SECONDS) for n, case in enumerate(known.cases)}
    return known.first_wrong(traces)


def raises(lab: LabFolder, exercise: str, function: Callable[..., Any]) -> bool:
    """Whether a function raises in a traced case, or returns there what has not the form of an answer."""
    known = known_places(lab, exercise)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for case in known.cases:
                call(function, case.inputs, known.exercise, case.seed)
    except Exception:
        return True
    return False


def aims(lab: LabFolder, mutant: Mutant) -> frozenset[str]:
    """Return the variables that the changed lines set, before or after, or that the reference changes there.

    Any of them is rightly called the first wrong one; there may be none, as where a condition is changed.
    """
    written = _written(lab, mutant.exercise)
    lines = list(_unlike(mutant.before.split("\n"), mutant.after.split("\n")))
    return frozenset().union(*(targets(line) | written.get(line, frozenset()) for line in lines))


def _unlike(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Yield the lines of each side that the other has not: edits may have equal lines between them."""
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from [*before[a:b], *after[c:d]]


@functools.lru_cache(maxsize=256)
def _written(lab: LabFolder, exercise: str) -> Mapping[str, frozenset[str]]:
    """Return the variables that the reference changes in each line, also those that a call writes into.

    Lines are as `ast.unparse` writes them; that of a statement over several lines is its first.
    """
    statements = _statements(lab, exercise)
    found: dict[str, frozenset[str]] = {}
    for case in known_places(lab, exercise).known.cases:
        for event in case.trace.events:
            if (line := statements.get(event.line)) is not None:
                found[line] = found.get(line, frozenset()) | {event.name}
    return found


def _statements(lab: LabFolder, exercise: str) -> dict[int, str]:
    """Return the statement of each line number of a reference's code, as `ast.unparse` writes it."""
    body = ast.parse(python_of(solution_cells(lab.text)[exercise].source)).body
    function = next(node for node in body if isinstance(node, ast.FunctionDef) and node.name == exercise)
    first = min([function.lineno, *(node.lineno for node in function.decorator_list)])
    offset = lab.reference[exercise].__code__.co_firstlineno - first
    found: dict[int, str] = {}
    for node in ast.walk(function):  # inner statements come after those around them
        if isinstance(node, ast.stmt) and node is not function:
            text = ast.unparse(node).partition("\n")[0]
            lines = range(node.lineno + offset, (node.end_lineno or node.lineno) + offset + 1)
            found |= dict.fromkeys(lines, text)
    return found


def targets(lines: str) -> frozenset[str]:
    """Return the variables that some lines of code set or write into."""
    found: set[str] = set()
    for line in map(str.strip, lines.split("\n")):
        with contextlib.suppress(SyntaxError):
            for node in ast.walk(ast.parse(f"{line} pass" if line.endswith(":") else line)):
                found |= _set_by(node)
    return frozenset(found)


def _set_by(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Assign):
        return {name for target in node.targets for name in _roots(target)}
    if isinstance(node, (ast.AugAssign, ast.For, ast.AnnAssign)):
        return set(_roots(node.target))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        written = [k.value for k in node.keywords if k.arg == "out"]
        if node.func.attr in ("append", "update", "extend", "insert"):
            written.append(node.func.value)
        return {name for value in written for name in _roots(value)}
    return set()


def _roots(node: ast.AST) -> Sequence[str]:
    if isinstance(node, (ast.Tuple, ast.List)):
        return [name for element in node.elts for name in _roots(element)]
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Starred)):
        node = node.value
    return [node.id] if isinstance(node, ast.Name) else []
