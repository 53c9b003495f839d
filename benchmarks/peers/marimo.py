"""Writes the assignment as a marimo program, in the form that mograder reads."""

import ast
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.peers.assignment import IMPORTS, Question, source_of_test

MARK = "# exercise: "
HEADER = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["marimo==0.25.2", "mograder==0.3.16", "numpy==2.4.6"]
# ///

"""
"""What mograder has uv install for the notebooks, once for the class."""


def marimo_source(questions: Sequence[Question]) -> str:
    """Return the source notebook: with solutions, hidden tests and marks."""
    marks = {question.name: question.points for question in questions}
    shared = {"mo", "np", "sigmoid", "softmax", "check", *marks}
    parts = [
        HEADER + 'import marimo\n\n__generated_with = "0.25.2"\napp = marimo.App()',
        cell("import marimo as mo\nfrom mograder.runtime import check", shared, ["check", "mo"]),
        cell(IMPORTS, shared, ["np", "sigmoid", "softmax"]),
        cell(f"# === MOGRADER: MARKS ===\n_marks = {marks!r}", shared),
    ]
    for question in questions:
        parts.append(cell(f"mo.md({question.prose!r})", shared))
        solution = f"{MARK}{question.name}\n### BEGIN SOLUTION\n{question.solution}\n### END SOLUTION"
        parts.append(cell(solution, shared, [question.name]))
        parts.append(cell(test_cell(question), shared))
    return "\n\n\n".join([*parts, 'if __name__ == "__main__":\n    app.run()\n'])


def test_cell(question: Question) -> str:
    """Return the cell that checks one function: all of its names are local to it."""
    body = textwrap.indent(f"{source_of_test(question)}\nreturn check_all, CASES", "    ")
    attempt = (
        "def _passes():\n    try:\n        _check_all, _cases = _test()\n"
        f"        _check_all({question.name}, _cases)\n"
        "    except Exception:\n        return False\n    return True"
    )
    shown = f"check({question.name + ': hidden cases'!r}, [(_passes(), 'a value is not right')])"
    return f"### BEGIN HIDDEN TESTS\ndef _test():\n{body}\n\n\n{attempt}\n\n\n{shown}\n### END HIDDEN TESTS"


def cell(source: str, shared: Iterable[str], defined: Sequence[str] = ()) -> str:
    """Return one cell of a marimo program; its arguments are the shared names that it uses."""
    used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    arguments = ", ".join(sorted(used & set(shared) - set(defined)))
    returned = f"return {', '.join(defined)}{',' * (len(defined) == 1)}" if defined else "return"
    return f"@app.cell\ndef _({arguments}):\n{textwrap.indent(source, '    ')}\n    {returned}"


def fill_in(release: str, functions: Mapping[str, str]) -> str:
    """Return a released program with functions where the solutions were taken out."""
    for name, source in functions.items():
        pattern = rf"(    {MARK}{name}\n)(.*?)(\n    return )"
        found = re.search(pattern, release, re.DOTALL)
        if not found:
            raise ValueError(f"the release has no cell for {name}")
        body = f"{textwrap.indent('# YOUR CODE HERE', '    ')}\n{textwrap.indent(source, '    ')}"
        release = release[: found.start(2)] + body + release[found.end(2) :]
    return release
