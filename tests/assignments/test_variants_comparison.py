"""The comparison of networks: its tasks, the sizes of its networks, and the figures in comparison.json."""

import hashlib
import importlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

LAB = Path(__file__).parents[2] / "assignments" / "variants"
PARTS = ("verse", "missing", "recall", "adding")
RNG = np.random.default_rng


@pytest.fixture
def compare(monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(LAB)
    yield importlib.import_module("compare")
    for name in ("compare", "networks"):
        del sys.modules[name]


@pytest.fixture(scope="module")
def results():
    return json.loads((LAB / "data/comparison.json").read_text("utf-8"))


def test_recall_asks_for_the_first_symbol_at_the_last_step(compare):
    x, wanted = compare.recall(200, 5, RNG(0))
    assert x.shape == (200, 7, 17)
    symbols = x.argmax(axis=2)
    np.testing.assert_array_equal(symbols[:, 0], wanted.argmax(axis=1))
    assert set(symbols[:, 0]) == set(range(8))
    assert set(symbols[:, 1:-1].ravel()) == set(range(8, 16))
    assert set(symbols[:, -1]) == {16}
    assert (x.sum(axis=2) == 1).all()


def test_adding_asks_for_the_numbers_marked_in_each_half(compare):
    x, wanted = compare.adding(200, 9, RNG(0))
    values, marks = x[:, :, 0], x[:, :, 1]
    np.testing.assert_array_equal(marks[:, :4].sum(axis=1), 1)
    np.testing.assert_array_equal(marks[:, 4:].sum(axis=1), 1)
    marked = values[marks == 1].reshape(200, 2)
    np.testing.assert_allclose(wanted[:, 0], 0.5 + marked.sum(axis=1) / 4, rtol=1e-6)
    right = np.abs(compare.adding(20_000, 9, RNG(1))[1] - 0.5) < 0.04
    assert abs(right.mean() - (1 - 0.92**2)) < 0.01  # what the constant 0.5 gets


def test_masked_characters_are_those_that_are_asked_for(compare):
    rows = RNG(0).integers(50, size=(20, 33))
    x, hidden, wanted = compare.masked_character(rows, RNG(1), mask=50)
    assert 0.1 < hidden.mean() < 0.2
    assert (x[hidden] == 50).all()
    np.testing.assert_array_equal(x[~hidden], rows[:, :-1][~hidden])
    np.testing.assert_array_equal(wanted, rows[:, :-1][hidden])
    x, everywhere, wanted = compare.next_character(rows, RNG(1))
    np.testing.assert_array_equal(x, rows[:, :-1])
    np.testing.assert_array_equal(wanted.reshape(x.shape), rows[:, 1:])
    assert everywhere.all()


def test_gates_start_slow_and_weights_small(compare):
    for kind, gate, sign in (("GRU", "bu", -1), ("LSTM", "bf", 1)):
        network = compare.SEQUENCES["recall"][f"{kind}, slow gates"]
        parameters = network.parameters(3, 500, 2, 0, RNG(0))["layers"]["layer1"]
        network.start(parameters, 41, RNG(1))
        lasting = np.exp(sign * parameters[gate])  # kept / forgotten in each step
        assert 1 <= lasting.min() < 2 < 39 < lasting.max() <= 40
        if kind == "LSTM":
            np.testing.assert_array_equal(parameters["bi"], -parameters["bf"])
    network = compare.SEQUENCES["recall"]["RNN, small weights"]
    parameters = network.parameters(3, 50, 2, 0, RNG(0))["layers"]["layer1"]
    network.start(parameters, 41, RNG(1))
    assert 0.009 < parameters["Wa"].std() < 0.011


@pytest.mark.slow
def test_networks_of_a_part_are_of_equal_size(compare, results):
    for part in PARTS:
        sizes = compare.trainers(part)[0]
        learned = [size["parameters"] for size in sizes.values()]
        assert max(learned) <= 1.02 * min(learned)
        stored = results[part]["models"]
        assert list(sizes) == list(stored)
        for name, size in sizes.items():
            assert size.items() <= stored[name].items()
            assert compare.RATE[part][name] == stored[name]["rate"]


def test_the_figures_belong_to_this_verse_and_these_seeds(compare, results):
    provenance = results["provenance"]
    assert provenance["corpus"] == json.loads(json.dumps(compare.corpus()[2]))
    assert provenance["corpus"]["sha256"] == hashlib.sha256((LAB / "data/verse.txt").read_bytes()).hexdigest()
    assert tuple(provenance["seeds"]) == compare.SEEDS
    assert compare.PILOT not in compare.SEEDS
    for task in ("recall", "adding"):
        assert tuple(results[task]["T"]) == compare.STEPS[task]


def test_intervals_are_those_of_the_runs(results):
    for part, keys in dict.fromkeys(PARTS[:2], ("test", "accuracy")).items() | {
        ("recall", ("accuracy",)),
        ("adding", ("accuracy", "error")),
    }:
        models = results[part]["models"]
        for model in models.values():
            for key in keys:
                runs = np.array(model[key]["runs"])
                assert len(runs) == 5
                np.testing.assert_allclose(model[key]["mean"], runs.mean(axis=0), rtol=2e-3, atol=1e-6)
                half = 2.776 * runs.std(axis=0, ddof=1) / 5**0.5
                np.testing.assert_allclose(model[key]["half"], half, rtol=0.05, atol=2e-3 * runs.mean())
        pairs = len(models) * (len(models) - 1) // 2
        differences = results[part]["differences"]
        for entries in differences.values() if isinstance(differences, dict) else [differences]:
            assert len(entries) == pairs
            assert all(entry["separated"] == (abs(entry["mean"]) > entry["half"]) for entry in entries)
