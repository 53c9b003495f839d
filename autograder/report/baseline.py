"""Compares results with those of an earlier `seqlab check --json`."""

import json
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import UsageError
from autograder.feedback.text import number
from autograder.report.summary import ordered
from autograder.results import SCHEMA, Result

__all__ = ["changes", "read"]

Key = tuple[str, str]


def read(path: Path) -> list[Result]:
    """Return the results in a file that `seqlab check --json` wrote. Raises UsageError for any other."""
    try:
        document = json.loads(path.read_text("utf-8"))
        if document["schema"] != SCHEMA:
            raise ValueError("another schema")
        return [Result.from_json(entry) for entry in document["submissions"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(f"{path} holds no results: it is not from `seqlab check --json`") from None


def changes(before: Sequence[Result], now: Sequence[Result]) -> list[str]:
    """Return a line for each student whose status or points have changed, with the exercises: from, to.

    Students are known by their name and lab; who is in only one of both is told too.
    """
    old = {_key(result): result for result in before}
    new = {_key(result): result for result in now}
    lines = []
    for result in ordered([*old.values(), *(one for key, one in new.items() if key not in old)]):
        key = _key(result)
        who = " ".join(filter(None, key))
        if key not in new:
            lines.append(f"{who}: not checked now")
        elif key not in old:
            lines.append(f"{who}: new, {_words(new[key])}")
        elif said := _change(old[key], new[key]):
            lines.append(f"{who}: {said}")
    return lines


def _key(result: Result) -> Key:
    return result.student, result.lab


def _words(result: Result) -> str:
    graded = result.status == "graded"
    return f"{number(result.points)} of {number(result.max_points)}" if graded else result.status


def _change(old: Result, new: Result) -> str:
    """Return how a result has changed, in words; an empty string if it has not."""
    if old.status != new.status:
        return f"{_words(old)} → {_words(new)}"
    points = {verdict.name: verdict.points for verdict in old.exercises}
    moved = [
        f"{verdict.name} {number(points.get(verdict.name, 0.0))} → {number(verdict.points)}"
        for verdict in new.exercises
        if points.get(verdict.name) != verdict.points
    ]
    gone = [f"{name} is gone" for name in points if name not in {one.name for one in new.exercises}]
    if not moved and not gone:
        return ""
    return ", ".join([*moved, *gone, f"total {number(old.points)} → {number(new.points)}"])
