"""The labs of this course that need no framework; tests/frameworks has the tests of the others."""

from pathlib import Path

from autograder.lab.course import Course

__all__ = ["COURSE", "PLAIN"]

COURSE = Course(Path(__file__).parents[1])
PLAIN = [name for name in COURSE.labs if not COURSE.lab(name).lab.extra]
