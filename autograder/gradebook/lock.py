"""Locks a course, so that one run at a time grades it."""

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import UsageError
from autograder.gradebook.storage import storing

__all__ = ["alone"]


@contextlib.contextmanager
def alone(path: Path, what: str) -> Iterator[None]:
    """Hold a lock file while the block runs; ``what`` names this run to others.

    Raises UsageError, naming the holder, if another process holds it, and StorageError if the disk is full or
    read-only. The kernel releases the lock when the process ends, however it ends.
    """
    import fcntl  # here, since Windows has none

    with contextlib.ExitStack() as held:
        with storing(path):
            file = held.enter_context(path.open("a+", buffering=1, encoding="utf-8"))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                reason = f"the course is being graded {_holder(path)}; wait for it, or end it"
                raise UsageError(reason) from None
            file.truncate(0)
            who = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.time(), "what": what}
            file.write(json.dumps(who) + "\n")
        yield


def _holder(path: Path) -> str:
    """Say which process holds a lock, as far as its file tells."""
    try:
        who = json.loads(path.read_text("utf-8"))
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(who["since"]))
        return f"by `{who['what']}`, process {who['pid']} on {who['host']}, since {since}"
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return f"by another process, which holds {path}"
