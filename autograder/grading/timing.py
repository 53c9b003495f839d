"""Where the time of a submission goes: seconds by stage, kept in a log and shown by ``--verbose``."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from autograder.results import Result

__all__ = ["Stages", "in_words", "log"]


class Stages(dict[str, float]):
    """Seconds by the name of a stage, in the order in which they were first met."""

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self[name] = self.get(name, 0.0) + time.perf_counter() - start


def in_words(stages: Mapping[str, float]) -> str:
    """Return stages as one line, in milliseconds."""
    return ", ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in stages.items())


def log(path: Path, result: Result, stages: Mapping[str, float]) -> None:
    """Append one line of JSON on a graded submission to a log."""
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
