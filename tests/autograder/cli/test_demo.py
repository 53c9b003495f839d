"""The demo: a class whose scores are known before it is graded."""

import shutil
import sys

import nbformat
import pytest

from autograder.cli import commands as cli
from autograder.cli.demo import MARK, fill_in, hand_in, make_course
from autograder.errors import UsageError
from autograder.gradebook.records import load_all
from autograder.lab.course import Course
from autograder.lab.text import solution_cells

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory, small_built):
    """The demo of the small course, graded."""
    folder = tmp_path_factory.mktemp("demo") / "a demo"
    with pytest.MonkeyPatch.context() as patch:
        line = ["seqlab", "demo", str(folder), "--course", str(small_built.root), "--jobs", "2"]
        patch.setattr(sys, "argv", line)
        with pytest.raises(SystemExit) as end:
            cli.main()
    return Course(folder), end.value.code


def test_the_demo_ends_with_0_and_says_what_each_student_has(demo):
    course, code = demo
    assert code == 0
    found = {r.student: (r.status, *(v.points for v in r.exercises)) for r in load_all(course, "scaling")}
    assert found == {
        "perfect": ("graded", 4, 6),
        "Zoë Ångström": ("graded", 4, 6),
        "blank": ("graded", 0, 0),
        "wrong scale": ("graded", 1, 6),
        "wrong repeat": ("graded", 4, 0),
        "many mistakes": ("graded", 3, 0),
        "endless": ("graded", 0, 6),
        "not a notebook": ("bad submission",),
    }


def test_the_mistakes_are_named(demo):
    found = {r.student: [v.mistake for v in r.exercises] for r in load_all(demo[0], "scaling")}
    assert found["wrong scale"] == ["adds", None]
    assert found["wrong repeat"] == [None, "starts-anew"]
    assert found["many mistakes"] == ["mean", "stops-early"]


def test_the_report_is_one_page_with_the_whole_class(demo):
    course, _ = demo
    (page,) = (course.root / "report").iterdir()
    text = page.read_text("utf-8")
    for student in ("Zoë Ångström", "endless", "not a notebook"):
        assert student in text
    assert 'src="http' not in text
    assert 'href="http' not in text


def test_a_second_demo_goes_into_the_same_folder_and_no_other_one_is_touched(small_built, tmp_path):
    made = make_course(small_built, tmp_path / "demo")
    (made.root / "submitted/perfect/scaling/scaling.ipynb").unlink()
    again = make_course(small_built, tmp_path / "demo")
    assert (again.root / "submitted/perfect/scaling/scaling.ipynb").exists()
    (made.root / MARK).unlink()
    with pytest.raises(UsageError, match="is not empty and no demo made it"):
        make_course(small_built, made.root)
    assert (made.root / "submitted/perfect/scaling/scaling.ipynb").exists()


def test_a_lab_without_mistakes_has_a_demo_too(small, tmp_path):
    shutil.rmtree(small.root / "assignments/scaling")
    shutil.rmtree(small.root / "source/scaling")
    shutil.rmtree(small.root / "release/scaling")
    made = make_course(small, tmp_path / "demo")
    students = {path.name for path in (made.root / "submitted").iterdir()}
    assert students == {"perfect", "Zoë Ångström", "blank", "many mistakes", "endless", "not a notebook"}


def test_hand_in_brings_the_release_with_some_functions(small, scaling):
    path = hand_in(small, "scaling", "ann", {"scale": scaling["scale"]})
    found = {name: cell.source for name, cell in solution_cells(nbformat.read(path, 4)).items()}
    assert found["scale"] == scaling["scale"].rstrip("\n")
    assert "NotImplementedError" in found["repeat"]


def test_filling_in_leaves_the_release_as_it_was(small, scaling):
    release = nbformat.read(small.root / "release/scaling/scaling.ipynb", 4)
    before = nbformat.writes(release)
    assert nbformat.writes(fill_in(release, scaling)) != before
    assert nbformat.writes(release) == before


def test_one_line_says_that_there_is_no_sandbox(small_built, tmp_path, monkeypatch, capsys):
    """Where bubblewrap cannot run, the demo says so with the mend and goes on with limits alone."""
    from autograder import sandbox
    from autograder.gradebook import autograde

    asked = []
    monkeypatch.setattr(sandbox, "why_not", lambda *_: "no bubblewrap: do x")
    monkeypatch.setattr(autograde, "autograde", lambda run, *_: asked.append(run) or iter(()))
    monkeypatch.setattr(
        sys, "argv", ["seqlab", "demo", str(tmp_path / "x"), "--course", str(small_built.root)]
    )
    with pytest.raises(SystemExit):
        cli.main()
    said = capsys.readouterr().err.splitlines()
    assert (
        said[0]
        == "No sandbox: no bubblewrap: do x. Going on with `--isolation limits`, which suits this demo only."
    )
    assert [run.settings.isolation for run in asked] == ["limits"]
