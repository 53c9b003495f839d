"""Says why an answer has no value, without numbers that may be inputs of a hidden case."""

import re

from autograder.lab.exercise import Exercise
from autograder.referee.answer import Answer
from course_utils.judging import wording

__all__ = ["redacted", "without_value"]

LONG = re.compile(r"\d[\d_]{3,}")
"""Numbers of more digits than a shape has."""
DECIMAL = re.compile(r"[-+]?(\d+\.\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)


def redacted(text: str) -> str:
    """Return an exception's text without numbers that may be inputs of a hidden case; shapes stay."""
    return LONG.sub("…", DECIMAL.sub("…", text))


def without_value(exercise: Exercise, answer: Answer) -> str:
    """Return why an answer has no value: the function is missing, a stub, or raised."""
    return wording.without_value(exercise.name, answer.status, answer.said, redacted)
