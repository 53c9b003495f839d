"""A run that is killed before any of its writes ends, started again, as if nothing had happened."""

import shutil
import signal

import pytest

from autograder.cli.demo import hand_in
from autograder.lab.course import Course
from tests.autograder.kills.class_factory import FEEDBACK, GRADE, copy, make_class, state, statuses

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, copy_small, scaling):
    """A course with one submission, of which nothing is graded. Read only."""
    course = copy_small(tmp_path_factory.mktemp("handed_in") / "course")
    make_class(course, scaling, ["ann"])
    return course


@pytest.fixture(scope="module")
def graded(victim, tmp_path_factory, handed_in, scaling):
    """The same course with two more, graded. Read only."""
    folder = tmp_path_factory.mktemp("graded")
    course = copy(handed_in, folder / "course")
    make_class(course, scaling, ["bob", "eve"])
    code, said, _ = victim.run(course.root, GRADE, folder / "outcomes")
    assert code == 0, said
    return course


def kill_everywhere(victim, course, line, folder):
    """Kill a command before each of its writes, then run it again; return how often, and what differed."""
    outcomes = folder / "outcomes"
    victim.run(copy(course, folder / "first").root, line, outcomes)
    undisturbed = copy(course, folder / "undisturbed")
    code, said, points = victim.run(undisturbed.root, line, outcomes)
    assert code == 0, said
    expected, kills, wrong = state(undisturbed), 0, {}
    for number, point in enumerate(points):
        for opened in (False, True)[: 1 + point.startswith("open ")]:
            killed = copy(course, folder / "killed")
            code, said, _ = victim.run(killed.root, line, outcomes, number, opened=opened)
            assert code == -signal.SIGKILL, (point, said)
            code, said, _ = victim.run(killed.root, line, outcomes)
            place = (number, point, "opened" if opened else "before")
            if code != 0:
                wrong[place] = said
            elif different := [a for a, b in zip(state(killed), expected, strict=True) if a != b]:
                wrong[place] = different
            elif left := list(victim.tmp.iterdir()):
                wrong[place] = left
            for path in victim.tmp.iterdir():
                shutil.rmtree(path)
            shutil.rmtree(killed.root)
            kills += 1
    return kills, wrong


def test_a_first_run(victim, handed_in, tmp_path):
    kills, wrong = kill_everywhere(victim, handed_in, GRADE, tmp_path)
    assert kills > 40
    assert wrong == {}


def test_a_run_after_changes(victim, graded, scaling, tmp_path):
    """A better submission, one that can no longer be read (its points become stale), and an unchanged one."""
    course = copy(graded, tmp_path / "course")
    for student in ("ann", "bob"):
        shutil.rmtree(course.root / "submitted" / student)
    hand_in(course, "scaling", "ann", {"repeat": scaling["repeat"]})
    hand_in(course, "scaling", "bob", scaling).write_text("in the other bag")
    kills, wrong = kill_everywhere(victim, course, GRADE, tmp_path)
    assert kills > 12
    assert wrong == {}
    assert statuses(Course(tmp_path / "undisturbed"))["bob"][1].startswith(
        "the 10 points in the gradebook are"
    )


def test_feedback(victim, graded, tmp_path):
    kills, wrong = kill_everywhere(victim, graded, FEEDBACK, tmp_path)
    assert kills > 8
    assert wrong == {}
