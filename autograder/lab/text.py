"""Reads a lab's text: its notebook, its exercises and its reference solution.

A lab is written as jupytext's py:percent text (assignments/<lab>/<lab>.py). `read_text` turns it
into the instructor notebook; the other functions read that notebook. Nothing here starts a
process or imports nbgrader.
"""

import ast
import copy
import functools
import hashlib
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from types import CodeType
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.errors import LabError

__all__ = [
    "BEGIN",
    "END",
    "GRADE_CALL",
    "KERNELSPEC",
    "cell_name",
    "cell_regions",
    "check_cells",
    "exercise_points",
    "imports_of",
    "in_process_tests",
    "python_of",
    "read_text",
    "reference_module",
    "reference_namespace",
    "reference_source",
    "set_ids",
    "solution_cells",
    "test_cells",
]

BEGIN = "### START CODE HERE ###"
END = "### END CODE HERE ###"
HIDDEN = "### BEGIN HIDDEN TESTS"
GRADE_CALL = "__seqlab_grade__"
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

# Metadata in which jupytext records the text's spacing: a notebook does not need it.
LAYOUT = ("lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker")


def read_text(path: Path) -> NotebookNode:
    """Return the instructor notebook of a lab's text, with derived cell ids and no outputs.

    Raises LabError, naming the file and the cell, if the text cannot be read, if markers or grade
    ids do not pair up, or if a cell's nbgrader header is not what nbgrader needs.
    """
    import jupytext  # takes 0.1 s, and grading does not need it

    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LabError(f"{path}: no such file; a lab's text is assignments/<lab>/<lab>.py") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LabError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nb: NotebookNode = jupytext.reads(text, fmt="py:percent")
    except Exception as error:  # jupytext and its YAML reader raise many types
        reason = str(error).partition("\n")[0]
        raise LabError(f"{path}: not py:percent text that jupytext can read ({reason})") from None
    nb.metadata = NotebookNode(kernelspec=NotebookNode(KERNELSPEC))
    nb.nbformat, nb.nbformat_minor = 4, 5
    for cell in nb.cells:
        for key in LAYOUT:
            cell.metadata.pop(key, None)
    try:
        check_cells(nb)
        set_ids(nb)
    except LabError as error:
        raise LabError(f"{path}: {error}") from None
    nbformat.validate(nb)
    return nb


def set_ids(nb: NotebookNode) -> None:
    """Give every cell its derived id: its grade id, else a hash of its content with an ordinal.

    Raises LabError if two cells get the same id.
    """
    ordinals: Counter[str] = Counter()
    for cell in nb.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id:
            cell.id = re.sub(r"[^A-Za-z0-9_-]", "-", grade_id)[:64]
            continue
        content_hash = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        cell.id = f"c{content_hash}-{ordinals[content_hash]}"
        ordinals[content_hash] += 1
    for cell_id, count in Counter(cell.id for cell in nb.cells).items():
        if count > 1:
            raise LabError(f"{count} cells get the id {cell_id!r}; make their grade ids differ more")


def check_cells(nb: NotebookNode) -> None:
    """Raise LabError for the first cell whose header or markers are wrong."""
    seen: set[str] = set()
    for number, cell in enumerate(nb.cells, 1):
        if wrong := cell.metadata.get("incorrectly_encoded_metadata"):
            raise LabError(f"cell {number}: its header is not valid JSON: {wrong}")
        meta = cell.metadata.get("nbgrader")
        if meta is not None:
            _check_header(meta, number)
            name = meta["grade_id"]
            if name in seen:
                raise LabError(
                    f"cell {number}: the grade id {name!r} is used twice; a cell that was split or copied in "
                    "JupyterLab keeps it: give one of them another, or none"
                )
            seen.add(name)
    for number, cell in enumerate(nb.cells, 1):
        meta = cell.metadata.get("nbgrader")
        solution = meta is not None and meta["solution"]
        regions = cell_regions(cell.source, cell_name(cell, number)) if cell.cell_type == "code" else []
        if regions and not solution:
            raise LabError(f"{cell_name(cell, number)}: has {BEGIN!r} but is not marked as a solution")
        if HIDDEN in cell.source and not (meta is not None and meta["grade"]):
            raise LabError(f"{cell_name(cell, number)}: has {HIDDEN!r} but is not marked as a test")
        by_hand = meta is not None and meta["grade"]  # without markers nbgrader empties the whole cell
        if cell.cell_type == "code" and solution and not regions and not by_hand:
            raise LabError(f"{cell_name(cell, number)}: a solution cell needs {BEGIN!r} and {END!r}")


def _check_header(meta: Any, number: int) -> None:
    """Raise LabError unless nbgrader's metadata has the fields that nbgrader requires."""
    if not isinstance(meta, Mapping):
        raise LabError(f"cell {number}: nbgrader={meta!r} must be a JSON object")
    grade_id = meta.get("grade_id")
    if not isinstance(grade_id, str) or not re.fullmatch(r"[A-Za-z0-9_-]+", grade_id):
        raise LabError(f"cell {number}: grade_id {grade_id!r} must be letters, digits, '_' or '-'")
    for key in ("grade", "solution", "locked"):
        if not isinstance(meta.get(key), bool):
            raise LabError(f"cell {number} ({grade_id}): nbgrader's {key!r} must be true or false")
    if meta.get("schema_version") != 3:
        raise LabError(f'cell {number} ({grade_id}): nbgrader needs "schema_version": 3')
    points = meta.get("points")
    if (meta["grade"] or meta.get("task")) and (
        isinstance(points, bool) or not isinstance(points, int | float) or points < 0
    ):
        raise LabError(f"cell {number} ({grade_id}): a graded cell needs its points, a number from 0")


def cell_name(cell: NotebookNode, number: int = 0) -> str:
    """Return the name of a cell in messages: its grade id, else its number."""
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    return f"cell {grade_id!r}" if grade_id else f"cell {number}"


def cell_regions(source: str, where: str, begin: str = BEGIN, end: str = END) -> list[tuple[int, int]]:
    """Return the (first, last) line indexes of a code cell's regions, markers included.

    A marker is a comment line of its own that starts with ``begin`` or ``end``. Raises LabError
    if they do not pair up.
    """
    regions: list[tuple[int, int]] = []
    start: int | None = None
    for index, line in enumerate(source.split("\n")):
        text = line.strip()
        if text.startswith(begin):
            if start is not None:
                raise LabError(f"{where}, line {index + 1}: {begin!r} inside a region; {end!r} is missing")
            start = index
        elif text.startswith(end):
            if start is None:
                raise LabError(f"{where}, line {index + 1}: {end!r} without a {begin!r} before it")
            regions.append((start, index))
            start = None
    if start is not None:
        raise LabError(f"{where}, line {start + 1}: {begin!r} without an {end!r} after it")
    return regions


def python_of(source: str) -> str:
    """Return a code cell as plain Python, line for line: magics and shell lines become ``pass``.

    A cell with a cell magic, such as ``%%timeit``, becomes empty lines.
    """
    if source.lstrip().startswith("%%"):
        return "\n" * source.count("\n")
    try:
        ast.parse(source)
    except SyntaxError:
        return re.sub(r"(?m)^([ \t]*)(%[A-Za-z]|!).*$", r"\1pass", source)
    return source


def solution_cells(nb: NotebookNode) -> dict[str, NotebookNode]:
    """Return the solution cells of exercises by grade id, in the notebook's order.

    A cell that is solution and test in one is graded by hand, and is none of them.
    """
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in nb.cells
        if cell.cell_type == "code"
        and cell.metadata.get("nbgrader", {}).get("solution")
        and not cell.metadata.nbgrader.grade
    }


def test_cells(nb: NotebookNode) -> dict[str, str]:
    """Return a mapping from each test cell's grade id to the exercise that its hidden call grades.

    Test cells without such a call are not among them: see `in_process_tests`. Raises LabError if a cell has
    two such calls, or names no solution cell, or if two cells grade one exercise.
    """
    known = solution_cells(nb)
    found: dict[str, str] = {}
    for cell in _grade_cells(nb):
        grade_id = cell.metadata.nbgrader.grade_id
        calls = _grade_calls(cell)
        if not calls:
            continue
        names = [a.value for c in calls for a in c.args if isinstance(a, ast.Constant)]
        if len(calls) != 1 or len(names) != 1 or len(calls[0].args) != 1:
            raise LabError(f'cell {grade_id!r}: must call {GRADE_CALL}("name") once, not {len(calls)} times')
        name = names[0]
        if name not in known:
            raise LabError(f"cell {grade_id!r}: grades {name!r}, but no solution cell has that grade id")
        if name in found.values():
            raise LabError(f"cell {grade_id!r}: {name!r} is already graded by an earlier cell")
        found[grade_id] = name
    return found


def in_process_tests(nb: NotebookNode) -> list[str]:
    """Return the grade ids of test cells that nbgrader scores by their outputs, without the referee.

    They run in the student's process: what they expect can be read there, and their result can be forged.
    """
    return [cell.metadata.nbgrader.grade_id for cell in _grade_cells(nb) if not _grade_calls(cell)]


def _grade_calls(cell: NotebookNode) -> list[ast.Call]:
    """Return the calls of the referee in a test cell."""
    return [
        node
        for node in ast.walk(_parse(cell.source, f"cell {cell.metadata.nbgrader.grade_id!r}"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == GRADE_CALL
    ]


# pytest would collect test_cells as a test wherever it is imported.
test_cells.__test__ = False  # type: ignore[attr-defined]


def exercise_points(nb: NotebookNode) -> dict[str, float]:
    """Return the points of each exercise, in the order of the test cells."""
    exercises = test_cells(nb)
    return {
        exercises[cell.metadata.nbgrader.grade_id]: float(cell.metadata.nbgrader.points)
        for cell in _grade_cells(nb)
        if cell.metadata.nbgrader.grade_id in exercises
    }


def reference_source(nb: NotebookNode) -> dict[str, str]:
    """Return the source of each exercise's function as the lab's text has it, markers included."""
    return {
        name: _source_of(cell.source, node)
        for name, cell in solution_cells(nb).items()
        for node in [_exercise_node(name, cell)]
    }


def reference_namespace(nb: NotebookNode, replace: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a namespace with the reference solution's functions and only what they need.

    Only those of the notebook's imports are executed that bind a name used by a solution cell.
    ``replace`` maps an exercise's name to other source of its function (a known mistake).
    Raises LabError if the source cannot be executed or ``replace`` names no exercise.
    """
    replace = dict(replace or {})
    solutions = solution_cells(nb)
    if unknown := replace.keys() - solutions.keys():
        raise LabError(f"no solution cell defines {', '.join(sorted(unknown))}")
    definitions = list(_definitions(solutions, replace))
    used = frozenset().union(*(_names(tree) for _, tree in definitions))
    namespace: dict[str, Any] = {"__name__": "reference"}
    for where, tree in [*imports_of(nb, used), *definitions]:
        try:
            exec(_compiled(tree, where), namespace)
        except Exception as error:
            raise LabError(f"{where}: the reference cannot be executed ({error!r})") from None
    return namespace


def reference_module(nb: NotebookNode, title: str) -> str:
    """Return the reference solution's functions as the source of a module, without the markers."""
    solutions = solution_cells(nb)
    used = frozenset().union(*(_names(tree) for _, tree in _definitions(solutions, {})))
    imports = list(dict.fromkeys(ast.unparse(tree) for _, tree in imports_of(nb, used)))
    functions = [
        "\n".join(line for line in _source_of(cell.source, node).split("\n") if not _is_marker(line))
        for name, cell in solutions.items()
        for node in _parse(cell.source, f"cell {name!r}").body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    return "\n".join([f'"""{title}"""', "", *imports, "", "", "\n\n".join(functions)])


def _is_marker(line: str) -> bool:
    return line.strip().startswith((BEGIN, END))


def _definitions(
    solutions: Mapping[str, NotebookNode], replace: Mapping[str, str]
) -> Iterator[tuple[str, ast.Module]]:
    """Yield each top-level function or class of the solution cells, as a module of its own."""
    for name, cell in solutions.items():
        exercise = _exercise_node(name, cell)
        for node, tree in _top_level(cell.source, f"cell {name!r}"):
            if name in replace and node.name == exercise.name:
                yield name, _parse(replace[name], f"another version of {name}")
            else:
                yield name, tree


def imports_of(nb: NotebookNode, used: Set[str]) -> Iterator[tuple[str, ast.Module]]:
    """Yield the notebook's top-level imports, reduced to the names that are used."""
    for number, cell in enumerate(nb.cells, 1):
        if cell.cell_type != "code":
            continue
        where = cell_name(cell, number)
        for node in _parse(cell.source, where).body:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            if node.names[0].name == "*":
                raise LabError(f"{where}: 'import *' hides what a solution needs; name what is imported")
            wanted = copy.copy(node)
            wanted.names = [a for a in node.names if (a.asname or a.name.partition(".")[0]) in used]
            if wanted.names:
                yield where, ast.Module([wanted], [])


def _grade_cells(nb: NotebookNode) -> list[NotebookNode]:
    """Return the test cells."""
    return [
        cell
        for cell in nb.cells
        if cell.cell_type == "code"
        and cell.metadata.get("nbgrader", {}).get("grade")
        and not cell.metadata.nbgrader.solution
    ]


def _exercise_node(name: str, cell: NotebookNode) -> ast.FunctionDef:
    """Return the definition of the function that is named like its cell's grade id."""
    nodes = [
        node
        for node in _parse(cell.source, f"cell {name!r}").body
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    if len(nodes) != 1:
        raise LabError(f"cell {name!r}: must define the function {name} once, not {len(nodes)} times")
    return nodes[0]


def _source_of(source: str, node: ast.FunctionDef | ast.ClassDef) -> str:
    """Return the lines of a definition, decorators and inner comments included."""
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return "\n".join(source.split("\n")[first - 1 : node.end_lineno]) + "\n"


# Cached: every known mistake is defined together with the same other functions.
@functools.lru_cache(maxsize=1024)
def _top_level(source: str, where: str) -> list[tuple[ast.FunctionDef | ast.ClassDef, ast.Module]]:
    """Return the functions and classes that a code cell defines, each with a module of its own."""
    nodes = [n for n in _parse(source, where).body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    return [(node, ast.Module([node], [])) for node in nodes]


@functools.lru_cache(maxsize=1024)
def _names(tree: ast.Module) -> frozenset[str]:
    """Return the names that a piece of code uses."""
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


@functools.lru_cache(maxsize=1024)
def _compiled(tree: ast.Module, where: str) -> CodeType:
    return compile(tree, f"<reference {where}>", "exec")


@functools.lru_cache(maxsize=1024)
def _parse(source: str, where: str) -> ast.Module:
    """Return the syntax tree of a code cell (cached: do not modify); raises LabError on a syntax error."""
    try:
        return ast.parse(python_of(source))
    except SyntaxError as error:
        raise LabError(f"{where}, line {error.lineno}: {error.msg}") from None
