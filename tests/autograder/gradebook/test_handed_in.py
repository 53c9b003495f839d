"""What students really hand in: the same scores by `seqlab check`, `seqlab autograde` and plain nbgrader."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from autograder.cli.demo import hand_in
from autograder.gradebook import records

pytestmark = pytest.mark.slow

NOTEBOOKS = Path(__file__).parents[2] / "files/notebooks"
WIDGETS = {"application/vnd.jupyter.widget-state+json": {"abc": {"model_name": "HBoxModel"}}}
WIDGET_VIEW = "from IPython.display import display\ndisplay({'application/vnd.jupyter.widget-view+json': " + (
    "{'model_id': 'abc'}, 'text/plain': 'HBox()'}, raw=True)"
)

SCORES = {
    "kernelspec": 10,
    "language_info": 10,
    "widgets": 10,
    "copy": 0,
    "runs another": 10,
    "exit": 4,
    "bom": 10,
    "utf-16": 10,
    "zone": 10,
    "unknown zone": 10,
    "b[1] (x)": 10,
}
"""What plain nbgrader can grade -> points."""
RENAMED = {"Capital": 10, "download": 10}
"""What seqlab grades, and nbgrader, which goes by the file's name, does not."""
REASONS = {
    "json": "there is no notebook: scaling.ipynb.json does not end in .ipynb: rename it to scaling.ipynb",
    "txt": "there is no notebook: scaling.ipynb.txt does not end in .ipynb: rename it to scaling.ipynb",
    "zip": "there is no notebook: a.zip is an archive: unpack it, so that scaling.ipynb lies in this folder",
    "mac": "there is no notebook: scaling.ipynb is missing",
}
NOTES = {
    "copy": "scaling-Copy1.ipynb has answers that scaling.ipynb lacks (scale, repeat)",
    "runs another": "`%run helpers.ipynb` found nothing",
    "exit": "ended by itself (exit code 0), in the cell that begins with `exit()`",
    "unknown zone": "the time in timestamp.txt is not known: the time zone 'XST' is not known",
}


def make_class(course, scaling):
    """Hand in for a class, as in public reports of what nbgrader and others have met."""

    def put(student, name="scaling.ipynb", edit=lambda nb: None, **functions):
        path = hand_in(course, "scaling", student, {**scaling, **functions})
        nb = nbformat.read(path, 4)
        edit(nb)
        path.write_text(json.dumps(nb), "utf-8")
        return path.rename(path.with_name(name))

    def with_metadata(**metadata):
        return lambda nb: nb.update(metadata=metadata)

    def with_cell(place, source):
        return lambda nb: nb.cells.insert(place, new_code_cell(source))

    put("kernelspec", edit=with_metadata(kernelspec={"display_name": "Python 3"}))
    put("language_info", edit=with_metadata(language_info={"file_extension": ".py"}))

    def colab(nb):
        nb.metadata = {"colab": {"gpuType": "T4"}, "widgets": WIDGETS, "authors": "Ann"}
        with_cell(1, WIDGET_VIEW)(nb)

    put("widgets", edit=colab)
    copy = put("copy")
    copy.rename(copy.with_name("scaling-Copy1.ipynb"))
    shutil.copy(course.root / "release/scaling/scaling.ipynb", copy)
    helped = put("runs another", edit=with_cell(1, "%run helpers.ipynb"))
    shutil.copy(NOTEBOOKS / "no_lab.ipynb", helped.with_name("helpers.ipynb"))
    put("exit", edit=with_cell(4, "exit()"))
    for student, content in {
        "bom": b"\xef\xbb\xbf2026-06-01 23:30:00 UTC\r\n",
        "utf-16": "2026-06-01 23:30:00 UTC\r\n".encode("utf-16"),
        "zone": b"2026-06-02 01:30:00 Europe/Berlin",
        "unknown zone": b"2026-06-01 23:30:00 XST",
    }.items():
        put(student).with_name("timestamp.txt").write_bytes(content)
    put("b[1] (x)")
    shutil.copy(NOTEBOOKS / "no_lab.ipynb", put("Capital", "Scaling.ipynb").with_name("Untitled.ipynb"))
    put("download", "scaling (1).ipynb")
    put("json", "scaling.ipynb.json")
    put("txt", "scaling.ipynb.txt")
    put("zip", "a.zip")
    put("mac", "._scaling.ipynb")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, copy_small, scaling):
    course = copy_small(tmp_path_factory.mktemp("handed_in") / "course")
    make_class(course, scaling)
    return course


@pytest.fixture(scope="module")
def checked(handed_in, call):
    """The results of `seqlab check` by student."""
    run = call(handed_in, "seqlab", "check", "submitted", "--jobs", "1", "--json", "-")
    assert run.returncode == 0, run.stderr
    return {one["student"]: one for one in json.loads(run.stdout)["submissions"]}


@pytest.fixture(scope="module")
def graded(handed_in, tmp_path_factory, call):
    """A copy of the course after `seqlab autograde` and `nbgrader generate_feedback`."""
    return run_of(handed_in, tmp_path_factory, call, "seqlab", "autograde", "scaling", "--jobs", "1")


@pytest.fixture(scope="module")
def plain(handed_in, tmp_path_factory, call):
    """A copy of the course after plain nbgrader, and after a second run of it."""
    made = run_of(handed_in, tmp_path_factory, call, "nbgrader", "autograde", "scaling")
    again = call(made[0], "nbgrader", "autograde", "scaling")
    assert "Removing failed assignment" not in again.stderr
    return made


def run_of(course, factory, call, *line):
    folder = factory.mktemp("run") / "course"
    shutil.copytree(course.root, folder)
    course = type(course)(folder)
    run = call(course, *line)
    feedback = call(course, "nbgrader", "generate_feedback", "scaling")
    assert feedback.returncode == 0, feedback.stderr
    return course, run


def points(scores):
    return {name: sum(v for v in found.values() if v is not None) for name, found in scores.items()}


def page(course, student):
    return (course.root / "feedback" / student / "scaling/scaling.html").read_text("utf-8")


def test_check_gives_these_scores(checked):
    found = {name: one["points"] for name, one in checked.items() if one["status"] == "graded"}
    assert found == {**SCORES, **RENAMED}


def test_autograde_gives_these_scores(graded, scores):
    assert points(scores(graded[0])) == {**SCORES, **RENAMED}


def test_plain_nbgrader_gives_these_scores(plain, scores):
    found = points(scores(plain[0]))
    assert {name: found[name] for name in SCORES} == SCORES


@pytest.mark.parametrize("student", REASONS)
def test_what_is_no_notebook_is_named_with_what_to_do(checked, graded, plain, student):
    assert (checked[student]["status"], checked[student]["reason"]) == ("bad submission", REASONS[student])
    assert f"{student}: bad submission: {REASONS[student]}" in graded[1].stderr
    assert REASONS[student] in plain[1].stderr


def test_plain_nbgrader_leaves_bad_submissions_out_and_reports_them(plain, call):
    course, run = plain
    assert "Traceback" not in run.stderr
    for student, name in (("Capital", "Scaling.ipynb"), ("download", "scaling (1).ipynb")):
        reason = f"nbgrader grades scaling.ipynb alone: rename {name}, or use `seqlab autograde`"
        assert f"submitted/{student}/scaling: {reason}" in run.stderr
    report = call(course, "seqlab", "report", "scaling", "--csv", "scores.csv")
    assert report.returncode == 0, report.stderr
    rows = (course.root / "scores.csv").read_text("utf-8").splitlines()
    bad = {row.split(",")[0] for row in rows if "bad submission" in row}
    assert bad == {*RENAMED, *REASONS}


@pytest.mark.parametrize("student", NOTES)
def test_what_is_to_be_said_is_in_the_report_and_on_the_student_s_page(checked, graded, plain, student):
    assert NOTES[student] in checked[student]["reason"]
    for course, _ in (graded, plain):
        words = page(course, student)
        assert ("Notes on this grading" in words) == (student != "exit"), "a cell that ends is told there"
        assert NOTES[student].split("`")[0].split("'")[0] in words


@pytest.mark.parametrize("student", SCORES)
def test_each_has_a_page_without_a_bare_number(graded, plain, student):
    for course, _ in (graded, plain):
        words = page(course, student)
        assert words.rstrip().endswith("</html>")
        assert "points</strong>" in words
        assert "output_execute_result" not in words


@pytest.mark.parametrize("student", ["bom", "utf-16", "zone"])
def test_times_reach_the_gradebook(graded, plain, student):
    for course, _ in (graded, plain):
        with Gradebook(f"sqlite:///{course.root}/gradebook.db", "seqlab") as book:
            assert str(book.find_submission("scaling", student).timestamp) == "2026-06-01 23:30:00"
            assert book.find_submission("scaling", "unknown zone").timestamp is None


def test_misplaced_submissions_are_reported_and_not_skipped(small, scaling, call):
    for student in ("ann", "bob", "cyd", "dan"):
        hand_in(small, "scaling", student, scaling)
    submitted = small.root / "submitted"
    (submitted / "ann/scaling").rename(submitted / "ann/Scaling")
    (submitted / "bob/scaling/scaling.ipynb").rename(submitted / "bob/scaling.ipynb")
    shutil.rmtree(submitted / "bob/scaling")
    (submitted / "dan/scaling").rename(submitted / "dan/unrelated")
    (submitted / "__MACOSX").mkdir()
    shutil.copy(NOTEBOOKS / "right.ipynb", submitted / "eve.ipynb")
    run = call(small, "seqlab", "autograde", "scaling", "--jobs", "1")
    assert run.returncode == 0, run.stderr
    assert "ann: bad submission: its folder is called Scaling: rename it to scaling" in run.stderr
    assert (
        "bob: bad submission: scaling.ipynb lies outside the lab's folder: put it into bob/scaling/"
    ) in run.stderr
    assert "not graded: eve.ipynb is in no student's folder" in run.stderr
    assert "dan" not in run.stderr, "he has handed in for another lab"
    assert "3 submissions: 1 graded, 2 bad submissions" in run.stderr or (
        "3 submissions: 2 bad submissions, 1 graded" in run.stderr
    )


@pytest.mark.parametrize("program", ["seqlab", "nbgrader"])
def test_an_id_that_is_a_pattern_is_refused_and_hides_nobody(small, scaling, call, program):
    for student in ("*", "a?", "a\nb", "ann", "abe"):
        hand_in(small, "scaling", student, scaling)
    for _ in range(2):
        run = call(small, program, "autograde", "scaling")
        assert "Traceback" not in run.stderr
    assert {path.name for path in (small.root / "autograded").iterdir()} == {"ann", "abe"}
    results = {result.student: result for result in records.load_all(small, "scaling")}
    pattern = "the folder's name has * or ?, which nbgrader takes for any characters: rename it"
    assert {student: result.reason for student, result in results.items()} == {
        "*": pattern,
        "a?": pattern,
        "a\nb": "the folder's name has characters that cannot be an id: rename it",
        "ann": "",
        "abe": "",
    }
    assert pattern in run.stderr
    feedback = call(small, "nbgrader", "generate_feedback", "scaling")
    assert feedback.returncode == 0, feedback.stderr
    assert {path.parts[-3] for path in small.root.glob("feedback/*/scaling/scaling.html")} == {"ann", "abe"}


def test_feedback_on_a_class_is_not_that_of_a_student_called_by_a_star(small, scaling, call):
    """One who was graded before such ids were refused."""
    for student in ("ann", "bob"):
        hand_in(small, "scaling", student, scaling)
    assert call(small, "seqlab", "autograde", "scaling", "--jobs", "1").returncode == 0
    shutil.copytree(small.root / "autograded/bob", small.root / "autograded/*")
    call(small, "nbgrader", "generate_feedback", "scaling")
    assert (small.root / "feedback/ann/scaling/scaling.html").is_file()
