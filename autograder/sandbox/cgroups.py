"""Limits all processes of a fork server together by a control group, where the system allows it.

A resource limit applies to each process separately, and misses memory that belongs to no process (shared
memory, files in tmpfs). A control group counts everything. Root can create one, and so can a user to whom
part of the tree was delegated; elsewhere grading goes on without, and `doctor` says so.
"""

import contextlib
import os
import time
from itertools import count
from pathlib import Path

from autograder.sandbox.limits import Limits

__all__ = ["ControlGroup", "controllers", "remove_left_groups"]

ROOT = Path("/sys/fs/cgroup")
FILES = {
    "memory": (("memory.max", "memory.limit_in_bytes"), ("memory.swap.max", "memory.memsw.limit_in_bytes")),
    "pids": (("pids.max",),),
}
"""For each controller the files that take its limits, each by its names in cgroup v2 and v1."""
SERVER = 64 << 20, 20
"""What the server's own processes may use in addition to the submission: bytes, processes."""
_numbers = count()


class ControlGroup:
    """The control group of one fork server; it has no effect where none can be created."""

    def __init__(self, limits: Limits) -> None:
        self._values = {
            "memory": limits.total_memory + SERVER[0],
            "pids": limits.processes + SERVER[1],
        }
        name = f"seqlab-{os.getpid()}-{next(_numbers)}"
        remove_left_groups()
        self._folders = [made for folder in _own_folders() if (made := self._make(folder / name))]

    @property
    def limited(self) -> set[str]:
        """The controllers that limit the server."""
        return {name for folder in self._folders for name in FILES if _settable(folder, name)}

    def add_tree(self, pid: int) -> None:
        """Move a process and its descendants into the group; processes that they start later follow."""
        for one in _tree(pid) if self._folders else ():
            for folder in self._folders:
                with contextlib.suppress(OSError):
                    (folder / "cgroup.procs").write_text(str(one))

    def remove(self) -> None:
        """Remove the group once its processes have ended."""
        for folder in self._folders:
            for _ in range(50):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:  # its last process is still ending
                    time.sleep(0.02)
                else:
                    break
        self._folders = []

    def _make(self, folder: Path) -> Path | None:
        try:
            folder.mkdir()
        except OSError:
            return None
        found = [name for name in FILES if _settable(folder, name)]
        for name in found:
            for alternatives in FILES[name]:
                for file in alternatives:
                    if (folder / file).exists():
                        with contextlib.suppress(OSError):
                            (folder / file).write_text(str(self._values[name]))
        if not found:
            folder.rmdir()
        return folder if found else None


def remove_left_groups() -> None:
    """Remove the control groups of graders that were killed; one with processes in it stays."""
    for folder in _own_folders():
        for left in folder.glob("seqlab-*"):
            if not Path("/proc", left.name.split("-")[1]).exists():
                with contextlib.suppress(OSError):
                    left.rmdir()


def controllers() -> set[str]:
    """Return the controllers that can set limits here, by trying: a subset of ``memory`` and ``pids``."""
    group = ControlGroup(Limits())
    try:
        return group.limited
    finally:
        group.remove()


def _settable(folder: Path, controller: str) -> bool:
    return any((folder / file).exists() for file in FILES[controller][0])


def _tree(pid: int) -> list[int]:
    """Return the ids of a process and its descendants."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):  # it may have ended
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _own_folders() -> list[Path]:
    """Return the folders of this process's own control groups, in which new ones can be created."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        _, names, path = line.split(":", 2)
        for name in names.split(",") if names else [""]:
            if name in FILES or not names:
                found.append(ROOT / name / path.lstrip("/"))
    return [folder for folder in found if folder.is_dir()]
