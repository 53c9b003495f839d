"""Where student code runs: `Sandbox` outside, the ``inside`` package within."""

from .cgroup import controllers
from .executor import CellRun, Ended, Listener, Sandbox
from .isolation import Isolation, why_not
from .limits import Limits
from .stage import laid_over, plain_files
from .zone import Zone

__all__ = [
    "CellRun",
    "Ended",
    "Isolation",
    "Limits",
    "Listener",
    "Sandbox",
    "Zone",
    "controllers",
    "laid_over",
    "plain_files",
    "why_not",
]
