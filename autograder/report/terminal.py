"""Makes the terminal's tables: the scores, and the most common mistakes."""

from collections.abc import Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from autograder.feedback.text import number, one_line
from autograder.report.summary import NO_LAB, Column, by_lab, columns, ordered, summarise
from autograder.results import Result, Verdict

__all__ = ["to_lines", "to_ranking", "to_tables", "to_text"]

HEADER_WIDTH = 8
WIDE = 120
"""Columns of a terminal from which on the table has room for more than the status."""
RANKED = 3
"""How many mistakes of an exercise the terminal shows; the page has more."""
_UNBOUNDED = 100_000
"""More columns than any row has."""
STYLES = {"graded": "", "bad submission": "yellow", "grader error": "bold red"}


def _header(column: Column, whole: bool) -> Text:
    """Break an exercise's name before underscores, so that words stay whole on narrow terminals."""
    name = one_line(column.name)
    lines = [name] if whole else [""]
    for part in name.split("_") if not whole else ():
        piece = part if lines == [""] else f"_{part}"
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


def to_lines(results: Sequence[Result], width: int | None) -> list[str]:
    """Return a line for each student of whom tables of this width show the status alone."""
    if width is None or width >= WIDE:
        return []
    labs = len({result.lab for result in results}) > 1
    found = ((result, _details(result)) for result in ordered(results))
    return [
        f"{one_line(result.student)}{f' ({one_line(result.lab)})' if labs else ''}: {details}"
        for result, details in found
        if details
    ]


def to_tables(results: Sequence[Result], width: int | None = None) -> list[Table]:
    """Return a table of scores for each lab, by student: points of each exercise, total and status.

    ``width`` is that of the terminal, in columns; without it a table is as wide as it has to be. Below WIDE
    the status stands without details, which `to_lines` gives, and exercises that have no room are left out.
    All cells are `rich.text.Text`, so that markup in a name or a reason has no effect.
    """
    labs = by_lab(results)
    tables = []
    for lab, members in labs.items() or [("", [])]:
        table = _table(members, columns(members), width)
        if width is not None and _least_width(table) > width:
            table = _table(members, [], width)
            table.caption = "the exercises have no room here: --html shows them"
        if len(labs) > 1:
            table.title = Text(one_line(lab) or NO_LAB, style="bold")
        tables.append(table)
    return tables


def to_text(table: Table) -> str:
    """Return a table as plain text in aligned columns, as wide as it has to be: for a file or a pipe."""
    heads = [str(column.header).split("\n") for column in table.columns]
    high = max(map(len, heads))
    columns = [
        [*[""] * (high - len(head)), *head, *map(str, column.cells)]
        for head, column in zip(heads, table.columns, strict=True)
    ]
    widths = [max(map(cell_len, cells)) for cells in columns]
    lines = []
    for row in zip(*columns, strict=True):
        filled = (
            " " * (width - cell_len(cell)) + cell
            if column.justify == "right"
            else cell + " " * (width - cell_len(cell))
            for cell, column, width in zip(row, table.columns, widths, strict=True)
        )
        lines.append("  ".join(filled).rstrip())
    lines.insert(high, "─" * max(map(cell_len, lines[:high])))
    title, caption = ([str(text)] if text else [] for text in (table.title, table.caption))
    return "\n".join([*title, *lines, *caption])


def _table(results: Sequence[Result], exercises: Sequence[Column], width: int | None) -> Table:
    narrow = width is not None and width < WIDE
    carried = any(verdict.carried_forward for result in results for verdict in result.exercises)
    full = {result.max_points for result in results if result.status == "graded"}
    caption = "↷ graded with an earlier function lent" if carried and exercises else None
    table = Table(
        caption=caption, box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True
    )
    table.title_justify = table.caption_justify = "left"
    table.add_column("student", overflow="fold", min_width=8)
    for column in exercises:
        table.add_column(_header(column, whole=width is None), justify="right", no_wrap=True)
    of = f"\nof {number(*full)}" if len(full) == 1 else ""
    table.add_column(f"total{of}", justify="right", no_wrap=True)
    table.add_column("status", overflow="fold", min_width=8, no_wrap=narrow)
    for result in ordered(results):
        graded = result.status == "graded"
        total = number(result.points) + ("" if of else f" / {number(result.max_points)}") if graded else "–"
        table.add_row(
            Text(one_line(result.student)),
            *(_points(result, column.of(result)) for column in exercises),
            Text(total, style="bold" if graded else "dim"),
            _status(result, narrow),
        )
    return table


def _least_width(table: Table) -> int:
    """Return how many columns of a terminal a table needs, with ids and reasons folded."""
    console = Console(width=_UNBOUNDED)
    return Measurement.get(console, console.options, table).minimum


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
