"""What is particular to the hidden tests of the lab `jazz`; see test_labs_judging for the rest."""

import numpy as np

from autograder.audit.play import grade, judged, namespace
from tests.autograder.referee.referee_play import edited

LAB = "jazz"


def test_a_step_written_out_again_costs_again(referee, lab, right):
    """Nothing can be lent where one function repeats the mistake of another."""
    wrong = ("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, a, 0 * c, parameters)")
    sources = {name: edited(right[name], wrong) for name in ("djmodel", "music_inference_model")}
    found = grade(referee, namespace(lab, sources))
    assert found["djmodel"].points == found["music_inference_model"].points == 0
    assert found["predict_and_sample"].correct


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


def test_a_solo_written_into_the_code_gets_nothing(referees, right):
    """What is right once, for whatever parameters, is no answer."""
    constant = edited(
        right["predict_and_sample"],
        ("indices = np.argmax(pred, axis=-1)", "indices = np.argmax(pred, axis=-1) * 0"),
    )
    for referee in referees:
        assert judged(referee, "predict_and_sample", constant).points == 0


def test_the_loss_rises_in_one_case_so_that_stopping_early_shows(referees, right):
    update = "optimizer.update(parameters, {**dense, **lstm})"
    until = f"{update}\n        if losses[-1] > losses[0]:\n            break"
    stops = edited(right["fit"], (update, until))
    for referee in referees:
        cases = {case.name: case.outputs[0] for case in referee.cases["fit"] if case.group != "published"}
        rising = [name for name, losses in cases.items() if any(np.diff(losses) > 0)]
        assert rising == ["close to the smallest loss, so that steps make it larger"]
        found = judged(referee, "fit", stops)
        assert [case.name for case in found.cases if case.status == "failed"] == rising
        assert found.points == 16


def test_nought_times_infinity_costs_a_tenth_of_the_loss(referees):
    """What the equation says, taken at its word: it is nan where a probability is 0."""
    source = """
def music_loss(outputs, Y):
    return -sum(np.sum(y * np.log(out)) for out, y in zip(outputs, Y)) / Y.shape[1]
"""
    for referee in referees:
        found = judged(referee, "music_loss", source)
        assert found.points == 13.5
        assert found.mistake == "zero-times-infinity"
