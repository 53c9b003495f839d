"""Keeps one gradebook open while a class is written, with one transaction for each submission.

nbgrader's preprocessors open the gradebook about ten times for a submission. Within
`OpenGradebook.transaction` they all get the one that is open, so that all rows of a submission are written or
none.

A submission's own rows are added and filled in here, with one statement for each table: the result is that of
nbgrader's `Gradebook` and `SaveAutoGrades`, which make an object of each row, and query and write it alone.
With the cells that `Writer` need not validate again, this saves two thirds of the CPU time of writing a
submission of `cells` (`python -m benchmarks.switches`).
"""

import contextlib
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.utils import parse_utc
from sqlalchemy import Boolean, Connection, and_, bindparam, insert, or_, select, update
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.pool import NullPool

__all__ = ["OpenGradebook", "Submission"]

USERS = (
    "nbgrader.converters.autograde",
    "nbgrader.preprocessors.latesubmissions",
    "nbgrader.preprocessors.overwritecells",
    "nbgrader.preprocessors.overwritekernelspec",
    "nbgrader.preprocessors.saveautogrades",
)
"""The modules of nbgrader that open the gradebook while a submission is written."""

# Tables and not classes, so that SQLAlchemy makes no objects of rows: those take most of nbgrader's time.
ASSIGNMENT, NOTEBOOK, CELL, STUDENT, SUBMISSION, SUBMITTED, GRADE, COMMENT = (
    table.__table__
    for table in (
        Assignment,
        Notebook,
        BaseCell,
        Student,
        SubmittedAssignment,
        SubmittedNotebook,
        Grade,
        Comment,
    )
)
FIND = (
    select(
        ASSIGNMENT.c.id,
        ASSIGNMENT.c.duedate,
        STUDENT.c.id,
        SUBMISSION.c.id,
        SUBMISSION.c.timestamp,
        SUBMISSION.c.extension,
    )
    .join_from(ASSIGNMENT, STUDENT, STUDENT.c.id == bindparam("student"), isouter=True)
    .join(
        SUBMISSION,
        and_(SUBMISSION.c.assignment_id == ASSIGNMENT.c.id, SUBMISSION.c.student_id == STUDENT.c.id),
        isouter=True,
    )
    .where(ASSIGNMENT.c.name == bindparam("assignment"))
)
CELLS = (
    select(NOTEBOOK.c.id, NOTEBOOK.c.name, CELL.c.id, CELL.c.name, CELL.c.type)
    .join_from(NOTEBOOK, CELL, CELL.c.notebook_id == NOTEBOOK.c.id, isouter=True)
    .where(NOTEBOOK.c.assignment_id == bindparam("assignment"))
)
GRADES, COMMENTS = (
    select(NOTEBOOK.c.name, CELL.c.name, table.c.id)
    .join_from(table, CELL, CELL.c.id == table.c.cell_id)
    .join(SUBMITTED, SUBMITTED.c.id == table.c.notebook_id)
    .join(NOTEBOOK, NOTEBOOK.c.id == SUBMITTED.c.notebook_id)
    .where(SUBMITTED.c.assignment_id == bindparam("submission"))
    for table in (GRADE, COMMENT)
)
SET_TIME = update(SUBMISSION).where(SUBMISSION.c.id == bindparam("row"))
SET_GRADE = (
    update(GRADE)
    .where(GRADE.c.id == bindparam("row"))
    .values(
        auto_score=bindparam("score"),
        needs_manual_grade=or_(GRADE.c.manual_score.is_not(None), bindparam("unclear", type_=Boolean)),
    )
)
SET_COMMENT = update(COMMENT).where(COMMENT.c.id == bindparam("row")).values(auto_comment=bindparam("text"))
NO_PENALTY = (
    update(SUBMITTED)
    .where(
        SUBMITTED.c.assignment_id == bindparam("submission"),
        SUBMITTED.c.notebook_id.in_(select(NOTEBOOK.c.id).where(NOTEBOOK.c.name == bindparam("notebook"))),
        SUBMITTED.c.late_submission_penalty.is_not(None),
    )
    .values(late_submission_penalty=None)
)


@dataclass(frozen=True)
class Submission:
    """A submission in the gradebook.

    ``grades`` and ``comments`` are the ids of its rows by the names of notebook and cell. ``is_new`` if it
    was added just now.
    """

    id: str
    student: str
    seconds_late: float
    is_new: bool
    grades: Mapping[tuple[str, str], str]
    comments: Mapping[tuple[str, str], str]


class OpenGradebook(Gradebook):
    """A gradebook that keeps its engine after `close`; between transactions no file is open."""

    def __init__(self, db_url: str, course_id: str) -> None:
        super().__init__(db_url, course_id)
        super().close()
        self.engine = sqlalchemy.create_engine(db_url, poolclass=NullPool)
        self.db = scoped_session(sessionmaker(bind=self.engine))
        self._held = False

    def close(self) -> None:
        """End the session; does nothing within a transaction."""
        if not self._held:
            self.db.remove()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything that nbgrader writes within the block one transaction."""
        modules = [importlib.import_module(name) for name in USERS]
        before = [module.Gradebook for module in modules]
        self._held = True
        # nbgrader commits after each row: here a row is only flushed, and all are committed at the end.
        self.db.commit = lambda: self.db.flush() if self.db.new else None  # type: ignore[method-assign]
        for module in modules:
            module.Gradebook = self._for  # type: ignore[attr-defined]
        try:
            yield
        except BaseException:
            self.db.rollback()
            raise
        else:
            self.db.registry().commit()
        finally:
            for module, original in zip(modules, before, strict=True):
                module.Gradebook = original  # type: ignore[attr-defined]
            del self.db.commit
            self._held = False
            self.close()

    def _for(self, db_url: str, course_id: str = "", authenticator: Any = None) -> "OpenGradebook":
        """Take the place of nbgrader's class `Gradebook`."""
        return self

    def open_submission(
        self, assignment: str, student: str, timestamp: datetime | None, *, add_student: bool
    ) -> Submission:
        """Return a student's submission; add it, with all its rows, if it is missing.

        Without a timestamp the one of an earlier submission stays. Raises MissingEntry if there is no such
        assignment, or no such student and none may be added.
        """
        new = {"timestamp": parse_utc(timestamp)} if timestamp else {}
        with self._tables() as tables:
            found = tables.execute(FIND, {"assignment": assignment, "student": student}).one_or_none()
            if found is None:
                raise MissingEntry(f"No such assignment: {assignment}")
            its, due, known, mine, time, extension = found
            if known is None and not add_student:
                raise MissingEntry(f"No such student: {student}")
            if known is None:
                tables.execute(insert(STUDENT), {"id": student})
            if is_new := mine is None:
                mine = new_uuid()
                row = {"id": mine, "assignment_id": its, "student_id": student, **new}
                tables.execute(insert(SUBMISSION), row)
                grades, comments = _add_rows(tables, its, mine)
            else:
                if new:
                    tables.execute(SET_TIME, {"row": mine, **new})
                grades, comments = (
                    {
                        (notebook, cell): row
                        for notebook, cell, row in tables.execute(ask, {"submission": mine})
                    }
                    for ask in (GRADES, COMMENTS)
                )
        time = new.get("timestamp", time)
        late = (time - due - (extension or timedelta())).total_seconds() if time and due else 0
        return Submission(mine, student, max(0, late), is_new, grades, comments)

    def save_grades(
        self,
        submission: Submission,
        notebook: str,
        scores: Mapping[str, float | None],
        comments: Mapping[str, str | None],
    ) -> None:
        """Save the automatic scores and comments of a submitted notebook by cell, as `SaveAutoGrades` does.

        What a grader gave by hand stays; such a cell is to be looked at again, as is one without a score.
        Raises MissingEntry for a cell of which the submission has no row.
        """
        try:
            new_scores = [
                {"row": submission.grades[notebook, cell], "score": score, "unclear": score is None}
                for cell, score in scores.items()
            ]
            new_texts = [
                {"row": submission.comments[notebook, cell], "text": text} for cell, text in comments.items()
            ]
        except KeyError as error:
            raise MissingEntry(f"No such cell of {submission.student}: {error.args[0]}") from None
        with self._tables() as tables:
            for statement, new in ((SET_GRADE, new_scores), (SET_COMMENT, new_texts)):
                if new:
                    tables.execute(statement, new)

    def take_no_penalty(self, submission: Submission, notebook: str) -> None:
        """Leave a submitted notebook without a penalty for being late, as `AssignLatePenalties` does."""
        with self._tables() as tables:
            tables.execute(NO_PENALTY, {"submission": submission.id, "notebook": notebook})

    @contextlib.contextmanager
    def _tables(self) -> Iterator[Connection]:
        """Yield the connection of the transaction, with which the rows that are objects agree."""
        self.db.flush()
        yield self.db.connection()
        self.db.expire_all()


def _add_rows(tables: Connection, assignment: str, submission: str) -> list[dict[tuple[str, str], str]]:
    """Add the rows below a new submission; return the ids of its grades, and those of its comments."""
    cells = tables.execute(CELLS, {"assignment": assignment}).all()
    ids = {notebook: new_uuid() for notebook, *_ in cells}
    below = [{"id": mine, "assignment_id": submission, "notebook_id": its} for its, mine in ids.items()]
    if below:
        tables.execute(insert(SUBMITTED), below)
    found = []
    for table, without in ((GRADE, "SolutionCell"), (COMMENT, "GradeCell")):
        here = [cell for cell in cells if cell[2] is not None and cell[4] != without]
        made = [new_uuid() for _ in here]
        rows = [
            {"id": row, "cell_id": cell, "notebook_id": ids[notebook]}
            for row, (notebook, _, cell, *_) in zip(made, here, strict=True)
        ]
        if rows:
            tables.execute(insert(table), rows)
        found.append({(cell[1], cell[3]): row for row, cell in zip(made, here, strict=True)})
    return found
