"""A gradebook that is locked or no database: one line without SQL, nothing lost, and the next run goes on."""

import contextlib
import sqlite3

import pytest

from autograder.cli.demo import hand_in

pytestmark = pytest.mark.slow


@contextlib.contextmanager
def locked(course, how):
    """Hold the gradebook as another program does that writes (IMMEDIATE) or commits (EXCLUSIVE)."""
    other = sqlite3.connect(course.root / "gradebook.db", isolation_level=None)
    try:
        other.execute(f"BEGIN {how}")
        yield
    finally:
        other.close()


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_gradebook_that_another_program_has_locked(small, scaling, call, scores, how):
    hand_in(small, "scaling", "ann", scaling)
    first = call(small, "seqlab", "autograde", "scaling", "--jobs", "1")
    assert first.returncode == 0, first.stderr
    before = scores(small)
    hand_in(small, "scaling", "bob", scaling)
    with locked(small, how):
        run = call(small, "seqlab", "autograde", "scaling", "--jobs", "1")
    assert run.returncode == 3
    assert run.stderr.splitlines()[-1] == (
        f"seqlab: sqlite:///{small.root.resolve()}/gradebook.db cannot be written: database is locked by "
        "another program: close formgrader, nbgrader or a database browser that has it open; what is "
        "graded is kept: mend that, then run the same command"
    )
    assert "SELECT" not in run.stderr
    assert scores(small) == before
    run = call(small, "seqlab", "autograde", "scaling", "--jobs", "1")
    assert run.returncode == 0, run.stderr
    assert scores(small) == {**before, "bob": before["ann"]}


def test_a_gradebook_that_is_no_database(small, scaling, call):
    hand_in(small, "scaling", "ann", scaling)
    (small.root / "gradebook.db").write_text("not a database " * 100)
    run = call(small, "seqlab", "autograde", "scaling", "--jobs", "1")
    assert run.returncode == 3
    (line,) = run.stderr.splitlines()
    assert line.startswith(
        f"seqlab: sqlite:///{small.root.resolve()}/gradebook.db cannot be written: file is not a "
    )
