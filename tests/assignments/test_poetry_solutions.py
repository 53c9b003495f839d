"""The solutions of the lab `poetry` against implementations that share nothing with them."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

LAB = "poetry"
PUBLISHED = json.loads(
    (Path(__file__).parents[2] / "assignments" / LAB / "published.json").read_text(encoding="utf-8")
)


def parameters(n_x, n_a, seed=3):
    rng = np.random.default_rng(seed)
    shapes = {
        "lstm1": {f"W{gate}": (n_a, n_a + n_x) for gate in "fico"}
        | {f"b{gate}": (n_a, 1) for gate in "fico"},
        "lstm2": {f"W{gate}": (n_a, 2 * n_a) for gate in "fico"} | {f"b{gate}": (n_a, 1) for gate in "fico"},
        "dense": {"Wy": (n_x, n_a), "by": (n_x, 1)},
    }
    return {
        layer: {name: rng.standard_normal(shape) for name, shape in own.items()}
        for layer, own in shapes.items()
    }


def plain_predict(window, p):
    """The probabilities after one window, in vectors."""

    def squash(z):
        return 1 / (1 + np.exp(-z))

    rows = window
    for layer in ("lstm1", "lstm2"):
        w, states = p[layer], []
        a = c = np.zeros(len(w["bf"]))
        for row in rows:
            both = np.concatenate((a, row))
            f, i, o = (squash(w[f"W{gate}"] @ both + w[f"b{gate}"][:, 0]) for gate in "fio")
            c = f * c + i * np.tanh(w["Wc"] @ both + w["bc"][:, 0])
            a = o * np.tanh(c)
            states.append(a)
        rows = states
    powers = np.exp(p["dense"]["Wy"] @ rows[-1] + p["dense"]["by"][:, 0])
    return powers / powers.sum()


def test_predict(functions):
    p, x = parameters(5, 4), np.eye(5)[np.random.default_rng(0).integers(0, 5, (3, 7))]
    expected = [plain_predict(window, p) for window in x]
    np.testing.assert_allclose(functions["predict"](x, p), expected, rtol=1e-10)


def test_windows_by_hand(functions):
    assert functions["build_data"]("abcdefgh", 3, 2) == (["abc", "cde", "efg"], ["d", "f", "h"])


def test_bits_by_hand(functions):
    p, text, char_indices = parameters(3, 2), "abcabbcacab", {"a": 0, "b": 1, "c": 2}
    bits = [
        -math.log2(
            plain_predict([np.eye(3)[char_indices[char]] for char in text[i - 4 : i]], p)[
                char_indices[text[i]]
            ]
        )
        for i in range(4, len(text))
    ]
    assert functions["bits_per_character"](text, p, char_indices, Tx=4, batch_size=3) == pytest.approx(
        np.mean(bits)
    )


def test_a_step_of_fit_goes_downhill_in_every_weight(functions):
    """The first step of Adam moves each weight by the rate, against the sign of its gradient."""
    rng = np.random.default_rng(1)
    x, y = np.eye(4)[rng.integers(0, 4, (5, 6))], np.eye(4)[rng.integers(0, 4, 5)]
    before, after = parameters(4, 3), parameters(4, 3)

    def loss(p):
        return -np.mean(
            [math.log(plain_predict(window, p) @ target) for window, target in zip(x, y, strict=True)]
        )

    (found,) = functions["fit"](x, y, after, learning_rate=0.01, rate=0.0)
    assert found == pytest.approx(loss(before))
    for layer, name, place in (
        ("lstm1", "Wf", (1, 5)), ("lstm1", "bo", (2, 0)), ("lstm2", "Wc", (0, 4)), ("dense", "Wy", (3, 1)),
    ):  # fmt: skip
        ends = []
        for move in (1e-5, -1e-5):
            p = parameters(4, 3)
            p[layer][name][place] += move
            ends.append(loss(p))
        slope = (ends[0] - ends[1]) / 2e-5
        moved = after[layer][name][place] - before[layer][name][place]
        assert abs(slope) > 1e-5
        assert moved == pytest.approx(-0.01 * np.sign(slope), rel=0.02)


@pytest.mark.parametrize("temperature", [0.05, 0.5, 1.0, 5.0, 1000.0])
def test_draws_have_the_probabilities_of_the_temperature(functions, temperature):
    preds = np.array([0.5, 0.3, 0.0, 0.2])
    np.random.seed(0)
    drawn = [functions["sample"](preds, temperature) for _ in range(4000)]
    expected = preds ** (1 / temperature) * (preds > 0)
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 4000, expected / expected.sum(), atol=0.03)


def test_a_text_goes_on_from_its_last_characters_alone(functions):
    p, chars = parameters(4, 5), list("abc ")
    ends = []
    for beginning in ("aaaa bcab", "cccc bcab"):
        np.random.seed(1)
        ends.append(functions["generate_output"](p, chars, beginning, 5, 30, 1.0)[9:])
    assert ends[0] == ends[1]
    assert len(ends[0]) == 30
    assert len(set(ends[0])) > 1


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_values_reproduce(functions, name):
    entry = PUBLISHED[name]
    found = {"np": np, **functions}
    exec("\n".join(entry["inputs"]), found)
    for value in entry["values"]:
        np.testing.assert_allclose(eval(value["expression"], found), value["value"], rtol=1e-7)
