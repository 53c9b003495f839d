"""Keeps modules that other packages import and never use out of the grader's own processes.

jsonschema imports parsers for formats that no notebook uses; one of them, `rfc3987_syntax`, builds a large
grammar. nbgrader and jupytext import extensions of Jupyter's server, and with them the server; nbgrader
imports setuptools to unpack the archives that it collects. What may be used, though not by grading, is loaded
once it is used: `requests`, with which nbgrader asks JupyterHub, and the CSS selectors of bs4, a part of
nbconvert's needs. This saves 1.9 s of the 2.8 s of CPU time that loading nbgrader takes (`python -m
benchmarks.switches`). `SEQLAB_ALL_IMPORTS=1` switches this off.
"""

import importlib.util
import os
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

__all__ = ["leave_out_unused"]

ABSENT = ("isoduration", "nbconvert.postprocessors.serve", "rfc3986_validator", "rfc3987_syntax")
"""Modules that may be missing: whoever imports them does without."""
UNUSED = (
    "jupytext.async_contentsmanager",
    "jupytext.sync_contentsmanager",
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.course_list",
    "nbgrader.server_extensions.formgrader",
    "nbgrader.server_extensions.validate_assignment",
    "setuptools.archive_util",
)
LATE = ("requests", "soupsieve")
"""Modules that are loaded when a name of theirs is asked for."""


class _Empty(ModuleType):
    """A module in which every name is None."""

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)


class _Late(ModuleType):
    """Stands for a module, which is loaded when a name of it is asked for."""

    def __init__(self, spec: ModuleSpec) -> None:
        super().__init__(spec.name)
        self.__spec__, self.__file__ = spec, spec.origin

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        module = importlib.import_module(self.__name__)
        self.__dict__.update(module.__dict__)  # for those who have imported this one
        return getattr(module, name)


class _Loaded(MetaPathFinder, Loader):
    """Finds a module that is loaded: one that came with its late parent, and would be executed twice."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec for a loaded module that is not to be loaded again."""
        if target is not None or fullname not in sys.modules:
            return None
        return ModuleSpec(fullname, self, loader_state=sys.modules[fullname].__spec__)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module as it is."""
        return sys.modules[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Give the module its own spec back."""
        assert module.__spec__ is not None
        module.__spec__ = module.__spec__.loader_state


def leave_out_unused() -> None:
    """Keep this process from importing the unused modules; those already imported stay.

    Call it only in the grader's own processes, before nbgrader is imported: other programs may need them.
    """
    if os.environ.get("SEQLAB_ALL_IMPORTS") == "1":
        return
    for name in ABSENT:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # as if it were not installed
    for name in UNUSED:
        sys.modules.setdefault(name, _Empty(name))
    for name in LATE:
        if name not in sys.modules and (spec := importlib.util.find_spec(name)):
            sys.modules[name] = _Late(spec)
    if not any(isinstance(finder, _Loaded) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Loaded())
