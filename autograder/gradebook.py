"""Grades a class into nbgrader's gradebook: many processes run and judge, this one alone writes."""

import contextlib
import glob
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.coursedir import CourseDirectory

from . import records
from .beside import Beside
from .build import register
from .course import Course
from .errors import GraderError, UsageError
from .grader import Outcome
from .openbook import opened
from .pool import Task, grade_all
from .settings import Settings
from .stages import log
from .writer import Writer, directory_of

__all__ = ["Class", "autograde", "find_class"]


LOG = "log.jsonl"
"""In .seqlab/<lab>/: one line for each submission that was graded, with seconds by stage."""


@dataclass
class Class:
    """Who is to be graded, and who is left as they are because they are graded already."""

    tasks: list[Task] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


def find_class(
    course: Course, lab: str, seed: int, students: Sequence[str] = (), force: bool = False
) -> Class:
    """Return the submissions of a lab under submitted/, and register the lab in the gradebook.

    Raises UsageError if there is none. A submission that was graded already, as it is and with the cases
    of this seed, is left alone unless ``force``.
    """
    directory = directory_of(course, lab)
    step = directory.submitted_directory
    # A null stands in no path: it parts what comes before the student's id from what comes after.
    before, after = directory.format_path(step, "\0", lab).split("\0")
    folders = {}
    for path in glob.glob(f"{glob.escape(before)}*{glob.escape(after)}"):
        folder = Path(path)
        if folder.is_dir() and not folder.is_symlink():
            folders[path[len(before) : len(path) - len(after)]] = folder
    excluded = (directory.student_id_exclude or "").split(",")
    if left_out := [name for name in students if name in excluded]:
        raise UsageError(f"{left_out[0]!r} is left out by c.CourseDirectory.student_id_exclude")
    folders = {name: folder for name, folder in folders.items() if name not in excluded}
    if unknown := [name for name in students if name not in folders]:
        raise UsageError(
            f"nothing was handed in by {unknown[0]!r} for {lab}: {step}/{unknown[0]}/{lab} is missing"
        )
    if not folders:
        raise UsageError(
            f"nothing was handed in for {lab}: put submissions into {step}/<student>/{lab}/{lab}.ipynb"
        )
    register(course.root, lab, directory.db_url)
    found, saved = Class(), _saved(directory, lab)
    for name in sorted(students or folders):
        task = Task(name, folders[name], records.fingerprint(folders[name]))
        graded = Path(directory.format_path(directory.autograded_directory, name, lab), f"{lab}.ipynb")
        known = name in saved and graded.exists()
        if not force and known and records.was_graded(course, lab, name, seed, task.submission):
            found.done.append(name)
        else:
            found.tasks.append(task)
    return found


def _saved(directory: CourseDirectory, lab: str) -> set[str]:
    """Return the students of whom the gradebook has a submission of the lab."""
    with opened(directory.db_url, directory.course_id) as gradebook:
        try:
            return {submission.student.id for submission in gradebook.assignment_submissions(lab)}
        except MissingEntry:
            return set()


def autograde(
    course: Course,
    lab: str,
    tasks: Sequence[Task],
    settings: Settings,
    jobs: int,
    seed: int,
    beside: Sequence[Beside] = (),
) -> Generator[Outcome, None, None]:
    """Grade submissions into the gradebook; the iterator has each outcome when it is written.

    What was graded is in the gradebook, in autograded/ and among the records; a bad submission and a
    fault of the grader are among the records only, so that earlier scores stay. ``beside`` is what
    was started before, for each job.
    """
    writer = Writer(course, lab)
    outcomes = grade_all(course, lab, seed, settings, writer.coursedir.db_url, tasks, jobs, beside)
    return _written(course, writer, seed, {task.student: task for task in tasks}, outcomes)


def _written(
    course: Course,
    writer: Writer,
    seed: int,
    tasks: Mapping[str, Task],
    outcomes: Generator[Outcome, None, None],
) -> Generator[Outcome, None, None]:
    with contextlib.closing(outcomes):  # at once, and not in a thread of the pool
        for outcome in outcomes:
            result, task = outcome.result, tasks[outcome.result.student]
            if outcome.notebook is not None:
                try:
                    with outcome.stages("write"):
                        writer.save(task.student, Path(result.path), outcome.notebook)
                except GraderError as error:
                    result.status, result.reason = "grader error", str(error)
            records.save(course, result, seed, task.submission)
            log(course.state(writer.lab) / LOG, result, outcome.stages)
            yield outcome
