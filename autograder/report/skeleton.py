"""Writes an entry of mistakes.py, to be completed by hand, from a group of equal wrong answers."""

import difflib
import io
import tokenize

from autograder.feedback.text import clean, one_line, shortened
from autograder.report.groups import Group

__all__ = ["to_skeleton"]

HEAD = """\
# {sentence}, in `{exercise}`.
# An entry of mistakes.py for `{exercise}`, to be completed: the old text of an edit stands once in the
# solution. `seqlab audit {lab}` tries it. What one of them wrote (+) in place of the solution (-):
"""
ENTRY = """\
Mistake(
    "TODO-name",
    (("TODO: text of the solution", "TODO: what stands there in the mistake"),),
    "TODO: the sentence that students read: it names the symbol and the idea, never the code to write.",
),
"""


def to_skeleton(group: Group, solution: str, answer: str) -> str:
    """Return the entry as text. What the student wrote stands in comments alone: nothing of it is executed.

    ``solution`` and ``answer`` are the sources of both cells.
    """
    head = HEAD.format(sentence=one_line(group.sentence), exercise=group.column.name, lab=group.column.lab)
    code, cut = shortened("\n".join(_code(answer)))
    changes = difflib.unified_diff(_code(solution), code.split("\n"), n=0, lineterm="")
    kept = [line for line in changes if not line.startswith(("---", "+++", "@@"))]
    kept += [cut] if cut else []
    return head + "".join(f"#   {line}\n" for line in kept) + ENTRY


def _code(source: str) -> list[str]:
    """Return the lines of a cell that hold code, without comments; all lines of what is no Python."""
    ends: dict[int, int] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                ends[token.start[0]] = token.start[1]
    except (tokenize.TokenError, SyntaxError):
        ends = {}
    lines = [line[: ends.get(n)] for n, line in enumerate(source.split("\n"), 1)]
    return [one for line in lines for one in clean(line).expandtabs().rstrip().splitlines() if one.strip()]
