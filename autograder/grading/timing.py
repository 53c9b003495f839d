"""Measures the time of each stage of a submission, for the log and for ``--verbose``."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from autograder.results import Result

__all__ = ["Stages", "in_words", "log"]


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
    """Append a line of JSON about a submission to a log."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "student": result.student,
        "status": result.status,
        "reason": result.reason,
        "points": result.points,
        "seconds": result.seconds,
        "stages": {name: round(seconds, 4) for name, seconds in stages.items()},
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
