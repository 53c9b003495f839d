"""The curve of the loss while a network is trained: one picture, drawn anew twice a second."""

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any, TypeVar

import numpy as np

from course_utils.explore.panel import attended
from course_utils.explore.picture import curves
from course_utils.tables import display, in_ipython
from course_utils.watch import History, being_graded, watching

__all__ = ["live_losses", "watching_losses"]

PATIENCE = 1.0
"""Seconds before the picture appears."""
EVERY = 0.5
"""Seconds between two pictures."""
MEAN = 50
"""The second curve is a mean over a fiftieth of the run, where there are so many losses."""
Item = TypeVar("Item")


def live_losses(steps: Iterable[Item], losses: Sequence[float], xlabel: str = "step") -> Iterator[Item]:
    """Go through ``steps`` and draw ``losses``, a list to which the loop appends, while it does.

    A loop of less than a second has no picture, and none has one while a notebook is graded. At the end a
    line of text takes the picture's place.
    """
    drawing = _Drawing(xlabel)
    try:
        for step in steps:
            yield step
            drawing.update(losses)
    finally:
        drawing.end(losses)


@contextmanager
def watching_losses(xlabel: str = "iteration") -> Iterator[History]:
    """Record losses and names as `course_utils.watch.watching` does, and draw the losses meanwhile.

    The picture stands above what is printed in the block.
    """
    drawing = _Drawing(xlabel)
    drawing.reserve()
    with watching() as history:
        history.losses = losses = _Followed()
        losses.drawing = drawing
        try:
            yield history
        finally:
            history.losses = list(losses)
            drawing.end(losses)


class _Followed(list[float]):
    """A list that is drawn as it grows."""

    drawing: "_Drawing"

    def append(self, loss: float) -> None:
        super().append(loss)
        self.drawing.update(self)


class _Drawing:
    """One output that is replaced: by later pictures, and by a line of text at the end."""

    def __init__(self, xlabel: str) -> None:
        self._xlabel = xlabel
        self._id = ""
        self._silent = being_graded() or not in_ipython() or not attended()
        self._due = time.monotonic() + PATIENCE

    def reserve(self) -> None:
        """Take a place among the outputs, which needs no room yet."""
        if not self._silent:
            self._show({"text/html": "", "text/plain": ""})

    def update(self, losses: Sequence[float]) -> None:
        if self._silent or (now := time.monotonic()) < self._due or not losses:
            return
        self._show({"text/html": picture(losses, self._xlabel), "text/plain": _words(losses, self._xlabel)})
        self._due = time.monotonic() + max(EVERY, 20 * (time.monotonic() - now))

    def end(self, losses: Sequence[float]) -> None:
        if self._id and losses:
            words = _words(losses, self._xlabel)
            self._show({"text/html": f"<p>{escape(words)}</p>", "text/plain": words})

    def _show(self, data: dict[str, Any]) -> None:
        first, self._id = not self._id, self._id or secrets.token_hex(8)
        display(data, self._id, update=not first)


def picture(losses: Sequence[float], xlabel: str) -> str:
    """Return the curve of the losses so far, and of their running mean if they are many."""
    line = np.array(losses, dtype=float)
    lines = {"loss": line}
    width = len(line) // MEAN
    if width > 1:
        total = np.cumsum(np.insert(line, 0, 0.0))
        ends = np.arange(1, len(line) + 1)
        starts = np.maximum(0, ends - width)
        lines[f"mean of the last {width}"] = (total[ends] - total[starts]) / (ends - starts)
    return curves(lines, _words(losses, xlabel), xlabel, "loss", "Training")


def _words(losses: Sequence[float], xlabel: str) -> str:
    """Return how the loss has changed: single losses go up and down, so it is a mean if they are many."""
    width = max(1, len(losses) // MEAN)
    first, last = np.mean(losses[:width]), np.mean(losses[-width:])
    what = f"the mean of {width:,} losses" if width > 1 else "the loss"
    return f"{xlabel} {len(losses):,}: {what} went from {first:.3f} to {last:.3f}"
