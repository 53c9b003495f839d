"""Reads a cell as IPython does, in less time where it is plain Python.

IPython looks for its own syntax (``%magic``, ``!command``, ``name?``) with a tokeniser written in Python,
which takes longer than all else that it does with a cell. Text that parses as Python holds none of that
syntax. What does not, or might be read in two ways, goes IPython's own way.
"""

import ast
import re
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.inputtransformer2 import TransformerManager

__all__ = ["Compiler", "Transforms"]

_UNSURE = re.compile(
    r"""
      [\r\v\f\x1c-\x1e\x85\u2028\u2029]         # IPython begins a new line at these
    | \\(?![\\'"abfnrtvx0])                     # lines that go on, and escapes that warn when parsed
    | \b\d[\w.]*(?:and|else|for|i[fns]|not|or)  # numbers that run into a word: they warn too
    """,
    re.VERBOSE,
)
_STOCK = TransformerManager().token_transformers


class Compiler(CachingCompiler):
    """IPython's compiler; it parses the text of a cell once."""

    _parsed: tuple[Any, ...] = ()

    def parses(self, source: str) -> bool:
        """Whether text is Python; if so, its tree is kept."""
        try:
            self._parsed = source, self.flags, super().ast_parse(source)
        except Exception:
            return False
        return True

    def known(self, source: str | None) -> ast.AST | None:
        """Return the tree of some source, if it was parsed last."""
        return self._parsed[2] if self._parsed[:2] == (source, self.flags) else None

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> ast.AST:
        """Return the tree of some source; it belongs to the caller."""
        tree, self._parsed = self.known(source), ()
        if tree is None or symbol != "exec":
            return super().ast_parse(source, filename, symbol)
        return tree


class Transforms(TransformerManager):
    """IPython's transformations of a cell; ``compiler`` is the shell's."""

    compiler: Compiler

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        """Replace IPython's own syntax by calls."""
        source = "".join(lines)
        stock = self.token_transformers == _STOCK
        if stock and not _UNSURE.search(source) and self.compiler.parses(source):
            return lines
        return super().do_token_transforms(lines)
