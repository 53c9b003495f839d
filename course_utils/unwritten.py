"""Shows one line, in place of a traceback, where a cell fails because an exercise is still a stub.

It is known from the code alone: the cell that failed, or what it called, uses a function in which nothing is
written yet. Any other exception is shown as IPython shows it.
"""

import ast
import inspect
import json
import linecache
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from course_utils.judging.open_cases import OPEN_CASES
from course_utils.judging.raised import only_stub

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["NotWritten", "show_in_one_line", "unwritten"]

UNRELATED = (ImportError, SyntaxError, MemoryError)
"""Exceptions that no stub is the cause of."""
MISSING = object()
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ORDER = {name: rank for rank, name in enumerate(("generators", "iter", "value", "target", "targets"))}
"""The fields of a syntax tree's node that are evaluated before the others, in order."""
Lost = tuple[str, Any]


class NotWritten(NotImplementedError):
    """A cell uses an exercise that is still a stub; the message is one line that names it."""

    def _render_traceback_(self) -> list[str]:
        """Show one line in IPython instead of a traceback."""
        return [str(self)]


def show_in_one_line(shell: "InteractiveShell", wanted: Callable[[], bool]) -> None:
    """Let a shell show one line for a cell that uses an exercise which is not written yet.

    ``wanted`` is asked at each exception: while a notebook is graded, all are shown as usual.
    """
    lost: dict[str, Lost] = {}

    def handle(
        shell: "InteractiveShell",
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
        tb_offset: int | None = None,
    ) -> None:
        try:
            line = unwritten(error, shell.user_ns, exercises_here(), lost) if wanted() else ""
        except Exception:  # what is not understood is shown as usual
            line = ""
        if line:
            shell.showtraceback((NotWritten, NotWritten(line), None))
        else:
            shell.showtraceback((kind, error, trace), running_compiled_code=True)

    if not shell.custom_exceptions:
        shell.set_custom_exc((Exception,), handle)


def exercises_here() -> list[str]:
    """Return the exercises of the lab in the current folder, in their order; none if it holds no lab."""
    try:
        return list(json.loads(Path(OPEN_CASES).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return []


def unwritten(
    error: BaseException, names: Mapping[str, Any], exercises: list[str], lost: MutableMapping[str, Lost]
) -> str:
    """Return the line that names the exercise without which a cell fails; "" if there is none.

    ``names`` are the notebook's. ``lost`` maps names that failed cells would have assigned to the exercise
    that they wait for, and their values then; those of this cell are added.
    """
    walked = list(traceback.walk_tb(error.__traceback__))
    own = [frame for frame, _ in walked if frame.f_globals is names]
    if not own or isinstance(error, UNRELATED) or any(_is_check(frame) for frame, _ in walked):
        return ""
    stubs = {name: names[name].__code__ for name in exercises if _is_stub(name, names)}
    waiting = {
        name: exercise
        for name, (exercise, value) in lost.items()
        if exercise in stubs and names.get(name, MISSING) is value
    }
    missing = getattr(error, "name", None) if isinstance(error, NameError) else None
    if missing is not None and missing not in names and missing not in waiting:
        return ""
    cell = _statements(own[0])
    used = _used(own, names)
    found = {name for frame in own for name, code in stubs.items() if frame.f_code is code}
    found |= (used & stubs.keys()) | {waiting[name] for name in used & waiting.keys()}
    if not found:
        return ""
    first = min(found, key=exercises.index)
    line = next(line for frame, line in walked if frame is own[0])
    left = [statement for statement in cell if (statement.end_lineno or 0) >= line]
    lost.update({name: (first, names.get(name, MISSING)) for name in _changed(left)})
    return f"`{first}` is not written yet: exercise {exercises.index(first) + 1}"


def _is_check(frame: FrameType) -> bool:
    """Whether a frame is of a visible check, which has its own words for a stub."""
    return (
        frame.f_code.co_name == "visible_check" and frame.f_globals.get("__name__") == "course_utils.checks"
    )


def _is_stub(name: str, names: Mapping[str, Any]) -> bool:
    function = names.get(name)
    if not isinstance(getattr(function, "__code__", None), CodeType):
        return False
    try:
        return only_stub(inspect.getsource(function.__code__), name)  # type: ignore[union-attr]
    except (OSError, TypeError):  # not of a cell
        return False


def _used(frames: list[FrameType], names: Mapping[str, Any]) -> set[str]:
    """Return the names of the notebook that frames use, themselves or through its functions."""
    found: set[str] = set()
    cell, *called = frames
    left = {name for frame in called for name in _names_in(frame.f_code)} | _read(_statements(cell))
    while left:
        name = left.pop()
        found.add(name)
        function = names.get(name)
        code = getattr(function, "__code__", None)
        if isinstance(code, CodeType) and getattr(function, "__globals__", None) is names:
            left |= set(_names_in(code)) - found
    return found


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _statements(frame: FrameType) -> list[ast.stmt]:
    """Return the statements of a cell: IPython runs each on its own."""
    try:
        return ast.parse("".join(linecache.getlines(frame.f_code.co_filename))).body
    except SyntaxError:
        return []


def _read(statements: Iterable[ast.AST]) -> set[str]:
    """Return the names that statements read before they bind them; what functions read is left out."""
    bound: set[str] = set()
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                bound.add(node.id)
            elif node.id not in bound:
                found.add(node.id)
        elif not isinstance(node, FUNCTIONS):
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                found.update({node.target.id} - bound)
            for field in sorted(node._fields, key=lambda name: ORDER.get(name, len(ORDER))):
                value = getattr(node, field, None)
                for part in value if isinstance(value, list) else [value]:
                    if isinstance(part, ast.AST):
                        visit(part)

    for statement in statements:
        visit(statement)
    return found


def _changed(statements: Iterable[ast.AST]) -> set[str]:
    """Return the names that statements bind or whose values they change: ``a[0] = 1``, ``a.append(1)``."""
    found: set[str] = set()
    left = list(statements)
    while left:
        node = left.pop()
        if isinstance(node, FUNCTIONS):
            continue
        left += ast.iter_child_nodes(node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            node = node.value.func
            if isinstance(node, ast.Name):  # a function, which stays the same
                continue
        elif not isinstance(getattr(node, "ctx", None), ast.Store):
            continue
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        if isinstance(node, ast.Name):
            found.add(node.id)
    return found
