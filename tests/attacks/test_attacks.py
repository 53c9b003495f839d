"""Attacks on the grading of a class: each gets what it is worth, and harms nobody else."""

import json
import os
import re
import subprocess
import sys

import pytest
from autograder.feedback.text import clean
from tests.attacks.attack_files import FULL
from tests.attacks.conftest import ATTACKS, ROOT, honest_students
from tests.attacks.shown_pages import what_runs

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gets_what_it_is_worth(attacked, name):
    attack = ATTACKS[name]
    record = attacked.records[attack.student]
    if attack.scores is None:
        assert (record.status, record.points) == ("bad submission", 0)
        assert attack.student not in attacked.scores
    else:
        assert record.status == "graded", record.reason
        points = tuple(verdict.points for verdict in record.exercises)
        lost = attack.at_most and all(a <= b for a, b in zip(points, attack.scores, strict=True))
        assert points == attack.scores or lost
        assert attacked.scores[attack.student] == points
    assert attack.says in json.dumps(record.to_json(), ensure_ascii=False)
    shown = attacked.shown(attack.student) if attack.shows else ""
    assert [words for words in attack.shows if words not in shown] == []


def test_honest_students_among_the_attackers_get_full_marks(attacked):
    honest = honest_students(ATTACKS)
    assert len(honest) > 5
    assert {student: attacked.scores.get(student) for student in honest} == dict.fromkeys(honest, FULL)


def test_nothing_outside_has_changed_and_nothing_is_left(attacked):
    assert attacked.changed == []
    assert attacked.left == []
    assert attacked.processes == []


def test_the_command_ends_well(attacked):
    assert attacked.run.returncode == 0, attacked.run.stderr[-2000:]
    assert "Traceback" not in attacked.run.stderr
    assert len(attacked.records) == len(ATTACKS) + len(honest_students(ATTACKS))


def test_names_forge_no_lines_of_the_report(attacked):
    lines = attacked.run.stderr.splitlines()
    assert [line for line in lines if clean(line) != line] == []
    assert len(lines) == len(attacked.records) + 2  # where the log is, and the summary
    said = [line for line in lines if re.match(r"\d+ of 99|\d+/\d+ a honest one: 0 of 20", line)]
    assert said == []


def test_digests_hold_numbers_alone(attacked):
    verdicts = [verdict for record in attacked.records.values() for verdict in record.exercises]
    texts = {text for verdict in verdicts for one in verdict.digests.values() for text in one} - {""}
    assert texts, "nobody has any"
    assert [
        text for text in texts if not re.fullmatch(r"[0-9a-f]{8}( -?\d\.\d{9}e[-+]\d{2,3}){3}", text)
    ] == []
    assert {name for verdict in verdicts for name in verdict.digests} <= {"y", "total", "gradient", "path"}


# ---------------------------------------------------------------- what is shown


SCRIPTED = (
    "forged_traces",
    "forged_words",
    "script_in_a_count",
    "script_in_feedback",
    "script_in_large_outputs",
    "script_in_outputs",
    "script_in_the_notebook",
    "script_loaded_from_elsewhere",
    "script_without_measure",
)


GENERATE_FEEDBACK = """
import os, resource, sys
from nbgrader.apps import NbGraderApp
students = sys.argv[1:]
for student in students:
    child = os.fork()  # each with limits of its own
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
        sys.argv = ["nbgrader", "generate_feedback", "target", "--student", student]
        NbGraderApp.launch_instance()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, student
"""


@pytest.fixture(scope="module")
def pages(attacked):
    """The feedback pages of those who put script into what is shown, and of an honest student."""
    students = (*SCRIPTED, "a honest one")
    run = subprocess.run(
        [sys.executable, "-P", "-c", GENERATE_FEEDBACK, *students],
        cwd=attacked.course.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    folder = attacked.course.root / "feedback"
    return {student: (folder / student / "target/target.html").read_text("utf-8") for student in students}


@pytest.mark.parametrize("student", SCRIPTED)
def test_nothing_of_a_students_runs_where_feedback_is_read(pages, student):
    assert "attacked" in pages[student]
    assert what_runs(pages[student]) == []
    assert len(pages[student]) < 30_000_000


def test_our_own_feedback_stays_visible(pages):
    text = re.sub(r"<[^>]*>", "", pages["a honest one"])
    for words in ("4 of 4 points", "10 of 10 points", "more steps than columns", "passed"):
        assert words in text


def test_what_would_run_is_found():
    page = "<script>attacked</script><img onerror=attacked><a href=' JavaScript:attacked'><p>attacked</p>"
    assert len(what_runs(f"{page}<img src='//example.org/attacked'>")) == 4


# ---------------------------------------------------------------- where the grader stands


def test_modules_beside_a_notebook_are_not_the_graders(class_of, tmp_path):
    """`seqlab check` in a submission's own folder, where several processes are started."""
    course = class_of({})
    folder = course.root / "submitted/a honest one/target"
    book = (folder / "target.ipynb").read_text("utf-8")
    (folder / "second.ipynb").write_text(book, "utf-8")
    mark = tmp_path / "attacked"
    for name in ("multiprocessing", "pickle", "random", "socket", "numpy", "autograder", "sitecustomize"):
        (folder / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\n", "utf-8")
    run = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), "seqlab"), "check", ".", "--jobs", "2"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert not mark.exists()
    assert run.returncode == 0, run.stderr
