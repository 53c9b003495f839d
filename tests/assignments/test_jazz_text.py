"""What is particular to the text of the lab `jazz`; see test_labs_text for the rest."""

import re

import numpy as np
import pytest

from tests.assignments.execution import execute

LAB = "jazz"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def played(lab, tmp_path_factory):
    """What the notebook prints, and its names, after a full run, as the text speaks of one."""
    return execute(lab, tmp_path_factory.mktemp("jazz"), short=False)


def test_an_untrained_network_starts_at_a_blind_guess(played):
    out, names = played
    loss, blind = re.search(r"untrained: (\S+); 30 log \d+ is (\S+)", out).groups()
    assert float(loss) == pytest.approx(float(blind), rel=0.01)
    assert names["losses"][0] == pytest.approx(float(loss), rel=1e-4)


def test_predictions_of_the_text_come_true(played):
    out, _ = played
    assert "4 steps\nthe first sequence: " + " ".join(["[0.5  0.25 0.25]"] * 4) in out
    assert "by hand: 2.000 log 2" in out
    assert "it says: 0 1 2 0 1 2" in out
    assert "temperature  0.5: [0.798 0.199 0.003]" in out


def test_the_layer_and_djmodel_agree(played):
    out, _ = played
    assert float(re.search(r"difference from djmodel: (\S+)", out)[1]) < 1e-14


def test_training_learns(played):
    _, names = played
    assert len(names["losses"]) == len(names["few_losses"]) == 300
    assert names["losses"][99] < 0.3 * names["Tx"] * names["frequencies"]
    assert names["few_losses"][-1] < 0.02 * names["few_losses"][0]


def test_the_trained_network_knows_more_with_more_past(played):
    _, names = played
    outputs = names["djmodel"](names["X"], names["a0"], names["c0"], names["parameters"])
    right = np.mean(np.argmax(outputs, axis=-1) == np.argmax(names["Y"], axis=-1), axis=1)
    assert right[0] < 0.7 < 0.9 < right[5:].mean()


def test_solos_are_saved_as_midi_and_can_be_heard(played):
    _, names = played
    for tune in names["tunes"].values():
        found = names["measure"](tune)
        assert found["notes"] > 60
        assert found["sounding"] > 0.5
        assert found["in range"] == found["in bars"] == 1


def test_an_untrained_network_plays_few_notes_and_yet_beats_chance(played):
    _, names = played
    untrained, trained = (names["measure"](names[name]) for name in ("first_try", "tune"))
    assert untrained["notes"] < 0.8 * trained["notes"]
    assert untrained["chord tones"] > 1.5 * untrained["chance"]


def test_the_solo_to_learn_from_knows_the_beat(played):
    _, names = played
    found = names["measure"](names["solo"])
    assert found["chord tones"] > found["elsewhere"] + 0.2


def test_an_untrained_network_quotes_nothing_and_dice_quote_less(played):
    out, names = played
    start = [names[f"{letter}_initializer"] for letter in "xac"]
    assert names["quoted"](names["predict_and_sample"](names["untrained"], *start)[1]) < 0.05
    assert 0.2 < names["quoted"](names["indices"]) < names["quoted"](names["again"])
    hot = float(re.search(r"temperature 2.0: (\S+) quoted", out)[1])
    assert hot < 0.5 * names["quoted"](names["again"])
    assert names["quoted"](np.argmax(names["Y"][:, 7], axis=-1)[:, None]) == 1


def test_improvise_depends_on_the_seed_and_hears_what_it_plays(played):
    _, names = played
    start = [names[f"{letter}_initializer"] for letter in "xac"]

    def play(seed, parameters):
        return names["improvise"](parameters, 1.0, np.random.default_rng(seed), *start, Ty=20)[1]

    trained = names["parameters"]
    np.testing.assert_array_equal(play(0, trained), play(0, trained))
    assert not np.array_equal(play(0, trained), play(1, trained))
    certain = {**trained, "Wy": 1e4 * trained["Wy"], "by": 1e4 * trained["by"]}
    np.testing.assert_array_equal(play(0, certain), names["predict_and_sample"](trained, *start, Ty=20)[1])
