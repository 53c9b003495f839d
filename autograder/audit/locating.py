"""Measures how often the first wrong quantity of a wrong answer is named, and how often rightly."""

import ast
import contextlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.audit.mutants import mutants
from autograder.audit.play import namespace
from autograder.audit.prove import Proofs, equivalent
from autograder.lab.exercise import Exercise, Mistake
from autograder.lab.text import reference_source, solution_cells
from autograder.referee import DrawnCase, Referee
from autograder.referee.call import call
from autograder.referee.places import known_places, traced
from course_utils.judging.locate import Located

__all__ = ["Locating", "located", "locating", "targets"]


@dataclass
class Locating:
    """How the first wrong quantity was found, over the wrong answers of one exercise.

    ``answers`` counts those whose edited line sets a variable and which do not raise; for ``said`` of them a
    variable is named, for ``right`` of them one that the edited line sets. ``others`` has the edits of the
    rest, each with the name. ``accused`` lists right answers of which something is said.
    """

    exercise: str
    answers: int = 0
    said: int = 0
    right: int = 0
    others: list[tuple[str, str]] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    accused: list[str] = field(default_factory=list)


def located(referee: Referee, exercise: str, wrong: str | Callable[..., Any]) -> Located | None:
    """Return what is said of a wrong function, given by its source or itself; None if it is nothing.

    Nothing is said of a function that raises in each traced case.
    """
    function = namespace(referee.lab, {exercise: wrong})[exercise] if isinstance(wrong, str) else wrong
    known = known_places(referee.lab, exercise)
    traces = {n: traced(function, case, known.exercise, 2.0) for n, case in enumerate(known.cases)}
    return known.first_wrong(traces)


def locating(referee: Referee, exercise: str, step: int = 1) -> Locating:
    """Locate all known mistakes and mutants of an exercise, or each ``step``-th mutant.

    Right answers are located too: nothing may be said of them.
    """
    lab, found = referee.lab, Locating(exercise)
    source, changed = reference_source(lab.text)[exercise], _changed(referee, exercise)
    for mistake in lab.mistakes.get(exercise, ()):
        lines = [line for pair in mistake.edits for text in pair for line in _around(source, mistake, text)]
        _add(found, referee, lab.mistaken(exercise, mistake), _set_by_lines(lines, changed), mistake.name)
    marked = equivalent(lab).get(exercise, set())
    made = [one for one in mutants(referee, exercise) if (one.before, one.after) not in marked]
    for mutant in made[::step]:
        lines = [*mutant.before.split("\n"), *mutant.after.split("\n")]
        function = namespace(lab, {exercise: mutant.source})[exercise]
        _add(found, referee, function, _set_by_lines(lines, changed), mutant.diff)
    with Proofs(lab, (referee.seed,)) as proofs:
        right = proofs.right.get(exercise, {})
    found.accused = [kind for kind, text in right.items() if located(referee, exercise, text) is not None]
    return found


def _add(
    found: Locating, referee: Referee, function: Callable[..., Any], wanted: frozenset[str], diff: str
) -> None:
    known = known_places(referee.lab, found.exercise)
    if not wanted or any(_raises(function, case, known.exercise) for case in known.cases):
        return
    found.answers += 1
    said = located(referee, found.exercise, function)
    if said is None:
        found.unsaid.append(diff)
        return
    found.said += 1
    if said.name in wanted:
        found.right += 1
    else:
        found.others.append((diff, said.name))


def _raises(function: Callable[..., Any], case: DrawnCase, exercise: Exercise) -> bool:
    """Whether a function raises, or returns what has not the form of an answer."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call(function, case.inputs, exercise, case.seed)
    except Exception:
        return True
    return False


def _around(source: str, mistake: Mistake, text: str) -> list[str]:
    """Return the lines of a reference, or of it with a mistake's edits, that hold the text of an edit."""
    edited = source
    for old, new in mistake.edits:
        edited = edited.replace(old, new)
    version = source if text in source else edited
    if not text.strip() or text not in version:
        return []
    begin = version.index(text)
    first, last = version.rfind("\n", 0, begin) + 1, version.find("\n", begin + len(text))
    return version[first : last if last >= 0 else None].split("\n")


def _set_by_lines(lines: Sequence[str], changed: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the variables that some lines set, or that the reference changes in them."""
    sets = [targets(line) | changed.get(_plain(line), frozenset()) for line in lines]
    return frozenset().union(*sets)


def _changed(referee: Referee, exercise: str) -> dict[str, frozenset[str]]:
    """Return the variables that the reference changes in each line: also those that a call writes into."""
    lines = solution_cells(referee.lab.text)[exercise].source.split("\n")
    found: dict[str, frozenset[str]] = {}
    for case in known_places(referee.lab, exercise).known.cases:
        for event in case.trace.events:
            if 0 < event.line <= len(lines):
                line = _plain(lines[event.line - 1])
                found[line] = found.get(line, frozenset()) | {event.name}
    return found


def _plain(line: str) -> str:
    """Return a line as `ast.unparse` writes it."""
    text = line.strip()
    try:
        return ast.unparse(ast.parse(f"{text} pass" if text.endswith(":") else text)).partition("\n")[0]
    except SyntaxError:
        return text


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
