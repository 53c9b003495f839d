"""Renders the class report: one self-contained HTML page for the instructor."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from autograder.feedback.template import render
from autograder.report.alike import Answers
from autograder.report.items import FEWEST, Item, items
from autograder.report.lookups import MOST_NAMED, for_page
from autograder.report.summary import (
    NO_LAB,
    Column,
    ExerciseSummary,
    columns,
    histogram,
    ordered,
    percent,
    spread,
    summarise,
)
from autograder.results import CaseResult, Result, Verdict

__all__ = ["to_html"]

MISTAKES_SHOWN = 10
"""How many mistakes of an exercise the page ranks."""
LISTED = 20
"""With more submissions than this the list of a lab is folded."""
PARTS = {
    "ungraded": "Not graded",
    "spread": "Spread of scores",
    "exercises": "Exercises",
    "mistakes": "Most common mistakes",
    "groups": "Wrong answers that have no name",
    "scores": "Scores",
    "submissions": "Submissions",
}
"""The parts of a lab's section, in order: the name of the template, and the heading."""


@dataclass(frozen=True)
class _Bar:
    """One bar of the histogram; ``x`` and ``height`` are in the units of the SVG's view box."""

    label: str
    start: int
    count: int
    x: float
    height: float


@dataclass(frozen=True)
class _Lab:
    """What the templates show of one lab. ``results`` come with their positions among all results."""

    title: str
    anchor: str
    results: list[tuple[int, Result]]
    absent: Sequence[str]
    counts: dict[str, int]
    columns: list[Column]
    spread: tuple[float, float] | None
    bars: list[_Bar]
    scored: int
    exercises: list[tuple[ExerciseSummary, Item]]
    cases: list[Item]
    lookups: dict[str, Any]
    """The values of groups.html.j2."""

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The parts that there are, as in PARTS."""
        whole = not self.absent and self.counts["graded"] == len(self.results)
        return [
            (name, heading)
            for name, heading in PARTS.items()
            if (not whole if name == "ungraded" else self.counts["graded"])
        ]


def _lab(
    name: str,
    number: int,
    results: list[tuple[int, Result]],
    absent: Sequence[str],
    answers: Answers | None,
) -> _Lab:
    of = [result for _, result in results]
    graded = [result for result in of if result.status == "graded"]
    scores = [score for score in map(percent, of) if score is not None]
    statistics = items(of)
    whole = {item.exercise: item for item in statistics if not item.case}
    return _Lab(
        title=name or NO_LAB,
        anchor=f"lab{number}",
        results=results,
        absent=absent,
        counts={
            status: sum(result.status == status for result in of)
            for status in ("graded", "bad submission", "grader error")
        },
        columns=columns(graded),
        spread=spread(scores),
        bars=_bars(histogram(scores)),
        scored=len(scores),
        exercises=[(summary, whole[summary.column.name]) for summary in summarise(of)],
        cases=[item for item in statistics if item.case],
        lookups=for_page(of, answers),
    )


def _bars(bins: Sequence[tuple[str, int]], width: float = 60, height: float = 140) -> list[_Bar]:
    tallest = max([count for _, count in bins] + [1])
    return [
        _Bar(label, 10 * i, count, i * width, height * count / tallest)
        for i, (label, count) in enumerate(bins)
    ]


def _overview(labs: Sequence[_Lab]) -> list[tuple[str, list[tuple[_Lab, list[tuple[int, Result]]]], float]]:
    """Return a row for each student: the results of each lab with their positions, and the sum of points."""
    by_student: dict[str, dict[str, list[tuple[int, Result]]]] = {}
    for lab in labs:
        for index, result in lab.results:
            by_student.setdefault(result.student, {}).setdefault(lab.anchor, []).append((index, result))
        for student in lab.absent:
            by_student.setdefault(student, {})
    return [
        (
            student,
            [(lab, found.get(lab.anchor, [])) for lab in labs],
            sum(result.points for of in found.values() for _, result in of),
        )
        for student, found in sorted(by_student.items(), key=lambda item: (item[0].casefold(), item[0]))
    ]


def _grouped(verdict: Verdict) -> list[tuple[str, str, list[CaseResult]]]:
    """Group cases by status and reason, so that the page of a class of 500 stays small."""
    groups: dict[tuple[str, str], list[CaseResult]] = {}
    for case in verdict.cases:
        groups.setdefault((case.status, case.reason), []).append(case)
    return [(status, reason, cases) for (status, reason), cases in groups.items()]


def to_html(
    results: Sequence[Result],
    *,
    title: str,
    generated: str,
    isolation: str,
    seed: int | None = None,
    absent: Mapping[str, Sequence[str]] = MappingProxyType({}),
    answers: Answers | None = None,
) -> str:
    """Return the class report as one HTML page, a section for each lab: nothing fetched, all text escaped.

    Its one script sorts tables; a policy in the page lets no other run, and without it the page is whole.
    ``generated`` is the time to show; no clock is read, so equal results give equal pages. If ``isolation``,
    or that of any result, is "limits", a warning is shown at the top. ``seed`` is the seed of the hidden
    cases, and ``answers`` what the students wrote, shown if given: the page is for instructors. ``absent``
    are those on the roster who handed nothing in, by lab.
    """
    results = ordered(results)
    by_lab: dict[str, list[tuple[int, Result]]] = {lab: [] for lab in absent}
    for index, result in enumerate(results):
        by_lab.setdefault(result.lab, []).append((index, result))
    names = sorted(by_lab, key=lambda lab: (not lab, lab))
    labs = [
        _lab(name, number, by_lab.get(name, []), absent.get(name, ()), answers)
        for number, name in enumerate(names, start=1)
    ]
    script = render("autograder.report", "page.js")
    return render(
        "autograder.report",
        "page.html.j2",
        title=title,
        generated=generated,
        isolation=isolation,
        unsafe=[result for result in results if result.isolation == "limits"],
        seed=seed,
        results=list(enumerate(results)),
        labs=labs,
        overview=_overview(labs) if len(labs) > 1 else [],
        mistakes_shown=MISTAKES_SHOWN,
        listed=LISTED,
        most_named=MOST_NAMED,
        fewest=FEWEST,
        grouped=_grouped,
        percent=percent,
        script=Markup(script),  # from the package: nothing of a submission is in it
        script_hash=f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
    )
