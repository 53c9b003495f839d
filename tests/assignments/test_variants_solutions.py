"""The solutions of the lab `variants` against implementations that share nothing with them."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest

from course_utils.language_model import initial_params

LAB = "variants"
PUBLISHED = json.loads(
    (Path(__file__).parents[2] / "assignments" / LAB / "published.json").read_text(encoding="utf-8")
)
SIZES = [(5, 3, 4, 6, 2), (1, 1, 2, 3, 1), (9, 2, 7, 5, 5)]
"""T, batch, n_x, n_h, n_q"""
sizes = pytest.mark.parametrize("size", SIZES)


def draw(kind, size, seed=0, states=1):
    """Inputs, states and parameters with biases; ``states`` of them."""
    T, m, n_x, n_h, n_q = size
    rng = np.random.default_rng(seed)
    params = initial_params(kind, n_x, n_h, n_q, rng)
    params = [param + 0.3 * rng.standard_normal(param.shape) for param in params]
    inputs = [rng.standard_normal((m, n_x)) for _ in range(T)]
    return inputs, tuple(rng.standard_normal((m, n_h)) for _ in range(states)), params


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_values_reproduce(functions, name):
    entry = PUBLISHED[name]
    namespace = {"np": np, name: functions[name]}
    state = np.random.get_state()
    exec("\n".join(entry["inputs"]), namespace)
    np.random.set_state(state)
    for value in entry["values"]:
        np.testing.assert_allclose(eval(value["expression"], namespace), value["value"], rtol=0, atol=5e-9)


# ---------------------------------------------------------------- number by number


def logistic(z):
    return 1 / (1 + math.exp(-z))


def entry(x, W, h, V, b, k):
    """The sum inside gate k of one example."""
    return sum(x[i] * W[i][k] for i in range(len(x))) + sum(h[i] * V[i][k] for i in range(len(h))) + b[k]


def slow(kind, inputs, state, params):
    """One example and one number at a time; a GRU in the form of the code."""
    gates = [params[k : k + 3] for k in range(0, len(params) - 2, 3)]
    W_hq, b_q = params[-2:]
    m, n_h = state[0].shape
    outputs = np.empty((len(inputs), m, len(b_q)))
    last = [np.empty((m, n_h)) for _ in state]
    for i in range(m):
        now = [list(part[i]) for part in state]
        for t, X in enumerate(inputs):
            h = now[0]
            sums = [[entry(X[i], *gate[:1], h, *gate[1:], k) for k in range(n_h)] for gate in gates]
            if kind == "rnn":
                now = [[math.tanh(z) for z in sums[0]]]
            elif kind == "gru":
                new = []
                for k in range(n_h):
                    z, r = logistic(sums[0][k]), logistic(sums[1][k])
                    past = sum(h[j] * gates[2][1][j][k] for j in range(n_h))
                    candidate = math.tanh(sums[2][k] - past + r * past)
                    new.append(z * h[k] + (1 - z) * candidate)
                now = [new]
            else:
                c = [
                    logistic(sums[1][k]) * now[1][k] + logistic(sums[0][k]) * math.tanh(sums[3][k])
                    for k in range(n_h)
                ]
                now = [[logistic(sums[2][k]) * math.tanh(c[k]) for k in range(n_h)], c]
            for q in range(len(b_q)):
                outputs[t, i, q] = sum(now[0][k] * W_hq[k][q] for k in range(n_h)) + b_q[q]
        for part, values in zip(last, now, strict=True):
            part[i] = values
    return outputs, last


@sizes
@pytest.mark.parametrize(("kind", "states"), [("rnn", 1), ("gru", 1), ("lstm", 2)])
def test_networks_agree_with_scalar_loops(functions, kind, states, size):
    inputs, state, params = draw(kind, size, states=states)
    outputs, new_state = functions[kind](inputs, state, params)
    wanted, last = slow(kind, inputs, state, params)
    np.testing.assert_allclose(outputs, wanted, rtol=0, atol=1e-12)
    assert type(new_state) is tuple
    np.testing.assert_allclose(new_state, last, rtol=0, atol=1e-12)


@sizes
def test_two_layers_and_both_directions_agree_with_scalar_loops(functions, size):
    T, m, _, n_h, n_q = size
    inputs, state, lower = draw("rnn", size, states=2)
    _, _, upper = draw("rnn", (T, m, n_h, n_h, n_q), seed=1)
    show = [np.eye(n_h), np.zeros(n_h)]
    states, (H_1,) = slow("rnn", inputs, state[:1], [*lower[:3], *show])
    wanted, (H_2,) = slow("rnn", list(states), state[1:], upper)
    outputs, new_state = functions["deep_rnn"](inputs, state, [*lower[:3], *upper])
    np.testing.assert_allclose(outputs, wanted, rtol=0, atol=1e-12)
    np.testing.assert_allclose(new_state, (H_1, H_2), rtol=0, atol=1e-12)

    _, _, other = draw("rnn", size, seed=2)
    backward, (H_b,) = slow("rnn", inputs[::-1], state[1:], [*other[:3], *show])
    W_hq, b_q = np.random.default_rng(3).standard_normal((2 * n_h, n_q)), np.ones(n_q)
    outputs, new_state = functions["bidirectional_rnn"](inputs, state, [*lower[:3], *other[:3], W_hq, b_q])
    both = np.concatenate((states, backward[::-1]), axis=2)
    np.testing.assert_allclose(outputs, both @ W_hq + b_q, rtol=0, atol=1e-12)
    np.testing.assert_allclose(new_state, (H_1, H_b), rtol=0, atol=1e-12)


# ---------------------------------------------------------------- PyTorch


@pytest.mark.torch
@sizes
@pytest.mark.parametrize(
    ("kind", "order", "states"), [("rnn", (0,), 1), ("gru", (1, 0, 2), 1), ("lstm", (0, 1, 3, 2), 2)]
)
def test_networks_agree_with_pytorch(functions, kind, order, states, size):
    """``order`` has the number of our gate for each of PyTorch's."""
    torch = pytest.importorskip("torch")
    inputs, state, params = draw(kind, size, states=states)
    n_h = state[0].shape[1]
    layer = getattr(torch.nn, kind.upper())(inputs[0].shape[1], n_h, dtype=torch.float64)
    used = {
        "weight_ih_l0": np.concatenate([params[3 * k].T for k in order]),
        "weight_hh_l0": np.concatenate([params[3 * k + 1].T for k in order]),
        "bias_ih_l0": np.concatenate([params[3 * k + 2] for k in order]),
        "bias_hh_l0": np.zeros(n_h * len(order)),
    }
    given = tuple(torch.tensor(part)[None] for part in state)
    weights = {name: torch.tensor(value) for name, value in used.items()}
    hidden, after = torch.func.functional_call(
        layer, weights, (torch.tensor(np.stack(inputs)), given if kind == "lstm" else given[0])
    )
    outputs, new_state = functions[kind](inputs, state, params)
    np.testing.assert_allclose(outputs, hidden.numpy() @ params[-2] + params[-1], rtol=0, atol=1e-12)
    for mine, theirs in zip(new_state, after if kind == "lstm" else (after,), strict=True):
        np.testing.assert_allclose(mine, theirs[0].numpy(), rtol=0, atol=1e-12)


# ---------------------------------------------------------------- notations, batches, training


def lectures_step(c, x, p):
    """The lectures' equations, in columns."""
    seen = np.concatenate((c, x))
    u, r = (1 / (1 + np.exp(-(p[f"W{g}"] @ seen + p[f"b{g}"]))) for g in "ur")
    return u * np.tanh(p["Wc"] @ np.concatenate((r * c, x)) + p["bc"]) + (1 - u) * c


@pytest.mark.parametrize("resets", [False, True])
def test_the_lectures_parameters_give_the_same_states_where_the_reset_gate_is_open(functions, resets):
    rng = np.random.default_rng(0)
    p = {f"W{g}": rng.standard_normal((5, 8)) for g in "cur"}
    p |= {f"b{g}": rng.standard_normal((5, 1)) for g in "cur"}
    p |= {"Wy": rng.standard_normal((2, 5)), "by": rng.standard_normal((2, 1))}
    if not resets:
        p["br"] = np.full((5, 1), 60.0)
    xs, c = rng.standard_normal((6, 3, 4)), rng.standard_normal((5, 4))
    _, (H,) = functions["gru"]([x.T for x in xs], (c.T,), functions["from_lectures"](p))
    for x in xs:
        c = lectures_step(c, x, p)
    assert np.allclose(H, c.T, atol=1e-12) is not resets  # the lectures reset before the product


@pytest.mark.parametrize("as_array", [False, True])
def test_batches_cover_the_text_once_and_targets_come_next(functions, as_array):
    text = np.arange(101) if as_array else list(range(101))
    for name, most in (("data_iter_random", 20), ("data_iter_consecutive", 20)):
        seen = []
        for X, Y in functions[name](text, 4, 5):
            assert X.shape == Y.shape == (4, 5)
            np.testing.assert_array_equal(Y, X + 1)
            np.testing.assert_array_equal(np.diff(X), 1)
            seen += X.ravel().tolist()
        assert len(seen) == len(set(seen))
        assert len(seen) // 5 == most - (name == "data_iter_consecutive") * 4


def test_rows_go_on_where_they_stopped_and_random_ones_depend_on_the_seed(functions):
    batches = functions["data_iter_consecutive"](range(60), 3, 4)
    for (before, _), (after, _) in itertools.pairwise(batches):
        np.testing.assert_array_equal(after[:, 0], before[:, -1] + 1)
    first, again, other = (functions["data_iter_random"](list(range(60)), 3, 4, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_model_that_knows_nothing_is_as_perplexed_as_its_vocabulary_is_large(functions):
    Y = np.random.default_rng(0).integers(7, size=(3, 5))
    assert functions["perplexity"]([np.full((3, 7), 2.5)] * 5, Y) == pytest.approx(7)
    sure = [1e4 * np.eye(7)[column] for column in Y.T]
    assert functions["perplexity"](sure, Y) == pytest.approx(1)


@pytest.mark.parametrize(("theta", "norm"), [(100.0, 13.0), (6.5, 6.5)])
def test_clipping_keeps_the_direction(functions, theta, norm):
    grads = [np.array([[3.0, 0.0]]), np.array([4.0]), np.array([12.0])]
    assert functions["grad_clipping"](grads, theta) == pytest.approx(13.0)
    np.testing.assert_allclose(
        np.concatenate([g.ravel() for g in grads]), np.array([3, 0, 4, 12]) * norm / 13
    )


@sizes
def test_gradients_of_a_window_agree_with_central_differences(functions, size):
    inputs, state, params = draw("rnn", size)
    targets = np.random.default_rng(5).integers(size[4], size=(size[1], size[0]))
    step = functions["truncated_step"]
    loss, grads, (H,) = step(inputs, targets, state, params)
    assert loss == pytest.approx(
        math.log(functions["perplexity"](functions["rnn"](inputs, state, params)[0], targets))
    )
    np.testing.assert_array_equal(H, functions["rnn"](inputs, state, params)[1][0])
    for grad, param in zip(grads, params, strict=True):
        assert grad.shape == param.shape
        for place in np.ndindex(param.shape):
            value, found = param[place], []
            for param[place] in (value + 1e-5, value - 1e-5):
                found.append(step(inputs, targets, state, params)[0])
            param[place] = value
            assert grad[place] == pytest.approx((found[0] - found[1]) / 2e-5, abs=1e-8)
