"""Reads from nbgrader's gradebook what counts for each student, and who is on the roster."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import func, make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import StorageError
from autograder.gradebook.writer import directory_of
from autograder.lab.course import Course
from autograder.results import Total

__all__ = ["roster", "totals"]


def totals(course: Course, lab: str) -> dict[str, Total]:
    """Return what the gradebook holds of a lab, by student: manual points and penalties included.

    It is empty if there is no gradebook, or if that does not know the lab. Raises StorageError if it cannot
    be read, as does `roster`.
    """
    with _opened(course, lab) as gradebook:
        if gradebook is None:
            return {}
        try:
            found = gradebook.submission_dicts(lab)
        except MissingEntry:
            return {}
        penalties = dict(
            gradebook.db.query(
                SubmittedAssignment.student_id,
                func.sum(func.coalesce(SubmittedNotebook.late_submission_penalty, 0.0)),
            )
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == lab)
            .group_by(SubmittedAssignment.student_id)
            .all()
        )
    return {
        one["student"]: Total(
            one["student"],
            float(one["score"] or 0),
            float(one["max_score"] or 0),
            float(penalties.get(one["student"]) or 0),
            bool(one["needs_manual_grade"]),
        )
        for one in found
    }


def roster(course: Course, lab: str) -> list[str]:
    """Return the ids of all students whom the lab's gradebook knows, whatever they handed in, in order."""
    with _opened(course, lab) as gradebook:
        return sorted(one for (one,) in gradebook.db.query(Student.id)) if gradebook else []


@contextlib.contextmanager
def _opened(course: Course, lab: str) -> Iterator[Gradebook | None]:
    """Open the gradebook; yield None if it is a file that is not there, which nbgrader would make.

    Raises StorageError if it cannot be read.
    """
    directory = directory_of(course, lab)
    url = make_url(directory.db_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        yield None
        return
    try:
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            yield gradebook
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        raise StorageError(f"the gradebook {url.render_as_string()} cannot be read: {reason}") from error
