"""What a student reads under the test cell of one exercise.

The HTML is a fragment with inline styles alone, made of properties that JupyterLab's sanitiser keeps;
text takes the colour of the page around it, so that it is readable on any theme.
"""

from typing import Literal, get_args

from autograder.report.template import render
from autograder.report.text import SYMBOLS, mark, number, one_line
from autograder.results import Verdict

__all__ = ["Detail", "feedback_html", "feedback_text"]

Detail = Literal["points", "cases", "diagnosis"]
"""How much a student sees: points alone, also each case's status, or also reasons, message and note."""


def _headline(verdict: Verdict) -> str:
    return f"{number(verdict.points)} of {number(verdict.max_points)} points"


def _check(detail: str) -> None:
    if detail not in get_args(Detail):
        raise ValueError(f"feedback detail {detail!r}: choose one of {', '.join(get_args(Detail))}")


def feedback_text(verdict: Verdict, detail: Detail) -> str:
    """Return one exercise's feedback as plain text; raises ValueError for an unknown detail."""
    _check(detail)
    lines = [f"{mark(verdict)} {one_line(verdict.name)}: {_headline(verdict)}"]
    if detail == "diagnosis":
        lines += [one_line(text) for text in (verdict.message, verdict.note) if text]
    if detail != "points":
        for case in verdict.cases:
            told = detail == "diagnosis" and case.reason not in ("", verdict.message)
            reason = f": {one_line(case.reason)}" if told else ""
            lines.append(f"  {SYMBOLS[case.status]} {case.status}  {one_line(case.name)}{reason}")
    return "\n".join(lines)


def feedback_html(verdict: Verdict, detail: Detail) -> str:
    """Return one exercise's feedback as an HTML fragment; raises ValueError for an unknown detail."""
    _check(detail)
    return render("feedback.html.j2", verdict=verdict, detail=detail, headline=_headline(verdict))
