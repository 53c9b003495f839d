"""The visible checks of the labs pass what is right, and fail what loses points."""

import itertools

import pytest

from autograder.audit.play import namespace
from autograder.audit.prove import Proofs
from autograder.audit.visible import passes_visible_check
from autograder.lab.exercise import Mistake
from tests.autograder.referee.referee_play import write_lab
from tests.plain import COURSE, PLAIN


@pytest.fixture(scope="module", params=PLAIN)
def proofs(request):
    with Proofs(COURSE.lab(request.param), (1,)) as made:
        yield made


def test_no_right_answer_fails(proofs):
    lab, failed = proofs.lab, []
    for name, exercise in lab.exercises.items():
        assert passes_visible_check(lab, exercise, lab.reference[name])
        for kind, source in proofs.right.get(name, {}).items():
            if not passes_visible_check(lab, exercise, namespace(lab, {name: source})[name]):
                failed.append((name, kind))
    assert not failed


def test_what_loses_points_fails_the_visible_check(proofs):
    """Of all mistakes and other wrong answers of an exercise: what passes would surprise its student."""
    lab, passed = proofs.lab, []
    for name, exercise in lab.exercises.items():
        others = [Mistake(kind, edits, "") for kind, edits in proofs.others.get(name, {}).items()]
        for wrong in itertools.chain(lab.mistakes.get(name, ()), others):
            if passes_visible_check(lab, exercise, lab.mistaken(name, wrong)):
                passed.append((name, wrong.name))
    assert not passed


def test_a_lab_without_published_values_is_checked_by_its_open_cases(tmp_path):
    exercises = """
        mean = Exercise("mean", outputs={"scaled": 1})

        @mean.case
        def ordinary(rng):
            "ordinary"
            return {"x": rng.standard_normal((4, 3))}

        lab = Lab(exercises=(mean,), modules=())
    """
    lab = write_lab(
        tmp_path / "lab", {"mean": "def mean(x):\n    scaled = x * 1\n    return scaled\n"}, exercises
    )
    mean = lab.exercises["mean"]
    assert passes_visible_check(lab, mean, lambda x: x + 0)
    assert not passes_visible_check(lab, mean, lambda x: x)
    assert not passes_visible_check(lab, mean, lambda x: x + 1)
