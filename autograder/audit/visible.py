"""Tells whether a function would pass its visible check, in this process and without a notebook."""

import contextlib
import io
import warnings
from collections.abc import Callable
from typing import Any

from autograder.lab.course import LabFolder
from autograder.lab.earlier import importable
from autograder.lab.exercise import Exercise
from autograder.release.open_cases import open_cases
from course_utils.judging.examination import passes

__all__ = ["passes_visible_check"]


def passes_visible_check(lab: LabFolder, exercise: Exercise, function: Callable[..., Any]) -> bool:
    """Whether a function passes the visible check of an exercise.

    The check compares with the open cases that a build would write. It may take longer than the function
    does: what calls it limits the time.
    """
    opened, entry = open_cases(lab)[exercise.name], lab.published.get(exercise.name)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), importable(lab.folder.parent):
        warnings.simplefilter("ignore")
        return passes(function, entry, opened)
