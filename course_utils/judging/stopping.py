"""Says in which line of the notebook a check was that somebody stopped."""

import inspect
import linecache
import re
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

__all__ = ["Stopped", "stoppable"]

LONGEST = 80
Made = TypeVar("Made")


class Stopped(Exception):
    """A check was interrupted; the message says where the function was."""


def stoppable(work: Callable[[], Made], function: Callable[..., Any]) -> Made:
    """Return what ``work`` returns, which calls the function. Raises `Stopped` if it is interrupted."""
    try:
        return work()
    except KeyboardInterrupt as error:
        raise Stopped(f"Stopped{_where(error, function)}") from None


def _where(error: BaseException, function: Callable[..., Any]) -> str:
    """Say in which line of the student's code an exception was raised, and which line called that one."""
    names = getattr(function, "__globals__", None)
    own = [pair for pair in traceback.walk_tb(error.__traceback__) if pair[0].f_globals is names]
    if not own:
        return " before the check was done."
    frame, number = own[-1]
    text = linecache.getline(frame.f_code.co_filename, number).strip()
    quoted = f" (`{text[:LONGEST]}{'…' if len(text) > LONGEST else ''}`)" if text else ""
    first, calling = own[0]
    called = f", called in line {calling} of `{first.f_code.co_name}`" if first is not frame else ""
    asks = ": does the loop end?" if any(_loops(one) for one, _ in own) else "."
    return f" in line {number} of `{frame.f_code.co_name}`{quoted}{called}{asks}"


def _loops(frame: FrameType) -> bool:
    """Whether a function has a loop; of one whose source is not known it is taken to have one."""
    try:
        source = inspect.getsource(frame.f_code)
    except (OSError, TypeError):
        return True
    return re.search(r"^\s*(for|while)\b", source, re.MULTILINE) is not None
