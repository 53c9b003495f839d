"""Control groups: limits on all processes of a fork server together, where the system lets us set them.

A resource limit counts each process by itself, and memory that belongs to none (shared, of temporary
folders) not at all. A control group counts all. Root may make one, and others where they were given a part
of the tree; where neither holds, grading goes on without, and `doctor` says so.
"""

import contextlib
import os
import time
from itertools import count
from pathlib import Path

from autograder.sandbox.limits import Limits

__all__ = ["ControlGroup", "controllers"]

ROOT = Path("/sys/fs/cgroup")
FILES = {
    "memory": (("memory.max", "memory.limit_in_bytes"), ("memory.swap.max", "memory.memsw.limit_in_bytes")),
    "pids": (("pids.max",),),
}
"""The files of each controller that take its limits, in the second and the first version of the system."""
SERVER = 64 << 20, 20
"""What the server's own processes may use beside the submission: bytes, processes."""
_numbers = count()


class ControlGroup:
    """The control group of one fork server; it has no effect where none can be made."""

    def __init__(self, limits: Limits) -> None:
        self._values = {
            "memory": limits.total_memory + SERVER[0],
            "pids": limits.processes + SERVER[1],
        }
        name = f"seqlab-{os.getpid()}-{next(_numbers)}"
        self._folders = [made for folder in _own_folders() if (made := self._make(folder / name))]

    @property
    def limited(self) -> set[str]:
        """The controllers that limit the server."""
        return {name for folder in self._folders for name in FILES if _settable(folder, name)}

    def add_tree(self, pid: int) -> None:
        """Put a process and those below it, and with them all that they will start, into the group."""
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
                except OSError:  # its last process is just ending
                    time.sleep(0.02)
                else:
                    break
        self._folders = []

    def _make(self, folder: Path) -> Path | None:
        for left in folder.parent.glob("seqlab-*"):  # of a grader that was killed
            if not Path("/proc", left.name.split("-")[1]).exists():
                with contextlib.suppress(OSError):
                    left.rmdir()
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


def controllers() -> set[str]:
    """Return what control groups can limit here, by trying: some of ``memory`` and ``pids``."""
    group = ControlGroup(Limits())
    try:
        return group.limited
    finally:
        group.remove()


def _settable(folder: Path, controller: str) -> bool:
    return any((folder / file).exists() for file in FILES[controller][0])


def _tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):  # it may have ended
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _own_folders() -> list[Path]:
    """Return the folders of this process's own control groups that may hold ours."""
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
