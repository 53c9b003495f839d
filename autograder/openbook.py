"""One gradebook that stays open, for nbgrader's steps that each open it anew.

nbgrader opens its gradebook some ten times for a submission. An opening makes an engine, looks at the
tables and has every statement compiled afresh, which takes longer than all that is asked of it.
`keep_open` puts `opened` in the place of the class in nbgrader's modules; closing then ends the
transaction and gives the connection back, so that no lock is held and no file stays open. The rows of a
submission are made, and asked for, together: nbgrader does so one by one, with joins over seven tables.
"""

import contextlib
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.utils import parse_utc
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError
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
        self.found: dict[tuple[Any, ...], Any] = {}

    def close(self) -> None:
        """End the transaction; within `one_commit` it goes on."""
        if not self.held:
            self.found.clear()
            self.db.remove()

    def add_submission(self, assignment: str, student: str, **values: Any) -> SubmittedAssignment:
        """Add a submission with all its rows, as nbgrader does, in a statement for each table."""
        if "timestamp" in values:
            values["timestamp"] = parse_utc(values["timestamp"])
        cells = self.db.execute(
            select(Assignment.id, Notebook.id, BaseCell.id, BaseCell.type)
            .join(Notebook, Notebook.assignment_id == Assignment.id)
            .join(BaseCell, BaseCell.notebook_id == Notebook.id, isouter=True)
            .where(Assignment.name == assignment)
        ).all()
        if not cells:  # nothing to be graded, or no such assignment: nbgrader knows
            return super().add_submission(assignment, student, **values)
        if self.db.get(Student, student) is None:
            raise MissingEntry(f"No such student: {student}")
        values |= {"id": new_uuid(), "assignment_id": cells[0][0], "student_id": student}
        ids = {notebook: new_uuid() for _, notebook, *_ in cells}
        rows: dict[Any, list[dict[str, Any]]] = {
            SubmittedAssignment: [values],
            SubmittedNotebook: [
                {"id": mine, "assignment_id": values["id"], "notebook_id": notebook}
                for notebook, mine in ids.items()
            ],
        }
        for table, without in ((Grade, "SolutionCell"), (Comment, "GradeCell")):
            rows[table] = [
                {"cell_id": cell, "notebook_id": ids[notebook]}
                for _, notebook, cell, kind in cells
                if cell is not None and kind != without
            ]
        try:
            for table, new in rows.items():
                if new:
                    self.db.execute(insert(table), new)
            self.db.commit()
        except StatementError as error:
            self.db.rollback()
            raise InvalidEntry(*error.args) from None
        return self.find_submission(assignment, student)

    def find_submission(self, assignment: str, student: str) -> SubmittedAssignment:
        """Return a submission, which is asked for once."""
        ask = super().find_submission
        return self._once((SubmittedAssignment, assignment, student), lambda: ask(assignment, student))

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """Return one of the grades of a submitted notebook; all are asked for at once."""
        return self._of_notebook(Grade, grade_cell, notebook, assignment, student)

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Comment:
        """Return one of the comments on a submitted notebook; all are asked for at once."""
        return self._of_notebook(Comment, solution_cell, notebook, assignment, student)

    def find_submission_notebook(self, notebook: str, assignment: str, student: str) -> SubmittedNotebook:
        """Return a submitted notebook, which is asked for once."""
        place = (notebook, assignment, student)
        return self._once(
            (SubmittedNotebook, *place), lambda: Gradebook.find_submission_notebook(self, *place)
        )

    def _of_notebook(self, table: Any, cell: str, *place: str) -> Any:
        def ask() -> dict[str, Any]:
            notebook = self.find_submission_notebook(*place)
            rows = select(BaseCell.name, table).join(table.cell).where(table.notebook_id == notebook.id)
            return {name: row for name, row in self.db.execute(rows)}

        try:
            return self._once((table, *place), ask)[cell]
        except KeyError:
            raise MissingEntry(f"No such {table.__tablename__}: {cell} in {'/'.join(place)}") from None

    def _once(self, key: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
        if key not in self.found:
            self.found[key] = ask()
        return self.found[key]


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
    # New rows are written at once, changed ones at the end, or before the next question.
    book.held, book.db.commit = True, lambda: book.db.flush() if book.db.new else None  # type: ignore[method-assign]
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
