"""Makes the terminal's tables: the scores, and the most common mistakes."""

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from autograder.feedback.text import number, one_line
from autograder.report.summary import Column, columns, ordered, summarise
from autograder.results import Result, Verdict

__all__ = ["to_lines", "to_ranking", "to_table"]

HEADER_WIDTH = 8
WIDE = 120
"""Columns of a terminal from which on the table has room for more than the status."""
RANKED = 3
"""How many mistakes of an exercise the terminal shows; the page has more."""
STYLES = {"graded": "", "bad submission": "yellow", "grader error": "bold red"}


def _header(column: Column) -> Text:
    """Break an exercise's name before underscores, so that words stay whole on narrow terminals."""
    lines = [""]
    for part in one_line(column.label).replace(".", "._").split("_"):
        piece = part if lines == [""] or lines[-1].endswith(".") else f"_{part}"
        if lines[-1] and len(lines[-1]) + len(piece) > HEADER_WIDTH:
            lines.append("")
        lines[-1] += piece
    return Text("\n".join([*lines, f"of {number(column.max_points)}"]))


def _points(result: Result, verdict: Verdict | None) -> Text:
    if verdict is None or result.status != "graded":
        return Text("–", style="dim")
    style = "green" if verdict.correct else "red" if verdict.points <= 0 else "yellow"
    return Text(number(verdict.points) + (" ↷" if verdict.carried_forward else ""), style=style)


def _details(result: Result) -> str:
    """Return known mistakes, repairs, and why a submission ended early or was not graded, as one line."""
    if result.status != "graded":
        return one_line("; ".join(filter(None, [result.reason, result.stale])))
    mistakes = [verdict.mistake for verdict in result.exercises if verdict.mistake and not verdict.correct]
    details = [result.reason, ", ".join(dict.fromkeys(mistakes)), "; ".join(result.repairs)]
    return one_line("; ".join(filter(None, details)))


def _status(result: Result, narrow: bool) -> Text:
    details = "" if narrow else _details(result)
    return Text(": ".join(filter(None, [result.status, details])), style=STYLES[result.status])


def to_lines(results: Sequence[Result], width: int) -> list[str]:
    """Return a line for each student of whom a table of this width shows the status alone."""
    found = ((result, _details(result)) for result in ordered(results) if width < WIDE)
    return [f"{one_line(result.student)}: {details}" for result, details in found if details]


def to_table(results: Sequence[Result], width: int = WIDE) -> Table:
    """Return the score table, by student: points of each exercise, total and status.

    In a terminal of less than WIDE columns the status stands without details, which `to_lines` gives. All
    cells are `rich.text.Text`, so that markup in a name or a reason has no effect.
    """
    exercises = columns(results)
    labs = len({result.lab for result in results}) > 1
    carried = any(verdict.carried_forward for result in results for verdict in result.exercises)
    full = {result.max_points for result in results if result.status == "graded"}
    caption = "↷ graded with an earlier function lent" if carried else None
    table = Table(
        caption=caption, box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True
    )
    table.add_column("student", overflow="fold", min_width=8)
    if labs:
        table.add_column("lab", overflow="fold")
    for column in exercises:
        table.add_column(_header(column), justify="right", no_wrap=True)
    of = f"\nof {number(*full)}" if len(full) == 1 else ""
    table.add_column(f"total{of}", justify="right", no_wrap=True)
    table.add_column("status", overflow="fold", min_width=8)
    for result in ordered(results):
        graded = result.status == "graded"
        total = number(result.points) + ("" if of else f" / {number(result.max_points)}") if graded else "–"
        table.add_row(
            Text(one_line(result.student)),
            *([Text(one_line(result.lab))] if labs else []),
            *(_points(result, column.of(result)) for column in exercises),
            Text(total, style="bold" if graded else "dim"),
            _status(result, width < WIDE),
        )
    return table


def to_ranking(results: Sequence[Result]) -> Table:
    """Return a table of the most common mistakes of each exercise, with how many made them."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("exercise", overflow="fold")
    table.add_column("count", justify="right", no_wrap=True)
    table.add_column("most common mistakes")
    for exercise in summarise(results):
        for place, kind in enumerate(exercise.mistakes[:RANKED]):
            name = f"{kind.mistake}: " if kind.mistake else ""
            table.add_row(
                Text("" if place else one_line(exercise.column.label)),
                str(len(kind.who)),
                Text(one_line(f"{name}{kind.message}")),
            )
    return table
