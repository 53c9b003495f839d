"""Makes the functions of earlier labs importable by later ones: ``from cells import rnn_forward``.

A lab that builds on others names them (``Lab(earlier=("cells",))``), and build writes a module with
their functions beside its notebook. The wheel never has these modules: they hold solutions. While a
lab's own code is executed here, the same modules are created in memory.
"""

import contextlib
import functools
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from autograder.lab import text as labtext

__all__ = ["importable", "module_source"]


@contextlib.contextmanager
def importable(assignments: Path) -> Iterator[None]:
    """Let the labs under ``assignments`` be imported by name; a package of the same name comes first."""
    finder = _Labs(assignments)
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.made:
            sys.modules.pop(name, None)


def module_source(text: Path) -> str:
    """Return the source of a module with a lab's reference functions; ``text`` is the path of its text."""
    return _source(text, text.stat().st_mtime_ns)


@functools.lru_cache(maxsize=32)
def _source(text: Path, _stamp: int) -> str:
    return labtext.reference_module(labtext.read_text(text), f"The functions of the lab `{text.stem}`.")


class _Labs(MetaPathFinder, Loader):
    """A finder and loader of labs as modules."""

    def __init__(self, assignments: Path) -> None:
        self._assignments = assignments
        self.made: list[str] = []

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec for the name of a lab."""
        if "." in fullname or not self._text(fullname).is_file():
            return None
        return ModuleSpec(fullname, self, origin=str(self._text(fullname)))

    def exec_module(self, module: ModuleType) -> None:
        """Execute the functions of the lab in its module."""
        self.made.append(module.__name__)
        source = module_source(self._text(module.__name__))
        exec(compile(source, f"<lab {module.__name__}>", "exec"), module.__dict__)

    def _text(self, lab: str) -> Path:
        return self._assignments / lab / f"{lab}.py"
