"""Looks at what a sandbox has left on the machine."""

import contextlib
import os
import time
from pathlib import Path


def processes_with(mark: Path | str) -> list[int]:
    """The processes that have a folder mounted, or a text among their arguments."""
    found = []
    for process in filter(str.isdecimal, os.listdir("/proc")):
        for file in ("mountinfo", "cmdline"):
            with contextlib.suppress(OSError):
                if str(mark).encode() in Path("/proc", process, file).read_bytes():
                    found.append(int(process))
    return [process for process in found if process != os.getpid()]


def wait_until(condition, seconds=30.0):
    """Whether a condition holds within some seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def zombies() -> set[int]:
    """The children of this process that ended and were never waited for."""
    found = set()
    for process in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            state, parent = Path("/proc", process, "stat").read_text().rpartition(")")[2].split()[:2]
            if state == "Z" and int(parent) == os.getpid():
                found.add(int(process))
    return found
