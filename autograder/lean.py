"""Packages that are loaded for the sake of others and never used: a process of our own leaves them out.

nbgrader, whatever is imported of it, loads its extensions of Jupyter's server, and they load the server.
jupytext does the same. That is more than half of what a command would load.
"""

import sys
from types import ModuleType

__all__ = ["leave_out"]

MISSING = (
    "isoduration",
    "jsonpointer",
    "jupytext.async_contentsmanager",
    "jupytext.sync_contentsmanager",
    "rfc3339_validator",
    "rfc3986_validator",
    "uri_template",
    "webcolors",
)
"""Whoever imports these goes on where they are not installed: jsonschema then knows some formats less."""
EMPTY = (
    "bs4",
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.course_list",
    "nbgrader.server_extensions.formgrader",
    "nbgrader.server_extensions.validate_assignment",
    "setuptools.archive_util",
)
"""nbconvert makes HTML pages with the first, nbgrader unpacks archives with the last."""


class _Empty(ModuleType):
    """A module in which every name is None."""

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)


def leave_out() -> None:
    """Keep this process from loading them; one that is loaded already stays.

    For a process that is ours alone, before it loads nbgrader: in another one they may be needed.
    """
    for name in MISSING:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    for name in EMPTY:
        sys.modules.setdefault(name, _Empty(name))
