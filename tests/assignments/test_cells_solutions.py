"""The solutions of the lab `cells` against implementations that share nothing with them."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

LAB = "cells"
FOLDER = Path(__file__).parents[2] / "assignments" / LAB
PUBLISHED = json.loads((FOLDER / "published.json").read_text(encoding="utf-8"))
SIZES = [(3, 5, 2, 10, 4), (2, 3, 4, 1, 6), (4, 2, 3, 5, 1), (1, 1, 2, 1, 1), (7, 6, 5, 3, 9)]
"""n_x, n_a, n_y, m, T_x"""


# ---------------------------------------------------------------- the published values


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_values_reproduce_to_the_printed_digits(functions, name):
    entry = PUBLISHED[name]
    assert entry["status"] == "reproduces"
    namespace = {"np": np, name: functions[name]}
    state = np.random.get_state()
    exec("\n".join(entry["inputs"]), namespace)
    np.random.set_state(state)
    assert len({value["expression"] for value in entry["values"]}) == len(entry["values"])
    for value in entry["values"]:
        actual = eval(value["expression"], namespace)
        if value["expression"].endswith(".shape") or isinstance(value["value"], int):
            assert actual == (tuple(value["value"]) if isinstance(value["value"], list) else value["value"])
        elif isinstance(value["value"], list):
            assert np.round(actual, 8).tolist() == value["value"], value["expression"]
        else:
            assert actual == pytest.approx(value["value"], rel=1e-13), value["expression"]


# ---------------------------------------------------------------- scalar loops as an oracle


def times(W, v):
    return [sum(W[r][k] * v[k] for k in range(len(v))) for r in range(len(W))]


def logistic(z):
    return 1 / (1 + math.exp(-z))


def shares(z):
    powers = [math.exp(value) for value in z]
    return [power / sum(powers) for power in powers]


def affine(W, v, b):
    return [product + b[r][0] for r, product in enumerate(times(W, v))]


def slow_rnn(x, a0, p):
    """One example at a time, one number at a time: hidden states and predictions."""
    n_x, m, T_x = x.shape
    n_y, n_a = p["Wya"].shape
    a, y = np.empty((n_a, m, T_x)), np.empty((n_y, m, T_x))
    for i in range(m):
        state = [a0[r][i] for r in range(n_a)]
        for t in range(T_x):
            past = times(p["Waa"], state)
            new = affine(p["Wax"], [x[k][i][t] for k in range(n_x)], p["ba"])
            state = [math.tanh(past[r] + new[r]) for r in range(n_a)]
            a[:, i, t] = state
            y[:, i, t] = shares(affine(p["Wya"], state, p["by"]))
    return a, y


def slow_lstm(x, a0, c0, p):
    """The same for an LSTM: hidden states, predictions, memories and the four inner quantities."""
    n_x, m, T_x = x.shape
    n_y, n_a = p["Wy"].shape
    a, y, c = np.empty((n_a, m, T_x)), np.empty((n_y, m, T_x)), np.empty((n_a, m, T_x))
    inner = {name: np.empty((n_a, m, T_x)) for name in "fico"}
    for i in range(m):
        state, memory = [a0[r][i] for r in range(n_a)], [c0[r][i] for r in range(n_a)]
        for t in range(T_x):
            seen = state + [x[k][i][t] for k in range(n_x)]
            gate = {name: affine(p[f"W{name}"], seen, p[f"b{name}"]) for name in "fico"}
            for name in "fico":
                squash = math.tanh if name == "c" else logistic
                gate[name] = [squash(z) for z in gate[name]]
                inner[name][:, i, t] = gate[name]
            memory = [gate["f"][r] * memory[r] + gate["i"][r] * gate["c"][r] for r in range(n_a)]
            state = [gate["o"][r] * math.tanh(memory[r]) for r in range(n_a)]
            a[:, i, t], c[:, i, t] = state, memory
            y[:, i, t] = shares(affine(p["Wy"], state, p["by"]))
    return a, y, c, inner


def rnn_inputs(n_x, n_a, n_y, m, T_x):
    rng = np.random.default_rng([n_x, n_a, n_y, m, T_x])
    shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "ba": (n_a, 1), "by": (n_y, 1)}
    parameters = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return rng.normal(size=(n_x, m, T_x)), rng.normal(size=(n_a, m)), parameters


def lstm_inputs(n_x, n_a, n_y, m, T_x):
    rng = np.random.default_rng([n_x, n_a, n_y, m, T_x])
    parameters = {f"W{gate}": rng.normal(size=(n_a, n_a + n_x)) for gate in "fico"}
    parameters |= {f"b{gate}": rng.normal(size=(n_a, 1)) for gate in "fico"}
    parameters |= {"Wy": rng.normal(size=(n_y, n_a)), "by": rng.normal(size=(n_y, 1))}
    return rng.normal(size=(n_x, m, T_x)), rng.normal(size=(n_a, m)), parameters


def same(actual, expected):
    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize("sizes", SIZES)
def test_rnn_cell(functions, sizes):
    x, a0, parameters = rnn_inputs(*sizes)
    a, y = slow_rnn(x[:, :, :1], a0, parameters)
    a_next, yt_pred, cache = functions["rnn_cell_forward"](x[:, :, 0], a0, parameters)
    same(a_next, a[:, :, 0])
    same(yt_pred, y[:, :, 0])
    assert len(cache) == 4
    assert cache[0] is a_next
    assert cache[1] is a0
    same(cache[2], x[:, :, 0])
    assert cache[3] is parameters


@pytest.mark.parametrize("sizes", SIZES)
def test_rnn(functions, sizes):
    x, a0, parameters = rnn_inputs(*sizes)
    expected_a, expected_y = slow_rnn(x, a0, parameters)
    a, y_pred, (steps, kept) = functions["rnn_forward"](x, a0, parameters)
    same(a, expected_a)
    same(y_pred, expected_y)
    assert kept is x
    assert len(steps) == x.shape[2]
    for t, (a_next, a_prev, xt, _) in enumerate(steps):
        same(a_next, expected_a[:, :, t])
        same(a_prev, expected_a[:, :, t - 1] if t else a0)
        same(xt, x[:, :, t])


@pytest.mark.parametrize("sizes", SIZES)
def test_lstm_cell(functions, sizes):
    x, a0, parameters = lstm_inputs(*sizes)
    c0 = np.random.default_rng(1).normal(size=a0.shape)
    a, y, c, inner = slow_lstm(x[:, :, :1], a0, c0, parameters)
    a_next, c_next, yt_pred, cache = functions["lstm_cell_forward"](x[:, :, 0], a0, c0, parameters)
    expected = [a, c, a0[:, :, None], c0[:, :, None], inner["f"], inner["i"], inner["c"], inner["o"]]
    same(a_next, a[:, :, 0])
    same(c_next, c[:, :, 0])
    same(yt_pred, y[:, :, 0])
    assert len(cache) == 10
    for kept, value in zip(cache[:8], expected, strict=True):
        same(kept, value[:, :, 0])
    same(cache[8], x[:, :, 0])
    assert cache[9] is parameters


@pytest.mark.parametrize("sizes", SIZES)
def test_lstm(functions, sizes):
    x, a0, parameters = lstm_inputs(*sizes)
    expected_a, expected_y, expected_c, inner = slow_lstm(x, a0, np.zeros_like(a0), parameters)
    a, y, c, (steps, kept) = functions["lstm_forward"](x, a0, parameters)
    same(a, expected_a)
    same(y, expected_y)
    same(c, expected_c)
    assert kept is x
    assert len(steps) == x.shape[2]
    for t, cache in enumerate(steps):
        same(cache[1], expected_c[:, :, t])
        same(cache[3], expected_c[:, :, t - 1] if t else np.zeros_like(a0))
        same(cache[4], inner["f"][:, :, t])


@pytest.mark.parametrize("name", ["rnn", "lstm"])
def test_inputs_are_left_alone(functions, name):
    x, a0, parameters = (rnn_inputs if name == "rnn" else lstm_inputs)(*SIZES[0])
    before = [x.copy(), a0.copy(), *(value.copy() for value in parameters.values())]
    functions[f"{name}_forward"](x, a0, parameters)
    for value, copy in zip([x, a0, *parameters.values()], before, strict=True):
        np.testing.assert_array_equal(value, copy)


# ---------------------------------------------------------------- PyTorch, where it is installed


@pytest.mark.torch
@pytest.mark.parametrize("sizes", SIZES)
def test_rnn_agrees_with_pytorch(functions, sizes):
    torch = pytest.importorskip("torch")
    x, a0, p = rnn_inputs(*sizes)
    network = torch.nn.RNN(sizes[0], sizes[1]).double()
    with torch.no_grad():
        network.weight_ih_l0.copy_(torch.from_numpy(p["Wax"]))
        network.weight_hh_l0.copy_(torch.from_numpy(p["Waa"]))
        network.bias_ih_l0.copy_(torch.from_numpy(p["ba"][:, 0]))
        network.bias_hh_l0.zero_()
        states, _ = network(
            torch.from_numpy(x.transpose(2, 1, 0).copy()), torch.from_numpy(a0.T[None].copy())
        )
        scores = states @ torch.from_numpy(p["Wya"].T) + torch.from_numpy(p["by"][:, 0])
    a, y_pred, _ = functions["rnn_forward"](x, a0, p)
    same(a, states.numpy().transpose(2, 1, 0))
    same(y_pred, torch.softmax(scores, dim=-1).numpy().transpose(2, 1, 0))


@pytest.mark.torch
@pytest.mark.parametrize("sizes", SIZES)
def test_lstm_agrees_with_pytorch(functions, sizes):
    torch = pytest.importorskip("torch")
    x, a0, p = lstm_inputs(*sizes)
    n_a = sizes[1]
    network = torch.nn.LSTM(sizes[0], n_a).double()
    weights = np.vstack([p[f"W{gate}"] for gate in "ifco"])  # PyTorch's order: input, forget, cell, output
    biases = np.concatenate([p[f"b{gate}"][:, 0] for gate in "ifco"])
    with torch.no_grad():
        network.weight_hh_l0.copy_(torch.from_numpy(weights[:, :n_a]))
        network.weight_ih_l0.copy_(torch.from_numpy(weights[:, n_a:]))
        network.bias_ih_l0.copy_(torch.from_numpy(biases))
        network.bias_hh_l0.zero_()
        first = torch.from_numpy(a0.T[None].copy())
        inputs = torch.from_numpy(x.transpose(2, 1, 0).copy())
        states, (_, memory) = network(inputs, (first, torch.zeros_like(first)))
        scores = states @ torch.from_numpy(p["Wy"].T) + torch.from_numpy(p["by"][:, 0])
    a, y, c, _ = functions["lstm_forward"](x, a0, p)
    same(a, states.numpy().transpose(2, 1, 0))
    same(c[:, :, -1], memory[0].numpy().T)
    same(y, torch.softmax(scores, dim=-1).numpy().transpose(2, 1, 0))
