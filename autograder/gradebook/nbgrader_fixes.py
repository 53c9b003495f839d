"""Mends in nbgrader 0.9.6 what keeps a submission from being read: importing this module is enough.

`nbgrader autograde` and `nbgrader generate_feedback` import it by way of nbgrader_config.py, before they look
for submissions.

- A timestamp.txt that its parser cannot read ended the grading of the student, and a second run removed what
  had been graded; a time in an unknown zone was taken for UTC.
- A student's id with brackets was taken for a pattern, so that nothing was found. A folder ``*`` was taken
  for those of all students; such an id is a bad submission, as is one with control characters.
- A bad submission ended in a traceback, and what had been graded before was removed; a notebook of another
  lab was graded as this one. Now it is left out with one line, and recorded, as in `seqlab autograde`.
"""

import glob
import os
import re
from datetime import datetime
from pathlib import Path

from nbgrader import utils
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.errors import BadSubmission, SeqLabError
from autograder.gradebook import records
from autograder.grading.grader import Task, ungraded
from autograder.lab.course import Course, load_config
from autograder.run import Run
from autograder.settings import settings_of
from autograder.submission.choose import check_id, find_notebook, recognise
from autograder.submission.files import folder_digest, open_plain
from autograder.submission.read import read_notebook
from autograder.submission.timestamp import TIMESTAMP, read_timestamp

__all__ = ["existing_timestamp", "find_notebooks", "is_ignored"]


def existing_timestamp(directory: CourseDirectory, folder: str) -> datetime | None:
    """Take the place of ``CourseDirectory.get_existing_timestamp``: the time in UTC, or None."""
    path = Path(folder, TIMESTAMP)
    try:
        with open_plain(path) as file:
            return read_timestamp(file.read(1 << 16))
    except OSError:
        return None
    except ValueError as error:
        directory.log.warning("%s: the time is not known: %s; no lateness is counted", path, error)
        return None


def find_notebooks(converter: BaseConverter) -> None:
    """Take the place of ``BaseConverter.init_notebooks``: find the submissions to convert."""
    directory = converter.coursedir
    converter.assignments, converter.notebooks = {}, []
    wanted = converter._format_source(directory.assignment_id, directory.student_id)
    below = wanted.removeprefix(directory.root)
    # By default all students are wanted, as *: a folder of that name is one among others.
    folders = [wanted] if directory.student_id != "*" and os.path.isdir(wanted) else []
    for folder in folders or glob.glob(glob.escape(directory.root) + below):
        found = glob.glob(os.path.join(glob.escape(folder), f"{directory.notebook_id}.ipynb"))
        if reason := _refused(converter, folder):
            converter.log.error("bad submission, left out: %s: %s", folder, reason)
        elif found:
            converter.assignments[folder] = found
        else:
            converter.log.warning("No notebooks were matched in '%s'", folder)
    if not converter.assignments:
        converter.log.error("No notebooks were matched by '%s'", wanted)
        raise NbGraderException(f"No notebooks were matched by '{wanted}'")


def _refused(converter: BaseConverter, folder: str) -> str:
    """Say why a submission of one of our labs is a bad one, and record it; empty if it is none."""
    directory = converter.coursedir
    lab = directory.assignment_id
    pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
    who = re.match(pattern, folder, re.DOTALL)
    if not isinstance(converter, Autograde) or not who:
        return ""
    try:
        course = Course.find(Path(directory.root))
        if lab not in course.labs or (directory.student_id_exclude or "").split(",").count(who["student"]):
            return ""
        check_id(who["student"])
        path, _ = find_notebook(Path(folder), course, lab)
        if path.name != f"{lab}.ipynb":
            raise BadSubmission(
                f"nbgrader grades {lab}.ipynb alone: rename {path.name}, or use `seqlab autograde`"
            )
        found = recognise(course, read_notebook(path).notebook, likely=course.lab(lab))
        if found != lab:
            raise BadSubmission(f"{path.name} is a notebook of the lab {found!r}, not of {lab!r}")
    except BadSubmission as error:
        run = Run(course, lab, settings_of(load_config(course.root), course.lab(lab)))
        digest = folder_digest(Path(folder))
        if not records.was_graded(run, who["student"], digest):
            task = Task(who["student"], Path(folder), digest)
            records.save(run, ungraded(task, "bad submission", str(error), run).result, digest)
        return str(error)
    except (SeqLabError, OSError):  # told when it is graded
        return ""
    return ""


def is_ignored(filename: str, ignore_globs: list[str] | None = None) -> bool:
    """Take the place of ``nbgrader.utils.is_ignored``: whether a file matches one of some patterns."""
    folder = glob.escape(os.path.dirname(filename))
    return any(filename in glob.glob(os.path.join(folder, pattern)) for pattern in ignore_globs or ())


CourseDirectory.get_existing_timestamp = existing_timestamp
BaseConverter.init_notebooks = find_notebooks
utils.is_ignored = is_ignored
