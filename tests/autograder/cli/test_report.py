"""`seqlab report` of several labs: from records and a gradebook that are made here, without grading."""

import csv

import pytest
from nbgrader.api import Gradebook

from autograder.cli import app
from autograder.gradebook import records
from autograder.lab.course import load_config
from autograder.results import Result, Verdict
from autograder.run import Run
from autograder.settings import settings_of


@pytest.fixture
def grade(small):
    """A function that keeps a result of a student, as grading does."""

    def keep(lab, student, points=None):
        run = Run(small, lab, settings_of(load_config(small.root), small.lab(lab)), seed=1)
        result = Result(
            f"submitted/{student}/{lab}/{lab}.ipynb", student, lab, "bad submission", "no notebook"
        )
        if points is not None:
            result.status, result.reason, result.points, result.max_points = "graded", "", points, 10.0
            result.exercises = [Verdict(f"first_of_{lab}", points, 10.0)]
        records.save(run, result, "")

    return keep


@pytest.fixture
def gradebook(small):
    """The gradebook of the small course."""
    with Gradebook(f"sqlite:///{small.root}/gradebook.db", "seqlab") as book:
        yield book


@pytest.fixture
def class_of_two_labs(grade):
    grade("scaling", "0042", 10.0)
    grade("scaling", "ann", 4.0)
    grade("unrelated", "ann", 7.0)
    grade("unrelated", "=cmd()")


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file, strict=True))


@pytest.mark.usefixtures("class_of_two_labs")
def test_all_graded_labs_are_reported_each_in_a_table(seqlab, small):
    code, text, _ = seqlab("report", folder=small.root)
    assert code == 0
    assert [line for line in text.splitlines() if line in ("scaling", "unrelated")] == [
        "scaling",
        "unrelated",
    ]
    first, second = text[: text.index("\nexercise ")].split("\n\n")[:2]
    assert ("0042" in first, "0042" in second, "=cmd()" in first, "=cmd()" in second) == (1, 0, 0, 1)
    assert "first_of_scaling" in first
    assert "bad submission: no notebook" in second
    assert "\x1b" not in text


@pytest.mark.usefixtures("class_of_two_labs")
def test_on_a_narrow_terminal_details_stand_below_the_tables(seqlab, small, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(app.out, "width", 30)
    code, text, _ = seqlab("report", folder=small.root)
    assert code == 0
    assert "no room here" in " ".join(text.split())
    assert "=cmd() (unrelated): no notebook" in text.splitlines()


@pytest.mark.usefixtures("class_of_two_labs")
def test_one_lab_of_several_can_be_named(seqlab, small, tmp_path):
    code, text, _ = seqlab("report", "unrelated", "--csv", tmp_path / "r.csv", folder=small.root)
    assert code == 0
    assert "0042" not in text
    assert [row[:3] for row in rows(tmp_path / "r.csv")[1:]] == [
        ["'=cmd()", "unrelated", "bad submission"],
        ["ann", "unrelated", "graded"],
    ]


def test_without_any_graded_lab_one_line_says_what_to_do(seqlab, small):
    assert seqlab("report", folder=small.root) == (
        2,
        "",
        "seqlab: no lab has been graded yet: `seqlab autograde LAB` first\n",
    )
    code, _, error = seqlab("report", "scaling", folder=small.root)
    assert (code, error) == (2, "seqlab: scaling has not been graded yet: `seqlab autograde scaling` first\n")


def test_a_class_of_one_has_a_report(seqlab, small, grade, tmp_path):
    grade("scaling", "ann", 10.0)
    line = [
        "report",
        "scaling",
        "--html",
        tmp_path,
        "--csv",
        tmp_path / "r.csv",
        "--items",
        tmp_path / "i.csv",
    ]
    assert seqlab(*line, folder=small.root)[0] == 0
    assert len(rows(tmp_path / "r.csv")) == 2


@pytest.mark.usefixtures("class_of_two_labs")
def test_platforms_get_what_the_gradebook_holds_with_ids_as_they_are(seqlab, small, gradebook, tmp_path):
    for lab, student in (("scaling", "0042"), ("unrelated", "=cmd()")):
        gradebook.add_assignment(lab)
        gradebook.add_notebook(lab, lab)
        gradebook.add_grade_cell(f"test_{lab}", lab, lab, max_score=10, cell_type="code")
        gradebook.add_student(student)
        (grade,) = gradebook.add_submission(lab, student).notebooks[0].grades
        grade.auto_score, grade.needs_manual_grade = 5.5, False
    gradebook.db.commit()
    canvas, moodle = tmp_path / "canvas.csv", tmp_path / "moodle.csv"
    code, _, error = seqlab("report", "--canvas", canvas, "--moodle", moodle, folder=small.root)
    assert code == 0
    assert rows(moodle) == [["idnumber", "scaling", "unrelated"], ["0042", "5.5", ""], ["=cmd()", "", "5.5"]]
    assert [row[2] for row in rows(canvas)[2:]] == ["0042", "=cmd()"]
    assert error.splitlines()[-1].endswith("open it in no spreadsheet, which would compute =cmd()")


@pytest.mark.usefixtures("class_of_two_labs")
def test_without_a_gradebook_platforms_get_nothing_and_none_is_made(seqlab, small, tmp_path):
    (small.root / "gradebook.db").unlink()
    code, _, error = seqlab("report", "scaling", "--canvas", tmp_path / "c.csv", folder=small.root)
    assert code == 2
    assert error == (
        "seqlab: the gradebook holds no scores of scaling: `seqlab autograde scaling --force` writes them\n"
    )
    code, _, error = seqlab("report", "scaling", "--csv", tmp_path / "r.csv", folder=small.root)
    assert code == 0
    assert error == "the gradebook holds no scores of scaling: the columns of the gradebook are empty\n"
    assert [row[:4] for row in rows(tmp_path / "r.csv")[1:]] == [
        ["0042", "scaling", "graded", "10"],
        ["ann", "scaling", "graded", "4"],
    ]
    assert not (small.root / "gradebook.db").exists()
    assert not (tmp_path / "c.csv").exists()


@pytest.mark.usefixtures("class_of_two_labs")
def test_a_damaged_gradebook_is_said_and_keeps_from_what_needs_it_alone(seqlab, small, tmp_path):
    (small.root / "gradebook.db").write_text("no database " * 100)
    code, text, error = seqlab("report", "scaling", "--html", tmp_path, folder=small.root)
    assert code == 0
    assert "0042" in text
    assert error.startswith(f"the gradebook sqlite:///{small.root}/gradebook.db cannot be read: ")
    assert len(error.splitlines()) == 1
    code, _, error = seqlab("report", "scaling", "--csv", tmp_path / "r.csv", folder=small.root)
    assert code == 3
    assert error.splitlines()[-1].startswith("seqlab: the gradebook ")
    assert "Traceback" not in error


def test_who_is_on_the_roster_and_handed_nothing_in_is_named(seqlab, small, grade, gradebook, tmp_path):
    grade("scaling", "ann", 10.0)
    for student in ("ann", "bob", "007"):
        gradebook.add_student(student)
    code, _, error = seqlab("report", "--csv", tmp_path / "r.csv", "--html", tmp_path, folder=small.root)
    assert code == 0
    assert error.splitlines()[0] == "scaling: 2 on the roster handed nothing in: 007, bob"
    assert [row[:4] for row in rows(tmp_path / "r.csv")[1:]] == [
        ["007", "scaling", "not handed in", ""],
        ["ann", "scaling", "graded", "10"],
        ["bob", "scaling", "not handed in", ""],
    ]
    assert "bob" in (tmp_path / "index.html").read_text("utf-8")
