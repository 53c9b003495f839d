"""The mutation operators: what may replace one node of a function's syntax tree.

Each variant that `variants` yields differs from the original in one thing at most.
"""

import ast
import itertools
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Scope", "kind_of", "variants"]


@dataclass(frozen=True)
class Scope:
    """The names in a function: its variables, their kinds when it returns, its strings, what it calls."""

    bound: frozenset[str]
    kinds: Mapping[str, Hashable]
    strings: tuple[str, ...]
    functions: tuple[str, ...]

    def alike(self, name: str) -> list[str]:
        """Return the other variables of the same kind."""
        kind = self.kinds.get(name)
        return [other for other, its in self.kinds.items() if other != name and its == kind]


def kind_of(value: object) -> Hashable:
    """Return a value's type, with its shape if it is an array: variables of one kind may be confused."""
    return (type(value).__name__, np.shape(value)) if isinstance(value, np.ndarray) else type(value).__name__


OPERATORS: Mapping[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult, ast.Sub),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv, ast.Add),
    ast.Pow: (ast.Mult, ast.Add),
    ast.MatMult: (ast.Mult,),
    ast.BitOr: (),
}
ONE_WAY = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult, ast.BitOr)
"""Operators that are not commutative."""
COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
SIBLINGS = {
    **{"zeros": "ones", "ones": "zeros", "sum": "mean", "mean": "sum", "max": "min", "min": "max"},
    **{"dot": "multiply", "matmul": "multiply", "multiply": "add", "tanh": "sinh", "exp": "expm1"},
    **{"log": "log1p", "sqrt": "square", "maximum": "minimum", "minimum": "maximum"},
    **{"vstack": "hstack", "hstack": "vstack", "argmax": "argmin", "zeros_like": "ones_like"},
}
"""Functions and methods that are easily confused."""


def variants(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    """Yield what a statement or an expression may be replaced with."""
    if isinstance(node, ast.stmt):
        yield from _statements(node, scope)
    elif isinstance(node, ast.expr):
        yield from _expressions(node, scope)


def _statements(node: ast.stmt, scope: Scope) -> Iterator[ast.stmt]:
    if not isinstance(node, ast.Pass):
        yield ast.Pass()
    match node:
        case ast.Assign(targets=[ast.Name(id=name) as target], value=ast.BinOp() | ast.Call() as value):
            if isinstance(scope.kinds.get(name), tuple) and "zeros" not in ast.unparse(value):
                yield ast.Assign([target], ast.UnaryOp(ast.USub(), value), lineno=0)
        case ast.AugAssign(target=target, op=op, value=value):
            yield ast.Assign([target], value, lineno=0)
            for other in OPERATORS.get(type(op), ()):
                yield ast.AugAssign(target, other(), value)
        case ast.For(target=target, iter=steps, body=body, orelse=orelse):
            for part in ("1:", ":-1", "::-1"):
                piece = ast.parse(f"list({ast.unparse(steps)})[{part}]", mode="eval").body
                yield ast.For(target, piece, body, orelse, lineno=0)
        case ast.If(test=test, body=body, orelse=orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
            yield ast.If(ast.Constant(True), body, orelse)
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()


def _expressions(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            yield left
            yield right
            if isinstance(op, ONE_WAY):
                yield ast.BinOp(right, op, left)
            for other in OPERATORS.get(type(op), ()):
                yield ast.BinOp(left, other(), right)
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.BoolOp(op=op, values=values):
            yield from values
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.Compare(left=left, ops=[op], comparators=right):
            for comparison in COMPARISONS:
                if not isinstance(op, comparison):
                    yield ast.Compare(left, [comparison()], right)
        case ast.Constant(value=value):
            yield from (ast.Constant(other) for other in _constants(value, scope))
        case ast.Name(id=name, ctx=ast.Load()):
            yield from _names(node, name, scope)
        case ast.Attribute(value=value, attr=attribute, ctx=ast.Load()):
            if attribute == "T":
                yield value
            if attribute in SIBLINGS:
                yield ast.Attribute(value, SIBLINGS[attribute], ast.Load())
        case ast.Slice(lower=lower, upper=upper, step=step) if lower or upper:
            yield ast.Slice(upper, lower, step)
            yield ast.Slice(None, None, step)
        case ast.Call():
            yield from _calls(node, scope)
        case ast.Tuple(elts=items, ctx=context):
            yield from (ast.Tuple(other, context) for other in _rearranged(items))
        case ast.List(elts=items, ctx=context):
            yield from (ast.List(other, context) for other in _rearranged(items))
        case ast.Dict(keys=keys, values=values):
            for number in range(len(keys)):
                yield ast.Dict(keys[:number] + keys[number + 1 :], values[:number] + values[number + 1 :])
            for swapped in _swapped(values):
                yield ast.Dict(keys, swapped)


def _constants(value: object, scope: Scope) -> Iterator[str | float | None]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
        if value:
            yield -value
    elif isinstance(value, float):
        yield from (2 * value, -value, value + 1)
    elif isinstance(value, str):
        yield from (other for other in scope.strings if other != value)
    elif value is None:
        yield 0


def _names(node: ast.expr, name: str, scope: Scope) -> Iterator[ast.expr]:
    """Yield other variables of the same kind, a number plus or minus one, an array transposed."""
    yield from (ast.Name(other, ast.Load()) for other in scope.alike(name))
    kind = scope.kinds.get(name)
    if kind == "int":
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))
    if isinstance(kind, tuple) and len(kind[1]) == 2:
        yield ast.Attribute(node, "T", ast.Load())


def _calls(node: ast.Call, scope: Scope) -> Iterator[ast.expr]:
    """Yield the call dropped, another function, arguments swapped or left out, a range with other bounds."""
    name, args = ast.unparse(node.func), node.args
    yield from args
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value, scope):
        yield node.func.value
    if name in scope.functions:
        for other in scope.functions:
            if other != name:
                yield ast.Call(ast.parse(other, mode="eval").body, args, node.keywords)
    for changed in _rearranged(args):
        yield ast.Call(node.func, changed, node.keywords)
    for keyword in node.keywords:
        yield ast.Call(node.func, args, [other for other in node.keywords if other is not keyword])
    if name == "range":
        for bounds in ("1, {}", "({}) + 1", "({}) - 1"):
            text = bounds.format(ast.unparse(args[-1]))
            yield ast.parse(f"range({text})", mode="eval").body


def _is_module(node: ast.expr, scope: Scope) -> bool:
    """Whether a dotted name starts with something other than a variable, such as the module np."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id not in scope.bound


def _rearranged(items: list[Any]) -> Iterator[list[Any]]:
    """Yield the list with two neighbours swapped, then with one item left out."""
    yield from _swapped(items)
    for number in range(len(items) if len(items) > 1 else 0):
        yield items[:number] + items[number + 1 :]


def _swapped(items: list[Any]) -> Iterator[list[Any]]:
    for number, (one, other) in enumerate(itertools.pairwise(items)):
        yield [*items[:number], other, one, *items[number + 2 :]]
