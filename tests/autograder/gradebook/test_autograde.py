"""Grading a class into the gradebook: `seqlab autograde` beside plain `nbgrader autograde`."""

import html
import json
import os
import re
import shutil
import time
from pathlib import Path

import nbformat
import pytest

from autograder.cli.demo import hand_in
from autograder.errors import UsageError
from autograder.gradebook import autograde as autograde_module
from autograder.gradebook import records
from autograder.gradebook.autograde import autograde, begin_early, find_class
from autograder.lab.course import load_config
from autograder.referee import draw
from autograder.run import Run
from autograder.settings import settings_of
from course_utils.judging.compare import leaves

pytestmark = pytest.mark.slow

NOTEBOOKS = Path(__file__).parents[2] / "files/notebooks"
FULL = {"test_scale": 4.0, "test_repeat": 6.0}
ADDS = ("y = x * w", "y = x + w")
EXPECTED = {
    "Zoë Ångström": {"test_scale": 1.0, "test_repeat": 6.0},
    "right": FULL,
    "blank": {"test_scale": 0.0, "test_repeat": 0.0},
    "mean": {"test_scale": 3.0, "test_repeat": 6.0},
    "old format": FULL,
    "without tests": FULL,
}
BAD = ("another lab", "nothing", "prose")


def make_class(course, scaling):
    """Hand in for the students of EXPECTED and BAD."""

    def submit(student, *edit):
        wrong = {"scale": scaling["scale"].replace(*edit)} if edit else {}
        return hand_in(course, "scaling", student, {**scaling, **wrong})

    submit("right")
    submit("Zoë Ångström", *ADDS)
    submit("mean", "np.sum(y)", "np.mean(y)")
    hand_in(course, "scaling", "blank", {})
    for student, name in [
        ("old format", "version_3"),
        ("without tests", "missing_test_cells"),
        ("another lab", "other_lab"),
        ("prose", "prose"),
    ]:
        submit(student).write_bytes((NOTEBOOKS / f"{name}.ipynb").read_bytes())
    submit("nothing").unlink()


@pytest.fixture(scope="module")
def ours(tmp_path_factory, copy_small, scaling, call):
    """A fresh course without a gradebook after `seqlab autograde`, and what that said."""
    course = copy_small(tmp_path_factory.mktemp("ours") / "a course, für alle")
    make_class(course, scaling)
    return course, call(course, "seqlab", "autograde", "scaling", "--jobs", "1")


@pytest.fixture(scope="module")
def plain(tmp_path_factory, copy_small, scaling, call):
    """The same after plain `nbgrader autograde`."""
    course = copy_small(tmp_path_factory.mktemp("plain") / "course")
    make_class(course, scaling)
    return course, call(course, "nbgrader", "autograde", "scaling")


def graded_notebook(course, student):
    return nbformat.read(course.root / "autograded" / student / "scaling/scaling.ipynb", 4)


def test_cells_of(nb):
    return {c.metadata.nbgrader.grade_id: c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade")}


test_cells_of.__test__ = False


def test_a_fresh_course_is_graded_at_once_by_path(ours, scores):
    course, run = ours
    assert run.returncode == 0, run.stderr
    assert scores(course) == EXPECTED
    assert "9 submissions: 6 graded, 3 bad submissions" in run.stderr
    assert "Traceback" not in run.stderr
    assert "Warning" not in run.stderr


def test_plain_nbgrader_writes_the_same_scores(plain, scores):
    course, run = plain
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    assert scores(course) == EXPECTED
    for student in BAD:
        assert f"bad submission, left out: {course.root}/submitted/{student}/scaling: " in run.stderr
    assert "SAWarning" not in run.stderr


@pytest.mark.parametrize("student", EXPECTED)
def test_both_write_the_same_notebook(ours, plain, student):
    first, second = (graded_notebook(course, student) for course, _ in (ours, plain))
    assert set(test_cells_of(first)) == set(FULL)
    for name, cell in test_cells_of(first).items():
        assert cell.outputs == test_cells_of(second)[name].outputs
    assert [c.source for c in first.cells] == [c.source for c in second.cells]


@pytest.mark.parametrize("student", EXPECTED)
def test_a_grade_cell_has_its_feedback_and_one_number(ours, student):
    for name, cell in test_cells_of(graded_notebook(ours[0], student)).items():
        feedback, result = cell.outputs
        assert (feedback.output_type, set(feedback.data)) == ("display_data", {"text/plain", "text/html"})
        assert (result.output_type, set(result.data)) == ("execute_result", {"text/plain", "text/html"})
        assert result.data["text/html"] == "<span></span>"
        assert float(result.data["text/plain"]) == EXPECTED[student][name]


def test_the_gradebook_after_bad_submissions(ours, plain, scores):
    """What cannot be graded leaves no trace in the gradebook.

    nbgrader 0.9.6 itself leaves an empty row (no score yet) where it cannot parse the notebook, and zeros
    where the notebook belongs to another lab.
    """
    for course, _ in (ours, plain):
        assert not set(BAD) & set(scores(course))
        assert not any((course.root / "autograded" / student).exists() for student in BAD)


def test_each_submission_has_a_record(ours):
    found = {r.student: r for r in records.load_all(ours[0], "scaling")}
    assert set(found) == {*EXPECTED, *BAD}
    for student, record in found.items():
        assert record.status == ("bad submission" if student in BAD else "graded")
        assert record.isolation == ("" if student in BAD else "limits")
        assert record.points == sum(EXPECTED.get(student, {}).values())
    assert found["Zoë Ångström"].exercises[0].mistake == "adds"
    assert found["without tests"].repairs[0] == "cell 'test_scale' was missing; it was put back"


def test_plain_nbgrader_leaves_the_same_records(ours, plain):
    """So that `seqlab report` shows a class that was graded by plain nbgrader."""
    for student in EXPECTED:
        first, second = (
            records.load(records.path_of(course, "scaling", student)) for course, _ in (ours, plain)
        )
        assert first.exercises == second.exercises


def hidden_numbers(course):
    """Return the first digits of all numbers of the hidden cases, inputs and right outputs."""
    cases = draw(course.lab("scaling"), 5)
    numbers = [
        abs(float(number))
        for drawn in cases.values()
        for case in drawn
        for leaf in leaves([*case.inputs.values(), *case.outputs])
        for number in leaf.ravel()
    ]
    return {f"{number:.6f}"[:6] for number in numbers if number % 1}


def test_feedback_shows_messages_and_nothing_hidden(ours, call, scaling):
    course, _ = ours
    run = call(course, "nbgrader", "generate_feedback", "scaling")
    assert run.returncode == 0, run.stderr
    pages = {
        student: (course.root / "feedback" / student / "scaling/scaling.html").read_text("utf-8")
        for student in EXPECTED
    }
    numbers = hidden_numbers(course)
    assert len(numbers) > 20
    solution = "steps = np.zeros((*x.shape, n))"
    assert solution in scaling["repeat"]
    for student, page in pages.items():
        text = html.unescape(
            re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]*>", "", page, flags=re.DOTALL)
        )
        assert "a matrix of numbers" in text
        assert not [number for number in numbers if number in text]
        assert (solution in text) == (student != "blank")
    for words in ("it should stretch it", "1 of 4 points"):
        assert words in pages["Zoë Ångström"]
        assert words not in pages["right"]


# ---------------------------------------------------------------- in this process, on one course


@pytest.fixture
def graded(ours, tmp_path):
    """A copy of the graded course, to go on with."""
    root = tmp_path / "course"
    shutil.copytree(ours[0].root, root)
    for student in BAD:
        shutil.rmtree(root / "submitted" / student)
    return type(ours[0])(root)


def run_of(course):
    return Run(course, "scaling", settings_of(load_config(course.root), course.lab("scaling")))


def again(course, *students, force=False):
    """Grade what is to be graded; returns the records by student."""
    run = run_of(course)
    return {o.result.student: o.result for o in autograde(run, find_class(run, students, force=force).tasks)}


def touch(path):
    later = time.time() + 5
    os.utime(path, (later, later))


def resubmit(course, student, functions):
    shutil.rmtree(course.root / "submitted" / student)
    touch(hand_in(course, "scaling", student, functions))


def test_what_is_graded_is_left_alone(graded):
    found = find_class(run_of(graded))
    assert (found.tasks, found.done) == ([], sorted(EXPECTED))


def test_graders_start_early_only_where_something_is_new(graded, monkeypatch):
    """As many as there are students without a record: others may be done already."""
    started = []
    monkeypatch.setattr(autograde_module, "begin", lambda run, count: started.append(count))
    run = run_of(graded)
    assert begin_early(run) is None
    records.path_of(graded, "scaling", "mean").unlink()
    for students, force in (([], False), (["mean", "right"], False), (["right"], False), ([], True)):
        begin_early(run, students, force=force)
    assert started == [1, 1, len(EXPECTED)]


def test_a_changed_submission_is_graded_again(graded, scores, scaling):
    resubmit(graded, "blank", scaling)
    assert set(again(graded)) == {"blank"}
    assert scores(graded) == {**EXPECTED, "blank": FULL}


def test_a_changed_file_beside_the_notebook_counts_as_a_change(graded):
    path = graded.root / "submitted/mean/scaling/data.txt"
    path.write_text("1")
    touch(path)
    assert [task.student for task in find_class(run_of(graded)).tasks] == ["mean"]


def test_force_grades_again_and_one_student_alone_can_be_named(graded):
    assert len(find_class(run_of(graded), force=True).tasks) == len(EXPECTED)
    assert set(again(graded, "right", force=True)) == {"right"}


def test_what_lost_its_graded_notebook_or_its_record_is_graded_again(graded):
    shutil.rmtree(graded.root / "autograded/mean")
    records.path_of(graded, "scaling", "blank").unlink()
    assert [task.student for task in find_class(run_of(graded)).tasks] == ["blank", "mean"]


def test_a_bad_submission_after_a_good_one_leaves_the_gradebook_as_it_was(graded, scores):
    path = graded.root / "submitted/right/scaling/scaling.ipynb"
    path.write_text("{")
    touch(path)
    before = graded_notebook(graded, "right")
    assert again(graded)["right"].status == "bad submission"
    assert scores(graded) == EXPECTED
    assert graded_notebook(graded, "right") == before
    # It has no score of its own: it is looked at again.
    assert [task.student for task in find_class(run_of(graded)).tasks] == ["right"]


def test_a_manual_grade_stays(graded, scaling):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded.root}/gradebook.db", "seqlab") as book:
        grade = book.find_grade("test_scale", "scaling", "scaling", "blank")
        grade.manual_score, grade.extra_credit = 2.0, 1.0
        book.db.commit()
    resubmit(graded, "blank", scaling)
    again(graded)
    with Gradebook(f"sqlite:///{graded.root}/gradebook.db", "seqlab") as book:
        grade = book.find_grade("test_scale", "scaling", "scaling", "blank")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit) == (4.0, 2.0, 1.0)


def test_a_timestamp_reaches_the_gradebook(graded, scaling):
    from nbgrader.api import Gradebook

    resubmit(graded, "blank", scaling)
    (graded.root / "submitted/blank/scaling/timestamp.txt").write_text("2026-03-04 05:06:07 UTC")
    again(graded)
    with Gradebook(f"sqlite:///{graded.root}/gradebook.db", "seqlab") as book:
        assert str(book.find_submission("scaling", "blank").timestamp) == "2026-03-04 05:06:07"


@pytest.mark.parametrize("student", ["a [1]", "-x", "{assignment_id}", "O'Neil; --", "%s"])
def test_an_id_that_looks_like_something_else_is_an_id(graded, scores, scaling, student):
    """Plain nbgrader takes brackets for a pattern, and finds no notebook."""
    hand_in(graded, "scaling", student, scaling)
    assert set(again(graded)) == {student}
    assert scores(graded) == {**EXPECTED, student: FULL}
    assert (graded.root / "autograded" / student / "scaling/scaling.ipynb").is_file()


def test_nothing_handed_in(small):
    with pytest.raises(
        UsageError, match=r"nothing was handed in for scaling: put submissions into submitted/"
    ):
        find_class(run_of(small))


def test_an_unknown_student(graded):
    with pytest.raises(UsageError, match="nothing was handed in by 'bob' for scaling"):
        find_class(run_of(graded), ["bob"])


def test_who_is_excluded_is_left_out(graded):
    """As nbgrader does with ``c.CourseDirectory.student_id_exclude``."""
    with (graded.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("c.CourseDirectory.student_id_exclude = 'blank,mean'\n")
    found = find_class(run_of(graded), force=True)
    assert {task.student for task in found.tasks} == EXPECTED.keys() - {"blank", "mean"}
    with pytest.raises(UsageError, match=r"'blank' is left out by c\.CourseDirectory\.student_id_exclude"):
        find_class(run_of(graded), ["right", "blank"])


def test_a_link_is_no_submission(graded):
    (graded.root / "submitted/eve").mkdir()
    (graded.root / "submitted/eve/scaling").symlink_to(graded.root / "source/scaling")
    (task,) = find_class(run_of(graded)).tasks
    (outcome,) = autograde(run_of(graded), [task])
    assert (outcome.result.status, outcome.result.student) == ("bad submission", "eve")
    assert "is a link: hand in the folder itself" in outcome.result.reason


# ---------------------------------------------------------------- faults of the grader


KILLS = """
import os
def scale(x, w):
    {when}
    with open(f"/proc/{{os.getppid()}}/stat") as file:
        os.kill(int(file.read().rpartition(")")[2].split()[1]), 9)
"""
"""Kills the process that grades it. With limits alone a student's code can; bubblewrap shows it no other."""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_grading_process_that_dies_is_a_grader_error_of_one_submission(
    graded, scores, scaling, call, tmp_path, jobs
):
    resubmit(graded, "mean", {**scaling, "scale": KILLS.format(when="pass")})
    resubmit(graded, "blank", scaling)
    scratch = tmp_path / "scratch"  # what a killed process cannot remove
    scratch.mkdir()
    run = call(graded, "seqlab", "autograde", "scaling", "--force", "--jobs", jobs, TMPDIR=str(scratch))
    assert run.returncode == 3
    reason = "its grading process ended unexpectedly, 2 times (SIGKILL; out of memory?)"
    said = run.stderr.splitlines()
    assert "6 submissions: 5 graded, 1 grader error" in said
    assert f"grader error, not the student's fault: mean: {reason}" in said
    assert "to grade these again: seqlab autograde scaling --student mean" in said
    assert "Traceback" not in run.stderr
    assert scores(graded) == {**EXPECTED, "blank": FULL}, "the earlier scores of one stay"
    found = records.load(records.path_of(graded, "scaling", "mean"))
    assert (found.status, found.reason, found.exercises) == ("grader error", reason, [])
    assert [task.student for task in find_class(run_of(graded)).tasks] == ["mean"]


def test_a_submission_whose_grading_process_died_once_is_graded_again(
    graded, scores, scaling, call, tmp_path
):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    once = scaling["scale"].replace(
        "    ### START", f"    if not os.path.exists({str(scratch / 'done')!r}): kill()\n    ### START", 1
    )
    kill = KILLS.format(when=f"open({str(scratch / 'done')!r}, 'w').close()").replace("scale(x, w)", "kill()")
    resubmit(graded, "blank", {**scaling, "scale": f"{kill}\n{once}"})
    run = call(graded, "seqlab", "autograde", "scaling", "--jobs", "1", TMPDIR=str(scratch))
    assert (scratch / "done").exists(), "it did kill"
    assert run.returncode == 0, run.stderr
    assert "1 submission: 1 graded" in run.stderr
    assert scores(graded) == {**EXPECTED, "blank": FULL}


def test_what_nbgrader_cannot_save_is_a_grader_error(graded, scores, monkeypatch, scaling):
    def breaks(cell, log):
        raise RuntimeError("no such grade cell")

    monkeypatch.setattr("nbgrader.utils.determine_grade", breaks)
    resubmit(graded, "blank", scaling)
    found = again(graded)["blank"]
    assert found.status == "grader error"
    assert found.reason == "nbgrader could not save the grades: RuntimeError: no such grade cell"
    assert scores(graded) == EXPECTED
    (page,) = (graded.root / "autograded/blank").iterdir()
    assert page.name == "scaling"
    assert "raise NotImplementedError" in (page / "scaling.ipynb").read_text("utf-8"), "the earlier one"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_lab_that_raises_is_exit_3_and_leaves_the_scores(graded, scores, call, jobs):
    path = graded.root / "assignments/scaling/exercises.py"
    path.write_text(path.read_text("utf-8").replace('"n": 3}', '"n": 3 / 0}'), "utf-8")
    run = call(graded, "seqlab", "autograde", "scaling", "--force", "--jobs", jobs)
    assert run.returncode == 3, run.stderr
    (line,) = run.stderr.splitlines()
    assert line == "seqlab: scaling: its cases cannot be drawn: ZeroDivisionError: division by zero"
    assert scores(graded) == EXPECTED


def test_a_lab_that_raises_leaves_the_scores_through_plain_nbgrader(graded, scores, call):
    path = graded.root / "assignments/scaling/exercises.py"
    path.write_text(path.read_text("utf-8") + "\nraise RuntimeError('boom')\n", "utf-8")
    run = call(graded, "nbgrader", "autograde", "scaling", "--force", "--student", "mean")
    assert run.returncode == 1
    assert "boom" in run.stderr
    assert scores(graded) == EXPECTED


def test_a_broken_record_is_named(graded):
    path = records.path_of(graded, "scaling", "mean")
    path.write_text(json.dumps({"student": "mean"}), "utf-8")
    with pytest.raises(UsageError, match="is no record of a grading: delete it"):
        records.load_all(graded, "scaling")


def test_records_of_any_name_stay_in_their_folder(small):
    assert records.path_of(small, "scaling", "../../x/ü").name == "..%2F..%2Fx%2F%C3%BC.json"
