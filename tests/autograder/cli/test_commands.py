"""The command line: what it prints, what it writes, and how it ends."""

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from autograder.cli.demo import hand_in
from autograder.gradebook import records
from autograder.lab.course import load_config
from autograder.results import Result
from autograder.run import Run
from autograder.settings import settings_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NOTEBOOKS = ROOT / "tests/files/notebooks"
SEQLAB = Path(sys.executable).parent / "seqlab"


def one_line(text):
    (line,) = text.splitlines()
    assert "Traceback" not in line
    return line


# ---------------------------------------------------------------- help and bad usage


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("init",),
        ("new",),
        ("build",),
        ("check",),
        ("autograde",),
        ("report",),
        ("mistakes",),
        ("alike",),
        ("audit",),
        ("doctor",),
        ("demo",),
    ],
)
def test_every_command_has_readable_help(seqlab, command):
    code, text, _ = seqlab(*command, "--help")
    assert code == 0
    assert "Usage: seqlab" in text
    assert max(map(len, text.splitlines())) <= 80
    for line in text.splitlines():
        if "--" in line and line.startswith("│"):
            assert line.strip("│ ").split("  ")[-1], f"an option without a word of help: {line}"
    if not command:
        assert "--debug" in text


def test_without_a_command_it_shows_its_help(seqlab):
    code, text, error = seqlab()
    assert code == 2
    assert "autograde" in text + error


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["frobnicate"], "No such command"),
        (["check"], "Missing argument"),
        (["autograde"], "Missing argument"),
        (["autograde", "scaling", "--jobs", "0"], "--jobs"),
        (["autograde", "scaling", "--seed", "x"], "--seed"),
        (["check", "x.ipynb", "--isolation", "none"], "--isolation"),
    ],
)
def test_bad_usage_is_exit_2(seqlab, small, line, words):
    code, _, error = seqlab(*line, folder=small.root)
    assert code == 2
    assert words in error


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["check", "nowhere.ipynb"], "nowhere.ipynb does not exist"),
        (["check", "empty"], "empty holds no notebooks"),
        (["check", "blank.ipynb", "nowhere.ipynb"], "does not exist"),
        (["autograde", "poetry"], "there is no lab 'poetry'; there are scaling, unrelated"),
        (["autograde", "scaling"], "nothing was handed in for scaling: put submissions into submitted/"),
        (["autograde", "scaling", "--student", "bob"], "nothing was handed in by 'bob' for scaling"),
        (["report", "poetry"], "there is no lab 'poetry'"),
        (["report", "scaling"], "scaling has not been graded yet: `seqlab autograde scaling` first"),
        (["build", "poetry"], "unknown lab poetry; the labs are scaling, unrelated"),
        (["demo", "assignments"], "assignments is not empty and no demo made it: name another folder"),
    ],
)
def test_bad_input_is_exit_2_and_one_line(seqlab, small, line, words):
    shutil.copy(NOTEBOOKS / "blank.ipynb", small.root)
    (small.root / "empty").mkdir()
    code, _, error = seqlab(*line, folder=small.root)
    assert code == 2
    assert one_line(error).startswith("seqlab: ")
    assert words in error


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            ["--baseline", "none.json"],
            "none.json: there is no such file or folder, or none can be made: check",
        ),
        (["--json", "here"], "here: it is a folder: name a file"),
        (["--html", "a file"], "a file: there is a file where a folder is needed: name a folder, or remove"),
        (
            ["--html", "a file/b"],
            "a file/b: there is a file where a folder is needed: name a folder, or remove",
        ),
        (
            ["--junit", "/proc/x.xml"],
            "/proc/x.xml: there is no such file or folder, or none can be made: check",
        ),
        (["--markdown", f"{'x' * 300}.md"], f"{'x' * 300}.md: File name too long"),
    ],
)
def test_a_path_that_cannot_be_used_is_one_line_with_what_to_do(seqlab, small, line, words):
    (small.root / "here").mkdir()
    (small.root / "a file").write_text("")
    code, _, error = seqlab("check", NOTEBOOKS / "blank.ipynb", *line, folder=small.root)
    assert code == 2
    assert f"seqlab: {words}" in error.splitlines()[-1]
    assert "Errno" not in error


@pytest.mark.parametrize(
    "line", [["check", "right.ipynb"], ["autograde", "scaling"], ["report", "scaling"], ["demo", "x"]]
)
def test_outside_of_a_course_the_error_says_how_to_make_one(seqlab, tmp_path, line):
    shutil.copy(NOTEBOOKS / "right.ipynb", tmp_path)
    code, _, error = seqlab(*line, folder=tmp_path)
    assert code == 2
    assert "is in no course" in one_line(error)
    assert "`seqlab init FOLDER` makes one" in error


def test_a_course_can_be_named(seqlab, small, tmp_path):
    code, text, _ = seqlab("build", "--check", "--course", small.root, folder=tmp_path)
    assert (code, text.strip()) == (0, "scaling, unrelated: up to date")


def test_what_is_out_of_date_is_exit_1(seqlab, small):
    (small.root / "release/unrelated/unrelated.ipynb").unlink()
    code, _, error = seqlab("build", "--check", folder=small.root)
    assert code == 1
    assert "out of date: release/unrelated/unrelated.ipynb; run `seqlab build`" in one_line(error)


# ---------------------------------------------------------------- check


@pytest.fixture
def collected(small, tmp_path):
    """A collected tree of submissions, some of which cannot be graded."""
    root = tmp_path / "collected"
    for student, name in [("ann", "right"), ("Zoë", "blank"), ("bob", "truncated"), ("eve", "no_lab")]:
        folder = root / student / "scaling"
        folder.mkdir(parents=True)
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", folder / "scaling.ipynb")
    (root / "ann/scaling/.ipynb_checkpoints").mkdir()
    shutil.copy(NOTEBOOKS / "right.ipynb", root / "ann/scaling/.ipynb_checkpoints/scaling-checkpoint.ipynb")
    (root / "mallory/folder.ipynb").mkdir(parents=True)
    return root


def test_check_writes_all_reports_of_a_folder(seqlab, small, collected, tmp_path):
    out = tmp_path / "out"
    code, text, error = seqlab(
        "check", collected, "--jobs", 1, "--seed", 3, "--json", out / "r.json", "--junit", out / "r.xml",
        "--html", out / "html", "--markdown", out / "r.md", "--annotations", folder=small.root,
    )  # fmt: skip
    assert code == 0, error
    assert (out / "r.md").read_text("utf-8").count("\n| ") == 6
    assert error.count("::error file=") == 3
    document = json.loads((out / "r.json").read_text("utf-8"))
    assert set(document) == {"schema", "seed", "submissions"}
    assert (document["schema"], document["seed"]) == (1, 3)
    found = {entry["student"]: entry for entry in document["submissions"]}
    assert {student: entry["status"] for student, entry in found.items()} == {
        "ann": "graded",
        "Zoë": "graded",
        "bob": "bad submission",
        "eve": "bad submission",
        "mallory": "bad submission",
    }
    assert (found["ann"]["points"], found["Zoë"]["points"], found["ann"]["max_points"]) == (10, 0, 10)
    assert [entry["path"] for entry in document["submissions"]] == sorted(e["path"] for e in found.values())
    tree = ET.parse(out / "r.xml").getroot()
    assert (tree.get("errors"), len(tree)) == ("3", 7), (
        "a suite for each exercise, and for what was not graded"
    )
    page = (out / "html/index.html").read_text("utf-8")
    assert "Zoë" in page
    assert "limits" in page, "the report says that there was no sandbox"
    assert f"report: {out}/html/index.html" in text
    assert "5 submissions: " in error
    assert "3 bad submissions" in error
    assert "checkpoint" not in text + error


def test_check_says_what_has_changed_since_a_baseline(seqlab, small, tmp_path):
    old = tmp_path / "old.json"
    line = ["check", NOTEBOOKS / "right.ipynb", "--seed", 3]
    assert seqlab(*line, "--json", old, folder=small.root)[0] == 0
    code, _, error = seqlab(*line, "--baseline", old, "--fail-on-change", folder=small.root)
    assert (code, "changed:" in error) == (0, False)
    old.write_text(old.read_text().replace('"points": 4.0', '"points": 1.0'))
    assert seqlab(*line, "--baseline", old, folder=small.root)[0] == 0
    code, _, error = seqlab(*line, "--baseline", old, "--fail-on-change", folder=small.root)
    assert code == 1
    assert "changed: right scaling: scale 1 → 4, total 10 → 10" in error
    code, _, error = seqlab(*line, "--fail-on-change", folder=small.root)
    assert (code, "needs --baseline" in error) == (2, True)


def test_gradescope_takes_one_submission(seqlab, small, collected, tmp_path):
    path = tmp_path / "results.json"
    assert seqlab("check", NOTEBOOKS / "right.ipynb", "--gradescope", path, folder=small.root)[0] == 0
    assert json.loads(path.read_text())["score"] == 10
    code, _, error = seqlab("check", collected, "--gradescope", path, folder=small.root)
    assert (code, error.splitlines()[-1]) == (2, "seqlab: --gradescope is for one submission, not for 5")


def test_the_json_has_the_schema_that_is_promised(seqlab, small):
    code, text, error = seqlab("check", NOTEBOOKS / "right.ipynb", "--json", "-", folder=small.root)
    assert code == 0, error
    (entry,) = json.loads(text)["submissions"]
    promised = {
        "path": str, "student": str, "lab": str, "status": str, "reason": str,
        "points": float, "max_points": float, "seconds": float, "exercises": list,
    }  # fmt: skip
    assert {name: type(entry[name]) for name in promised} == promised
    assert set(entry) - set(promised) == {"repairs", "isolation", "seed", "stale"}
    exercise = entry["exercises"][0]
    promised = {"name", "points", "max_points", "carried_forward", "mistake", "message", "cases"}
    assert set(exercise) - promised == {"digests", "findings", "note", "place", "seconds"}
    assert 0 < exercise["seconds"] <= entry["seconds"]
    assert promised <= set(exercise)
    assert exercise["mistake"] is None
    assert exercise["carried_forward"] is False
    assert exercise["cases"][0] == {"name": "a matrix of numbers", "status": "passed", "reason": ""}


def test_json_on_standard_output_stands_alone(seqlab, small, tmp_path):
    line = ["check", NOTEBOOKS / "prose.ipynb", "--json", "-", "--html", tmp_path / "html"]
    code, text, error = seqlab(*line, folder=small.root)
    assert code == 0
    assert json.loads(text)["submissions"][0]["status"] == "bad submission"
    assert "report: " in error


@pytest.mark.parametrize(
    ("name", "least", "code"),
    [
        ("syntax_error", "60", 0),
        ("syntax_error", "60.1", 1),
        ("right", "100", 0),
        ("prose", "0", 1),
        ("prose", None, 0),
    ],
)
def test_min_score(seqlab, small, name, least, code):
    line = ["check", NOTEBOOKS / f"{name}.ipynb", *(["--min-score", least] if least else [])]
    found, _, error = seqlab(*line, folder=small.root)
    assert found == code
    assert (f"below {least}%: 1 of 1" in error) == (code == 1)


def test_of_one_notebook_check_says_what_its_student_reads(seqlab, small):
    _, text, _ = seqlab("check", NOTEBOOKS / "right.ipynb", folder=small.root)
    assert "\n✓ scale: 4 of 4 points\n  1 ✓ passed  a matrix of numbers\n" in text
    line = ["check", NOTEBOOKS / "right.ipynb", NOTEBOOKS / "prose.ipynb"]
    assert "a matrix of numbers" not in seqlab(*line, folder=small.root)[1]


def test_the_seed_repeats_the_cases(seqlab, small, tmp_path):
    """A function that is right for some numbers alone: its score tells seeds apart."""
    nb = nbformat.read(NOTEBOOKS / "right.ipynb", 4)
    old = "return steps"
    assert nb.cells[4].source.count(old) == 1
    nb.cells[4].source = nb.cells[4].source.replace(old, "return steps * (w < 2)")
    nbformat.write(nb, tmp_path / "half.ipynb")

    def points(seed):
        code, text, _ = seqlab(
            "check", tmp_path / "half.ipynb", "--seed", seed, "--json", "-", folder=small.root
        )
        assert code == 0
        return json.loads(text)["submissions"][0]["points"]

    found = {seed: points(seed) for seed in (1, 2, 3)}
    assert len(set(found.values())) > 1, found
    assert {seed: points(seed) for seed in found} == found


def test_without_a_seed_each_submission_has_its_own_and_meets_it_again(seqlab, small, tmp_path):
    for student in ("ann", "bob"):
        (tmp_path / "in" / student / "scaling").mkdir(parents=True)
        shutil.copy(NOTEBOOKS / "right.ipynb", tmp_path / "in" / student / "scaling/scaling.ipynb")

    def seeds():
        document = json.loads(seqlab("check", tmp_path / "in", "--json", "-", folder=small.root)[1])
        assert document["seed"] is None
        return [submission["seed"] for submission in document["submissions"]]

    first = seeds()
    assert len(set(first)) == 2
    assert seeds() == first


def test_labs_are_told_apart_whatever_the_files_are_called(seqlab, small, tmp_path):
    shutil.copy(NOTEBOOKS / "right.ipynb", tmp_path / "one.ipynb")
    shutil.copy(NOTEBOOKS / "other_lab.ipynb", tmp_path / "two.ipynb")
    code, text, _ = seqlab(
        "check", tmp_path / "one.ipynb", tmp_path / "two.ipynb", "--json", "-", folder=small.root
    )
    assert code == 0
    found = {entry["student"]: entry["lab"] for entry in json.loads(text)["submissions"]}
    assert found == {"one": "scaling", "two": "unrelated"}


# ---------------------------------------------------------------- autograde and report


def test_a_class_is_graded_reported_and_left_alone(seqlab, small, scaling, tmp_path):
    hand_in(small, "scaling", "ann", scaling)
    hand_in(small, "scaling", "bob", {})
    code, text, error = seqlab("autograde", "scaling", "--jobs", 1, "--seed", 9, folder=small.root)
    assert code == 0
    assert error.splitlines()[0].startswith("1/2 ann: 10 of 10 in ")
    assert error.splitlines()[-1] == "2 submissions: 2 graded"
    code, text, error = seqlab("autograde", "scaling", "--seed", 9, folder=small.root)
    assert (code, text, error) == (0, "2 graded already (--force grades them again)\n", "")
    line = ["report", "scaling", "--html", tmp_path / "html", "--csv", tmp_path / "scores.csv"]
    code, text, error = seqlab(*line, folder=small.root)
    assert (code, error) == (0, "")
    assert "ann" in text
    rows = (tmp_path / "scores.csv").read_text("utf-8").splitlines()
    assert rows[0].startswith("student,lab,status,points,max_points,percent,scale,repeat")
    assert rows[1].startswith("ann,scaling,graded,10,10,100,4,6")
    assert "bob" in (tmp_path / "html/index.html").read_text("utf-8")
    with Gradebook(f"sqlite:///{small.root}/gradebook.db", "seqlab") as book:
        notebook = book.find_submission_notebook("scaling", "scaling", "ann")
        notebook.late_submission_penalty = 2.5
        notebook.grades[0].extra_credit = 1.0
        book.db.commit()
    line = ["report", "scaling", "--csv", tmp_path / "b.csv", "--canvas", tmp_path / "canvas.csv"]
    assert seqlab(*line, "--moodle", tmp_path / "moodle.csv", folder=small.root)[0] == 0
    assert (tmp_path / "moodle.csv").read_text() == "idnumber,scaling\nann,8.5\nbob,0\n"
    assert ",,ann,,,8.5\n" in (tmp_path / "canvas.csv").read_text()
    assert (tmp_path / "b.csv").read_text().splitlines()[1].endswith(",8.5,2.5,no")


def test_the_report_of_a_fault_of_the_grader(seqlab, small, scaling, monkeypatch):
    from autograder.errors import GraderError
    from autograder.grading import grader

    def breaks(*_):
        raise GraderError("the disk is full")

    hand_in(small, "scaling", "ann", scaling)
    monkeypatch.setattr(grader, "grade_notebook", breaks)
    code, _, error = seqlab("autograde", "scaling", folder=small.root)
    assert code == 3
    assert "1 submission: 1 grader error" in error
    code, _, error = seqlab("check", NOTEBOOKS / "right.ipynb", "--min-score", "0", folder=small.root)
    assert code == 3, "not 1: nothing is known of the submission"


@pytest.fixture
def breaks_for(monkeypatch):
    """A context manager under which the grader fails for some students, with a message."""
    from autograder.errors import GraderError
    from autograder.grading import grader

    @contextlib.contextmanager
    def failing(students, message):
        def files(folder):
            if folder.parent.name in students:
                raise GraderError(message)
            return real(folder)

        real = grader.plain_files
        with monkeypatch.context() as patched:
            patched.setattr(grader, "plain_files", files)
            yield

    return failing


def test_grader_errors_stand_apart_with_a_command_that_grades_just_these(
    seqlab, small, scaling, scores, breaks_for, tmp_path
):
    """The ids are what a shell, an option, markup or an emoji could be taken for."""
    failed = {"-x", 'O\'Neil "two" [red]$HOME', "a  :smile: ;"}
    for student in [*failed, "bob"]:
        hand_in(small, "scaling", student, scaling)
    hand_in(small, "scaling", "eve", {}).write_text("no notebook")
    line = ["autograde", "scaling", "--course", small.root, "--isolation", "limits", "--no-figures"]
    with breaks_for(failed, "no \x1b[31mspace\nleft"):
        code, _, error = seqlab(*line, "--jobs", 1, folder=tmp_path)
    assert code == 3
    *_, log, summary, first, second, third, again = error.splitlines()
    assert log == f"log: {small.root}/.seqlab/scaling/log.jsonl"
    assert summary == "5 submissions: 3 grader errors, 1 graded, 1 bad submission"
    said = {f"grader error, not the student's fault: {student}: no space left" for student in failed}
    assert {first, second, third} == said
    words, command = again.split(": ", 1)
    assert words == "to grade these again"
    assert shlex.split(command)[:-6] == list(map(str, ["seqlab", *line[:2], "--no-figures", *line[2:6]]))
    assert set(scores(small)) == {"bob"}

    code, _, error = seqlab(*shlex.split(command)[1:], "--jobs", 1, folder=tmp_path)
    assert code == 0, error
    assert error.splitlines()[-1] == "3 submissions: 3 graded"
    assert set(scores(small)) == {*failed, "bob"}


def test_the_command_that_grades_again_is_of_the_last_run_alone(seqlab, small, scaling, breaks_for):
    hand_in(small, "scaling", "ann", scaling)
    with breaks_for({"ann"}, "no space left"):
        seqlab("autograde", "scaling", folder=small.root)
    code, _, error = seqlab("autograde", "scaling", folder=small.root)
    assert code == 0
    assert "again" not in error


def test_verbose_shows_the_stages(seqlab, small, scaling):
    hand_in(small, "scaling", "ann", scaling)
    line = ["autograde", "scaling", "--verbose"]
    code, _, error = seqlab(*line, folder=small.root)
    assert code == 0
    stage = r"\w+ \d+ ms"
    assert re.fullmatch(rf"1/1 ann: 10 of 10 in \d+\.\d s \({stage}(, {stage})+\)", error.splitlines()[0])
    code, _, error = seqlab("check", NOTEBOOKS / "right.ipynb", "--verbose", "--json", "-")
    assert "(read " in error.splitlines()[0]
    assert seqlab(*line, "--force")[2].count(" ms") == len(re.findall(stage, error)) + 1, "and `write`"


def figures_of(nb):
    """Return the kinds of pictures among the outputs of the last two cells, and what they printed."""
    outputs = [output for cell in nb.cells[-2:] for output in cell.outputs]
    html = "".join(output.get("data", {}).get("text/html", "") for output in outputs)
    kinds = {"png": any("image/png" in o.get("data", {}) for o in outputs), "html": "<img" in html}
    return kinds, "".join(output.get("text", "") for output in outputs)


def test_without_figures_none_is_drawn_and_the_scores_are_the_same(seqlab, small, scaling, scores):
    path = small.root / "assignments/scaling/exercises.py"
    text = path.read_text("utf-8")
    assert text.count("modules=()") == 1
    text = text.replace("modules=()", 'modules=("plots", "tables")').replace("1.0}", "30.0}")
    path.write_text(text, "utf-8")
    config = small.root / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8").replace("figures = False", "figures = True"), "utf-8")
    handed_in = hand_in(small, "scaling", "ann", scaling)
    nb = nbformat.read(handed_in, 4)
    nb.cells += [
        new_code_cell("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"),
        new_code_cell("from course_utils.plots import plot_curves\nplot_curves({'a line': [1, 2]})"),
    ]
    nbformat.write(nb, handed_in)
    seen = []
    for options in ([], ["--no-figures"]):
        code, _, error = seqlab("autograde", "scaling", "--force", *options, folder=small.root)
        assert code == 0, error
        graded = nbformat.read(small.root / "autograded/ann/scaling/scaling.ipynb", 4)
        assert not [o for cell in graded.cells for o in cell.get("outputs", []) if o.output_type == "error"]
        seen.append((*figures_of(graded), scores(small)["ann"]))
    (drawn, _, first), (left_out, printed, second) = seen
    assert drawn == {"png": True, "html": True}
    assert left_out == {"png": False, "html": False}
    assert "a line goes from 1.00 to 2.00" in printed, "the description stands in for the picture"
    assert first == second == {"test_scale": 4.0, "test_repeat": 6.0}


def test_without_bubblewrap_it_refuses_with_exit_3(seqlab, small, scaling, monkeypatch):
    from autograder import settings

    only = "no bubblewrap"
    monkeypatch.setattr(settings, "why_not", lambda isolation: "" if isolation == "limits" else only)
    hand_in(small, "scaling", "ann", scaling)
    line = ["autograde", "scaling"]
    code, _, error = seqlab(*line, "--isolation", "bubblewrap", folder=small.root)
    assert code == 3
    assert one_line(error) == "seqlab: no bubblewrap; or, for code that you trust, use `--isolation limits`"
    assert seqlab(*line, "--isolation", "limits")[0] == 0


def test_a_bug_is_exit_3_in_one_line_and_a_traceback_with_debug(seqlab, small, monkeypatch):
    def breaks(*_, **__):
        raise KeyError("scale")

    monkeypatch.setattr(records, "load_all", breaks)
    code, _, error = seqlab("report", "scaling", folder=small.root)
    assert code == 3
    assert one_line(error) == "seqlab: a fault of the grader: KeyError: 'scale'; add --debug to see where"
    with pytest.raises(KeyError):
        seqlab("report", "scaling", "--debug")


def test_debug_shows_the_traceback(call, small):
    run = call(small, "seqlab", "--debug", "report", "poetry")
    assert run.returncode == 1
    assert "Traceback" in run.stderr
    assert "UsageError: there is no lab 'poetry'" in run.stderr


def test_a_report_that_cannot_be_written_is_exit_2(seqlab, small, tmp_path):
    settings = settings_of(load_config(small.root), small.lab("scaling"))
    run = Run(small, "scaling", settings, seed=1)
    records.save(run, Result("p", "ann", "scaling", "graded", max_points=10), "")
    (tmp_path / "file").touch()
    code, _, error = seqlab("report", "scaling", "--csv", tmp_path / "file/x.csv", folder=small.root)
    assert code == 2
    assert "file" in error.splitlines()[-1]


# ---------------------------------------------------------------- Ctrl-C


@pytest.mark.slow
@pytest.mark.parametrize(
    ("jobs", "isolation"), [("1", "limits"), pytest.param("2", "bubblewrap", marks=pytest.mark.sandbox)]
)
def test_ctrl_c_leaves_no_process_and_no_folder(small, scaling, tmp_path, jobs, isolation):
    path = small.root / "assignments/scaling/exercises.py"
    path.write_text(path.read_text("utf-8").replace('"cell_seconds": 1.0', '"cell_seconds": 60.0'), "utf-8")
    endless = scaling["scale"].replace("y = x * w", "while True: pass")
    for student in ("ann", "bob", "eve"):
        hand_in(small, "scaling", student, {**scaling, "scale": endless})
    scratch = tmp_path / "scratch"
    scratch.mkdir(mode=0o755)
    started = subprocess.Popen(
        [SEQLAB, "autograde", "scaling", "--jobs", jobs, "--isolation", isolation],
        cwd=small.root,
        env={**os.environ, "TMPDIR": str(scratch)},
        stderr=subprocess.PIPE,
        text=True,
    )
    process = psutil.Process(started.pid)
    try:
        busy = _wait_for(lambda: _busy(process, int(jobs)))
        below = process.children(recursive=True)
        assert busy
        started.send_signal(signal.SIGINT)
        _, error = started.communicate(timeout=20)
    finally:
        for child in [*process.children(recursive=True)] if started.poll() is None else []:
            child.kill()
        started.kill()
    assert started.returncode == 130
    assert "seqlab: stopped; what is graded is kept, and the same command goes on" in error
    assert "Traceback" not in error
    assert _wait_for(lambda: not any(map(_runs, below)))
    assert list(scratch.iterdir()) == []


def _runs(process):
    try:
        return process.is_running() and process.status() != "zombie"
    except psutil.Error:
        return False


def _busy(process, jobs):
    """Whether as many sandboxes as jobs have used half a second of processor time: they are in the loop."""
    children = [(p, _line(p)) for p in process.children(recursive=True)]
    # What walls a server in has the same arguments, behind its own.
    server = [p for p, line in children if "seqlab_inside.server" in line and "python" in Path(line[0]).name]
    forked = [p for p in server if _parent(p) in {other.pid for other in server}]
    return sum(_seconds(p) > 0.5 for p in forked) >= jobs


def _line(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _parent(process):
    try:
        return process.ppid()
    except psutil.Error:
        return 0


def _seconds(process):
    try:
        return process.cpu_times().user
    except psutil.Error:
        return 0.0


def _wait_for(condition, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    return condition()
