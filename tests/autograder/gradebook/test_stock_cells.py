"""nbgrader's own kinds of cells in a lab, and a course's own plug-ins: through seqlab and plain nbgrader."""

import contextlib
import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.cli import commands as cli
from autograder.cli.demo import fill_in
from autograder.cli.init import init_course, new_lab
from autograder.errors import LabError
from autograder.gradebook import records
from autograder.gradebook.register import register
from autograder.lab.course import Course
from autograder.lab.text import reference_source
from autograder.release.build import build

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
META = '"grade_id": "{}", "locked": {}, "points": {}, "schema_version": 3, "solution": {}, "task": {}'


def header(kind, grade_id, points, *, grade, solution, locked="false", task="false"):
    meta = META.format(grade_id, locked, points, solution, task)
    return f'\n# %% {kind}nbgrader={{"grade": {grade}, {meta}}}\n'


WRITTEN = header("[markdown] ", "why", 3, grade="true", solution="true") + "# Because it forgets.\n"
BY_HAND = header("", "plot", 4, grade="true", solution="true") + 'print("a figure of my own")\n'
MARKED = header("", "extra", 0, grade="true", solution="true") + (
    "### START CODE HERE ###\n# your own sequence\nown = [1, 2]\n### END CODE HERE ###\nprint(own)\n"
)
TASK = header("[markdown] ", "essay", 2, grade="false", solution="false", locked="true", task="true") + (
    "# Describe in cells of your own what you see.\n"
)
PLAIN = header("", "test_twice", 5, grade="true", solution="false", locked="true") + (
    "### BEGIN HIDDEN TESTS\nassert smoothing_step(4.0, 2.0, 1, 0.5)[0] == 3.0\n### END HIDDEN TESTS\n"
)
LATE = """
from nbgrader.plugins import BasePlugin


class AnHourAPoint(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return min(score, total_seconds_late // 3600)
"""
STEPS = '''
from nbgrader.preprocessors import NbGraderPreprocessor


class Mark(NbGraderPreprocessor):
    """Adds its name to the notebook's metadata."""

    def preprocess(self, nb, resources):
        nb.metadata.setdefault("marks", []).append(type(self).__name__)
        return nb, resources


class Mend(Mark):
    def preprocess(self, nb, resources):
        for cell in nb.cells:
            cell.source = cell.source.replace("smoothing_stepp", "smoothing_step")
        return super().preprocess(nb, resources)


class Before(Mark):
    pass


class After(Mark):
    pass


class Release(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        nb.cells[0].source += "\\n\\nHand in until Friday."
        return nb, resources
'''


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A course with one lab, whose text has all kinds of cells but a plain test; built."""
    root = tmp_path_factory.mktemp("stock") / "course"
    init_course(root)
    with open(root / "nbgrader_config.py", "a") as config:
        config.write('\nc.GradeInSandbox.isolation = "limits"\nc.GradeInSandbox.figures = False\n')
    new_lab(Course(root), "smoothing")
    with open(root / "assignments/smoothing/smoothing.py", "a") as text:
        text.write(WRITTEN + BY_HAND + MARKED + TASK)
    build(root)
    register(root, "smoothing", f"sqlite:///{root}/gradebook.db")
    return root


@pytest.fixture
def course(template, tmp_path):
    shutil.copytree(template, tmp_path / "course")
    return Course(tmp_path / "course")


def hand_in(course, student, edits=(), timestamp=""):
    """Hand in the solved notebook with new sources of some cells, by grade id."""
    release = nbformat.read(course.root / "release/smoothing/smoothing.ipynb", 4)
    notebook = fill_in(release, reference_source(course.lab("smoothing").text))
    for cell in notebook.cells:
        cell.source = dict(edits).get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    folder = course.root / "submitted" / student / "smoothing"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "smoothing.ipynb")
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)


@pytest.fixture
def grade(course, monkeypatch):
    """A function that grades the class by `seqlab` or `nbgrader`, once more if it was graded before."""

    def run(program):
        if program == "seqlab":
            monkeypatch.chdir(course.root)
            monkeypatch.setattr(sys, "argv", ["seqlab", "autograde", "smoothing", "--force", "--jobs", "1"])
            with contextlib.suppress(SystemExit):
                cli.main()
        else:
            line = [Path(sys.executable).parent / "nbgrader", "autograde", "smoothing", "--force"]
            environment = {"PATH": "/usr/bin:/bin", "HOME": str(course.root), "PYTHONPATH": str(ROOT)}
            subprocess.run(
                line, cwd=course.root, env=environment, check=True, timeout=120, capture_output=True
            )

    return run


BOTH = pytest.mark.parametrize("program", ["seqlab", "nbgrader"])


def gradebook(course):
    return Gradebook(f"sqlite:///{course.root}/gradebook.db", "course")


def grades(course, student):
    """Return grade cell -> (automatic score, whether a grader must look at it)."""
    with gradebook(course) as found:
        (notebook,) = found.find_submission("smoothing", student).notebooks
        return {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades}


# ---------------------------------------------------------------- cells


def test_the_release_has_stubs_of_all_kinds(course):
    release = nbformat.read(course.root / "release/smoothing/smoothing.ipynb", 4)
    sources = {
        cell.metadata.nbgrader.grade_id: cell.source for cell in release.cells if "nbgrader" in cell.metadata
    }
    assert sources["why"] == "YOUR ANSWER HERE"
    assert "raise NotImplementedError" in sources["plot"]
    assert "figure" not in sources["plot"]
    assert "own = None" in sources["extra"]
    assert "Describe in cells of your own" in sources["essay"]


@BOTH
def test_what_a_grader_must_look_at_waits_for_it(course, grade, program):
    hand_in(course, "ada", {"why": "It averages.", "plot": "print(1)", "extra": "own = [3]"})
    hand_in(course, "bob")
    grade(program)
    assert grades(course, "ada") == {
        "test_smoothing_step": (10.0, False),
        "why": (None, True),
        "plot": (None, True),
        "extra": (None, True),
        "essay": (None, True),
    }
    untouched = grades(course, "bob")
    assert {untouched[name] for name in ("why", "plot", "extra")} == {(0.0, False)}
    assert untouched["essay"][1] is True


def test_a_cell_graded_by_hand_is_no_repair(course, grade):
    hand_in(course, "ada", {"why": "It averages.", "plot": "print(1)", "extra": "own = [3]"})
    grade("seqlab")
    assert records.load(records.path_of(course, "smoothing", "ada")).repairs == []


@BOTH
def test_manual_points_and_extra_credit_survive_a_regrade(course, grade, program):
    hand_in(course, "ada", {"why": "It averages.", "plot": "print(1)"})
    grade(program)
    with gradebook(course) as found:
        for name, points, extra in (("why", 2.5, 0), ("plot", 4, 1), ("essay", 1, 0)):
            mine = found.find_grade(name, "smoothing", "smoothing", "ada")
            mine.manual_score, mine.extra_credit, mine.needs_manual_grade = points, extra, False
        found.db.commit()
        assert found.find_submission("smoothing", "ada").score == 10 + 2.5 + 4 + 1 + 1
    grade(program)
    with gradebook(course) as found:
        assert found.find_submission("smoothing", "ada").score == 10 + 2.5 + 4 + 1 + 1
        assert found.find_submission("smoothing", "ada").max_score == 10 + 3 + 4 + 0 + 2


# ---------------------------------------------------------------- plug-ins and preprocessors of the course


@BOTH
def test_a_course_s_own_late_penalty(course, grade, program):
    (course.root / "late.py").write_text(LATE)
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write('c.AssignLatePenalties.plugin_class = "late.AnHourAPoint"\n')
    with gradebook(course) as found:
        found.update_or_create_assignment("smoothing", duedate="2026-03-01 12:00:00 UTC")
    hand_in(course, "ada", timestamp="2026-03-01 11:00:00 UTC")
    hand_in(course, "bob", timestamp="2026-03-01 15:10:00 UTC")
    grade(program)
    with gradebook(course) as found:
        penalties = {
            student: found.find_submission("smoothing", student).late_submission_penalty
            for student in ("ada", "bob")
        }
    assert penalties == {"ada": 0, "bob": 3}


@BOTH
def test_a_course_s_own_preprocessors_run_where_the_configuration_has_them(course, grade, program):
    (course.root / f"steps_{program}.py").write_text(STEPS)
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write(
            f"""
c.Autograde.sanitize_preprocessors.insert(0, "steps_{program}.Mend")
c.Autograde.autograde_preprocessors.insert(0, "steps_{program}.Before")
c.Autograde.autograde_preprocessors.append("steps_{program}.After")
"""
        )
    right = reference_source(course.lab("smoothing").text)["smoothing_step"]
    hand_in(course, "ada", {"smoothing_step": right.replace("smoothing_step", "smoothing_stepp")})
    grade(program)
    assert grades(course, "ada")["test_smoothing_step"] == (10.0, False)
    graded = nbformat.read(course.root / "autograded/ada/smoothing/smoothing.ipynb", 4)
    # That the first step ran is shown by the points; its mark went with the notebook's own metadata.
    assert [mark for mark in graded.metadata.marks if mark != "Mend"] == ["Before", "After"]


def test_a_course_s_own_preprocessor_takes_part_in_the_release(course):
    (course.root / "steps_release.py").write_text(STEPS)
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write('c.GenerateAssignment.preprocessors.insert(0, "steps_release.Release")\n')
    build(course.root)
    release = nbformat.read(course.root / "release/smoothing/smoothing.ipynb", 4)
    assert release.cells[0].source.endswith("Hand in until Friday.")


# ---------------------------------------------------------------- tests in the student's process


def add_plain_test(course, text=PLAIN):
    path = course.root / "assignments/smoothing/smoothing.py"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_a_test_in_the_student_s_process_is_refused_at_build(course):
    add_plain_test(course)
    with pytest.raises(
        LabError, match=r"'test_twice' tests in the student's process.*allow_in_process_tests"
    ):
        build(course.root)


def test_hidden_code_beside_the_call_is_refused_even_where_plain_tests_are_allowed(course):
    path = course.root / "assignments/smoothing/smoothing.py"
    call = '__seqlab_grade__("smoothing_step")\n'
    assert call in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(call, f"{call}assert 1 + 1 == 2\n"), "utf-8")
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write("c.GradeInSandbox.allow_in_process_tests = True\n")
    with pytest.raises(LabError, match="'test_smoothing_step' has hidden code beside"):
        build(course.root)


@BOTH
def test_where_it_is_allowed_everybody_is_told_that_it_is_not_protected(course, grade, program, monkeypatch):
    add_plain_test(course)
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write("c.GradeInSandbox.allow_in_process_tests = True\n")
    build(course.root)
    assert b"== 3.0" not in (course.root / "release/smoothing/smoothing.ipynb").read_bytes()
    wrong = "def smoothing_step(v_prev, xt, t, beta):\n    return 3.0, 0\n"
    hand_in(course, "ada")
    hand_in(course, "bob", {"smoothing_step": wrong.replace("3.0", "2.0")})
    hand_in(
        course, "cy", {"smoothing_step": wrong.replace("return", "import sys; sys.displayhook(1e9); return")}
    )
    grade(program)
    assert grades(course, "ada")["test_twice"] == (5.0, False)
    for student in ("bob", "cy"):  # one fails, one claims more points than there are
        assert grades(course, student)["test_twice"] == (0.0, False)
    record = json.loads((course.root / ".seqlab/smoothing/results/ada.json").read_text("utf-8"))["result"]
    assert (record["points"], record["max_points"]) == (15, 15)
    assert "not protected" in record["reason"]
    assert {one["name"]: "not protected" in one["note"] for one in record["exercises"]} == {
        "smoothing_step": False,
        "test_twice": True,
    }
    monkeypatch.chdir(course.root)
    monkeypatch.setattr(
        sys, "argv", ["seqlab", "report", "smoothing", "--csv", "scores.csv", "--html", "page"]
    )
    with contextlib.suppress(SystemExit):
        cli.main()
    with open("scores.csv") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert "not protected" in rows["ada"]["reason"]
    assert re.search("not protected.*test_twice", Path("page/index.html").read_text("utf-8"))


# ---------------------------------------------------------------- the pages


def code_of(page, words):
    """Return the one block of Python on a page that contains some words."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    (block,) = [block for block in re.findall(r"```python\n(.*?)```", text, re.S) if words in block]
    return block


def test_the_page_s_late_plug_in_counts_hours_that_have_begun():
    names = {}
    exec(code_of("exchange.md", "BasePlugin"), names)
    penalty = names["AnHourAPoint"]().late_submission_penalty
    assert [penalty("ada", 10, seconds) for seconds in (1, 3600, 3601, 1e6)] == [1, 1, 2, 10]


def test_a_graded_cell_comes_and_manual_grades_stay(course, grade, capfd):
    hand_in(course, "ada", {"why": "It averages.", "plot": "print(1)"})
    grade("seqlab")
    with gradebook(course) as found:
        for name, points, extra in (("why", 2.5, 0), ("plot", 3, 1)):
            mine = found.find_grade(name, "smoothing", "smoothing", "ada")
            mine.manual_score, mine.extra_credit, mine.needs_manual_grade = points, extra, False
        found.find_comment("why", "smoothing", "smoothing", "ada").manual_comment = "Well said."
        found.update_or_create_assignment("smoothing", duedate="2026-03-01 12:00:00 UTC")
    (course.root / "keep.py").write_text(code_of("gradebook.md", "what, lab"))

    def run(*line):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(course.root), "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            line, cwd=course.root, env=environment, check=True, timeout=120, capture_output=True, text=True
        ).stdout

    nbgrader = Path(sys.executable).parent / "nbgrader"
    text = course.root / "assignments/smoothing/smoothing.py"
    without = text.read_text("utf-8").replace(BY_HAND, "")
    text.write_text(without + WRITTEN.replace('"why"', '"how"'), "utf-8")
    build(course.root)
    capfd.readouterr()
    grade("seqlab")
    assert "the gradebook holds submissions from before how, plot came or went" in capfd.readouterr().err
    assert run(sys.executable, "keep.py", "keep", "smoothing") == "2 grades and 1 comments\n"
    run(nbgrader, "db", "assignment", "remove", "smoothing", "--force")
    grade("seqlab")
    said = run(sys.executable, "keep.py", "restore", "smoothing")
    assert said.splitlines()[0] == "no longer there: plot smoothing smoothing ada 3.0 1.0"
    with gradebook(course) as found:
        assert found.find_grade("why", "smoothing", "smoothing", "ada").score == 2.5
        assert found.find_comment("why", "smoothing", "smoothing", "ada").comment == "Well said."
        assert found.find_grade("how", "smoothing", "smoothing", "ada").manual_score is None
        assert str(found.find_assignment("smoothing").duedate) == "2026-03-01 12:00:00"
