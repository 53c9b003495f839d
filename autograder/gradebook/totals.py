"""Reads from nbgrader's gradebook what counts for each student: manual points and penalties included."""

from nbgrader.api import Assignment, Gradebook, MissingEntry, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import func

from autograder.gradebook.writer import directory_of
from autograder.lab.course import Course
from autograder.results import Total

__all__ = ["totals"]


def totals(course: Course, lab: str) -> dict[str, Total]:
    """Return what the gradebook holds of a lab, by student; empty if it does not know the lab."""
    directory = directory_of(course, lab)
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
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
