"""Reads from a reference's source which of its outputs it makes first, and which are made from which."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from autograder.lab.course import LabFolder
from autograder.lab.text import reference_source

__all__ = ["made_from", "rank"]


@lru_cache(maxsize=64)
def rank(lab: LabFolder, name: str) -> Mapping[str, tuple[float, int]]:
    """Return a key for each output (and effect) by which they sort in the order of their last assignment.

    Outputs that no variable of their name holds are where the variables are that they are returned from;
    those of which the source says nothing come last.
    """
    function = _function(lab, name)
    lines: dict[str, float] = {}
    for target, node in _assigned(function):
        lines[target] = max(lines.get(target, 0), node.lineno)
    given = {argument.arg for argument in function.args.args}
    for output, value in _returned(function, list(lab.exercises[name].outputs)).items():
        if output not in lines:
            found = [lines[used] for used in _names(value) - given if used in lines]
            lines[output] = max(found, default=float("inf"))
    weights = lab.exercises[name].weights
    return {output: (lines.get(output, float("inf")), number) for number, output in enumerate(weights)}


@lru_cache(maxsize=64)
def made_from(lab: LabFolder, name: str) -> Mapping[str, frozenset[str]]:
    """Return the outputs of which each output is made, directly or through others: those of a lower rank."""
    function = _function(lab, name)
    used: dict[str, set[str]] = defaultdict(set)
    for target, node in _assigned(function):
        used[target] |= _names(node)
    for output, value in _returned(function, list(lab.exercises[name].outputs)).items():
        used[output] |= _names(value) - {output}
    order = rank(lab, name)
    return {
        output: frozenset(
            other for other in _reached(used, output) & order.keys() if order[other] < order[output]
        )
        for output in order
    }


def _reached(used: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    todo = [start]
    while todo:
        new = used.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


def _function(lab: LabFolder, name: str) -> ast.FunctionDef:
    (function,) = ast.parse(reference_source(lab.reference_text)[name]).body
    assert isinstance(function, ast.FunctionDef)
    return function


def _assigned(function: ast.FunctionDef) -> Iterator[tuple[str, ast.stmt]]:
    """Yield each variable that a statement assigns or writes into, with the statement."""
    for node in ast.walk(function):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            for part in ast.walk(node):
                base = part.value if isinstance(part, ast.Subscript) else part
                stored = isinstance(getattr(part, "ctx", None), ast.Store)
                if stored and isinstance(base, ast.Name):
                    yield base.id, node


def _returned(function: ast.FunctionDef, outputs: list[str]) -> dict[str, ast.expr]:
    """Return the expression of each output in the last return, or in a dictionary with its name as a key."""
    found: dict[str, ast.expr] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            if len(parts) == len(outputs):
                found |= dict(zip(outputs, parts, strict=True))
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in outputs:
                    found.setdefault(key.value, value)
    return found


def _names(tree: ast.AST) -> set[str]:
    return {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
