"""What all tests share: the repository's own course, and notebooks of the lab ``cells`` to grade."""

import contextlib
import functools
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from autograder.imports import leave_out_unused

leave_out_unused()  # which is most of the time that a process of pytest takes to start

import nbformat
import nbgrader.api
from nbformat import NotebookNode

from autograder.cli.demo import fill_in
from autograder.lab.course import Course
from autograder.lab.text import reference_source
from autograder.referee import Referee
from autograder.sandbox import why_not

ROOT = Path(__file__).parents[1]
REQUIRE = "SEQLAB_REQUIRE_SANDBOX"
"""An environment variable: where it is 1, a test that needs the sandbox fails instead of being skipped."""
REQUIRE_POSTGRESQL = "SEQLAB_REQUIRE_POSTGRESQL"
"""The same for a test that needs PostgreSQL."""

# A run in the background ignores Ctrl-C, and so would what it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs bubblewrap or PostgreSQL where there is none, or fail where it must."""
    if item.get_closest_marker("sandbox") and (reason := why_not()):
        if os.environ.get(REQUIRE) == "1":
            pytest.fail(f"{REQUIRE}=1, but {reason}", pytrace=False)
        pytest.skip(reason)
    if item.get_closest_marker("postgresql") and not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        if os.environ.get(REQUIRE_POSTGRESQL) == "1":
            pytest.fail(f"{REQUIRE_POSTGRESQL}=1, but PostgreSQL is not installed", pytrace=False)
        pytest.skip("Debian's package postgresql is not installed")


@pytest.fixture(scope="session", autouse=True)
def one_alembic() -> Iterator[None]:
    """Let nbgrader ask alembic for the version of its tables once, not for each new gradebook."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nbgrader.api, "get_alembic_version", functools.cache(nbgrader.api.get_alembic_version))
        yield


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of the repository. Read only: what it remembers of grading lies in the repository."""
    return Course(ROOT)


@pytest.fixture(scope="session")
def referee_of(course: Course) -> Iterator[Callable[[str, int], Referee]]:
    """A function that gives the referee of a lab and a seed, the same one to all tests."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def made(lab: str, seed: int) -> Referee:
            return stack.enter_context(Referee(course.lab(lab), seed))

        yield made


@pytest.fixture(scope="session")
def right(course: Course) -> dict[str, str]:
    """The source of the reference solution of each exercise of the lab ``cells``."""
    return reference_source(course.lab("cells").text)


@pytest.fixture(scope="session")
def release(course: Course) -> Callable[[str], NotebookNode]:
    """A function that gives a lab's release notebook, read afresh at each call."""

    def read(lab: str = "cells") -> NotebookNode:
        return nbformat.read(course.root / "release" / lab / f"{lab}.ipynb", 4)

    return read


@pytest.fixture(scope="session")
def solved(course: Course, release: Callable[[str], NotebookNode]) -> Callable[..., NotebookNode]:
    """A function that gives a lab's notebook as a student hands it in.

    All functions are the reference's but those given by name: ``solved(rnn_forward=source)``.
    An empty source leaves the stub of the release in place.
    """

    def fill(lab: str = "cells", /, **functions: str) -> NotebookNode:
        sources: Mapping[str, str] = {**reference_source(course.lab(lab).text), **functions}
        return fill_in(release(lab), {name: source for name, source in sources.items() if source})

    return fill


@pytest.fixture(scope="session")
def fix_secret() -> Callable[[Course], None]:
    """A function that gives a course a known secret, so that its submissions get the same seeds each time."""

    def fix(course: Course) -> None:
        (course.root / ".seqlab").mkdir(exist_ok=True)
        (course.root / ".seqlab/secret").write_text("5eed" * 16 + "\n", "utf-8")

    return fix
