"""A run that is killed before any of its writes ends, started again, as if nothing had happened."""

import re
import shutil
import signal

import pytest

from autograder.cli.demo import hand_in
from autograder.lab.course import Course
from tests.autograder.kills.class_factory import (
    FEEDBACK,
    GRADE,
    PostgreSQL,
    Sqlite,
    make_class,
    rows,
    state,
    statuses,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def gradebooks(request):
    """Where the gradebooks lie."""
    return Sqlite() if request.param == "sqlite" else PostgreSQL(request.getfixturevalue("postgresql"))


@pytest.fixture(scope="module")
def handed_in(gradebooks, tmp_path_factory, copy_small, scaling):
    """A course with one submission, of which nothing is graded. Read only."""
    course = gradebooks.copy(
        copy_small(tmp_path_factory.mktemp("small") / "c"), tmp_path_factory.mktemp("h") / "c"
    )
    make_class(course, scaling, ["ann"])
    return course


@pytest.fixture(scope="module")
def graded(gradebooks, victim, tmp_path_factory, handed_in, scaling):
    """The same course with one more, graded. Read only."""
    folder = tmp_path_factory.mktemp("graded")
    course = gradebooks.copy(handed_in, folder / "course")
    make_class(course, scaling, ["bob"])
    code, said, _ = victim.run(course.root, GRADE, folder / "outcomes")
    assert code == 0, said
    return course


def is_telling(points, number):
    """Whether a write is no middle one of a row of its kind: first and last stand for all."""
    like = [name.partition(" ")[0] for name in points[max(0, number - 1) : number + 2]]
    return like not in (["CREATE"] * 3, ["commit"] * 3)


@pytest.fixture
def stopped_everywhere(victim, gradebooks, tmp_path):
    """A function that stops a command at each of its writes, and runs it again.

    It returns how often, what differed from an undisturbed run after that, and what the stopped ones said.
    """

    def stop(course, line, *, cut=False):
        outcomes = tmp_path / "outcomes"
        victim.run(gradebooks.copy(course, tmp_path / "first").root, line, outcomes)
        undisturbed = gradebooks.copy(course, tmp_path / "undisturbed")
        code, said, points = victim.run(undisturbed.root, line, outcomes)
        assert code == 0, said
        expected, wrong, told = state(undisturbed), {}, []
        places = [(n, point, False) for n, point in enumerate(points) if is_telling(points, n)]
        if cut:
            places = [place for place in places if place[1] == "commit"]
        else:
            places += [(n, point, True) for n, point in enumerate(points) if point.startswith("open ")]
        for number, point, opened in places:
            killed = gradebooks.copy(course, tmp_path / "killed")
            code, said, _ = victim.run(killed.root, line, outcomes, number, opened=opened, cut=cut)
            assert code == (3 if cut else -signal.SIGKILL), (point, said)
            told.append(said)
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
            gradebooks.remove(killed)
        return len(places), wrong, told

    return stop


def test_a_first_run(stopped_everywhere, handed_in):
    kills, wrong, _ = stopped_everywhere(handed_in, GRADE)
    assert kills > 20
    assert wrong == {}


@pytest.fixture
def changed(gradebooks, graded, scaling, tmp_path):
    """A worse submission, and one that can no longer be read: its points become stale."""
    course = gradebooks.copy(graded, tmp_path / "course")
    for student in ("ann", "bob"):
        shutil.rmtree(course.root / "submitted" / student)
    hand_in(course, "scaling", "ann", {"repeat": scaling["repeat"]})
    hand_in(course, "scaling", "bob", scaling).write_text("in the other bag")
    return course


def test_a_run_after_changes(stopped_everywhere, changed, tmp_path):
    kills, wrong, _ = stopped_everywhere(changed, GRADE)
    assert kills > 12
    assert wrong == {}
    assert statuses(Course(tmp_path / "undisturbed"))["bob"][1].startswith("the 10 points in the gradebook")


def test_one_exercise_again(stopped_everywhere, gradebooks, graded, tmp_path):
    course = gradebooks.copy(graded, tmp_path / "course")
    lab = course.root / "assignments/scaling/scaling.py"
    lab.write_text(lab.read_text("utf-8").replace('"points": 4', '"points": 3'), "utf-8")
    before = rows(course)["scores"]
    kills, wrong, _ = stopped_everywhere(course, [*GRADE, "--exercise", "scale"])
    assert kills > 5
    assert wrong == {}
    assert rows(Course(tmp_path / "undisturbed"))["scores"] != before


def test_feedback(stopped_everywhere, graded):
    kills, wrong, _ = stopped_everywhere(graded, FEEDBACK)
    assert kills > 5
    assert wrong == {}


@pytest.mark.parametrize(("before", "least"), [("handed_in", 5), ("changed", 1)])
def test_a_connection_that_is_lost(stopped_everywhere, gradebooks, request, before, least):
    """The run stops with one line."""
    if not gradebooks.has_connections:
        pytest.skip("SQLite has no connection to lose")
    losses, wrong, told = stopped_everywhere(request.getfixturevalue(before), GRADE, cut=True)
    assert losses >= least
    assert wrong == {}
    for said in told:
        line = said.splitlines()[-1]
        assert re.fullmatch("seqlab: postgresql.* cannot be written: .*; what is graded is kept: .*", line), (
            said
        )
        assert not [other for other in said.splitlines()[:-1] if not other.startswith(("1/", "2/"))]
