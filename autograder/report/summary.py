"""Summarises the results of a class: counts, spread, pass rates, common mistakes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

from autograder.results import Result, Verdict

__all__ = [
    "NO_LAB",
    "Column",
    "ExerciseSummary",
    "MistakeCount",
    "by_lab",
    "columns",
    "fault",
    "histogram",
    "ordered",
    "percent",
    "spread",
    "summarise",
    "told_apart",
]

NO_LAB = "no known lab"
"""The heading of what was handed in for a lab that nobody can tell."""


@dataclass(frozen=True)
class Column:
    """An exercise as a column; ``label`` names the lab too if the results are from several labs."""

    lab: str
    name: str
    label: str
    max_points: float

    def of(self, result: Result) -> Verdict | None:
        """Return the verdict on this exercise in a result; None if there is none."""
        if result.lab != self.lab:
            return None
        return next((verdict for verdict in result.exercises if verdict.name == self.name), None)


@dataclass(frozen=True)
class MistakeCount:
    """A mistake and who made it; ``who`` has positions in the list of results."""

    mistake: str | None
    message: str
    who: tuple[int, ...]


@dataclass(frozen=True)
class ExerciseSummary:
    """How a class did on one exercise; only graded submissions count."""

    column: Column
    full: int
    part: int
    none: int
    mean: float
    carried: int
    mistakes: tuple[MistakeCount, ...]

    @property
    def count(self) -> int:
        """How many submissions have a verdict on this exercise."""
        return self.full + self.part + self.none


def told_apart(results: Sequence[Result]) -> list[Result]:
    """Return the results with the path in the names of those that have student and lab in common."""
    counts = Counter((result.student, result.lab) for result in results)
    return [
        replace(result, student=f"{result.student} ({result.path})")
        if counts[result.student, result.lab] > 1
        else result
        for result in results
    ]


def ordered(results: Sequence[Result]) -> list[Result]:
    """Return the results by student's name (case ignored), then lab, then path."""
    return sorted(results, key=lambda r: (r.student.casefold(), r.student, r.lab, r.path))


def by_lab(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Return the results of each lab, labs by name; what belongs to no known lab comes last, under ""."""
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(result.lab, []).append(result)
    return dict(sorted(found.items(), key=lambda item: (not item[0], item[0])))


def percent(result: Result) -> float | None:
    """Return the score of a graded submission in percent; None if there is no score."""
    if result.status != "graded" or result.max_points <= 0:
        return None
    return 100 * result.points / result.max_points


def columns(results: Sequence[Result]) -> list[Column]:
    """Return the exercises in the results: by lab, then in the order in which they first occur."""
    seen: dict[tuple[str, str], float] = {}
    for result in results:
        for verdict in result.exercises:
            seen.setdefault((result.lab, verdict.name), verdict.max_points)
    several = len({lab for lab, _ in seen}) > 1
    return [
        Column(lab, name, f"{lab}.{name}" if several else name, points)
        for (lab, name), points in sorted(seen.items(), key=lambda item: item[0][0])
    ]


def histogram(percents: Sequence[float]) -> list[tuple[str, int]]:
    """Count scores in ten bins of ten percent; the last bin includes 100."""
    bins = Counter(min(9, max(0, int(value // 10))) for value in percents)
    return [(f"{10 * i} to {'100' if i == 9 else f'under {10 * i + 10}'}", bins[i]) for i in range(10)]


def spread(percents: Sequence[float]) -> tuple[float, float] | None:
    """Return mean and median; None if there are no scores."""
    return (fmean(percents), median(percents)) if percents else None


def fault(verdict: Verdict) -> str:
    """Return why points were lost: the verdict's message, else the first failed case's reason."""
    reasons = (case.reason for case in verdict.cases if case.status == "failed" and case.reason)
    return verdict.message or next(reasons, "") or "no reason given"


def _mistakes(judged: Sequence[tuple[int, Verdict]]) -> tuple[MistakeCount, ...]:
    """Group wrong verdicts by known mistake, else by message, the most common first."""
    groups: dict[tuple[str | None, str], list[int]] = {}
    messages: dict[tuple[str | None, str], str] = {}
    for position, verdict in judged:
        if verdict.correct:
            continue
        message = fault(verdict)
        key = (verdict.mistake, "" if verdict.mistake else message)
        groups.setdefault(key, []).append(position)
        messages.setdefault(key, message)
    counts = [MistakeCount(key[0], messages[key], tuple(who)) for key, who in groups.items()]
    return tuple(sorted(counts, key=lambda count: (-len(count.who), count.mistake or "", count.message)))


def summarise(results: Sequence[Result]) -> list[ExerciseSummary]:
    """Summarise each exercise over the graded submissions."""
    graded = [(position, result) for position, result in enumerate(results) if result.status == "graded"]
    summaries = []
    for column in columns([result for _, result in graded]):
        verdicts = ((position, column.of(result)) for position, result in graded)
        judged = [(position, verdict) for position, verdict in verdicts if verdict is not None]
        full = sum(verdict.correct for _, verdict in judged)
        none = sum(verdict.points <= 0 and not verdict.correct for _, verdict in judged)
        summaries.append(
            ExerciseSummary(
                column=column,
                full=full,
                part=len(judged) - full - none,
                none=none,
                mean=fmean(verdict.points for _, verdict in judged),
                carried=sum(verdict.carried_forward for _, verdict in judged),
                mistakes=_mistakes(judged),
            )
        )
    return summaries
