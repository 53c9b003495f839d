"""The solutions of the lab `emojify` against implementations that share nothing with them."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from course_utils.embeddings import read_glove_vecs

LAB = "emojify"
FOLDER = Path(__file__).parents[2] / "assignments" / LAB
PUBLISHED = json.loads((FOLDER / "published.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_values_of_the_visible_checks_come_out(functions, name, capsys):
    entry = PUBLISHED[name]
    names = {"np": np, name: functions[name]}
    state = np.random.get_state()
    exec("\n".join(entry["inputs"]), names)
    np.random.set_state(state)
    for value in entry["values"]:
        found = eval(value["expression"], names)
        assert np.asarray(found) == pytest.approx(np.asarray(value["value"]), abs=1e-8), value["expression"]


# ---------------------------------------------------------------- the first model

VECTORS = {"we": [1.0, 0.0], "love": [0.5, 2.0], "n't": [-1.0, 1.0], "do": [0.0, 0.25]}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("we love", [0.75, 1.0]),
        ("We, WE. love!", [2.5 / 3, 2 / 3]),
        ("We don't love soup", [0.5 / 4, 3.25 / 4]),
        ("soup?", [0.0, 0.0]),
        ("", [0.0, 0.0]),
        ("!!! ...", [0.0, 0.0]),
    ],
)
def test_averages_of_any_sentence(functions, sentence, expected):
    vectors = {word: np.array(vector) for word, vector in VECTORS.items()}
    assert functions["sentence_to_avg"](sentence, vectors).tolist() == pytest.approx(expected)


def slow_training(averages, Y, W, b, rate, rounds):
    """Gradient descent in plain Python, one number at a time, on lists."""
    W, b = [list(row) for row in W], list(b)
    for _ in range(rounds):
        for e, y in zip(averages, Y, strict=True):
            powers = [
                math.exp(sum(w * x for w, x in zip(row, e, strict=True)) + c)
                for row, c in zip(W, b, strict=True)
            ]
            for k, power in enumerate(powers):
                slope = power / sum(powers) - (k == y)
                b[k] -= rate * slope
                W[k] = [w - rate * slope * x for w, x in zip(W[k], e, strict=True)]
    return W, b


def test_training_agrees_with_plain_python(functions, capsys):
    rng = np.random.default_rng(5)
    vectors = {word: rng.standard_normal(3) for word in "abcdef"}
    X, Y = ["a b", "c", "d e f", "a f", "b b c", "zzz"], [0, 1, 2, 3, 4, 2]
    pred, W, b = functions["model"](X, np.array(Y), vectors, 0.2, 7)
    np.random.seed(1)
    start = np.random.randn(5, 3) / 3**0.5
    averages = [functions["sentence_to_avg"](sentence, vectors).tolist() for sentence in X]
    slow_W, slow_b = slow_training(averages, Y, start, [0.0] * 5, 0.2, 7)
    np.testing.assert_allclose(W, slow_W, rtol=1e-12)
    np.testing.assert_allclose(b, slow_b, rtol=1e-12)
    scores = np.array(averages) @ W.T + b
    assert pred.tolist() == scores.argmax(axis=1).tolist()


# ---------------------------------------------------------------- the second model


def logistic(z):
    return 1 / (1 + np.exp(-z))


def slow_lstm(x, p):
    """Hidden states of one sentence (T_x, n_x), with the equations of the lab on cells."""
    a = c = np.zeros(len(p["bf"]))
    states = []
    for xt in x:
        concat = np.concatenate((a, xt))
        z = {gate: p[f"W{gate}"] @ concat + p[f"b{gate}"].ravel() for gate in "fico"}
        c = logistic(z["f"]) * c + logistic(z["i"]) * np.tanh(z["c"])
        a = logistic(z["o"]) * np.tanh(c)
        states.append(a)
    return np.array(states)


def network(rng, n_x, n_a):
    def layer(size):
        weights = {f"W{gate}": rng.standard_normal((n_a, n_a + size)) for gate in "fico"}
        return weights | {f"b{gate}": rng.standard_normal((n_a, 1)) for gate in "fico"}

    dense = {"Wy": rng.standard_normal((5, n_a)), "by": rng.standard_normal((5, 1))}
    return {"lstm1": layer(n_x), "lstm2": layer(n_a), "dense": dense}


@pytest.mark.parametrize("rate", [0.0, 0.3])
def test_the_network_agrees_with_one_sentence_at_a_time(functions, rate):
    rng = np.random.default_rng(8)
    emb_matrix, parameters = rng.standard_normal((9, 4)), network(rng, 4, 6)
    X_indices = rng.integers(0, 9, (3, 5))
    dice = np.random.default_rng(11)
    lower = (dice.random((3, 5, 6)) >= rate) / (1 - rate)
    upper = (dice.random((3, 6)) >= rate) / (1 - rate)
    y_hat = functions["Emojify_V2"](X_indices, emb_matrix, parameters, rate, 11)
    for i, row in enumerate(X_indices):
        first = slow_lstm(emb_matrix[row], parameters["lstm1"]) * lower[i]
        last = slow_lstm(first, parameters["lstm2"])[-1] * upper[i]
        powers = np.exp(parameters["dense"]["Wy"] @ last + parameters["dense"]["by"].ravel())
        np.testing.assert_allclose(y_hat[i], powers / powers.sum(), rtol=1e-10)


def test_an_empty_sentence_is_padding_alone(functions):
    rng = np.random.default_rng(3)
    vectors = {word: rng.standard_normal(4) for word in ("soup", "ball")}
    indices = functions["sentences_to_indices"](["", "?!", "lasagna"], {"ball": 1, "soup": 2}, 3)
    assert not indices.any()
    emb_matrix = functions["pretrained_embedding_layer"](vectors, {"ball": 1, "soup": 2})
    y_hat = functions["Emojify_V2"](indices, emb_matrix, network(rng, 4, 3))
    np.testing.assert_array_equal(y_hat, y_hat[[0, 0, 0]])
    assert np.isfinite(y_hat).all()


def test_the_embedding_holds_every_vector_of_the_file(functions):
    word_to_index, index_to_word, vectors = read_glove_vecs(FOLDER / "data" / "glove_50d.npz")
    emb_matrix = functions["pretrained_embedding_layer"](vectors, word_to_index)
    assert emb_matrix.shape == (30_001, 50)
    assert not emb_matrix[0].any()
    for number in (1, 777, 30_000):
        np.testing.assert_array_equal(emb_matrix[number], vectors[index_to_word[number]])


# ---------------------------------------------------------------- the notebook


def test_what_the_demos_print_is_what_the_text_says(executed):
    out = executed.out
    assert "your prediction: [0.66666667 1.        ]  an empty sentence: [0. 0.]" in out
    assert "the bias adds up to 0.000000" in out
    assert "[[2 0 0]\n [1 1 1]\n [2 0 0]]" in out
    assert "10 pairs; largest difference between their averages: " in out
    assert "first model: 0 of 10 pairs told apart, 0 with both right" in out
    assert float(re.search(r"loss before training: (\S+) ", out)[1]) == pytest.approx(math.log(5), abs=0.1)
    assert float(re.findall(r"step 59: loss (\S+)", out)[0]) < 0.05
    gradient, by_losses = re.search(r"gradient (\S+), by two losses (\S+)", out).groups()
    assert float(gradient) == pytest.approx(float(by_losses), abs=2e-9)
    assert out.count("Confusion matrix") == 2
    assert out.count("Line plot") == 2
    assert "Map of 40 words" in out


def count(tree):
    return sum(count(value) if isinstance(value, dict) else value.size for value in tree.values())


def test_training_is_repeatable_and_moves_all_the_parameters_that_the_text_counts(notebook, executed):
    names = executed.names
    assert f"This network has {count(names['parameters']):,} parameters" in "".join(
        c.source for c in notebook.cells
    )
    few = {
        "X_indices": names["train_indices"][:40],
        "Y": names["Y_train"][:40],
        "emb_matrix": names["emb_matrix"],
    }
    one, losses = names["train"](**few, steps=6, seed=3, n_a=5)
    other, again = names["train"](**few, steps=6, seed=3, n_a=5)
    assert losses == again
    before = names["start"](5, seed=3)
    for layer, arrays in one.items():
        for name, array in arrays.items():
            np.testing.assert_array_equal(array, other[layer][name])
            assert (array != before[layer][name]).any(), (layer, name)
