"""Locks a course, so that one run at a time grades it."""

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import UsageError

__all__ = ["alone"]


@contextlib.contextmanager
def alone(path: Path, what: str) -> Iterator[None]:
    """Hold a lock file while the block runs; ``what`` names this run to others.

    Raises UsageError, naming the holder, if another process holds it. The kernel releases the lock when the
    process ends, however it ends.
    """
    import fcntl  # here, since Windows has none

    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"the course is being graded {_holder(path)}; wait for it, or end it") from None
        file.truncate(0)
        json.dump(
            {"pid": os.getpid(), "host": socket.gethostname(), "since": time.time(), "what": what}, file
        )
        file.flush()
        yield


def _holder(path: Path) -> str:
    """Say which process holds a lock, as far as its file tells."""
    try:
        who = json.loads(path.read_text("utf-8"))
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(who["since"]))
        return f"by `{who['what']}`, process {who['pid']} on {who['host']}, since {since}"
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return f"by another process, which holds {path}"
