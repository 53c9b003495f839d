"""Reads reference.py: the reference of exercises whose solutions need a framework.

The referee computes right outputs from it, so that it never imports a framework. Each function has the
name of an exercise, or helps one.
"""

import ast
import copy
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.errors import LabError
from autograder.lab import text as labtext

__all__ = ["with_reference"]


def with_reference(nb: NotebookNode, path: Path) -> NotebookNode:
    """Return a copy of a lab's notebook with the functions of reference.py in place of its solutions.

    Raises LabError if the file cannot be read, or holds anything but imports, functions and a docstring.
    """
    try:
        source = path.read_text(encoding="utf-8")
        nodes = ast.parse(source).body
    except (OSError, ValueError, SyntaxError) as error:
        raise LabError(f"{path}: cannot be read as Python ({error})") from None
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    left = [node for node in nodes if node not in imports and node not in functions]
    if odd := [node for node in left if not isinstance(node, ast.Expr)]:
        raise LabError(f"{path}, line {odd[0].lineno}: only imports and functions may stand here")
    made = copy.deepcopy(nb)
    cells = labtext.solution_cells(made)
    sources = {node.name: ast.get_source_segment(source, node) or "" for node in functions}
    helpers = [text for name, text in sources.items() if name not in cells]
    for name, text in sources.items():
        if name in cells:
            cells[name].source = "\n\n\n".join([text, *helpers])
            helpers = []
    if helpers:
        raise LabError(f"{path}: none of its functions is an exercise")
    # The last ones: where a name is imported twice, the reference's counts.
    made.cells.append(new_code_cell("\n".join(map(ast.unparse, imports))))
    return made
