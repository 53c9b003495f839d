"""Mends in nbgrader 0.9.6 what keeps a submission from being read: importing this module is enough.

`nbgrader autograde` and `nbgrader generate_feedback` import it by way of nbgrader_config.py, before they look for
submissions.

- A timestamp.txt that its parser cannot read ended the grading of the student, and a second run removed what
  had been graded; a time in an unknown zone was taken for UTC.
- A student's id with brackets was taken for a pattern, so that nothing was found.
- A folder without a notebook was told by a pattern; now by what lies there in its place, and what to do.
"""

import glob
import os
from datetime import datetime
from pathlib import Path

from nbgrader import utils
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.errors import BadSubmission, SeqLabError
from autograder.lab.course import Course
from autograder.submission.choose import find_notebook
from autograder.submission.files import open_plain
from autograder.submission.timestamp import TIMESTAMP, read_timestamp

__all__ = ["existing_timestamp", "find_notebooks", "is_ignored"]


def existing_timestamp(directory: CourseDirectory, folder: str) -> datetime | None:
    """Take the place of ``CourseDirectory.get_existing_timestamp``: return the time, None if there is none."""
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
    folders = [wanted] if os.path.isdir(wanted) else []
    for folder in folders or glob.glob(glob.escape(directory.root) + below):
        found = glob.glob(os.path.join(glob.escape(folder), f"{directory.notebook_id}.ipynb"))
        if found:
            converter.assignments[folder] = found
        else:
            reason = _instead(converter, folder)
            converter.log.warning("No notebooks were matched in '%s'%s", folder, reason and f": {reason}")
    if not converter.assignments:
        converter.log.error("No notebooks were matched by '%s'", wanted)
        raise NbGraderException(f"No notebooks were matched by '{wanted}'")


def _instead(converter: BaseConverter, folder: str) -> str:
    """Say what lies in a student's folder in place of a lab's notebook, as `seqlab autograde` does."""
    if not isinstance(converter, Autograde):
        return ""
    try:
        course = Course.find(Path(converter.coursedir.root))
        find_notebook(Path(folder), course, converter.coursedir.assignment_id)
    except BadSubmission as error:
        return str(error)
    except (SeqLabError, OSError):
        pass
    return ""


def is_ignored(filename: str, ignore_globs: list[str] | None = None) -> bool:
    """Take the place of ``nbgrader.utils.is_ignored``: whether a file matches one of some patterns."""
    folder = glob.escape(os.path.dirname(filename))
    return any(filename in glob.glob(os.path.join(folder, pattern)) for pattern in ignore_globs or ())


CourseDirectory.get_existing_timestamp = existing_timestamp
BaseConverter.init_notebooks = find_notebooks
utils.is_ignored = is_ignored
