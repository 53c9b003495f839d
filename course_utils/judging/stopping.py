"""Stops a check that does not end, and says in which line of the notebook it was."""

import _thread
import inspect
import linecache
import re
import signal
import threading
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

__all__ = ["SECONDS", "Stopped", "stoppable"]

SECONDS = 20.0
"""After how many seconds a check stops by itself."""
AGAIN = 0.5
"""Seconds until a function that caught the interrupt is interrupted once more."""
LONGEST = 80
Made = TypeVar("Made")


class Stopped(Exception):
    """A check was interrupted, or its time was over; the message says where the function was."""


def stoppable(work: Callable[[], Made], function: Callable[..., Any], seconds: float = SECONDS) -> Made:
    """Return what ``work`` returns, which calls a student's function.

    Raises `Stopped` if it is interrupted, or takes longer than ``seconds``: then it is interrupted as by the
    stop button. Like that button this waits until a call into compiled code returns, and works only where an
    interrupt reaches this thread.
    """
    timer = _Timer(seconds)
    try:
        try:
            timer.start()
            return work()
        finally:
            timer.stop()
    except KeyboardInterrupt as error:
        after = f" after {seconds:g} s" if timer.over else ""
        raise Stopped(f"Stopped{after}{_where(error, function)}") from None


class _Timer:
    """Interrupts the main thread once its time is over, again and again until it is stopped."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._seconds = seconds
        self._stopped, self._lock = threading.Event(), threading.Lock()

    def start(self) -> None:
        """Begin to count the seconds, if an interrupt would stop this thread."""
        handler = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is threading.main_thread() and handler is signal.default_int_handler:
            threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Interrupt nothing any more."""
        self._stopped.set()
        with self._lock:
            pass  # an interrupt that is on its way comes here, not later

    def _run(self) -> None:
        wait = self._seconds
        while not self._stopped.wait(wait):
            with self._lock:
                if not self._stopped.is_set():
                    self.over = True
                    _interrupt()
            wait = AGAIN


def _interrupt() -> None:
    """Interrupt the main thread, even while it waits where the system can do that."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


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
