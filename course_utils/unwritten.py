"""Shows one line, in place of a traceback, where a cell fails because an exercise is still a stub.

It is known from the code alone: the cell that failed, or what it called, uses a function in which nothing is
written yet. Any other exception is shown as IPython shows it.
"""

import ast
import inspect
import json
import linecache
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping
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
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    own = [frame for frame in frames if frame.f_globals is names]
    if not own or isinstance(error, UNRELATED) or any(map(_is_check, frames)):
        return ""
    stubs = {name: names[name].__code__ for name in exercises if _is_stub(name, names)}
    missing = getattr(error, "name", None) if isinstance(error, NameError) else None
    waiting = {
        name: exercise
        for name, (exercise, value) in lost.items()
        if exercise in stubs and names.get(name, MISSING) is value
    }
    used = _used(own, names)
    if missing is not None and missing not in names:
        found = [waiting[missing]] if missing in waiting else []
    else:
        found = [name for frame in own for name, code in stubs.items() if frame.f_code is code][-1:]
        found = found or sorted(used & set(stubs), key=exercises.index)
        found = found or sorted({waiting[name] for name in used & set(waiting)}, key=exercises.index)
    if not found:
        return ""
    lost.update({name: (found[0], names.get(name, MISSING)) for name in _assigned(own[0])})
    return f"`{found[0]}` is not written yet: exercise {exercises.index(found[0]) + 1}"


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
    left = {name for frame in frames for name in _names_in(frame.f_code)} | _names_of_cell(frames[0])
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


def _names_of_cell(frame: FrameType, assigned: bool = False) -> set[str]:
    """Return the names in a cell, or those that it assigns: IPython runs each statement on its own."""
    try:
        tree = ast.parse("".join(linecache.getlines(frame.f_code.co_filename)))
    except SyntaxError:
        return set()
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return {node.id for node in named if not assigned or isinstance(node.ctx, ast.Store)}


def _assigned(frame: FrameType) -> set[str]:
    return _names_of_cell(frame, assigned=True)
