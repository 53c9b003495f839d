"""Tells a disk or a gradebook that cannot be written from the fault of one submission: then a run stops."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import InternalError, OperationalError

from autograder.errors import StorageError

__all__ = ["storing"]

DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
"""A full disk, a used-up quota, a read-only disk, a broken one."""
IN_USE = ("SQLITE_BUSY", "SQLITE_LOCKED", "40", "55")
"""How the names (SQLite) or codes (SQLSTATE) of errors begin where another process uses the gradebook."""


@contextlib.contextmanager
def storing(folder: Path, db_url: str = "") -> Iterator[None]:
    """Raise StorageError if the block cannot write to a folder or a gradebook, whatever is written."""
    try:
        yield
    except OSError as error:
        if error.errno not in DISK:
            raise
        raise _refused(Path(error.filename or folder), os.strerror(error.errno)) from error
    except (OperationalError, InternalError) as error:
        found: Any = error.orig
        code = getattr(found, "sqlite_errorname", None) or getattr(found, "sqlstate", None) or ""
        if code.startswith(IN_USE):
            raise
        raise _refused(make_url(db_url).render_as_string(), " ".join(str(found).split())) from error


def _refused(place: Path | str, reason: str) -> StorageError:
    return StorageError(
        f"{place} cannot be written: {reason}; what is graded is kept: mend that, then run the same command"
    )
