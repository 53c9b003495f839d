"""Generates the mutants of a reference solution: copies of a function with one thing changed."""

import ast
import builtins
import contextlib
import itertools
import sys
import warnings
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

from autograder.audit.operators import Scope, kind_of, variants
from autograder.audit.slips import Values, slips
from autograder.lab.text import reference_source
from autograder.referee import Referee
from autograder.referee.call import call
from course_utils.judging.compare import leaves

__all__ = ["Mutant", "changed", "mutants"]


@dataclass(frozen=True)
class Mutant:
    """A changed version of a reference function: its source, and the lines that differ.

    Lines are as `ast.unparse` writes them, without indentation, so comments and spacing do not matter.
    """

    exercise: str
    source: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The change as a small diff."""
        sides = (("-", self.before), ("+", self.after))
        return "\n".join(f"{sign} {line}" for sign, text in sides for line in text.split("\n"))


def mutants(referee: Referee, name: str) -> list[Mutant]:
    """Return the distinct mutants of an exercise's reference, in the order of its code."""
    (function,) = ast.parse(reference_source(referee.lab.text)[name]).body
    assert isinstance(function, ast.FunctionDef)
    if ast.get_docstring(function) is not None:
        del function.body[0]
    values = _values(referee, name, function)
    kinds = {variable: kind_of(value) for variable, value in values.variables.items()}
    scope = _scope(function, kinds)
    original = ast.unparse(function)
    found: dict[str, Mutant] = {}
    for parent, field, number, node in list(_slots(function)):
        for other in itertools.chain(variants(node, scope), slips(node, values)):
            with _put(parent, field, number, other):
                source = ast.unparse(function)
            if source not in found and source != original and _compiles(source):
                found[source] = Mutant(name, source, *changed(original, source))
    return list(found.values())


@contextlib.contextmanager
def _put(parent: ast.AST, field: str, number: int | None, node: ast.AST) -> Iterator[None]:
    """Replace a node of a tree while the block runs."""
    place: Any = vars(parent) if number is None else getattr(parent, field)
    key = field if number is None else number
    old, place[key] = place[key], node
    try:
        yield
    finally:
        place[key] = old


def _slots(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield each node below a node as (parent, field, index in a list or None, node)."""
    for field, value in ast.iter_fields(node):
        if isinstance(node, ast.FunctionDef) and field != "body":
            continue
        for number, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                yield node, field, number, child
                yield from _slots(child)


def _scope(function: ast.FunctionDef, kinds: Mapping[str, Hashable]) -> Scope:
    nodes = [node for _, _, _, node in _slots(function)]
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    strings = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    called = [ast.unparse(n.func) for n in nodes if isinstance(n, ast.Call) and len(n.args) == 1]
    functions = [f for f in called if f.startswith("np.") or (f.isidentifier() and not hasattr(builtins, f))]
    return Scope(
        frozenset({*bound, *(argument.arg for argument in function.args.args)}),
        kinds,
        tuple(dict.fromkeys(strings)),
        tuple(dict.fromkeys(functions)),
    )


def _values(referee: Referee, name: str, function: ast.FunctionDef) -> Values:
    """Run a reference on its first case; return what its local variables hold when it returns."""
    if referee.lab.exercises[name].observer:  # its reference has other variables
        return Values({}, set(), set())
    found: dict[str, Any] = {}
    inputs: list[np.ndarray] = []
    reference, case = referee.lab.reference[name], referee.cases[name][0]

    def watch(frame: FrameType, event: str, _: object) -> None:
        if frame.f_code is reference.__code__:
            if event == "call":
                inputs.extend(leaves(list(frame.f_locals.values())))
            elif event == "return":
                found.update(frame.f_locals)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        call(reference, case.inputs, referee.lab.exercises[name], case.seed)
    finally:
        sys.setprofile(before)
    given = {
        variable
        for variable, value in found.items()
        if isinstance(value, np.ndarray) and any(np.may_share_memory(value, leaf) for leaf in inputs)
    }
    loops = [node.target for node in ast.walk(function) if isinstance(node, ast.For)]
    steps = {part.id for target in loops for part in ast.walk(target) if isinstance(part, ast.Name)}
    return Values(found, given, steps)


def _compiles(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source, "<mutant>", "exec")
        except SyntaxError:
            return False
    return True


def changed(original: str, source: str) -> tuple[str, str]:
    """Return the lines of each source that differ from the other, without common head and tail."""
    old, new = ([line.strip() for line in text.split("\n")] for text in (original, source))
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return "\n".join(old), "\n".join(new)
