"""A class in which two right forms were written: the same scores and words in each way of grading."""

import json
import shutil

import nbformat
import pytest

from autograder.cli.demo import hand_in
from autograder.lab.text import reference_source
from autograder.release.build import build
from tests.autograder.referee.forms_lab import SAYS, USED, forms_lab, paper
from tests.autograder.referee.referee_play import edited

pytestmark = pytest.mark.slow

SWAPPED = ("0.3 * new + 0.7 * h", "0.7 * new + 0.3 * h")
SCORES = {
    "ann": {"test_gate": 10.0, "test_deep": 10.0, "test_tower": 10.0},
    "ben": {"test_gate": 10.0, "test_deep": 10.0, "test_tower": 10.0},
    "cem": {"test_gate": 0.0, "test_deep": 10.0, "test_tower": 10.0},
}
MESSAGES = {
    "ann": ["", "", ""],
    "ben": [SAYS, USED, USED],
    "cem": ["The shares are swapped.", USED, USED],
}


@pytest.fixture(scope="module")
def make(tmp_path_factory, copy_small):
    """A function that makes a course with the lab, in which three students have handed in."""
    first = copy_small(tmp_path_factory.mktemp("forms") / "course")
    forms_lab(first.root / "assignments")
    build(first.root, ["forms"])
    right = reference_source(first.lab("forms").text)
    other = paper(right["gate"])
    handed_in = {
        "ann": right,
        "ben": {**right, "gate": other},
        "cem": {**right, "gate": edited(other, SWAPPED)},
    }
    for student, functions in handed_in.items():
        hand_in(first, "forms", student, functions)

    def copy(name):
        return type(first)(shutil.copytree(first.root, first.root.parent / name))

    return copy


@pytest.mark.parametrize("command", ["seqlab", "nbgrader"])
def test_both_commands_write_the_same(make, call, scores, command):
    course = make(command)
    more = ["--jobs", "1"] if command == "seqlab" else []
    run = call(course, command, "autograde", "forms", *more)
    assert run.returncode == 0, run.stderr
    assert scores(course, "forms") == SCORES
    for student, messages in MESSAGES.items():
        graded = nbformat.read(course.root / "autograded" / student / "forms/forms.ipynb", 4)
        tests = [
            c for c in graded.cells if c.metadata.get("nbgrader", {}).get("grade_id", "") in SCORES["ann"]
        ]
        for cell, message in zip(tests, messages, strict=True):
            text = cell.outputs[0].data["text/plain"]
            assert text.split("\n")[1].removeprefix("Likely cause: ").startswith(message or "  1 ")


def test_a_check_says_the_same(make, call):
    course = make("check")
    files = [str(course.root / "submitted" / student / "forms/forms.ipynb") for student in SCORES]
    run = call(course, "seqlab", "check", *files, "--json", "found.json")
    assert run.returncode == 0, run.stderr
    entries = json.loads((course.root / "found.json").read_text("utf-8"))["submissions"]
    for entry, student in zip(entries, SCORES, strict=True):
        assert [one["points"] for one in entry["exercises"]] == list(SCORES[student].values())
        assert [one["message"] for one in entry["exercises"]] == MESSAGES[student]
    assert entries[2]["exercises"][0]["note"] == SAYS
