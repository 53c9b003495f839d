"""Shows what was noticed about a submission above its first cell, where its student reads it first."""

from collections.abc import Sequence
from html import escape

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.feedback.text import one_line

__all__ = ["show_notes"]

ID = "grading-notes"


def show_notes(notebook: NotebookNode, notes: Sequence[str]) -> None:
    """Put a Markdown cell with the notes, if there are any, before a graded notebook's first cell."""
    if not notes:
        return
    lines = [f"- {escape(one_line(note), quote=False)}" for note in notes]
    taken, name = {cell.get("id") for cell in notebook.cells}, ID
    while name in taken:
        name += "-"
    notebook.cells.insert(0, new_markdown_cell("\n".join(["**Notes on this grading**", "", *lines]), id=name))
