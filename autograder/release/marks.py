"""Says which cells of a lab are marked as demonstrations though another cell may need them."""

import ast
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from autograder.errors import LabError
from autograder.lab.demonstrations import TAG, is_demonstration, names_of
from autograder.lab.text import cell_name, python_of

__all__ = ["doubtful_marks", "refuse_marked_exercises"]

WRITERS = re.compile(
    r"open|save\w*|write\w*|dump|to_\w+|mkdir|touch|copy\w*|generate_\w+|unlink|remove|rename"
)
"""Names of functions that may write the file whose name they are given."""
SEEDS = re.compile(r"\b(?:np\.|numpy\.)?random\.seed\(")
DRAWS = re.compile(
    r"\b(?:np|numpy)\.random\.(?!default_rng|seed|Generator|RandomState)\w+\(|(?<!\.)\brandom\.(?!seed)\w+\("
)
"""Calls that set NumPy's or Python's own random state, and calls that draw from it."""


def refuse_marked_exercises(nb: NotebookNode, lab: str) -> None:
    """Raise LabError if an exercise or a test is marked as a demonstration."""
    for number, cell in enumerate(nb.cells, 1):
        marks = cell.metadata.get("nbgrader", {})
        if is_demonstration(cell) and any(marks.get(key) for key in ("grade", "solution", "task")):
            raise LabError(f"{lab}: {cell_name(cell, number)} counts: remove its tag {TAG!r}")


def doubtful_marks(nb: NotebookNode, lab: str) -> list[str]:
    """Return a line for each demonstration that another cell may need, and what of it."""
    cells = [(number, cell) for number, cell in enumerate(nb.cells, 1) if cell.cell_type == "code"]
    others = [(number, cell) for number, cell in cells if not is_demonstration(cell)]
    found = []
    for number, cell in cells:
        if is_demonstration(cell):
            for other_number, other in others:
                reasons = list(_reasons(cell.source, other.source, later=other_number > number))
                if reasons:
                    user = f"{cell_name(other, other_number)} {'; it '.join(reasons)}"
                    found.append(f"{lab}: cell {number} is marked as a demonstration, but {user}")
    return found


def _reasons(shown: str, other: str, *, later: bool) -> Iterator[str]:
    """Yield in what way a cell may need a demonstration; files and seeds are of use to a later cell alone."""
    makes, uses = names_of(shown), names_of(other)
    if used := sorted(makes.binds & uses.reads):
        yield f"uses {', '.join(f'`{name}`' for name in used)}: it is run while grading all the same"
    elif uses.unseen:
        yield "uses names unseen (globals(), exec, a magic): it is run while grading all the same"
    if later and (files := sorted(_written(shown) & _strings(other))):
        yield f"may read {', '.join(map(repr, files))}, which is missing if the demonstration is not run"
    if later and SEEDS.search(shown) and DRAWS.search(other) and not SEEDS.search(other):
        yield "draws random numbers, which are others if the demonstration does not set the seed"


def _calls(source: str) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(ast.parse(python_of(source))) if isinstance(node, ast.Call))


def _written(source: str) -> set[str]:
    """Return the strings that calls in a cell get which may write the file of that name."""
    found: set[str] = set()
    for call in _calls(source):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if WRITERS.fullmatch(name):
            found |= _strings(ast.unparse(call))
    return found


def _strings(source: str) -> set[str]:
    """Return the strings in a cell that may be names of files."""
    nodes = ast.walk(ast.parse(python_of(source)))
    values = (node.value for node in nodes if isinstance(node, ast.Constant))
    return {value for value in values if isinstance(value, str) and re.fullmatch(r"[\w./-]+\.\w+", value)}
