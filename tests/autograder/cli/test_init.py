"""A course outside of the repository, and the lab that `seqlab new` makes in it."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.audit import audit_lab
from autograder.cli import commands as cli
from autograder.cli.demo import fill_in
from autograder.cli.init import init_course, new_lab
from autograder.errors import LabError, UsageError
from autograder.lab.course import Course, load_config
from autograder.lab.text import reference_source
from autograder.release.build import build
from autograder.sandbox import why_not

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/labs.md"
BIN = Path(sys.executable).parent


@pytest.fixture
def made(tmp_path):
    """A new course with the lab `smoothing`, not built."""
    init_course(tmp_path / "My course")
    course = Course.find(tmp_path / "My course")
    new_lab(course, "smoothing")
    return course


@pytest.fixture
def seqlab(monkeypatch, capsys):
    """A function that runs a command in this process: exit code, standard output and error."""

    def run(*line, folder):
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["seqlab", *map(str, line)])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


# ---------------------------------------------------------------- the course


def test_a_course_has_the_settings_of_this_repository(made):
    ours = (ROOT / "nbgrader_config.py").read_text("utf-8")
    theirs = (made.root / "nbgrader_config.py").read_text("utf-8")
    assert theirs == ours.replace('course_id = "seqlab"', 'course_id = "My-course"')
    assert load_config(made.root).CourseDirectory.course_id == "My-course"


def test_a_course_s_files_are_those_that_git_and_ci_need(made):
    assert {".gitignore", ".github/workflows/regrade.yml", "README.md", "requirements.txt"} <= files(
        made.root
    ).keys()
    assert {f"{name}/.gitkeep" for name in ("assignments", "source", "release")} <= files(made.root).keys()
    words = "".join(data.decode() for data in files(made.root).values())
    assert not re.search("COURSE_ID|VERSION|LAB`", words)
    assert made.labs == ["smoothing"]


def test_git_ignores_what_grading_writes_and_nothing_that_is_built(made):
    subprocess.run(["git", "init", "-q", made.root], check=True)
    kept = ["source/a/a.ipynb", "release/a/hints.json", "submitted/ada/a/a.ipynb", "assignments/a/a.py"]
    ignored = ["gradebook.db", ".seqlab/secret", "autograded/ada/a/a.ipynb", "feedback/ada/a/a.html"]
    line = ["git", "check-ignore", *kept, *ignored]
    run = subprocess.run(line, cwd=made.root, capture_output=True, text=True, check=False)
    assert run.stdout.splitlines() == ignored


def test_the_workflow_is_one_and_uses_a_secret_seed(made):
    path = made.root / ".github/workflows/regrade.yml"
    text = path.read_text("utf-8")
    (line,) = re.findall(r"seqlab check .*", text)
    assert '--seed "$SEED"' in line
    assert text.count("${{ secrets.SEQLAB_SEED }}") == 2
    assert "cache: pip" in text
    assert '--markdown "$GITHUB_STEP_SUMMARY"' in text
    (upload,) = re.findall(r"uses: actions/upload-artifact.*\n +if: (.*)\n", text)
    assert "github.event.repository.private" in upload
    line = [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", path]
    run = subprocess.run(line, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("there", ["README.md", "nbgrader_config.py", ".github/workflows/regrade.yml"])
def test_init_overwrites_nothing(tmp_path, there):
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_text("mine")
    with pytest.raises(UsageError, match=re.escape(f"{there} exists already: nothing was changed")):
        init_course(tmp_path)
    assert files(tmp_path) == {there: b"mine"}


def test_init_makes_no_course_in_a_course(made):
    before = files(made.root)
    with pytest.raises(UsageError, match="is a course already"):
        init_course(made.root)
    with pytest.raises(UsageError, match="lies in the course"):
        init_course(made.root / "source/other")
    with pytest.raises(UsageError, match="is a file: name a folder"):
        init_course(made.root / "README.md")
    assert files(made.root) == before


# ---------------------------------------------------------------- the lab


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("smoothing", "exists already: nothing was changed"),
        ("Smoothing", "cannot be a lab's name"),
        ("../x", "cannot be a lab's name"),
        ("lambda", "cannot be a lab's name"),
        ("numpy", "name of a Python package"),
        ("random", "name of a Python package"),
        ("feedback", "folder of courses"),
    ],
)
def test_a_lab_s_name_must_be_usable_and_new(made, seqlab, name, words):
    before = files(made.root)
    code, _, error = seqlab("new", name, folder=made.root)
    assert code == 2
    assert len(error.splitlines()) == 1
    assert words in error
    assert files(made.root) == before


def test_a_new_lab_needs_a_course(tmp_path, seqlab):
    code, _, error = seqlab("new", "smoothing", folder=tmp_path)
    assert code == 2
    assert "`seqlab init FOLDER` makes one" in error


@pytest.mark.slow
def test_a_new_lab_passes_its_audit(made):
    build(made.root)
    audit = audit_lab(made.lab("smoothing"), seeds=(1, 2), jobs=1)
    assert audit.holds
    (exercise,) = audit.exercises
    assert exercise.mistakes == 5
    assert exercise.killed == exercise.mutants > 50
    assert exercise.same == []


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_new_lab_is_graded_by_seqlab_and_by_nbgrader(made):
    build(made.root)
    right = reference_source(made.lab("smoothing").text)["smoothing_step"]
    release = nbformat.read(made.root / "release/smoothing/smoothing.ipynb", 4)
    swapped = right.replace("beta * v_prev + (1 - beta) * xt", "(1 - beta) * v_prev + beta * xt")
    wanted = {}
    for student, source, points in (("ada", right, 10.0), ("bob", swapped, None), ("cy", "", 0.0)):
        folder = made.root / "submitted" / student / "smoothing"
        folder.mkdir(parents=True)
        nbformat.write(
            fill_in(release, {"smoothing_step": source} if source else {}), folder / "smoothing.ipynb"
        )
        wanted[student] = points
    found = []
    for line in (["seqlab", "autograde", "smoothing"], ["nbgrader", "autograde", "smoothing", "--force"]):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run([BIN / line[0], *line[1:]], cwd=made.root, env=environment, check=True, timeout=120)
        with Gradebook(f"sqlite:///{made.root}/gradebook.db", "My-course") as gradebook:
            found.append({s.student.id: s.score for s in gradebook.assignment_submissions("smoothing")})
    assert found[0] == found[1]
    assert {name: found[0][name] for name in ("ada", "cy")} == {"ada": 10.0, "cy": 0.0}
    assert 0 <= found[0]["bob"] < 10
    record = json.loads((made.root / ".seqlab/smoothing/results/bob.json").read_text("utf-8"))
    assert record["result"]["exercises"][0]["mistake"] == "weights-swapped"


# ---------------------------------------------------------------- build says what a lab lacks


def test_build_says_which_files_are_missing(made):
    assert build(made.root).remarks == []
    for name in ("mistakes.py", "published.json"):
        (made.root / "assignments/smoothing" / name).unlink()
    first, second = build(made.root).remarks
    assert "there is no mistakes.py" in first
    assert "there is no published.json" in second
    assert "visible checks of smoothing_step will fail" in second
    (made.root / "assignments/smoothing/published.json").write_text("{}")
    assert any("published.json lacks smoothing_step" in remark for remark in build(made.root).remarks)
    (made.root / "assignments/smoothing/exercises.py").unlink()
    assert build(made.root).remarks == ["smoothing: there is no exercises.py, so no submission can be graded"]


def test_build_refuses_an_import_that_the_sandbox_would_not_have(made):
    exercises = made.root / "assignments/smoothing/exercises.py"
    change(exercises, '("checks",)', '("gradcheck",)')  # which imports checks
    build(made.root)
    change(exercises, '("gradcheck",)', '("activations",)')
    with pytest.raises(
        LabError, match=r"imports course_utils\.checks, which the sandbox would not have: add"
    ):
        build(made.root)


@pytest.mark.slow
@pytest.mark.sandbox
def test_build_tries_the_lab_in_a_sandbox(made, seqlab):
    why_not.cache_clear()  # of another test, in which there was none
    code, text, error = seqlab("build", folder=made.root)
    assert (code, error) == (0, "")
    assert "smoothing.ipynb" in text
    path = made.root / "assignments/smoothing/smoothing.py"
    change(path, "import numpy as np\n", "import numpy as np\nimport no_such_package\n")
    code, _, error = seqlab("build", folder=made.root)
    assert code == 2
    assert "`import no_such_package` gives ModuleNotFoundError" in error
    assert seqlab("build", "--no-sandbox", folder=made.root)[0] == 0


def test_build_says_why_it_tries_no_sandbox(made, seqlab, monkeypatch):
    monkeypatch.setattr("autograder.cli.trial.why_not", lambda isolation: "bubblewrap is not installed")
    code, _, error = seqlab("build", folder=made.root)
    assert code == 0
    assert error.splitlines() == ["not tried in a sandbox: bubblewrap is not installed"]


def test_build_makes_a_lab_whose_framework_is_missing(made, seqlab, monkeypatch):
    change(made.root / "assignments/smoothing/exercises.py", "modules=(", 'extra="keras", modules=(')
    monkeypatch.setattr("autograder.lab.extras.find_spec", lambda name: None)
    code, _, error = seqlab("build", folder=made.root)
    assert code == 0
    (line,) = error.splitlines()
    assert line.startswith("not tried in a sandbox: the lab smoothing needs Keras and a backend of Keras")


# ---------------------------------------------------------------- the page


def blocks():
    """Return the example's files on the page, by name, and its commands."""
    example = re.split(r"(?m)^## ", PAGE.read_text("utf-8"))[1]
    shown = re.findall(r"`assignments/smoothing/([\w.]+)`:\n\n```\w*\n(.*?)^```", example, re.M | re.S)
    commands = re.findall(r"^```\n(seqlab .*?)^```", example, re.M | re.S)
    return dict(shown), [line.partition("#")[0].strip() for block in commands for line in block.splitlines()]


def test_the_page_shows_the_lab_that_new_makes(made):
    shown, _ = blocks()
    assert {"smoothing.py", "exercises.py", "mistakes.py", "answers.py", "published.json"} == shown.keys()
    for name, text in shown.items():
        file = (made.root / "assignments/smoothing" / name).read_text("utf-8")
        assert text in file, name
        assert text.count("\n") > 5


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_page_s_commands_run(tmp_path, seqlab):
    _, commands = blocks()
    assert [shlex.split(line)[1] for line in commands] == ["init", "new", "build", "audit"]
    folder = tmp_path
    for line in commands:
        words = shlex.split(line)[1:]
        code, _, error = seqlab(*words, folder=folder)
        assert code == 0, error
        folder = tmp_path / words[1] if words[0] == "init" else folder
