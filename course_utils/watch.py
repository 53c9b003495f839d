"""Watching a training run: its losses, the names it printed, and a progress bar.

`watching` opens a record into which the helpers of `course_utils.cllm_utils` write, so a training loop
need not be changed to be watched.
"""

import builtins
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from course_utils.checks import graded_later
from course_utils.tables import display, in_ipython

__all__ = [
    "History",
    "being_graded",
    "demo_iterations",
    "keep_loss",
    "keep_name",
    "progress",
    "watching",
]

QUICK = 60
"""Most iterations of a demo while a notebook is graded: no points depend on them."""
PATIENCE = 1.0
"""Seconds before a progress bar appears; it is updated after half as many."""
WIDTH = 40


@dataclass
class History:
    """One training run: ``losses`` and ``smoothed`` have one entry per iteration.

    ``names`` maps each iteration at which names were printed to those names.
    """

    losses: list[float] = field(default_factory=list)
    smoothed: list[float] = field(default_factory=list)
    names: dict[int, list[str]] = field(default_factory=dict)


_open: list[History] = []


@contextmanager
def watching() -> Iterator[History]:
    """Record the losses and names of the runs inside the block; the names are not printed."""
    history = History()
    _open.append(history)
    try:
        yield history
    finally:
        _open.remove(history)


def keep_loss(loss: float, smoothed: float) -> None:
    """Add the loss of one iteration, and its moving average, to the open records."""
    for history in _open:
        history.losses.append(float(loss))
        history.smoothed.append(float(smoothed))


def keep_name(name: str) -> bool:
    """Add a name to the open records; return whether there are any."""
    for history in _open:
        history.names.setdefault(max(0, len(history.losses) - 1), []).append(name.strip("\n"))
    return bool(_open)


def being_graded() -> bool:
    """Return whether the code runs in a grading sandbox."""
    return builtins.__seqlab_grade__ is not graded_later  # type: ignore[attr-defined]


def demo_iterations(count: int, quick: int = QUICK) -> int:
    """Return ``count``, or at most ``quick`` while a notebook is graded: demos earn no points."""
    return min(count, quick) if being_graded() else count


def progress(count: int) -> Iterator[int]:
    """Count like ``range(count)``, with a plain-text progress bar if that takes longer than a second.

    The bar tells the time left, if all passes take as long as those so far. At the end it leaves a notebook,
    where it may stand between two lines that the loop printed.
    """
    bar = None
    start = time.monotonic()
    due = start + PATIENCE
    for number in range(count):
        yield number
        if time.monotonic() > due and number + 1 < count and not being_graded():
            bar = bar or _Bar()
            bar.show(number + 1, count, (time.monotonic() - start) * (count / (number + 1) - 1))
            due = time.monotonic() + PATIENCE / 2
    if bar:
        bar.show(count, count)


class _Bar:
    """A progress bar that is redrawn in place: in one output of a notebook, or on one line of a terminal."""

    def __init__(self) -> None:
        self._id = ""

    def show(self, done: int, count: int, left: float = 0.0) -> None:
        full = WIDTH * done // count
        line = f"[{'#' * full}{'.' * (WIDTH - full)}] {done:,} of {count:,}{_left(left)}"
        if in_ipython():
            first, self._id = not self._id, self._id or secrets.token_hex(8)
            data = {"text/plain": line} if done < count else {"text/plain": "", "text/html": ""}
            display(data, self._id, update=not first)
        elif sys.stderr.isatty():
            erase = "\x1b[K"  # what a longer line left behind
            print(f"\r{line}{erase}", end="\n" if done == count else "", file=sys.stderr, flush=True)


def _left(seconds: float) -> str:
    """Return how long it still takes, in words; "" at the end."""
    if seconds <= 0:
        return ""
    whole = max(1, round(seconds))
    return f", about {whole} s left" if whole < 100 else f", about {round(whole / 60)} min left"
