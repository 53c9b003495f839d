"""More mutation operators: slips of numerics, state and sizes that need to know the values of a run.

`slips` yields what may replace one node, like `autograder.audit.operators.variants`.
"""

import ast
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Values", "slips"]

BOUND = 5
"""A clipped array keeps within -BOUND to BOUND; one that is never larger than 1 is not clipped."""
NAIVE = {
    "tanh": "(np.exp({0}) - np.exp(-({0}))) / (np.exp({0}) + np.exp(-({0})))",
    "sigmoid": "np.exp({0}) / (1 + np.exp({0}))",
    "softmax": "np.exp({0}) / np.exp({0}).sum(axis=0)",
    "log": "np.log({0} + 1e-8)",
}
"""Forms of functions that are wrong for large numbers, or a little everywhere."""
KEPT = "globals().setdefault('kept_from_before', {0})"


@dataclass(frozen=True)
class Values:
    """What a run of a function shows: its variables when it returns, and those that are parts of inputs."""

    variables: Mapping[str, Any]
    inputs: Set[str]
    steps: Set[str] = frozenset()
    """The variables of loops, whose value is no size."""


def slips(node: ast.AST, values: Values) -> Iterator[ast.AST]:
    """Yield what a statement or an expression may be replaced with."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name) as target], value=value):
            for other in _assigned(value, values.variables.get(name)):
                yield ast.Assign([target], other, lineno=0)
            match value:
                case ast.BinOp(left=ast.Name(id=left), op=op, right=right) if left in values.inputs:
                    inplace = ast.AugAssign(ast.Name(left, ast.Store()), op, right)
                    after = ast.Assign([target], ast.Name(left, ast.Load()), lineno=0)
                    yield ast.If(ast.Constant(True), [inplace, after], [])
        case ast.Name(id=name, ctx=ast.Load()) if name not in values.steps:
            if type(values.variables.get(name)) is int:
                yield ast.Constant(values.variables[name])
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[argument], keywords=[]):
            if name in NAIVE:
                yield _expression(NAIVE[name].format(ast.unparse(argument)))


def _assigned(value: ast.expr, made: Any) -> Iterator[ast.expr]:
    """Yield what may be assigned in place of an expression whose value was ``made``."""
    text = ast.unparse(value)
    if text in ("[]", "{}") or "zeros(" in text:
        yield _expression(KEPT.format(text))
    elif isinstance(made, np.ndarray) and made.dtype == np.float64 and made.size and _computes(value):
        yield _expression(f"({text}).astype(np.float32)")
        if np.abs(made).max() > 1:
            yield _expression(f"np.clip({text}, -{BOUND}, {BOUND})")


def _computes(value: ast.expr) -> bool:
    """Whether an expression computes something, and is not a name or a part of one."""
    return isinstance(value, ast.BinOp | ast.UnaryOp | ast.Call)


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
