"""The audit of a lab whose exercise has another right form."""

import pytest

from autograder.audit import audit_lab, to_lines
from autograder.audit.prove import Proofs
from autograder.audit.strength import strength_of
from tests.autograder.audit.average_lab import ANSWERS, EXERCISES, lab_in

pytestmark = pytest.mark.slow

SUM, PRODUCT = "total = np.sum(x, axis=0)", "k * total"


def declared(old, new, name="other"):
    """Return exercises.py with an alternative of the one exercise."""
    alternative = f'Alternative("{name}", (("{old}", "{new}"),), "You wrote another.")'
    head = "from autograder import Alternative\n\n    mean = Exercise("
    return EXERCISES.replace("mean = Exercise(", head).replace(
        '{"scaled": 1}', f'{{"scaled": 1}}, alternatives=({alternative},)'
    )


MEAN = declared("np.sum(", "np.mean(")
MUTANT = ("total = np.sum(x, axis=0)", "total = np.mean(x, axis=0)")


def test_a_mutant_that_equals_an_alternative_is_no_survivor(tmp_path):
    """Without the alternative it is killed; with it, it is right."""
    found = audit_lab(lab_in(tmp_path, exercises=MEAN))
    (mean,) = found.exercises
    assert found.holds, to_lines([found])
    assert mean.equivalent == 1
    assert mean.killed == mean.mutants - 1
    assert MUTANT not in [(mutant.before, mutant.after) for mutant in mean.survivors]


def test_what_equals_an_alternative_is_no_wrong_answer_in_the_figures(tmp_path):
    (found,) = strength_of(lab_in(tmp_path, exercises=MEAN), jobs=1)
    assert found.equivalent == 1
    assert found.killed == found.mutants - 1
    assert not [remark for remark in found.remarks if "not caught" in remark]


def test_right_answers_may_have_the_other_form(tmp_path):
    answers = ANSWERS.replace("return np.full(len(x), k) @ x", "return np.full(len(x), k) @ x / len(x)")
    assert answers != ANSWERS
    lab = lab_in(tmp_path, exercises=MEAN, answers=answers)
    with Proofs(lab) as proofs:
        assert not proofs.answers("mean")
    (tmp_path / "without").mkdir()
    with Proofs(lab_in(tmp_path / "without", answers=answers)) as proofs:
        assert len(proofs.answers("mean")) == 3  # with each seed


@pytest.mark.parametrize(
    ("exercises", "words"),
    [
        (declared(PRODUCT, "total * k"), "the alternative 'other' equals the reference in all cases"),
        (
            declared(PRODUCT, "total * k / 2"),
            "the alternative 'other' equals the mistake 'half' in all cases",
        ),
        (
            declared(SUM, "x += 1; total = np.sum(x, axis=0)"),
            "the reference with mean: other does not score full",
        ),
        (
            declared("axis=0", "axis=0) + 0 * np.sum(x[:, :1]"),
            "the alternative 'other' equals the reference in all cases",
        ),
        (
            declared(PRODUCT, "3 * total + 0 * (k * total)"),
            "the mistake 'half' in the alternative 'other' scores full",
        ),
    ],
)
def test_an_alternative_that_is_none_is_a_finding(tmp_path, exercises, words):
    with Proofs(lab_in(tmp_path, exercises=exercises)) as proofs:
        found = proofs.alternatives("mean")
    assert any(words in line for line in found), found
    assert all("\n" not in line for line in found)


def test_a_lab_whose_alternatives_hold_has_no_findings(tmp_path):
    with Proofs(lab_in(tmp_path, exercises=MEAN)) as proofs:
        assert not proofs.alternatives("mean")
