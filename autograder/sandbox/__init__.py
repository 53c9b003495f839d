"""Runs student code in isolation.

Cells come in as text; their outputs and the probe's frames go out, all untrusted. `ForkServer` forks an
isolated child for each submission and `Sandbox` runs cells in it; the package ``inside`` is the code on
the other side. May import `autograder.errors` and
`autograder.scratch` only.
"""

from autograder.sandbox.bubblewrap import Isolation, why_not
from autograder.sandbox.cgroups import controllers, remove_left_groups
from autograder.sandbox.executor import CellRun, Ended, Listener, Sandbox
from autograder.sandbox.fork_server import ForkServer
from autograder.sandbox.limits import Limits

__all__ = [
    "CellRun",
    "Ended",
    "ForkServer",
    "Isolation",
    "Limits",
    "Listener",
    "Sandbox",
    "controllers",
    "remove_left_groups",
    "why_not",
]
