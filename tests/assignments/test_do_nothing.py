"""Answers that do nothing of the work earn next to nothing: 20 for each lab, in do_nothing/<lab>.py."""

import runpy
from pathlib import Path

import pytest

from autograder.audit.play import judged
from tests.plain import COURSE, PLAIN

ANSWERS = {
    lab: runpy.run_path(str(Path(__file__).parent / "do_nothing" / f"{lab}.py"))["answers"] for lab in PLAIN
}
EACH = [
    (lab, name, kind, source)
    for lab, exercises in ANSWERS.items()
    for name, kinds in exercises.items()
    for kind, source in kinds.items()
]
MOST = 0.1
"""The largest share of an exercise's points that such an answer may earn."""


@pytest.mark.parametrize("lab", PLAIN)
def test_there_are_twenty_for_each_lab_and_some_for_each_exercise(lab):
    assert ANSWERS[lab].keys() == COURSE.lab(lab).exercises.keys()
    assert sum(map(len, ANSWERS[lab].values())) == 20


@pytest.mark.parametrize(
    ("lab", "name", "kind", "source"), EACH, indirect=["lab"], ids=lambda value: str(value)[:40]
)
def test_what_does_nothing_earns_nothing(referees, lab, name, kind, source):
    for referee in referees:
        found = judged(referee, name, source)
        assert found.points <= MOST * found.max_points, found.message
        assert found.message
