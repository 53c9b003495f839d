"""A grading that is killed or interrupted goes on when started again; tests/autograder/kills has more."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.cli.demo import hand_in
from autograder.gradebook import records
from autograder.gradebook.autograde import autograde, find_class
from autograder.gradebook.session import OpenGradebook
from autograder.lab.course import Course, load_config
from autograder.run import Run
from autograder.settings import settings_of

pytestmark = pytest.mark.slow

SEQLAB = Path(sys.executable).parent / "seqlab"
SEED = 5


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, copy_small, scaling):
    """A course with eight submissions, of which nothing is graded. Read only."""
    course = copy_small(tmp_path_factory.mktemp("handed_in") / "course")
    adds = scaling["scale"].replace("y = x * w", "y = x + w")
    mean = scaling["scale"].replace("np.sum(y)", "np.mean(y)")
    early = scaling["repeat"].replace("in range(n)", "in range(n - 1)")
    for student, functions in {
        "ann": scaling,
        "bob": {},
        "eve": {**scaling, "scale": adds},
        "ida": {**scaling, "scale": mean},
        "jo": {**scaling, "repeat": early},
        "kim": {"scale": scaling["scale"]},
        "lea": {"repeat": scaling["repeat"]},
        "max": {"scale": mean, "repeat": early},
    }.items():
        hand_in(course, "scaling", student, functions)
    return course


@pytest.fixture
def course(handed_in, tmp_path):
    """A copy to work in."""
    shutil.copytree(handed_in.root, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def few(course):
    """The same with three students."""
    for student in ("ida", "jo", "kim", "lea", "max"):
        shutil.rmtree(course.root / "submitted" / student)
    return course


EXPECTED = {
    student: {"test_scale": scale, "test_repeat": repeat}
    for student, scale, repeat in [
        ("ann", 4.0, 6.0),
        ("bob", 0.0, 0.0),
        ("eve", 1.0, 6.0),
        ("ida", 3.0, 6.0),
        ("jo", 4.0, 0.0),
        ("kim", 4.0, 0.0),
        ("lea", 0.0, 6.0),
        ("max", 3.0, 0.0),
    ]
}
FEW = {student: EXPECTED[student] for student in ("ann", "bob", "eve")}


def run_of(course, seed=SEED):
    return Run(course, "scaling", settings_of(load_config(course.root), course.lab("scaling")), seed=seed)


def grade(course, *students, force=False, seed=SEED):
    """Grade in this process; returns who was graded."""
    run = run_of(course, seed)
    return [o.result.student for o in autograde(run, find_class(run, students, force=force).tasks)]


def to_grade(course, seed=SEED):
    return [task.student for task in find_class(run_of(course, seed)).tasks]


# ---------------------------------------------------------------- killed from outside


def start(course, scratch):
    scratch.mkdir(mode=0o755, exist_ok=True)
    line = ["autograde", "scaling", "--jobs", "2", "--seed", str(SEED), "--isolation", "bubblewrap"]
    return subprocess.Popen(
        [SEQLAB, *line, "--course", str(course.root)],
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def processes_of(folder):
    """Return the processes that have a folder among their arguments or mounts: graders, servers, lenders."""
    found = []
    for process in filter(str.isdecimal, os.listdir("/proc")):
        for file in ("mountinfo", "cmdline"):
            with contextlib.suppress(OSError):
                if str(folder).encode() in Path("/proc", process, file).read_bytes():
                    found.append(int(process))
    return found


def wait_until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def logged(course):
    """Return how often each student was graded, by the log; a line that a kill cut off is none."""
    path = course.root / ".seqlab/scaling/log.jsonl"
    students = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        with contextlib.suppress(ValueError):
            students.append(json.loads(line)["student"])
    return Counter(students)


def recorded(course):
    return {path.stem for path in (course.root / ".seqlab/scaling/results").glob("*.json")}


def check_gradebook(course, scores):
    """Whatever stands in the gradebook is whole: a submission with all its scores, or none at all."""
    path = course.root / "gradebook.db"
    if not path.exists():
        return
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if "alembic_version" in tables:
        found = scores(course) if "scaling" in assignments(course) else {}
        assert found == {student: EXPECTED[student] for student in found}


def assignments(course):
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "seqlab") as book:
        return [assignment.name for assignment in book.assignments]


@pytest.mark.slow
@pytest.mark.sandbox
def test_an_undisturbed_run(course, tmp_path, scores):
    run = start(course, tmp_path / "scratch")
    _, error = run.communicate(timeout=60)
    assert error.splitlines()[-1] == "8 submissions: 8 graded"
    assert scores(course) == EXPECTED
    assert logged(course) == dict.fromkeys(EXPECTED, 1)


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("lines", [0, 3])
def test_killed_and_started_again(course, tmp_path, scores, lines):
    """Killed after so many lines of progress; with 0 as soon as the processes start."""
    scratch = tmp_path / "scratch"
    first = start(course, scratch)
    try:
        if lines == 0:
            assert wait_until(lambda: (course.root / ".seqlab/lock").exists())
        for number in range(lines):
            assert first.stderr.readline().startswith(f"{number + 1}/8 ")
    finally:
        first.kill()
        first.communicate()
    assert wait_until(lambda: not processes_of(tmp_path)), "something outlives the killed process"
    assert len(logged(course)) >= lines
    check_gradebook(course, scores)
    before, done = logged(course), recorded(course)

    second = start(course, scratch)
    _, error = second.communicate(timeout=60)
    assert second.returncode == 0, error
    assert error.splitlines()[-1] == f"{8 - len(done)} submissions: {8 - len(done)} graded"
    assert scores(course) == EXPECTED
    again = logged(course) - before
    assert set(again) == set(EXPECTED) - done, "what has its record is not graded again"
    assert set(again.values()) == {1}
    assert to_grade(course) == []
    assert not processes_of(tmp_path)
    for student in EXPECTED:
        nbformat.read(course.root / "autograded" / student / "scaling/scaling.ipynb", 4)


@pytest.mark.slow
@pytest.mark.sandbox
def test_stopped_by_ctrl_c_and_started_again(course, tmp_path, scores):
    first = start(course, tmp_path / "scratch")
    first.stderr.readline()
    first.send_signal(signal.SIGINT)
    _, error = first.communicate(timeout=20)
    assert first.returncode == 130
    assert "seqlab: stopped; what is graded is kept, and the same command goes on" in error
    done = recorded(course)
    assert done
    second = start(course, tmp_path / "scratch")
    _, error = second.communicate(timeout=60)
    assert error.splitlines()[-1] == f"{8 - len(done)} submissions: {8 - len(done)} graded"
    assert scores(course) == EXPECTED


# ---------------------------------------------------------------- saving that fails


@pytest.fixture
def stops_halfway():
    """A function that makes saving fail once the scores are written, and the comments are not."""

    def patch(context):
        real = OpenGradebook.save_grades

        def save(self, submission, notebook, scores, comments):
            real(self, submission, notebook, scores, {})
            raise RuntimeError("it fails")

        context.setattr(OpenGradebook, "save_grades", save)

    return patch


def test_saving_that_fails_halfway_leaves_the_gradebook_as_it_was(
    few, scores, monkeypatch, stops_halfway, scaling
):
    """One transaction: no student, no submission and no score of a submission that is not whole."""
    grade(few, "bob")
    shutil.rmtree(few.root / "submitted/bob")
    hand_in(few, "scaling", "bob", scaling)
    for student in ("bob", "eve"):
        with monkeypatch.context() as patched:
            stops_halfway(patched)
            assert grade(few, student) == [student]
        record = records.load(records.path_of(few, "scaling", student))
        assert record.status == "grader error"
        assert record.reason == "nbgrader could not save the grades: RuntimeError: it fails"
    assert scores(few) == {"bob": EXPECTED["bob"]}
    with Gradebook(f"sqlite:///{few.root}/gradebook.db", "seqlab") as book:
        assert [student.id for student in book.students] == ["bob"]
    grade(few)
    assert scores(few) == {**FEW, "bob": EXPECTED["ann"]}


# ---------------------------------------------------------------- what counts as graded


@pytest.fixture(scope="module")
def graded_once(handed_in, tmp_path_factory):
    """Three of the students, graded. Read only."""
    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(handed_in.root, root)
    grade(Course(root), *FEW)
    for student in set(EXPECTED) - set(FEW):
        shutil.rmtree(root / "submitted" / student)
    return Course(root)


@pytest.fixture
def graded(graded_once, tmp_path):
    """A copy of them, to work in."""
    shutil.copytree(graded_once.root, tmp_path / "graded")
    return Course(tmp_path / "graded")


def test_the_same_files_and_the_same_seed_are_graded_already(graded):
    assert find_class(run_of(graded)).done == ["ann", "bob", "eve"]
    assert to_grade(graded) == []


def test_a_file_that_was_only_touched_is_the_same(graded):
    path = graded.root / "submitted/ann/scaling/scaling.ipynb"
    os.utime(path, (path.stat().st_mtime + 3600,) * 2)
    assert to_grade(graded) == []


def test_a_file_of_other_content_and_the_same_time_is_another(graded):
    path = graded.root / "submitted/ann/scaling/scaling.ipynb"
    status = path.stat()
    path.write_text(path.read_text("utf-8") + " ", "utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert to_grade(graded) == ["ann"]


def test_another_seed_is_another_grading(graded):
    assert to_grade(graded, SEED + 1) == ["ann", "bob", "eve"]
    grade(graded, "bob", seed=SEED + 1)
    assert to_grade(graded, SEED + 1) == ["ann", "eve"]
    assert to_grade(graded, SEED) == ["bob"]


def test_a_deleted_gradebook_is_made_anew_for_everybody(graded, scores):
    (graded.root / "gradebook.db").unlink()
    assert grade(graded) == ["ann", "bob", "eve"]
    assert scores(graded) == FEW


def test_whoever_is_missing_in_the_gradebook_is_graded_again(graded, scores):
    with Gradebook(f"sqlite:///{graded.root}/gradebook.db", "seqlab") as book:
        book.remove_submission("scaling", "bob")
    assert grade(graded) == ["bob"]
    assert scores(graded) == FEW
