"""What plain nbgrader runs in place of its own execution."""

import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from autograder import settings
from autograder.cli.demo import fill_in
from autograder.errors import GraderError, UsageError
from autograder.gradebook import plugins as hooks
from autograder.gradebook.plugins import GradeInSandbox
from autograder.gradebook.records import load, path_of
from autograder.lab.course import load_config
from autograder.release.generate import registered_cells
from autograder.sandbox import Isolation
from autograder.settings import settings_of
from autograder.submission.restore import Sanitiser

pytestmark = pytest.mark.slow

LIMITS = Config(GradeInSandbox=Config(isolation="limits"))


@pytest.fixture
def preprocess(small, monkeypatch):
    """A function that runs the preprocessor as nbgrader does: in the course's folder."""
    monkeypatch.chdir(small.root)

    def run(nb, lab="scaling", config=LIMITS):
        who = {"assignment": lab, "notebook": lab, "student": "ann"}
        folder = small.root / "autograded/ann" / lab
        folder.mkdir(parents=True, exist_ok=True)
        return GradeInSandbox(config=config).preprocess(
            nb, {"nbgrader": who, "metadata": {"path": str(folder)}}
        )[0]

    return run


@pytest.fixture
def handed_in(small, scaling):
    """A function that gives a submission as nbgrader's sanitising leaves it."""
    source = nbformat.read(small.root / "source/scaling/scaling.ipynb", 4)
    cells = registered_cells(source, load_config(small.root), "scaling")
    sanitise = Sanitiser("scaling", cells, source.metadata.kernelspec)

    def make(**functions):
        release = nbformat.read(small.root / "release/scaling/scaling.ipynb", 4)
        return sanitise(fill_in(release, {**scaling, **functions}))

    return make


def said(nb, grade_id):
    (cell,) = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def test_verdicts_stand_in_the_notebook_and_in_the_record(small, preprocess, handed_in):
    nb = preprocess(handed_in())
    assert "4 of 4 points" in said(nb, "test_scale")
    record = load(path_of(small, "scaling", "ann"))
    assert (record.status, record.points, record.max_points) == ("graded", 10, 10)
    assert record.isolation == "limits"


def test_unchanged_work_meets_the_same_cases_again_and_other_work_others(small, preprocess, handed_in):
    def seed(**changes):
        notebook = handed_in()
        for cell in notebook.cells:
            cell.source = changes.get(cell.cell_type, "") + cell.source
        preprocess(notebook)
        return load(path_of(small, "scaling", "ann")).seed

    first = seed()
    assert seed() == first
    assert seed(markdown="prose") == first
    assert seed(code="# a comment, which code can read in In\n") != first


@pytest.mark.parametrize(
    ("detail", "seen", "unseen"),
    [
        ("points", ["0 of 6 points"], ["three steps", "is not handed on"]),
        ("cases", ["0 of 6 points", "three steps"], ["is not handed on"]),
        ("diagnosis", ["0 of 6 points", "three steps", "is not handed on"], []),
    ],
)
def test_the_course_chooses_what_students_see(preprocess, handed_in, scaling, detail, seen, unseen):
    config = Config(GradeInSandbox=Config(isolation="limits", feedback=detail))
    wrong = scaling["repeat"].replace("x, _ = scale", "y, _ = scale").replace("t] = x", "t] = y")
    nb = preprocess(handed_in(repeat=wrong), config=config)
    text = said(nb, "test_repeat")
    assert all(words in text for words in seen)
    assert not any(words in text for words in unseen)
    assert not any(words in str(nb) for words in unseen), "in no form of the outputs"


def test_an_assignment_that_is_no_lab_is_run_and_left_to_nbgrader(small, preprocess):
    grade = {"grade": True, "grade_id": "q", "locked": True, "points": 1, "schema_version": 3}
    nb = new_notebook(
        cells=[
            new_code_cell("x = 6 * 7\nx"),
            new_code_cell("assert x == 43", metadata={"nbgrader": {**grade, "solution": False}}),
        ]
    )
    first, second = preprocess(nb, "essay").cells
    assert first.outputs[0].data["text/plain"] == "42"
    assert [(o.output_type, o.ename) for o in second.outputs] == [("error", "AssertionError")]
    assert not (small.root / ".seqlab/essay/results").exists()


def test_a_fault_of_the_grader_raises_and_is_recorded_as_such(small, preprocess, handed_in, monkeypatch):
    def breaks(*_):
        raise GraderError("no sandbox today")

    monkeypatch.setattr(hooks, "grade_notebook", breaks)
    with pytest.raises(GraderError, match="no sandbox today"):
        preprocess(handed_in())
    record = load(path_of(small, "scaling", "ann"))
    assert (record.status, record.reason, record.points) == ("grader error", "no sandbox today", 0)


def test_without_bubblewrap_it_refuses(preprocess, handed_in, monkeypatch):
    monkeypatch.setattr(settings, "why_not", lambda isolation: f"{isolation} does not run")
    with pytest.raises(GraderError, match="bubblewrap does not run"):
        preprocess(handed_in(), config=Config())


def test_settings_of_a_course_and_a_lab(small):
    settings = settings_of(LIMITS, small.lab("scaling"))
    assert settings.isolation is Isolation.LIMITS
    assert settings.limits.cell_seconds == 1.0
    assert settings_of(Config(), small.lab("scaling")).isolation is Isolation.BUBBLEWRAP
    assert settings_of(LIMITS, small.lab("scaling"), Isolation.BUBBLEWRAP).isolation is Isolation.BUBBLEWRAP
    wide = Config(GradeInSandbox=Config(limits={"disk": 1, "cell_seconds": 7}))
    settings = settings_of(wide, small.lab("scaling"))
    assert (settings.limits.disk, settings.limits.cell_seconds) == (1, 1.0), "the lab's own limit goes first"


def test_figures_are_a_setting_that_the_command_line_can_only_switch_off(small):
    lab, off = small.lab("scaling"), Config(GradeInSandbox=Config(figures=False))
    assert settings_of(LIMITS, lab).figures
    assert not settings_of(LIMITS, lab, figures=False).figures
    assert settings_of(LIMITS, lab).demonstrations
    assert not settings_of(LIMITS, lab, demonstrations=False).demonstrations
    assert not settings_of(Config(GradeInSandbox=Config(demonstrations=False)), lab).demonstrations
    assert not settings_of(off, lab).figures


@pytest.mark.parametrize(("figures", "pictures"), [(True, 1), (False, 0)])
def test_plain_nbgrader_draws_figures_as_the_course_wants(preprocess, figures, pictures):
    plot = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    config = Config(GradeInSandbox=Config(isolation="limits", figures=figures))
    (cell,) = preprocess(new_notebook(cells=[new_code_cell(plot)]), "essay", config).cells
    assert sum("image/png" in output.get("data", {}) for output in cell.outputs) == pictures
    assert not [output for output in cell.outputs if output.output_type == "error"]


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"limits": {"memroy": 1}}, "no limit is called 'memroy'; there are cell_output, cell_outputs"),
        ({"isolation": "none"}, r"nbgrader_config\.py, c\.GradeInSandbox: .*isolation"),
        ({"feedback": "all"}, r"nbgrader_config\.py, c\.GradeInSandbox: .*feedback"),
    ],
)
def test_a_wrong_setting_is_named(small, config, words):
    with pytest.raises(UsageError, match=words) as raised:
        settings_of(Config(GradeInSandbox=Config(config)), small.lab("scaling"))
    assert "\n" not in str(raised.value)


def test_outside_of_a_course_it_says_so(preprocess, handed_in, tmp_path, monkeypatch):
    nb = handed_in()
    shutil.rmtree(tmp_path / "course/assignments")
    with pytest.raises(UsageError, match="is in no course"):
        preprocess(nb)
