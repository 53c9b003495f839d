"""Stops a check whose function does not end, and says in which line of the notebook it was."""

import contextlib
import ctypes
import inspect
import linecache
import re
import threading
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

__all__ = ["SECONDS", "Stopped", "stoppable"]

SECONDS = 20.0
"""After how many seconds a check stops by itself."""
AGAIN = 0.5
"""Seconds until a function that caught the exception is stopped once more."""
LONGEST = 80
Made = TypeVar("Made")


class Stopped(Exception):
    """A check was interrupted, or its time was over; the message says where the function was."""


class _TimeOver(KeyboardInterrupt):
    """The time of a check is over. As a KeyboardInterrupt it passes `except Exception`."""


def stoppable(work: Callable[[], Made], function: Callable[..., Any], seconds: float = SECONDS) -> Made:
    """Return what ``work`` returns, which calls a student's function.

    Raises `Stopped` if it is interrupted, or runs for longer than ``seconds``. A second thread raises the
    exception in this one, so that it works in any thread and without signals. Like an interrupt it waits
    until a call into compiled code, such as one of NumPy's, returns.
    """
    timer = _Timer(seconds)
    try:
        try:
            timer.start()
            return work()
        finally:
            timer.stop()
    except KeyboardInterrupt as error:
        timer.stop()  # the exception may have come before the timer was stopped
        after = f" after {seconds:g} s" if isinstance(error, _TimeOver) else ""
        raise Stopped(f"Stopped{after}{_where(error, function)}") from None


class _Timer:
    """Raises `_TimeOver` in the thread that made it, again and again until it is stopped."""

    def __init__(self, seconds: float) -> None:
        self._target, self._seconds, self._over = threading.get_ident(), seconds, False
        self._ended, self._lock = threading.Event(), threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to count the seconds."""
        with contextlib.suppress(RuntimeError):  # no threads here: the stop button remains
            self._thread.start()

    def stop(self) -> None:
        """Raise nothing any more, not even what is on its way."""
        self._over = True
        with self._lock:
            _raise_in(self._target, None)
        self._ended.set()

    def _run(self) -> None:
        wait = self._seconds
        while not self._ended.wait(wait) and not self._over:
            with self._lock:
                if not self._over:
                    _raise_in(self._target, _TimeOver)
            wait = AGAIN


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Let another thread raise an exception at its next line of Python code; None takes it back."""
    what = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), what)


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
