"""What is particular to the hidden tests of the lab `jazz`; see test_labs_judging for the rest."""

import numpy as np
import pytest

from autograder.audit.play import grade, namespace
from autograder.lab.text import reference_source
from autograder.referee import Referee
from tests.autograder.referee.referee_play import edited

POINTS = {
    "djmodel": 25,
    "music_loss": 15,
    "fit": 20,
    "music_inference_model": 20,
    "predict_and_sample": 15,
    "with_temperature": 5,
}


@pytest.fixture(scope="module")
def lab(course):
    return course.lab("jazz")


@pytest.fixture(scope="module")
def right(lab):
    return reference_source(lab.text)


@pytest.fixture(scope="module")
def referees(lab):
    made = [Referee(lab, seed) for seed in (1, 2, 3)]
    yield made
    for referee in made:
        referee.close()


@pytest.mark.parametrize(
    ("name", "edit", "caller"),
    [
        ("music_loss", ("np.mean(np.log(right))", "np.sum(np.log(right))"), "fit"),
        ("music_inference_model", ("outputs.append(out.T)", "outputs.append(a.T)"), "predict_and_sample"),
        ("music_inference_model", ("np.argmax(out, axis=0)", "np.argmin(out, axis=0)"), "predict_and_sample"),
    ],
)
def test_one_mistake_costs_once(referees, lab, right, name, edit, caller):
    names = namespace(lab, {name: edited(right[name], edit)})
    found = grade(referees[0], names)
    assert found[name].points == 0
    assert found[caller].carried_forward
    assert {key: verdict.points for key, verdict in found.items() if key != name} == {
        key: points for key, points in POINTS.items() if key != name
    }


def test_a_step_written_out_again_costs_again(referees, lab, right):
    """Nothing can be lent where one function repeats the mistake of another."""
    wrong = ("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, a, 0 * c, parameters)")
    sources = {name: edited(right[name], wrong) for name in ("djmodel", "music_inference_model")}
    found = grade(referees[0], namespace(lab, sources))
    assert found["djmodel"].points == found["music_inference_model"].points == 0
    assert found["predict_and_sample"].points == POINTS["predict_and_sample"]


def test_solos_are_made_of_several_values(referees):
    """Else the feedback of the most likely value would hardly be tested."""
    for referee in referees:
        several = 0
        for case in referee.cases["music_inference_model"]:
            likely = np.argmax(case.outputs[0], axis=-1)
            several += len(set(likely[:, 0])) > 2
        assert several >= 3
        core = [case for case in referee.cases["predict_and_sample"] if case.group == "core"]
        assert max(len(set(case.outputs[1][:, 0])) for case in core) > 2


def test_a_solo_written_into_the_code_gets_nothing(referees, lab, right):
    """What is right once, for whatever parameters, is no answer."""
    constant = edited(
        right["predict_and_sample"],
        ("indices = np.argmax(pred, axis=-1)", "indices = np.argmax(pred, axis=-1) * 0"),
    )
    for referee in referees:
        assert (
            grade(referee, namespace(lab, {"predict_and_sample": constant}))["predict_and_sample"].points == 0
        )
