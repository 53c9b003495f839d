"""The solutions of the lab `sampling` against implementations that share nothing with them."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

LAB = "sampling"
FOLDER = Path(__file__).parents[2] / "assignments" / LAB
PUBLISHED = json.loads((FOLDER / "published.json").read_text(encoding="utf-8"))
CHECKED = ["clip", "sample", "optimize", "model"]
LETTERS = "\nabcdefghijklmnopqrstuvwxyz"
CHAR_TO_IX = {character: number for number, character in enumerate(LETTERS)}
IX_TO_CHAR = dict(enumerate(LETTERS))


@pytest.fixture(autouse=True)
def _same_dice():
    """Leave NumPy's global generator as it was: the functions seed it."""
    state = np.random.get_state()
    yield
    np.random.set_state(state)


def network(n_a, n_x, seed=0, scale=1.0):
    rng = np.random.default_rng([n_a, n_x, seed])
    shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_x, n_a), "b": (n_a, 1), "by": (n_x, 1)}
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


# ---------------------------------------------------------------- the published values


@pytest.mark.parametrize("name", CHECKED)
def test_published_values_reproduce_to_the_printed_digits(functions, name):
    entry = PUBLISHED[name]
    namespace = {"np": np, name: functions[name]}
    exec("\n".join(entry["inputs"]), namespace)
    assert len({value["expression"] for value in entry["values"]}) == len(entry["values"])
    for value in entry["values"]:
        actual = eval(value["expression"], namespace)
        if value["expression"].endswith(".shape") or np.asarray(value["value"]).dtype.kind == "i":
            assert list(np.atleast_1d(actual)) == list(np.atleast_1d(value["value"]))
        elif isinstance(value["value"], list):
            assert np.round(actual, 8).tolist() == value["value"], value["expression"]
        else:
            assert actual == pytest.approx(value["value"], rel=1e-11), value["expression"]


def test_40_of_the_published_numbers_reproduce(functions):
    entry = PUBLISHED["sample"]
    (whole,) = [note for note in entry["notes"] if note.startswith("The printed list")]
    printed = [int(number) for number in whole.strip(".").partition(":")[2].split(",")]
    namespace = {"np": np, "sample": functions["sample"]}
    exec("\n".join(entry["inputs"]), namespace)
    assert len(printed) == 45
    assert [int(number) for number in namespace["indices"][:40]] == printed[:40]


# ---------------------------------------------------------------- numbers, one at a time


def chances_of(p, state, character):
    """One step in plain Python: the new state and the probabilities."""
    n_a, n_x = len(p["Waa"]), len(p["by"])
    new = []
    for r in range(n_a):
        z = p["b"][r][0] + sum(p["Waa"][r][k] * state[k] for k in range(n_a))
        new.append(math.tanh(z + (0 if character is None else p["Wax"][r][character])))
    powers = [math.exp(p["by"][k][0] + sum(p["Wya"][k][r] * new[r] for r in range(n_a))) for k in range(n_x)]
    return new, [power / sum(powers) for power in powers]


def slow_sample(p, newline, seed):
    """Draw as NumPy does: the first character whose cumulated chance exceeds a random number."""
    state, indices = [0.0] * len(p["Waa"]), []
    while len(indices) < 50 and (not indices or indices[-1] != newline):
        state, chances = chances_of(p, state, indices[-1] if indices else None)
        dice = np.random.RandomState(seed + 2 * len(indices)).random_sample()
        total = 0.0
        for number, chance in enumerate(chances):
            total += chance
            if dice < total:
                break
        indices.append(number)
    return [*indices, newline] if len(indices) == 50 else indices


@pytest.mark.parametrize("newline", [0, 3])
@pytest.mark.parametrize("seed", range(6))
def test_sample(functions, newline, seed):
    p = network(5, 6, seed, scale=0.7)
    p["by"][newline] -= seed - 1  # the later ones are long
    expected = slow_sample(p, newline, seed)
    assert functions["sample"](p, {"\n": newline}, seed) == expected


def test_some_of_these_names_end_and_some_do_not():
    lengths = set()
    for seed in range(6):
        p = network(5, 6, seed, scale=0.7)
        p["by"][0] -= seed - 1
        lengths.add(len(slow_sample(p, 0, seed)))
    assert 51 in lengths
    assert min(lengths) < 10


def test_a_name_without_end_has_fifty_characters_and_a_newline(functions):
    never, always = (
        {**network(2, 2, scale=0.0), "by": np.array([[score], [0.0]])} for score in (-1000.0, 1000.0)
    )
    assert functions["sample"](never, {"\n": 0}, 1) == [1] * 50 + [0]
    assert functions["sample"](always, {"\n": 0}, 1) == [0]


def test_frequencies_are_those_of_the_chances(functions):
    p = {**network(1, 3, scale=0.0), "by": np.log([[0.5], [0.3], [0.2]])}
    first = [functions["sample"](p, {"\n": 0}, 1000 * seed)[0] for seed in range(3000)]
    shares = np.bincount(first, minlength=3) / 3000
    np.testing.assert_allclose(shares, [0.5, 0.3, 0.2], atol=0.03)


def test_clip(functions):
    rng = np.random.default_rng(1)
    gradients = {name: rng.normal(size=(3, 4), scale=10) for name in ("dWax", "dWaa", "dWya", "db", "dby")}
    before = {name: g.copy() for name, g in gradients.items()}
    for bound in (0, 0.5, 5, 100):
        clipped = functions["clip"]({name: g.copy() for name, g in gradients.items()}, bound)
        assert clipped.keys() == gradients.keys()
        for name, g in clipped.items():
            expected = [[max(-bound, min(bound, value)) for value in row] for row in before[name]]
            np.testing.assert_array_equal(g, expected)


def loss_of(p, X, Y, a0):
    state, loss = [value[0] for value in a0], 0.0
    for x, y in zip(X, Y, strict=True):
        state, chances = chances_of(p, state, x)
        loss -= math.log(chances[y])
    return loss, state


@pytest.mark.parametrize("Y", [[0], [3, 1, 4, 1, 0], [2] * 9])
def test_optimize_takes_a_step_along_the_true_gradient(functions, Y):
    X, a0 = [None, *Y[:-1]], np.random.default_rng(2).normal(size=(4, 1))
    p = network(4, 5, scale=0.8)
    before = {name: value.copy() for name, value in p.items()}
    loss, gradients, a_last = functions["optimize"](X, Y, a0, p, 0.3)
    expected, state = loss_of(before, X, Y, a0)
    assert loss == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(a_last[:, 0], state, rtol=1e-12)
    for name, value in before.items():
        slope = np.zeros_like(value)
        for place in np.ndindex(value.shape):
            around = []
            for shift in (1e-5, -1e-5):
                moved = {**before, name: value.copy()}
                moved[name][place] += shift
                around.append(loss_of(moved, X, Y, a0)[0])
            slope[place] = (around[0] - around[1]) / 2e-5
        np.testing.assert_allclose(gradients[f"d{name}"], np.clip(slope, -5, 5), atol=1e-8)
        np.testing.assert_allclose(p[name], value - 0.3 * gradients[f"d{name}"], rtol=1e-14)


def test_model_is_its_steps_in_order(functions, capsys):
    data = "rex\nrugops\nkol"
    trained = functions["model"](data, IX_TO_CHAR, CHAR_TO_IX, 8, 6, 2)
    names = data.split()
    np.random.seed(0)
    np.random.shuffle(names)
    np.random.seed(1)
    p = {
        "Wax": 0.01 * np.random.randn(6, 27),
        "Waa": 0.01 * np.random.randn(6, 6),
        "Wya": 0.01 * np.random.randn(27, 6),
        "b": np.zeros((6, 1)),
        "by": np.zeros((27, 1)),
    }
    state = np.zeros((6, 1))
    for name in (names * 3)[:8]:
        Y = [LETTERS.index(character) for character in name + "\n"]
        _, _, state = functions["optimize"]([None, *Y[:-1]], Y, state, p, 0.01)
    assert trained.keys() == p.keys()
    for name, value in p.items():
        np.testing.assert_allclose(trained[name], value, rtol=1e-12)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("Iteration 0, smoothed loss 6.5")
    assert len(printed) == 3


def test_a_network_learns_names_and_the_loss_falls(functions, capsys):
    trained = functions["model"]("rex\nrex", IX_TO_CHAR, CHAR_TO_IX, 1500, 12, 1)
    capsys.readouterr()
    Y = [LETTERS.index(character) for character in "rex\n"]
    loss, state = 0.0, np.zeros((12, 1))
    for _ in range(2):
        loss, _, state = functions["optimize"]([None, *Y[:-1]], Y, state, trained, 0.0)
    assert loss < 0.5
