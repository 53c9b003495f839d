"""Turns solution cells into the stubs that students start from.

`stub_source` does it for one cell; `StubWriter` replaces nbgrader's ClearSolutions with it, and
`FinishRelease` is the last step of a release: it removes build metadata and checks that every cell
compiles.
"""

import ast
import io
import re
import tokenize

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor

from autograder.errors import LabError
from autograder.lab.text import BEGIN, END, cell_name, cell_regions, python_of

__all__ = ["FinishRelease", "StubWriter", "stub_source"]


def stub_source(source: str, name: str, begin: str = BEGIN, end: str = END) -> str:
    """Return a solution cell as the student gets it; ``name`` is its grade id.

    Markers and comments stay. A region of plain assignments keeps their left-hand sides and assigns None;
    any other region becomes its comments and a NotImplementedError. Raises LabError if the cell has
    no region, or one that cuts through a statement or holds no code.
    """
    where = f"cell {name!r}"
    regions = cell_regions(source, where, begin, end)
    if not regions:
        raise LabError(f"{where}: a solution cell needs {begin!r} and {end!r}")
    lines = source.split("\n")
    try:
        plain = python_of(source)
        tree = ast.parse(plain)
        tokens = list(tokenize.generate_tokens(io.StringIO(plain + "\n").readline))
    except (SyntaxError, tokenize.TokenError) as error:
        raise LabError(f"{where}: the solution is not valid Python ({error})") from None
    for first, last in reversed(regions):  # from the end, so that earlier line numbers stay valid
        statements, owner = _region_statements(tree, lines, first + 1, last + 1, where)
        count = sum(t.type == tokenize.NEWLINE and first + 1 < t.start[0] < last + 1 for t in tokens)
        indent = re.match(r"\s*", lines[_start(statements[0]) - 1])[0]  # type: ignore[index]
        comments = _own_line_comments(tokens, tree, first + 1, last + 1)
        body = _assignments(statements, comments, lines[first + 1 : last], first + 2)
        if body is None:
            sentence = f"{owner or name}: replace this line with your code, between START and END CODE HERE"
            body = [*comments.values(), f'raise NotImplementedError("{sentence}")']
        begin_line = f"{begin} (≈ {count} line{'' if count == 1 else 's'})"
        marker = re.match(r"\s*", lines[first])[0] + begin_line  # type: ignore[index]
        lines[first:last] = [marker, *(indent + line if line else "" for line in body)]
    return "\n".join(lines)


def _region_statements(
    tree: ast.Module, lines: list[str], first: int, last: int, where: str
) -> tuple[list[ast.stmt], str | None]:
    """Return the outermost statements between two lines, and the name of the function around them."""
    found: list[ast.stmt] = []
    homes: set[tuple[int, str]] = set()
    owner: str | None = None

    def visit(node: ast.AST, function: str | None) -> None:
        nonlocal owner
        for home, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.stmt) and first < _start(child) and _end(child) < last:
                    found.append(child)
                    homes.add((id(node), home))
                    owner = function
                elif isinstance(child, ast.AST):
                    visit(child, child.name if isinstance(child, ast.FunctionDef) else function)

    visit(tree, None)
    if not found:
        raise LabError(f"{where}, line {first}: there is no code between the markers")
    covered = {number for statement in found for number in range(_start(statement), _end(statement) + 1)}
    for number in range(first + 1, last):
        code = lines[number - 1].strip()
        if len(homes) > 1 or (code and not code.startswith("#") and number not in covered):
            raise LabError(
                f"{where}, line {number}: the region begins or ends inside another block or statement"
            )
    return found, owner


def _start(statement: ast.stmt) -> int:
    """Return a statement's first line, decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _end(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def _own_line_comments(
    tokens: list[tokenize.TokenInfo], tree: ast.Module, first: int, last: int
) -> dict[int, str]:
    """Return line number -> comment for comments on lines of their own, outside multi-line statements."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            inside.update(range(node.lineno, _end(node) + 1))
    return {
        token.start[0]: token.string
        for token in tokens
        if token.type == tokenize.COMMENT
        and first < token.start[0] < last
        and not token.line[: token.start[1]].strip()
        and token.start[0] not in inside
    }


def _assignments(
    statements: list[ast.stmt], comments: dict[int, str], lines: list[str], offset: int
) -> list[str] | None:
    """Return the lines of a region of plain assignments, with None assigned; None for any other region.

    ``lines`` are the region's lines and ``offset`` is the number of the first. Blank lines stay, and
    an assignment that would repeat the line before it is left out.
    """
    blanked: dict[int, list[str]] = {}
    covered: set[int] = set()
    for statement in statements:
        line = _blank(statement)
        if line is None:
            return None
        blanked.setdefault(statement.lineno, []).append(line)
        covered.update(range(statement.lineno, _end(statement) + 1))
    body: list[str] = []
    for number, text in enumerate(lines, offset):
        if number in comments:
            body.append(comments[number])
        elif not text.strip() and number not in covered:
            body.append("")
        for line in blanked.get(number, []):
            if next((earlier for earlier in reversed(body) if earlier), None) != line:
                body.append(line)
    return body


def _blank(statement: ast.stmt) -> str | None:
    """Return an assignment to plain names with None for each value, or None for any other statement."""
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        return f"{statement.target.id} = None"
    if not isinstance(statement, ast.Assign):
        return None
    sides: list[str] = []
    width = 0
    for target in statement.targets:
        elements = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        if not all(isinstance(element, ast.Name) for element in elements):
            return None
        width = max(width, len(elements))
        sides.append(", ".join(element.id for element in elements if isinstance(element, ast.Name)))
        if isinstance(target, ast.Tuple | ast.List) and len(statement.targets) > 1:
            return None  # a = b, c = f() has no short blank form
    return " = ".join([*sides, ", ".join(["None"] * width)])


class StubWriter(ClearSolutions):
    """nbgrader's ClearSolutions, with stubs that keep the names and comments of a solution."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Replace the regions of a solution cell; raises LabError if it has none, or another cell has one."""
        begin, end = self.begin_solution_delimeter, self.end_solution_delimeter
        if cell.cell_type != "code":
            if utils.is_solution(cell):  # a written answer: left to nbgrader
                cell, resources = super().preprocess_cell(cell, resources, cell_index)
            return cell, resources
        by_hand = utils.is_solution(cell) and utils.is_grade(cell)
        if by_hand and not cell_regions(cell.source, cell_name(cell, cell_index + 1), begin, end):
            cell, resources = super().preprocess_cell(cell, resources, cell_index)
        elif utils.is_solution(cell):
            cell.source = stub_source(cell.source, cell.metadata.nbgrader["grade_id"], begin, end)
        elif cell_regions(cell.source, cell_name(cell, cell_index + 1), begin, end):
            raise LabError(f"cell {cell_index + 1}: has {begin!r} but is not marked as a solution")
        return cell, resources


class FinishRelease(NbGraderPreprocessor):
    """Removes build metadata from a release, and checks that each of its cells compiles."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Drop the metadata of seqlab and jupytext; raises LabError for a cell that does not compile."""
        for key in ("seqlab", "jupytext"):
            nb.metadata.pop(key, None)
        for number, cell in enumerate(nb.cells, 1):
            if cell.cell_type == "code":
                check_compiles(cell.source, cell_name(cell, number))
        return nb, resources


def check_compiles(source: str, where: str) -> None:
    """Raise LabError unless a code cell compiles, magics aside."""
    try:
        compile(python_of(source), "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        raise LabError(
            f"{where}: the released cell does not compile, line {error.lineno}: {error.msg}"
        ) from None
