"""Tells a disk or a gradebook that cannot be written from the fault of one submission: then a run stops."""

import contextlib
import errno
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import DatabaseError, InternalError, OperationalError

from autograder.errors import StorageError

__all__ = ["storing"]

DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
"""A full disk, a used-up quota, a read-only disk, a broken one."""
IN_USE = ("SQLITE_BUSY", "SQLITE_LOCKED", "40", "55")
"""How the names (SQLite) or codes (SQLSTATE) of errors begin where another process uses the gradebook."""

IN_USE_WORDS = "{} by another program: close formgrader, nbgrader or a database browser that has it open"


@contextlib.contextmanager
def storing(folder: Path, db_url: str = "") -> Iterator[None]:
    """Raise StorageError if the block fails since a folder or a gradebook cannot be written, or is locked.

    nbgrader raises exceptions of its own in place of the database's, and logs those: here they are noted.
    """
    refused: list[str] = []

    def note(context: Any) -> None:
        found = context.original_exception
        code = getattr(found, "sqlite_errorname", None) or getattr(found, "sqlstate", None) or ""
        raised = context.sqlalchemy_exception
        # DatabaseError itself, not its kinds, says that the file is no database or is damaged.
        if isinstance(raised, OperationalError | InternalError) or type(raised) is DatabaseError:
            reason = " ".join(str(found).split())
            refused.append(IN_USE_WORDS.format(reason) if code.startswith(IN_USE) else reason)

    log = logging.getLogger("tornado.application")
    log.addFilter(_drop)
    if db_url:
        event.listen(Engine, "handle_error", note)
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK:
            raise _refused(str(error.filename or folder), os.strerror(error.errno)) from error
        if refused:
            raise _refused(make_url(db_url).render_as_string(), refused[0]) from error
        raise
    finally:
        if db_url:
            event.remove(Engine, "handle_error", note)
        log.removeFilter(_drop)


def _drop(_: logging.LogRecord) -> bool:
    return False


def _refused(place: str, reason: str) -> StorageError:
    return StorageError(
        f"{place} cannot be written: {reason}; what is graded is kept: mend that, then run the same command"
    )
