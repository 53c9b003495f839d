"""Runs a command, and measures the time and the memory of its processes."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

EVERY = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Measured:
    """What a command took: seconds, bytes, and whether it was ended because it took too long."""

    seconds: float
    peak: int
    stopped: bool
    code: int
    output: str


def run(command: Sequence[str], cwd: Path, env: Mapping[str, str], limit: float) -> Measured:
    """Run a command, for at most ``limit`` seconds, and end all its processes.

    The peak is the largest sum, over the command and all its descendants, of the resident set sizes. Memory
    that processes share is counted in each of them.
    """
    with tempfile.TemporaryFile("w+") as written:
        start = time.perf_counter()
        process = psutil.Popen(
            list(command), cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=written, stderr=written
        )
        tree, peak, stopped = {process}, 0, False
        while process.poll() is None:
            with contextlib.suppress(psutil.Error):
                now = {process, *process.children(recursive=True)}
                tree |= now
                peak = max(peak, sum(map(resident, now)))
            if time.perf_counter() - start > limit:
                stopped = True
                break
            time.sleep(EVERY)
        seconds = time.perf_counter() - start
        for one in tree:  # psutil knows a process by its start too: no other one that got its number is hit
            with contextlib.suppress(psutil.Error):
                one.kill()
        code = process.wait()
        written.seek(0)
        return Measured(seconds, peak, stopped, code, written.read())


def resident(process: psutil.Process) -> int:
    """Return the bytes that a process has in memory; 0 if it has ended."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
