"""The labs in Keras and PyTorch: skipped where these are missing, unless they are required."""

import os
from collections.abc import Callable, Iterator

import pytest

from autograder.lab.course import Course
from autograder.lab.extras import EXTRAS, lacking
from autograder.referee import Referee
from course_utils.frameworks import backend  # noqa: F401 - before keras is imported
from tests.plain import COURSE

REQUIRE = "SEQLAB_REQUIRE_FRAMEWORKS"
"""An environment variable: where it is 1, a missing framework is a failure."""

if os.environ.get(REQUIRE) == "1" and (missing := [said for said in map(lacking, EXTRAS) if said]):
    raise RuntimeError(f"{REQUIRE} is set: {'; '.join(missing)}")


@pytest.fixture(scope="session")
def labs() -> Course:
    """The course with all labs."""
    return COURSE


@pytest.fixture(scope="module")
def referee_of() -> Iterator[Callable[[str], Referee]]:
    """A function that makes the referee of a lab, closed in the end."""
    made: dict[str, Referee] = {}

    def make(lab: str) -> Referee:
        if lab not in made:
            made[lab] = Referee(COURSE.lab(lab), 5)
        return made[lab]

    yield make
    for referee in made.values():
        referee.close()
