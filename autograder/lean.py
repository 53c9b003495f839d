"""Modules that are loaded for the sake of others and never used: a process of our own leaves them out.

nbgrader, whatever is imported of it, loads its extensions of Jupyter's server, and they load the server.
jupytext does the same. That is a fifth of the time that a command takes to load.
"""

import sys
from types import ModuleType

__all__ = ["leave_out"]

UNUSED = (
    "jupytext.async_contentsmanager",
    "jupytext.sync_contentsmanager",
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.course_list",
    "nbgrader.server_extensions.formgrader",
    "nbgrader.server_extensions.validate_assignment",
    "setuptools.archive_util",
)
"""Parts of Jupyter's server, but for the last, with which nbgrader unpacks archives."""


class _Empty(ModuleType):
    """A module in which every name is None."""

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)


def leave_out() -> None:
    """Keep this process from loading them; one that is loaded already stays.

    For a process that is ours alone, before it loads nbgrader: in another one they may be needed.
    """
    for name in UNUSED:
        sys.modules.setdefault(name, _Empty(name))
