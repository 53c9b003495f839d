"""Keeps modules that other packages import and never use out of the grader's own processes.

jsonschema imports `rfc3987_syntax`, which builds a large grammar, for a format that no notebook uses.
nbgrader and jupytext import extensions of Jupyter's server, and with them the server; nbgrader imports
setuptools to unpack the archives that it collects. Leaving them out saves 1.7 s of the 2.7 s of CPU time that
loading nbgrader takes (`python -m benchmarks.switches`).
`SEQLAB_ALL_IMPORTS=1` switches this off.
"""

import os
import sys
from types import ModuleType

__all__ = ["leave_out_unused"]

UNUSED = (
    "jupytext.async_contentsmanager",
    "jupytext.sync_contentsmanager",
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.course_list",
    "nbgrader.server_extensions.formgrader",
    "nbgrader.server_extensions.validate_assignment",
    "setuptools.archive_util",
)


class _Empty(ModuleType):
    """A module in which every name is None."""

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)


def leave_out_unused() -> None:
    """Keep this process from importing the unused modules; those already imported stay.

    Call it only in the grader's own processes, before nbgrader is imported: other programs may need them.
    """
    if os.environ.get("SEQLAB_ALL_IMPORTS") == "1":
        return
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as if it were not installed
    for name in UNUSED:
        sys.modules.setdefault(name, _Empty(name))
