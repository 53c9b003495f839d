"""Defines the limits of a submission: time, memory, processes, files and output."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from autograder.errors import UsageError

__all__ = ["Limits"]

MOST = 1 << 62
"""The kernel takes limits as 64-bit numbers."""


@dataclass(frozen=True)
class Limits:
    """Limits of one submission; a lab overrides some with `Limits.with_changes`.

    Times are seconds, sizes are bytes.
    """

    cell_seconds: float = 30.0
    """Wall-clock time of one cell; a test cell's hidden cases count as part of it."""
    notebook_seconds: float = 300.0
    """Wall-clock time of the whole notebook."""
    cpu_seconds: int = 240
    """CPU time of each process."""
    memory: int = 4 << 30
    """Address space of each process."""
    total_memory: int = 4 << 30
    """Memory of all its processes together, files in memory included, where there are control groups."""
    file_size: int = 64 << 20
    """Largest file it may write."""
    disk: int = 128 << 20
    """Size of each of its private folders (under bubblewrap)."""
    files: int = 10_000
    """Files and folders that each private folder may hold (where submissions share a fork server)."""
    processes: int = 64
    """Processes and threads of the sandbox's user."""
    cell_output: int = 256 << 10
    """Output of one cell that is kept, as JSON; the rest is cut off, with a notice."""
    cell_outputs: int = 1_000
    """Number of outputs of one cell that are kept."""
    saved_output: int = 8 << 20
    """Output of the whole notebook that is kept, counting every copy that a display update writes."""
    notebook_output: int = 64 << 20
    """Output that the whole notebook may send before the sandbox ends it."""
    start_seconds: float = 60.0
    """Time that the sandbox itself may take to start; more is a fault of the grader."""

    def with_changes(self, changes: Mapping[str, Any]) -> "Limits":
        """Return a copy with some limits changed; raises UsageError for an unknown name or a wrong value."""
        known = asdict(Limits())
        for name, value in changes.items():
            if name not in known:
                raise UsageError(f"no limit is called {name!r}; there are {', '.join(sorted(known))}")
            whole = isinstance(known[name], int)
            if type(value) not in (int, *(() if whole else (float,))) or not 0 < value < MOST:
                number = "a whole number" if whole else "a number"
                raise UsageError(f"the limit {name} is {value!r}: it must be {number} above 0")
        return replace(self, **changes)

    def for_worker(self) -> dict[str, int]:
        """Return the limits that the child sets for itself, by the names that it uses."""
        values = asdict(self)
        names = {"cpu": "cpu_seconds", "file": "file_size"}
        keys = ("cpu", "memory", "file", "processes", "disk", "files")
        return {key: values[names.get(key, key)] for key in keys}
