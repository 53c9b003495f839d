"""Grading processes and fork servers that are killed cost nobody a point, not even a second run."""

import pytest

from tests.autograder.kills.class_factory import GRADE, copy, make_class, statuses
from tests.autograder.sandbox.leftovers import processes_with, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

MOMENTS = (
    "grade 0",
    "fork 0",
    "after fork 0",
    "run 2",
    "after run 2",
    "run 4",
    "after run 4",
    "after grade 0",
)
"""Before and after each step of grading a notebook whose test cells are its third and fifth cell of code."""
PLAN = {f"{who} {moment}": (moment, who) for who in ("grader", "server") for moment in MOMENTS}


def test_each_is_killed_once_at_each_moment(victim, small, scaling, scores, tmp_path):
    make_class(small, scaling, PLAN)
    undisturbed = copy(small, tmp_path / "undisturbed")
    line = [*GRADE, "--isolation", "bubblewrap"]
    code, said, _ = victim.run(undisturbed.root, line)
    assert code == 0, said
    code, said, _ = victim.run(small.root, line, plan=PLAN)
    assert code == 0, said
    assert {path.name for path in victim.scratch.glob("killed *")} == {f"killed {name}" for name in PLAN}
    assert statuses(small) == dict.fromkeys(PLAN, ("graded", ""))
    assert scores(small) == scores(undisturbed)
    assert list(victim.tmp.iterdir()) == []
    assert wait_until(lambda: not processes_with(victim.tmp)), "something outlives the run"
