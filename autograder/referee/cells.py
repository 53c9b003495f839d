"""Remembers the cells that have run, to say why a function could not be called: words, never points."""

import ast
import re
from collections.abc import Sequence

from nbformat import NotebookNode

from autograder.lab.text import imports_of
from autograder.referee.wording import redacted
from course_utils.judging.raised import only_stub

__all__ = ["Cells"]


class Cells:
    """The code cells of a notebook that have run so far, and what they raised.

    ``text`` is the lab's own: its imports are known by name. ``below`` are the code cells that come after the
    test cell at hand.
    """

    def __init__(self, text: NotebookNode) -> None:
        self.below: Sequence[str] = ()
        self._text = text
        self._ran: list[tuple[str, str]] = []

    def add(self, source: str, error: str | None, message: str, line: str) -> None:
        """Note a cell that has run: its exception's name, if any, and text, and the line that led to it."""
        text, where = f": {redacted(message)}" if message else "", f" ({line})" if line else ""
        self._ran.append((source, f"{error}{text}{where}" if error else ""))

    def why_undefined(self, name: str) -> str:
        """Return why a name has no value, or an empty string if that is not known."""
        binding = [(source, raised) for source, raised in self._ran if _binds(source, name)]
        if not binding:
            if any(_binds(source, name) for source in self.below):
                return "the cell that defines it stands below this test; move it up"
            imported = next((ast.unparse(tree) for _, tree in imports_of(self._text, {name})), "")
            return f"no code cell above has `{imported}`: put it back" if imported else ""
        source, raised = binding[-1]
        if not raised:
            return ""
        is_function = re.search(rf"^\s*def {name}\b", source, re.MULTILINE)
        return f"{'its cell' if is_function else 'the cell that defines it'} raised {raised}"

    def is_stub(self, name: str) -> bool:
        """Whether nothing but a stub stands in the last cell that defines a function.

        True also where no cell is known to define it.
        """
        source = next((source for source, _ in reversed(self._ran) if _binds(source, name)), None)
        if source is None:
            return True
        return only_stub(source, name)


def _binds(source: str, name: str) -> bool:
    """Whether a cell, which may be no valid Python, defines, assigns or imports a name."""
    word = rf"\b{re.escape(name)}\b"
    patterns = (rf"^\s*(?:def|class)\s+{word}", rf"^{word}\s*=", rf"^\s*(?:import|from)\s.*{word}")
    return any(re.search(pattern, source, re.MULTILINE) for pattern in patterns)
