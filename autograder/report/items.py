"""Computes item statistics: how hard each exercise and case is, and how well it tells students apart."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation, fmean

from autograder.feedback.text import number
from autograder.report.exports import guarded
from autograder.report.summary import columns
from autograder.results import Result

__all__ = ["FEWEST", "Item", "items", "to_items"]

FEWEST = 10
"""With fewer students than this an item has no discrimination."""


@dataclass(frozen=True)
class Item:
    """Statistics of an exercise, or of one case of it where ``case`` is not empty.

    ``full`` is the share of students with full points (of a case: who pass it), ``mean`` the mean share of
    the points, from 0 to 1. ``discrimination`` is the corrected item-total correlation, from -1 to 1: the
    item's score with the points of the other exercises of the lab (Crocker and Algina, Introduction to
    Classical and Modern Test Theory, 1986, chapter 14). It is None with fewer than FEWEST students or without
    spread.
    """

    lab: str
    exercise: str
    case: str
    count: int
    full: float
    mean: float
    discrimination: float | None


def items(results: Sequence[Result]) -> list[Item]:
    """Return the statistics of each exercise, followed by those of its cases; only graded submissions count.

    A case that was not run was not passed.
    """
    graded = [result for result in results if result.status == "graded"]
    found = []
    for column in columns(graded):
        judged = [(result, verdict) for result in graded if (verdict := column.of(result)) is not None]
        others = [
            sum(other.points for other in result.exercises if other is not verdict)
            for result, verdict in judged
        ]
        points = [verdict.points for _, verdict in judged]
        shares = [v.points / v.max_points if v.max_points else 1.0 for _, v in judged]
        full = fmean(float(verdict.correct) for _, verdict in judged)
        found.append(
            Item(column.lab, column.name, "", len(judged), full, fmean(shares), _related(points, others))
        )
        cases = [{case.name: float(case.status == "passed") for case in v.cases} for _, v in judged]
        for name in dict.fromkeys(name for passed in cases for name in passed):
            pairs = [
                (passed[name], rest) for passed, rest in zip(cases, others, strict=True) if name in passed
            ]
            scores = [score for score, _ in pairs]
            share = fmean(scores)
            related = _related(scores, [rest for _, rest in pairs])
            found.append(Item(column.lab, column.name, name, len(pairs), share, share, related))
    return found


def _related(scores: Sequence[float], others: Sequence[float]) -> float | None:
    """Return Pearson's correlation; None with few students or without spread."""
    if len(scores) < FEWEST:
        return None
    try:
        return correlation(scores, others)
    except StatisticsError:
        return None


def to_items(results: Sequence[Result]) -> str:
    """Return the item statistics as CSV; a discrimination that is not defined is "-"."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["lab", "exercise", "case", "students", "full_share", "mean_share", "discrimination"])
    for item in items(results):
        related = "-" if item.discrimination is None else f"{item.discrimination:.3f}"
        names = (guarded(item.lab), guarded(item.exercise), guarded(item.case))
        writer.writerow([*names, number(item.count), f"{item.full:.3f}", f"{item.mean:.3f}", related])
    return out.getvalue()
