"""Grading some exercises again, and previews: what changes, what stays, and what is said."""

import json
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.cli.demo import hand_in
from autograder.gradebook import records
from autograder.lab.course import Course

pytestmark = pytest.mark.slow

both_isolations = pytest.mark.parametrize(
    "isolation", ["limits", pytest.param("bubblewrap", marks=pytest.mark.sandbox)]
)
ADDS = ("y = x * w", "y = x + w")
EXERCISES = "assignments/scaling/exercises.py"


@pytest.fixture(scope="module")
def first(copy_small, scaling, call, fix_secret, tmp_path_factory):
    """A graded class of two, one right and one with both exercises wrong. Read only."""
    course = copy_small(tmp_path_factory.mktemp("again") / "course")
    fix_secret(course)
    wrong = {
        "scale": scaling["scale"].replace(*ADDS),
        "repeat": scaling["repeat"].replace("= x\n", "= -x\n"),
    }
    hand_in(course, "scaling", "ann", scaling)
    hand_in(course, "scaling", "bob", wrong)
    done = call(course, "seqlab", "autograde", "scaling")
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture
def graded(first, tmp_path):
    """A copy of the graded class, to go on with."""
    shutil.copytree(first.root, tmp_path / "course")
    return Course(tmp_path / "course")


def loosen(course):
    """Change how both exercises are judged: whatever comes out of proportion to size passes."""
    path = course.root / EXERCISES
    text = path.read_text("utf-8")
    changed = text.replace('"scale", outputs', '"scale", rtol=1e9, outputs').replace(
        '"repeat", outputs', '"repeat", rtol=1e9, outputs'
    )
    assert changed.count("rtol") == 2
    path.write_text(changed, "utf-8")


def record(course, student):
    return json.loads(records.path_of(course, "scaling", student).read_text("utf-8"))


def state(course):
    """All files of a course but those of the cache, by content."""
    left = (course.root / ".seqlab/.cache", course.root / "assignments")
    return {
        path: path.read_bytes()
        for path in course.root.rglob("*")
        if path.is_file()
        and not any(path.is_relative_to(folder) for folder in left)
        and "__pycache__" not in path.parts
    }


def test_a_preview_says_who_gains_and_writes_nothing(graded, call):
    loosen(graded)
    before = state(graded)
    told = call(graded, "seqlab", "autograde", "scaling", "--preview")
    assert told.returncode == 0, told.stderr
    assert "bob: " in told.stdout
    assert "1 of 2 would change: 1 would gain, 0 would lose" in told.stdout
    assert "ann" not in told.stdout
    assert state(graded) == before
    again = call(graded, "seqlab", "autograde", "scaling", "--preview", "--fail-on-change")
    assert again.returncode == 1
    assert again.stdout == told.stdout
    assert "2 unchanged, from the cache" in again.stderr


def test_a_preview_of_an_unchanged_class_has_nothing_to_grade(graded, call):
    told = call(graded, "seqlab", "autograde", "scaling", "--preview", "--fail-on-change")
    assert (told.returncode, told.stdout.strip()) == (0, "0 of 2 would change")


@both_isolations
def test_one_exercise_changes_and_the_other_and_manual_points_stay(graded, call, scores, isolation):
    before, old = scores(graded), record(graded, "bob")
    with Gradebook(f"sqlite:///{graded.root}/gradebook.db", "seqlab") as gradebook:
        gradebook.find_grade("test_repeat", "scaling", "scaling", "bob").manual_score = 1.25
        gradebook.db.commit()
    loosen(graded)
    command = ["seqlab", "autograde", "scaling", "--isolation", isolation]
    told = call(graded, *command, "--exercise", "scale")
    assert told.returncode == 0, told.stderr
    now = scores(graded)
    assert before["bob"]["test_scale"] < now["bob"]["test_scale"] == 4.0
    assert now["bob"]["test_repeat"] == before["bob"]["test_repeat"] < 6.0
    assert now["ann"] == before["ann"]
    with Gradebook(f"sqlite:///{graded.root}/gradebook.db", "seqlab") as gradebook:
        assert gradebook.find_grade("test_repeat", "scaling", "scaling", "bob").manual_score == 1.25

    new = record(graded, "bob")
    assert new["result"]["exercises"][1] == old["result"]["exercises"][1]
    assert (new["made_of"], new["cases"]) == (old["made_of"], old["cases"])
    assert "2 of 2 scores are from before the lab changed, but for scale" in told.stderr
    notebook = nbformat.read(graded.root / "autograded/bob/scaling/scaling.ipynb", 4)
    page = "".join(str(output) for cell in notebook.cells for output in cell.get("outputs", []))
    was_scale, was_repeat = (verdict["message"] for verdict in old["result"]["exercises"])
    assert was_scale
    assert was_repeat
    assert was_repeat in page
    assert was_scale not in page

    # What is graded again is not graded a third time, as after a run that was killed; the rest still can be.
    third = call(graded, *command, "--exercise", "scale")
    assert "2 graded already" in third.stdout
    whole = call(graded, *command)
    assert "2 submissions: 2 graded" in whole.stderr
    assert scores(graded)["bob"] == {"test_scale": 4.0, "test_repeat": 6.0}
    assert record(graded, "bob").get("again", {}) == {}


def test_a_new_hand_in_is_not_mixed_with_an_old_one(graded, call, scores, scaling):
    before = scores(graded)
    shutil.rmtree(graded.root / "submitted/bob")
    hand_in(graded, "scaling", "bob", scaling)
    told = call(graded, "seqlab", "autograde", "scaling", "--exercise", "scale")
    assert told.returncode == 0
    assert "1 handed in since, or not graded: `seqlab autograde scaling` grades them" in told.stderr
    assert scores(graded) == before


def test_a_submission_that_has_gone_is_told_and_keeps_no_run_from_grading(graded, call):
    shutil.rmtree(graded.root / "submitted/bob")
    loosen(graded)
    for _ in range(2):
        told = call(graded, "seqlab", "autograde", "scaling", "--force")
        assert "1 submission: 1 graded" in told.stderr, told.stdout
    gone = (
        "1 of 2 scores is out of date and cannot be graded again: the submission is no longer in submitted/"
    )
    report = call(graded, "seqlab", "report", "scaling")
    for said in (told.stderr, report.stderr):
        assert gone in said.splitlines()
        assert "from before" not in said


def test_nothing_is_from_before_once_all_exercises_were_graded_again(graded, call):
    loosen(graded)
    both = ("--exercise", "scale", "--exercise", "repeat")
    told = call(graded, "seqlab", "autograde", "scaling", *both)
    assert "2 submissions: 2 graded" in told.stderr
    assert "from before" not in told.stderr
    idle = call(graded, "seqlab", "autograde", "scaling", *both, "--preview")
    assert idle.returncode == 0
    assert idle.stderr.strip() == "nothing was written: this was a preview"


def test_an_unknown_exercise_is_one_line_with_those_there_are(graded, call):
    told = call(graded, "seqlab", "autograde", "scaling", "--exercise", "scales")
    assert told.returncode == 2
    assert told.stderr.strip().endswith("scaling has no exercise 'scales'; there are scale, repeat")


@pytest.mark.parametrize("preview", [(), ("--preview",)])
def test_other_points_of_another_exercise_ask_for_all(graded, call, scores, preview):
    before = scores(graded)
    path = graded.root / "assignments/scaling/scaling.py"
    path.write_text(path.read_text("utf-8").replace('"points": 6', '"points": 5'), "utf-8")
    told = call(graded, "seqlab", "autograde", "scaling", "--exercise", "scale", *preview)
    assert told.returncode == 2
    assert "repeat had 6 points when ann was graded and has 5 now" in told.stderr
    assert scores(graded) == before


@both_isolations
def test_check_runs_nothing_unchanged_and_asks_for_a_seed_in_ci(graded, call, isolation):
    check = ("seqlab", "check", "submitted", "--json", "-", "--isolation", isolation)
    first = call(graded, *check, CI="true")
    assert first.returncode == 0, first.stderr
    assert "--seed" not in first.stderr
    again = call(graded, *check)
    assert again.stdout == first.stdout
    assert "2 unchanged, from the cache" in again.stderr
    (graded.root / ".seqlab/secret").unlink()
    fresh = call(graded, "seqlab", "check", "submitted/ann", "--json", "-", CI="true")
    assert "This clone has no secret" in fresh.stderr
    assert "from the cache" not in fresh.stderr
