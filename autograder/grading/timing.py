"""Measures the time of each stage of a submission, for the log and for ``--verbose``."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from autograder.results import Result

__all__ = ["Stages", "in_words", "log"]

MAX_LINE = 1 << 20
"""No line of a log is longer, in bytes."""


class Stages(dict[str, float]):
    """Stage -> seconds, in the order in which the stages first ran."""

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Add the time of the block to a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self[name] = self.get(name, 0.0) + time.perf_counter() - start


def in_words(stages: Mapping[str, float]) -> str:
    """Return the stages with their milliseconds as one line."""
    return ", ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in stages.items())


def log(path: Path, result: Result, stages: Mapping[str, float]) -> None:
    """Append a line of JSON about a submission to a log; a last line that was cut off is removed first."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "student": result.student,
        "status": result.status,
        "reason": result.reason,
        "points": result.points,
        "seconds": result.seconds,
        "stages": {name: round(seconds, 4) for name, seconds in stages.items()},
    }
    with path.open("ab+") as file:
        _remove_cut_off(file)
        file.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogateescape") + b"\n")


def _remove_cut_off(file: BinaryIO) -> None:
    """Remove the end of a line that a kill or a full disk has cut off."""
    end = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, end - MAX_LINE))
    tail = file.read()
    if tail and not tail.endswith(b"\n"):
        file.truncate(start + tail.rfind(b"\n") + 1)
