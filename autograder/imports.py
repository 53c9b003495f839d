"""Leaves out modules that other packages load and never use: for processes that are the grader's own.

`rfc3987_syntax` is loaded by jsonschema for a format that no notebook uses, and builds a large grammar.
nbgrader and jupytext load extensions of Jupyter's server, and with them the server. Leaving them out
saves 1.5 s of the 2.7 s of CPU time that loading nbgrader takes (`python -m benchmarks.switches`).
`SEQLAB_ALL_IMPORTS=1` switches this off.
"""

import os
import sys
from types import ModuleType

__all__ = ["leave_out_unused"]

SERVER_EXTENSIONS = (
    "jupytext.async_contentsmanager",
    "jupytext.sync_contentsmanager",
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.course_list",
    "nbgrader.server_extensions.formgrader",
    "nbgrader.server_extensions.validate_assignment",
)


class _Empty(ModuleType):
    """A module in which every name is None."""

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)


def leave_out_unused() -> None:
    """Keep this process from loading the unused modules; one that is loaded already stays.

    Only for a process that is the grader's own, before it loads nbgrader: elsewhere they may be needed.
    """
    if os.environ.get("SEQLAB_ALL_IMPORTS") == "1":
        return
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as if it were not installed
    for name in SERVER_EXTENSIONS:
        sys.modules.setdefault(name, _Empty(name))
