"""Keeps one gradebook open while a class is written, with one transaction for each submission.

nbgrader's preprocessors open the gradebook about ten times for a submission. Within
`OpenGradebook.transaction` they all get the one that is open, so that all rows of a submission are written or
none.

Rows are also written and read together, where nbgrader does so one by one, with joins over seven tables. That
saves 11 ms of 25 for a submission of `cells` (`python -m benchmarks.switches`); `SEQLAB_SINGLE_ROWS=1` in the
environment switches it off.
"""

import contextlib
import importlib
import os
from collections.abc import Callable, Iterator
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

__all__ = ["OpenGradebook"]

USERS = (
    "nbgrader.converters.autograde",
    "nbgrader.preprocessors.latesubmissions",
    "nbgrader.preprocessors.overwritecells",
    "nbgrader.preprocessors.overwritekernelspec",
    "nbgrader.preprocessors.saveautogrades",
)
"""The modules of nbgrader that open the gradebook while a submission is written."""


class OpenGradebook(Gradebook):
    """A gradebook that keeps its engine after `close`; between transactions no file is open."""

    def __init__(self, db_url: str, course_id: str) -> None:
        super().__init__(db_url, course_id)
        super().close()
        self.engine = sqlalchemy.create_engine(db_url, poolclass=NullPool)
        self.db = scoped_session(sessionmaker(bind=self.engine))
        self._held = False
        self._together = os.environ.get("SEQLAB_SINGLE_ROWS") != "1"
        self._found: dict[tuple[Any, ...], Any] = {}

    def close(self) -> None:
        """End the session; does nothing within a transaction."""
        if not self._held:
            self._found.clear()
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

    def add_submission(self, assignment: str, student: str, **values: Any) -> SubmittedAssignment:
        """Add a submission with all its rows, as nbgrader does, with one statement for each table."""
        if not self._together:
            return super().add_submission(assignment, student, **values)
        if "timestamp" in values:
            values["timestamp"] = parse_utc(values["timestamp"])
        cells = self.db.execute(
            select(Assignment.id, Notebook.id, BaseCell.id, BaseCell.type)
            .join(Notebook, Notebook.assignment_id == Assignment.id)
            .join(BaseCell, BaseCell.notebook_id == Notebook.id, isouter=True)
            .where(Assignment.name == assignment)
        ).all()
        if not cells:  # no notebooks, or no such assignment: left to nbgrader
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
        """Return a submission; queried once in a transaction."""
        ask = super().find_submission
        return self._once((SubmittedAssignment, assignment, student), lambda: ask(assignment, student))

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """Return a grade of a submitted notebook; all its grades are queried together."""
        if not self._together:
            return super().find_grade(grade_cell, notebook, assignment, student)
        return self._of_notebook(Grade, grade_cell, notebook, assignment, student)

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Comment:
        """Return a comment on a submitted notebook; all its comments are queried together."""
        if not self._together:
            return super().find_comment(solution_cell, notebook, assignment, student)
        return self._of_notebook(Comment, solution_cell, notebook, assignment, student)

    def find_submission_notebook(self, notebook: str, assignment: str, student: str) -> SubmittedNotebook:
        """Return a submitted notebook; queried once in a transaction."""
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
        if not self._together:
            return ask()
        if key not in self._found:
            self._found[key] = ask()
        return self._found[key]
