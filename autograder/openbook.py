"""One gradebook that stays open, for nbgrader's steps that each open it anew.

nbgrader opens its gradebook some ten times for a submission. An opening makes an engine, looks at the
tables and has every statement compiled afresh, which takes longer than all that is asked of it.
`keep_open` puts `opened` in the place of the class in nbgrader's modules; closing then ends the
transaction and gives the connection back, so that no lock is held and no file stays open.
"""

import contextlib
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy
from nbgrader.api import Gradebook
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.pool import NullPool

__all__ = ["keep_open", "one_commit", "opened"]

USERS = (
    "nbgrader.converters.autograde",
    "nbgrader.preprocessors.latesubmissions",
    "nbgrader.preprocessors.overwritecells",
    "nbgrader.preprocessors.overwritekernelspec",
    "nbgrader.preprocessors.saveautogrades",
)
_books: dict[str, "_OpenGradebook"] = {}


class _OpenGradebook(Gradebook):
    """A gradebook whose engine outlives its closing."""

    def __init__(self, db_url: str) -> None:
        super().__init__(db_url)
        super().close()
        # Without a pool no connection is kept: neither over a fork, nor to a file that was replaced.
        self.engine = sqlalchemy.create_engine(db_url, poolclass=NullPool)
        self.db = scoped_session(sessionmaker(bind=self.engine))
        self.courses = {self.course_id}
        self.file = _file_number(db_url)
        self.held = False

    def close(self) -> None:
        """End the transaction; within `one_commit` it goes on."""
        if not self.held:
            self.db.remove()


def opened(db_url: str, course_id: str = "default_course", authenticator: Any = None) -> Gradebook:
    """Return this process's gradebook at a URL; stands in for nbgrader's class."""
    book = _books.get(db_url)
    if book is None or book.file != _file_number(db_url):
        book = _books[db_url] = _OpenGradebook(db_url)
    if course_id not in book.courses:
        book.check_course(course_id)
        book.courses.add(course_id)
    return book


def _file_number(db_url: str) -> int:
    """Return the inode of a gradebook's file, by which a new file is told from the old; 0 without one."""
    database = sqlalchemy.make_url(db_url).database if db_url.startswith("sqlite") else None
    return Path(database).stat().st_ino if database and Path(database).exists() else 0


def keep_open() -> None:
    """Let nbgrader's autograding use one open gradebook from now on, in this process."""
    for name in USERS:
        importlib.import_module(name).Gradebook = opened  # type: ignore[attr-defined]


@contextlib.contextmanager
def one_commit(db_url: str) -> Iterator[None]:
    """Write all that nbgrader writes within as one transaction: whole, or not at all."""
    book = opened(db_url)
    assert isinstance(book, _OpenGradebook)
    book.held, book.db.commit = True, book.db.flush  # type: ignore[method-assign]
    try:
        yield
    except BaseException:
        book.db.rollback()
        raise
    else:
        book.db.registry().commit()
    finally:
        del book.db.commit
        book.held = False
        book.close()
