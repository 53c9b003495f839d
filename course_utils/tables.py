"""How the result of a visible check is shown: a small table, as HTML in JupyterLab and as text elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.judging.values import Other

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["CheckTable", "Line", "Row", "display", "in_ipython", "show", "show_below", "words"]

SHOWN = 3
"""How many numbers of an array the text table shows."""
PER_LINE = 10
"""How many numbers the HTML table puts on one line, at most; fewer where the page is narrow."""
WIDEST = 55
"""How many characters a line of the HTML table has, at most."""
UNBROKEN = 30
"""As many characters stay on one line however narrow the page is: five short numbers."""
MOST = 50
"""How many numbers of an array the HTML table shows."""

GOOD, BAD = "#268a5c", "#d44a45"  # contrast 4.3 both on white and on JupyterLab's dark grey
COLUMNS = ("expression", "expected", "yours", "verdict")
CELL = (
    "padding:3px 14px 3px 0;text-align:left;vertical-align:top;background:none;"
    "border:none;border-bottom:1px solid var(--jp-border-color2,#8888)"
)
NO_BREAK = "\N{NO-BREAK SPACE}"
MONO = "font-family:var(--jp-code-font-family,monospace);white-space:nowrap"


@dataclass
class Row:
    """One row of the table: an expression, its published value, and the student's value.

    ``problem`` is empty when they agree; ``stage`` is where the comparison stopped
    (0 type, 1 shape, 2 finiteness, 3 values); ``wrong`` marks the elements that differ.
    """

    expression: str
    expected: Any
    actual: Any = None
    verdict: str = "ok"
    problem: str = ""
    stage: int = 4
    wrong: Any = None

    @property
    def whole(self) -> bool:
        """Whether numbers that are whole may be shown without decimals: where both agree, both are whole."""
        return bool(self.problem) or (_is_whole(self.expected) and _is_whole(self.actual))


@dataclass
class Line:
    """One line below the table: open cases or properties, and what is wrong with them, if anything.

    ``names`` are those that a line of several stands for; HTML shows them on a click.
    """

    name: str
    problem: str = ""
    names: Sequence[str] = ()


@dataclass
class CheckTable:
    """The rows of one visible check, under one heading, and the lines below them."""

    heading: str
    rows: list[Row]
    lines: Sequence[Line] = ()

    def __repr__(self) -> str:
        cells = [list(COLUMNS)]
        cells += [
            [row.expression, words(row.expected, row.whole), words(row.actual, row.whole), row.verdict]
            for row in self.rows
        ]
        widths = [max(len(line[k]) for line in cells) for k in range(4)]
        lines = [
            "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in cells
        ]
        below = [
            f"{'✗ failed' if line.problem else '✓ passed'}  {line.name}"
            + (f": {line.problem}" if line.problem else "")
            for line in self.lines
        ]
        return "\n".join([self.heading, *("  " + line.rstrip() for line in [*lines, *below])])

    def _repr_html_(self) -> str:
        head = "".join(f'<th style="{CELL}">{name}</th>' for name in COLUMNS[:3])
        body = "".join(_html_row(row) for row in self.rows)
        return (
            '<div style="color:var(--jp-ui-font-color1,inherit);padding:4px 0 4px 6px;overflow-x:auto">'
            f'<p style="margin:0 0 4px">{escape(self.heading)}</p>'
            '<table style="border-collapse:collapse;margin:0;border:none;font-size:88%">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"{''.join(map(_html_line, self.lines))}</div>"
        )


def _html_row(row: Row) -> str:
    verdict = (
        f'<span style="color:{BAD};display:block;padding-left:20px">{escape(row.verdict)}</span>'
        if row.problem
        else ""
    )
    return (
        '<tr style="background:none">'
        f'<td style="{CELL};{MONO}">{_sign(row.problem)}{escape(row.expression)}{verdict}</td>'
        f'<td style="{CELL};{MONO}">{_block(row.expected, row.whole)}</td>'
        f'<td style="{CELL};{MONO}">{_block(row.actual, row.whole, row.wrong)}</td></tr>'
    )


def _html_line(line: Line) -> str:
    text = f"{_sign(line.problem)}{escape(line.name)}"
    if line.problem:
        text += f'<span style="display:block;padding-left:20px">{escape(line.problem)}</span>'
    elif line.names:
        names = "".join(f'<div style="padding-left:20px">{escape(name)}</div>' for name in line.names)
        text = f'<details><summary style="display:block;cursor:pointer">{text} …</summary>{names}</details>'
    return f'<div style="margin:2px 0;font-size:88%">{text}</div>'


def _sign(problem: str) -> str:
    sign, colour = ("✗", BAD) if problem else ("✓", GOOD)
    return f'<b style="color:{colour};display:inline-block;width:20px">{sign}</b>'


def in_ipython() -> bool:
    """Return whether the code runs in an IPython shell, such as a notebook's."""
    return _shell() is not None


def display(data: Mapping[str, str], display_id: str = "", update: bool = False) -> None:
    """Display one output in the IPython shell; ``data`` has its forms by MIME type.

    With ``update`` it replaces the output that was displayed with the same ``display_id``. Nothing
    happens where there is no IPython shell.
    """
    if shell := _shell():
        transient = {"display_id": display_id} if display_id else {}
        shell.display_pub.publish(dict(data), transient=transient, update=update)


def show(table: CheckTable) -> None:
    """Display a table where there is an IPython shell, print it elsewhere."""
    if in_ipython():
        display({"text/html": table._repr_html_(), "text/plain": repr(table)})
    else:
        print(table)


def show_below(table: CheckTable) -> None:
    """Show a table below the error that is about to end the cell; at once where there is no IPython shell."""
    shell = _shell()
    if shell is None:
        return show(table)

    def after_the_cell(*_: object) -> None:
        shell.events.unregister("post_run_cell", after_the_cell)
        show(table)

    shell.events.register("post_run_cell", after_the_cell)
    return None


def _shell() -> "InteractiveShell | None":
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def words(value: Any, whole: bool = True) -> str:
    """Return one line for any value; long arrays are cut after three numbers.

    Numbers have eight decimals, unless all numbers of the array are whole and ``whole`` allows it.
    """
    numbers = _numbers(value, whole)
    if numbers is None:
        return _describe(value)
    count = np.size(value)
    if count <= SHOWN:
        return " ".join(numbers)
    return f"{' '.join(numbers[:SHOWN])} ... ({count} numbers)"


def _block(value: Any, whole: bool = True, wrong: Any = None) -> str:
    """Return a value as HTML, as many numbers on a line as have room, those marked wrong in bold red."""
    numbers = _numbers(value, whole)
    if numbers is None:
        return escape(_describe(value))
    width = max(map(len, numbers), default=0)
    marks = [False] * len(numbers) if wrong is None else list(np.ravel(wrong)[:MOST])
    padded = [number.rjust(width).replace(" ", NO_BREAK) for number in numbers]  # a line ends between two
    pieces = [
        f'<b style="color:{BAD}">{number}</b>' if mark else number
        for number, mark in zip(padded, marks, strict=True)
    ]
    each = max(1, min(PER_LINE, WIDEST // (width + 1)))
    breaks = "normal" if len(numbers) * (width + 1) > UNBROKEN else "nowrap"
    style = f"display:block;max-width:{each * (width + 1)}ch;white-space:{breaks}"
    text = f'<span style="{style}">{" ".join(pieces)}</span>'
    return text + (f"... ({np.size(value)} numbers)" if np.size(value) > len(numbers) else "")


def _numbers(value: Any, whole: bool) -> list[str] | None:
    """Return the numbers of an array or a float as strings; None for anything else."""
    array = np.asarray(value) if isinstance(value, float | np.ndarray) else None
    if array is None or array.dtype.kind not in "fiub":
        return None
    short = whole and _is_whole(array)
    return [str(int(n)) if short else _number(float(n)) for n in array.ravel()[:MOST]]


def _is_whole(value: Any) -> bool:
    """Whether a value has no decimals to show."""
    array = np.asarray(value) if isinstance(value, float | np.ndarray) else None
    if array is None or array.dtype.kind not in "fiub":
        return True
    return bool((np.abs(array) < 1e6).all() and (array == np.round(array)).all())


def _number(value: float) -> str:
    return f"{value:.8f}" if abs(value) < 1e6 else f"{value:.8g}"


def _describe(value: Any) -> str:
    """Return a short description of a value that is not an array of numbers."""
    if value is None or type(value) in (bool, int):
        return repr(value)
    if type(value) is tuple and all(type(number) is int for number in value):
        return repr(value)
    if type(value) is str:
        return repr(value) if len(value) < 30 else f"a string of {len(value)} characters"
    kind = value.kind if isinstance(value, Other) else type(value).__name__
    return f"a {kind} of {len(value)}" if type(value) in (list, dict, tuple) else f"a value of type {kind}"
