"""Renders the class report: one self-contained HTML page for the instructor."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.feedback.template import render
from autograder.report.alike import Answers
from autograder.report.lookups import for_page
from autograder.report.summary import columns, histogram, ordered, percent, spread, summarise
from autograder.results import CaseResult, Result, Verdict

__all__ = ["to_html"]

MISTAKES_SHOWN = 10
"""How many mistakes of an exercise the page ranks."""


@dataclass(frozen=True)
class _Bar:
    """One bar of the histogram; ``x`` and ``height`` are in the units of the SVG's view box."""

    label: str
    start: int
    count: int
    x: float
    height: float


def _bars(bins: Sequence[tuple[str, int]], width: float = 60, height: float = 140) -> list[_Bar]:
    tallest = max([count for _, count in bins] + [1])
    return [
        _Bar(label, 10 * i, count, i * width, height * count / tallest)
        for i, (label, count) in enumerate(bins)
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
    answers: Answers | None = None,
) -> str:
    """Return the class report as one HTML page: no script, nothing fetched, all text escaped.

    ``generated`` is the time to show; no clock is read, so equal results give equal pages. If ``isolation``,
    or that of any result, is "limits", a warning is shown at the top. ``seed`` is the seed of the hidden
    cases, and ``answers`` what the students wrote, shown if given: the page is for instructors.
    """
    results = ordered(results)
    scores = [score for score in map(percent, results) if score is not None]
    return render(
        "autograder.report",
        "page.html.j2",
        title=title,
        generated=generated,
        isolation=isolation,
        unsafe=[result for result in results if result.isolation == "limits"],
        seed=seed,
        results=list(enumerate(results)),
        counts={
            status: sum(result.status == status for result in results)
            for status in ("graded", "bad submission", "grader error")
        },
        columns=columns([result for result in results if result.status == "graded"]),
        several=len({result.lab for result in results if result.status == "graded"}) > 1,
        spread=spread(scores),
        bars=_bars(histogram(scores)),
        scored=len(scores),
        exercises=summarise(results),
        mistakes_shown=MISTAKES_SHOWN,
        grouped=_grouped,
        percent=percent,
        lookups=for_page(results, answers),
    )
