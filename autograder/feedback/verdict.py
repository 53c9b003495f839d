"""Renders the verdict on an exercise as the feedback under its test cell.

The HTML is a fragment with inline styles, all of which JupyterLab's sanitiser keeps. Text has the colour of
the page around it, so that it is readable in any theme.
"""

from typing import Literal, get_args

from autograder.feedback.template import render
from autograder.feedback.text import SYMBOLS, mark, number, one_line
from autograder.results import Finding, Verdict

__all__ = ["Detail", "feedback_html", "feedback_text"]

Detail = Literal["points", "cases", "diagnosis"]
"""How much a student sees: points; each case's status too; or reasons, message, place and note as well."""


def _headline(verdict: Verdict) -> str:
    return f"{number(verdict.points)} of {number(verdict.max_points)} points"


def _findings(verdict: Verdict) -> list[tuple[str, str]]:
    """Return (text, cases) pairs: each reason once, the message first, with the cases it applies to.

    What is said of a known mistake is called likely, as in the visible check: the outputs are the same, but
    the code may be another.
    """
    where: dict[str, list[int]] = {verdict.message: []} if verdict.message else {}
    numbers = {case.name: n for n, case in enumerate(verdict.cases, 1)}
    said = verdict.findings or [Finding(case.reason, [case.name]) for case in verdict.cases if case.reason]
    for finding in said:
        where.setdefault(finding.text, []).extend(numbers[name] for name in finding.cases if name in numbers)
    return [(_likely(verdict, text), _cases(found)) for text, found in where.items()]


def _likely(verdict: Verdict, text: str) -> str:
    """Return a finding, called likely if it is the help of a known mistake."""
    if not verdict.mistake or text != verdict.message:
        return text
    said = text.removeprefix("Among others: ")
    return f"Likely cause{', among others' if said != text else ''}: {said}"


def _cases(numbers: list[int]) -> str:
    """Return case numbers as text, three or more in a row as a range: "cases 1–3, 5"."""
    rows: list[list[int]] = []
    for n in sorted(set(numbers)):
        if rows and n == rows[-1][-1] + 1:
            rows[-1].append(n)
        else:
            rows.append([n])
    listed = ", ".join(f"{row[0]}–{row[-1]}" if len(row) > 2 else ", ".join(map(str, row)) for row in rows)
    return f"{'cases' if len(set(numbers)) > 1 else 'case'} {listed}" if rows else ""


def _check(detail: str) -> None:
    if detail not in get_args(Detail):
        raise ValueError(f"feedback detail {detail!r}: choose one of {', '.join(get_args(Detail))}")


def feedback_text(verdict: Verdict, detail: Detail) -> str:
    """Return one exercise's feedback as plain text; raises ValueError for an unknown detail."""
    _check(detail)
    lines = [f"{mark(verdict)} {one_line(verdict.name)}: {_headline(verdict)}"]
    if detail == "diagnosis":
        said = [one_line(text) + (f" ({cases})" if cases else "") for text, cases in _findings(verdict)]
        lines += [*said[:1], *([one_line(verdict.place)] if verdict.place else []), *said[1:]]
        lines += [one_line(verdict.note)] if verdict.note else []
    if detail != "points":
        for n, case in enumerate(verdict.cases, 1):
            lines.append(f"  {n} {SYMBOLS[case.status]} {case.status}  {one_line(case.name)}")
    return "\n".join(lines)


def feedback_html(verdict: Verdict, detail: Detail) -> str:
    """Return one exercise's feedback as an HTML fragment; raises ValueError for an unknown detail."""
    _check(detail)
    findings = _findings(verdict)
    return render(
        "autograder.feedback",
        "feedback.html.j2",
        verdict=verdict,
        detail=detail,
        headline=_headline(verdict),
        findings=findings,
    )
