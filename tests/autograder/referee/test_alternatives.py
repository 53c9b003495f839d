"""Another right form of an exercise: one form holds throughout, in points, words and what is lent."""

import numpy as np
import pytest

from autograder.feedback import feedback_text
from autograder.lab.variants import variants
from autograder.referee import Referee
from autograder.sandbox.inside.wire import pack, unpack
from tests.autograder.referee.forms_lab import DEEP, GATE, PAPER, SAYS, TOWER, USED, forms_lab, paper
from tests.autograder.referee.referee_play import edited, grade, play, student, through_bytes

SHARES = "0.3 * new + 0.7 * h"
LENT = "Graded with a correct `gate`, so that its mistake costs only once."
INLINED = {"reference": GATE, "paper": paper()}
"""The two forms, each right."""


@pytest.fixture(scope="module", params=[3, 11])
def referee(request, tmp_path_factory):
    lab = forms_lab(tmp_path_factory.mktemp("labs"))
    with Referee(lab, request.param) as made:
        yield made


def verdicts(referee, *sources):
    return grade(referee, student(GATE, DEEP, TOWER, *sources))


def points(found):
    return [verdict.points for verdict in found.values()]


def where(condition):
    """Return `gate` in the other form where a condition holds, in that of the reference elsewhere."""
    return edited(GATE, (PAPER[0], f"({PAPER[1]} if {condition} else {PAPER[0]})"))


def test_the_reference_is_right_and_nothing_is_said(referee):
    found = verdicts(referee)
    assert points(found) == [10, 10, 10]
    assert [(one.message, one.note) for one in found.values()] == [("", "")] * 3


def test_the_other_form_is_right_everywhere_and_is_named(referee):
    found = verdicts(referee, paper())
    assert points(found) == [10, 10, 10]
    assert [one.message for one in found.values()] == [SAYS, USED, USED]
    assert all(case.status == "passed" for one in found.values() for case in one.cases)
    assert not any(one.carried_forward or one.mistake or one.findings for one in found.values())
    assert SAYS in feedback_text(found["gate"], "diagnosis")
    assert SAYS not in feedback_text(found["gate"], "cases")


@pytest.mark.parametrize("first", INLINED)
@pytest.mark.parametrize("then", INLINED)
def test_each_function_is_right_in_one_form_whichever_came_before(referee, first, then):
    """A function that inlines its `gate` is judged by what it inlines; then `tower` by what `deep` does."""
    inner = INLINED[then].replace("def gate(", "def inner(") + "\n" + DEEP.replace("gate(", "inner(")
    found = verdicts(referee, INLINED[first], inner)
    assert points(found) == [10, 10, 10]
    assert found["deep"].message == (USED if then == "paper" else "")


@pytest.mark.parametrize("condition", ["len(x) == 3", "len(x) == 5", "len(x) == 2"])
def test_a_form_that_changes_from_case_to_case_is_wrong(referee, condition):
    """The two rows are the published example's, which cannot earn but takes points away."""
    found = verdicts(referee, where(condition))["gate"]
    assert not found.correct
    assert found.points == (8 if condition == "len(x) == 2" else 0)


def test_points_are_those_of_the_form_that_earns_more(referee):
    """Right in the other form in all core cases, in the reference's in the edges: the edges are lost."""
    found = verdicts(referee, where("len(x) > 1"))
    assert points(found) == [8, 10, 10]
    assert (found["gate"].note, found["gate"].place) == (
        SAYS,
        "`r` is right; `made` is the first that is not.",
    )
    assert found["deep"].note == LENT
    assert found["deep"].carried_forward


def test_a_known_mistake_is_named_in_either_form(referee):
    for source, note in ((GATE, ""), (paper(), SAYS)):
        found = verdicts(referee, edited(source, (SHARES, "0.7 * new + 0.3 * h")))["gate"]
        assert (found.mistake, found.points, found.note) == ("swapped", 0, note)
        assert found.place == "`r`, `made` and `new` are right; `out` is the first that is not."


def test_the_first_wrong_quantity_is_that_of_the_form_that_was_written(referee):
    """The answers alone do not tell which: all are wrong in both forms."""
    for source in INLINED.values():
        late = verdicts(referee, edited(source, (SHARES, "0.35 * new + 0.7 * h")))["gate"]
        assert late.mistake is None
        assert late.place == "`r`, `made` and `new` are right; `out` is the first that is not."
        early = verdicts(referee, edited(source, ("np.tanh(x)", "np.sin(x)")))["gate"]
        assert early.place == "`r` is the first quantity that is not right."


def test_a_wrong_function_is_lent_in_the_form_that_was_written(referee):
    """Else `deep`, which calls its own `gate` besides, would meet two forms."""
    wrong = edited(paper(), (SHARES, "0.7 * new + 0.3 * h"))
    both = paper().replace("def gate(", "def inner(") + "\n" + edited(DEEP, ("gate(state", "inner(state"))
    found = verdicts(referee, wrong, both)
    assert points(found) == [0, 10, 10]
    assert (found["deep"].note, found["deep"].message) == (LENT, USED)
    assert found["deep"].carried_forward


def test_a_wrong_function_between_is_lent_with_the_form_that_was_written(referee):
    found = verdicts(referee, paper(), edited(DEEP, ("+ 1.0", "+ 2.0")))
    assert points(found) == [10, 0, 10]
    assert (found["deep"].mistake, found["deep"].note) == ("one-more", USED)
    assert found["tower"].message == USED
    assert found["tower"].carried_forward


def test_two_forms_in_one_function_are_wrong(referee):
    both = paper().replace("def gate(", "def inner(") + "\n" + edited(DEEP, ("gate(state", "inner(state"))
    assert points(verdicts(referee, both))[1] == 0


def test_what_goes_inward_is_the_same_for_each_form(referee):
    sent = []
    for source in INLINED.values():
        judge = referee.judge()
        names = student(source, DEEP, TOWER)
        sent.append([])
        for exercise in referee.lab.exercises.values():
            session = judge.open(exercise)
            sent[-1].append(play(session, names))
            assert session.close().correct
    assert sent[0] == sent[1]


def test_no_answer_is_no_answer_in_any_form(referee):
    for found in (grade(referee, student("")), grade(referee, student("gate = deep = tower = 3"))):
        assert points(found) == [0, 0, 0]
        assert not any(one.note for one in found.values())
    found = grade(referee, student(paper()))  # what is missing is judged by no form
    assert points(found) == [10, 0, 0]
    assert not any(one.note for one in found.values())
    assert [one.points for one in referee.judge().final("it never ran")] == [0, 0, 0]


def test_a_judge_tells_which_forms_were_written(referee):
    for source, forms in ((GATE, {}), (paper(), {"gate": "paper"})):
        judge = referee.judge()
        grade(judge, student(source, DEEP, TOWER))
        assert judge.forms == forms


def test_the_form_of_what_is_lent_is_not_for_the_caller_to_choose(referee):
    judge = referee.judge()
    grade(judge, student(""), "gate")
    session = judge.open(referee.lab.exercises["deep"])
    session.answer({"type": "begin", "exercise": "deep"}, [])
    packed = pack()
    inputs = [np.linspace(-1, 1, 6).reshape(2, 3), np.arange(6.0).reshape(2, 3), np.eye(3) + 0.5]
    asked = {"type": "call", "function": "gate", "args": packed([inputs, {}]), "forms": {"gate": "paper"}}
    ((header, arrays),) = session.answer(*through_bytes((asked, packed.arrays)))
    value = unpack(arrays, known=packed.sent)(header["value"])
    np.testing.assert_array_equal(value, referee.lab.reference["gate"](*inputs))
    assert not np.allclose(value, variants(referee.lab, "gate")[1].reference["gate"](*inputs))
