"""Writes results in the formats of learning platforms and of CI: Canvas, Moodle, Gradescope, GitHub."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from autograder.feedback.text import clean, number, one_line
from autograder.report.exports import Held
from autograder.report.summary import fault, ordered, percent, spread
from autograder.results import Result, Total

__all__ = ["to_annotations", "to_canvas", "to_gradescope", "to_markdown", "to_moodle"]

MOST_ANNOTATIONS = 10
"""GitHub shows so many annotations of one step; the rest is left to the summary."""

# Punctuation with a meaning, and what makes an address a link.
_MARKUP = re.compile(r"[\\`*\[\]~$#]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.")


def to_canvas(held: Held) -> str:
    """Return a CSV file that Canvas imports into its gradebook; students are known by their SIS user ID.

    The second row has the points possible, of each lab the most that anybody's submission has. What still
    needs manual grading has no score yet.
    """
    most = (max((total.max_score for total in of.values()), default=0.0) for of in held.values())
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *held]
    possible = ["    Points Possible", "", "", "", "", *map(number, most)]
    return _table([head, possible, *(["", "", student, "", "", *scores] for student, scores in _rows(held))])


def to_moodle(held: Held) -> str:
    """Return a CSV file that Moodle imports as grades; students are known by their ID number.

    What still needs manual grading has no score yet.
    """
    return _table([["idnumber", *held], *([student, *scores] for student, scores in _rows(held))])


def _rows(held: Held) -> Iterator[tuple[str, list[str]]]:
    """Yield each student's id as it is, for the platform must find it, with the score of each lab."""
    for student in sorted({student for of in held.values() for student in of}):
        yield student, [_score(of.get(student)) for of in held.values()]


def _score(total: Total | None) -> str:
    return "" if total is None or total.needs_manual_grading else number(total.final)


def _table(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def to_gradescope(result: Result) -> str:
    """Return the results.json of one submission for Gradescope's autograder.

    Each exercise is a test, whose output is what the student reads. A bad submission has no tests.
    """
    document = {
        "score": result.points,
        "execution_time": round(result.seconds),
        "visibility": "visible",
        "output": one_line(result.reason),
        "tests": [
            {
                "name": verdict.name,
                "score": verdict.points,
                "max_score": verdict.max_points,
                "status": "passed" if verdict.correct else "failed",
                "output": clean(" ".join(filter(None, [verdict.message, verdict.note]))),
            }
            for verdict in result.exercises
        ],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def to_markdown(results: Sequence[Result], title: str) -> str:
    """Return a summary in Markdown, as GitHub shows it below a job: counts, a table, and what went wrong."""
    shares = [share for result in results if (share := percent(result)) is not None]
    lines = [f"## {_escaped(title)}", "", _counts(results)]
    if found := spread(shares):
        lines[-1] += f"; mean {found[0]:.0f}%, median {found[1]:.0f}%"
    lines += ["", "| student | lab | points | first thing to look at |", "|:--|:--|--:|:--|"]
    for result in ordered(results):
        graded = result.status == "graded"
        points = f"{number(result.points)} of {number(result.max_points)}" if graded else result.status
        cells = (_escaped(result.student), _escaped(result.lab), points, _prose(_first(result)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def to_annotations(results: Sequence[Result]) -> list[str]:
    """Return GitHub's commands that annotate the files with what is wrong, at most as many as it shows.

    What was not graded comes first.
    """
    lines = []
    for result in sorted(ordered(results), key=lambda one: one.status == "graded"):
        if first := _first(result):
            level = "error" if result.status != "graded" else "warning"
            lines.append(
                f"::{level} file={_value(result.path)},title={_value(result.student)}::{_message(first)}"
            )
    if len(lines) > MOST_ANNOTATIONS:
        left = len(lines) - MOST_ANNOTATIONS + 1
        lines = [*lines[: MOST_ANNOTATIONS - 1], f"::notice::and {left} more: see the summary"]
    return lines


def _counts(results: Sequence[Result]) -> str:
    full = sum(result.status == "graded" and result.points >= result.max_points for result in results)
    graded = sum(result.status == "graded" for result in results)
    return f"{len(results)} handed in, {graded} graded, {full} with all points"


def _first(result: Result) -> str:
    """Return the first thing that is wrong with a submission; empty if nothing is."""
    if result.status != "graded":
        return result.reason
    wrong = next((verdict for verdict in result.exercises if not verdict.correct), None)
    return f"{wrong.name}: {fault(wrong)}" if wrong else ""


def _escaped(text: str) -> str:
    """Return text as one line that Markdown shows as it is, in a cell of a table too."""
    return _MARKUP.sub(r"\\\g<0>", escape(one_line(text), quote=False)).replace("|", "&#124;")


def _prose(text: str) -> str:
    """Return a sentence as one line for a cell of a table; what stands between backticks is code."""
    return re.sub(r"\\`(.+?)\\`", r"<code>\1</code>", _escaped(text))


def _message(text: str) -> str:
    return one_line(text).replace("%", "%25")


def _value(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
