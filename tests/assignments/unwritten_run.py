"""Runs a lab's notebook in IPython as if only its first exercises were written, for each number of them.

``python -m tests.assignments.unwritten_run`` reads a list of cells as JSON, each with its ``source`` in the
right notebook and, for a solution cell, its ``stub``. It prints a list for each number of written exercises
below all: for each cell from the first stub on the exceptions that were shown, as pairs of name and text.

Up to its first stub such a notebook is the right one. So the right one is run once, and at each solution cell
the process is copied: the copy goes on with the stubs.
"""

import json
import os
import sys
from typing import Any

from IPython.terminal.interactiveshell import TerminalInteractiveShell


def run(shell: Any, source: str) -> list[tuple[str, str]]:
    """Run a cell; return the exceptions that were shown, as names and texts."""
    shown: list[tuple[str, str]] = []
    shell._showtraceback = lambda kind, error, lines: shown.append((kind.__name__, "\n".join(lines)))
    shell.run_cell(source, store_history=True)
    return shown


def in_a_copy(shell: Any, sources: list[str]) -> list[list[tuple[str, str]]]:
    """Run cells in a copy of this process; return what each showed."""
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with os.fdopen(reading) as said:
            text = said.read()
        os.waitpid(child, 0)
        found: list[list[tuple[str, str]]] = json.loads(text)
        return found
    with os.fdopen(writing, "w") as say:
        json.dump([run(shell, source) for source in sources], say)
    os._exit(0)


def main() -> None:
    """Do what the module says."""
    cells = json.load(sys.stdin)
    said, sys.stdout = sys.stdout, sys.stderr
    shell = TerminalInteractiveShell.instance(history_load_length=0, colors="NoColor")
    shell.history_manager.enabled = False
    from course_utils import watch  # not before there is a shell, as in a notebook

    watch.being_graded = lambda: True  # then demonstrations that train are short
    found = []
    for position, cell in enumerate(cells):
        if "stub" in cell:
            left = [one.get("stub", one["source"]) for one in cells[position:]]
            found.append(in_a_copy(shell, left))
        if shown := run(shell, cell["source"]):
            raise SystemExit(f"the right notebook fails: {shown}")
    json.dump(found, said)


if __name__ == "__main__":
    main()
