"""How the labs `cells` and `backprop` judge: equal slips cost equal shares, helps accuse what is wrong."""

import re

import numpy as np
import pytest

from autograder.audit.play import grade, judged
from tests.autograder.referee.referee_play import edited

SLIPS = [
    ("cells", "rnn_cell_forward", "lstm_cell_forward", "raw-scores", 0.3),
    ("cells", "rnn_cell_forward", "lstm_cell_forward", "softmax-over-batch", 0.3),
    ("cells", "rnn_cell_forward", "lstm_cell_forward", "softmax-overflows", 0.06),
    ("cells", "rnn_cell_forward", "lstm_cell_forward", "cache-new-state-twice", 0.1),
    ("cells", "rnn_forward", "lstm_forward", "predictions-stored-one-early", 0.3),
    ("cells", "rnn_forward", "lstm_forward", "caches-reversed", 0.2),
    ("cells", "rnn_forward", "lstm_forward", "caches-without-x", 0.2),
    ("backprop", "rnn_cell_backward", "lstm_cell_backward", "bias-mean", 0.2),
    ("backprop", "rnn_cell_backward", "lstm_cell_backward", "bias-flat", 0.2),
    ("backprop", "rnn_backward", "lstm_backward", "inputs-added-up", 0.2),
    ("backprop", "rnn_backward", "lstm_backward", "first-state-from-last-step", 0.2),
    ("backprop", "rnn_backward", "lstm_backward", "parameters-of-last-step-twice", 0.6),
]


@pytest.mark.parametrize(("lab", "rnn", "lstm", "mistake", "share"), SLIPS, indirect=["lab"])
def test_the_same_slip_costs_the_same_share_in_the_rnn_and_in_the_lstm(
    referee, lab, rnn, lstm, mistake, share
):
    """Beside what a failed edge or published example takes, as the rules of points say."""
    lost = []
    for name in (rnn, lstm):
        (known,) = [one for one in lab.mistakes[name] if one.name == mistake]
        found = grade(referee, {name: lab.mistaken(name, known)}, name)[name]
        lost.append(1 - found.points / found.max_points)
    assert lost == pytest.approx([share, share])


TANH = "(lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)))("
NAIVE = [
    ("rnn_cell_forward", ("np.tanh(", TANH)),
    ("lstm_cell_forward", ("cct = np.tanh(", f"cct = {TANH}")),
    ("lstm_cell_forward", ("ft = sigmoid(", "ft = (lambda z: np.exp(z) / (1 + np.exp(z)))(")),
    ("lstm_cell_forward", ("softmax(", "(lambda z: np.exp(z) / np.exp(z).sum(axis=0))(")),
]


@pytest.mark.parametrize("lab", ["cells"], indirect=True)
@pytest.mark.parametrize(("name", "edit"), NAIVE)
def test_an_activation_whose_exponentials_overflow_loses_the_edges_alone(referee, right, name, edit):
    with np.errstate(all="ignore"):
        found = judged(referee, name, edited(right[name], edit))
    assert 0.75 * found.max_points < found.points < found.max_points
    assert [case.name for case in found.cases if case.status == "failed"] == [referee.cases[name][3].name]


@pytest.mark.parametrize("lab", ["cells"], indirect=True)
def test_a_list_under_two_names_earns_nothing_as_the_errata_say(referee, right):
    """The slip of document 000: the list is made under one name, and used under another."""
    wrong = edited(
        right["rnn_forward"], ("caches = []", "cached = []"), ("caches = (caches", "cached = (caches")
    )
    found = judged(referee, "rnn_forward", wrong)
    assert found.points == 0
    assert "NameError" in found.message
    assert "caches" in found.message


GATE_NAMES = {"f": "ft", "i": "it", "c": "cct", "o": "ot"}


@pytest.mark.parametrize("lab", ["backprop"], indirect=True)
@pytest.mark.parametrize("gates", ["f", "i", "o", "fi", "fo", "io", "fio"])
@pytest.mark.parametrize("slope", ["", " * (1 - {0}**2)"])
def test_a_slope_that_is_wrong_in_some_gates_is_blamed_on_these_alone(referee, right, gates, slope):
    edits = []
    for name in (GATE_NAMES[gate] for gate in gates):
        edits.append((f" * {name} * (1 - {name})", slope.format(name)))
    found = judged(referee, "lstm_cell_backward", edited(right["lstm_cell_backward"], *edits))
    accused = set(re.findall(r"`(\w+)`", found.message)) & set(GATE_NAMES.values())
    assert accused == {GATE_NAMES[gate] for gate in gates}, found.message


@pytest.mark.parametrize("lab", ["cells"], indirect=True)
@pytest.mark.parametrize("gates", ["f", "i", "c", "o", "fic", "fico"])
def test_a_missing_bias_is_blamed_on_its_gates_alone(referee, right, gates):
    edits = [(f"concat) + b{gate}", "concat)") for gate in gates]
    found = judged(referee, "lstm_cell_forward", edited(right["lstm_cell_forward"], *edits))
    assert set(re.findall(r"`b(\w)`", found.message)) == set(gates), found.message


@pytest.mark.parametrize("lab", ["cells", "backprop"], indirect=True)
def test_only_a_help_with_credit_speaks_of_points(lab):
    for mistakes in lab.mistakes.values():
        for mistake in mistakes:
            assert ("points" in mistake.help) == (mistake.credit > 0), mistake.name
