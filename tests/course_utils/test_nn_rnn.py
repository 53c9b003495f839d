"""The simple RNN layer, layers put together, clipping, and the gradient of an embedding."""

from functools import partial

import numpy as np
import pytest

import course_utils.nn as nn

KINDS = {
    "rnn": (nn.rnn_parameters, nn.rnn_layer, nn.rnn_layer_backward),
    "gru": (nn.gru_parameters, nn.gru_layer, nn.gru_layer_backward),
    "lstm": (nn.lstm_parameters, nn.lstm_layer, nn.lstm_layer_backward),
}


def network(dtype=np.float64):
    """Parameters with a bias, x (3, 4, 5), a0 (3, 6), and the direction in which the loss grows."""
    rng = np.random.default_rng(6)
    parameters = nn.rnn_parameters(5, 6, rng, dtype)
    parameters["ba"] += rng.standard_normal((6, 1)).astype(dtype)
    return parameters, *(rng.standard_normal(shape).astype(dtype) for shape in ((3, 4, 5), (3, 6), (3, 4, 6)))


def assert_gradients(loss, parameters, gradients, step=1e-5):
    """Compare with central differences, in nested dictionaries too."""
    for name, array in parameters.items():
        if isinstance(array, dict):
            assert_gradients(loss, array, gradients[name])
            continue
        slopes = np.zeros_like(array)
        for at in np.ndindex(array.shape):
            value = array[at]
            array[at] = value + step
            above = loss()
            array[at] = value - step
            slopes[at] = (above - loss()) / (2 * step)
            array[at] = value
        assert np.abs(slopes).max() > 1e-3, f"{name} hardly matters"
        np.testing.assert_allclose(gradients[f"d{name}"], slopes, atol=1e-8, err_msg=name)


def test_rnn_layer_follows_the_equation():
    parameters, x, a0, _ = network()
    a, _ = nn.rnn_layer(x, parameters, a0)
    for k, state in enumerate(a0):
        for t, xt in enumerate(x[k]):
            state = np.tanh(parameters["Wa"] @ np.concatenate((state, xt)) + parameters["ba"][:, 0])
            np.testing.assert_allclose(a[k, t], state, rtol=1e-12)


def test_weights_of_an_rnn_fit_the_cell_of_the_labs(student):
    cell = student("rnn_cell_forward")
    parameters, x, a0, _ = network()
    a, _ = nn.rnn_layer(x, parameters, a0)
    Wa = parameters["Wa"]
    split = {"Waa": Wa[:, :6], "Wax": Wa[:, 6:], "ba": parameters["ba"]}
    split |= {"Wya": np.ones((2, 6)), "by": np.zeros((2, 1))}
    a_next = a0.T
    for t in range(x.shape[1]):
        a_next, _, _ = cell(x[:, t].T, a_next, split)
        np.testing.assert_allclose(a[:, t].T, a_next, rtol=1e-12)


@pytest.mark.parametrize("last_only", [False, True])
def test_gradients_of_an_rnn_agree_with_central_differences(last_only):
    parameters, x, a0, direction = network()
    direction = direction[:, -1] if last_only else direction

    def loss():
        a, _ = nn.rnn_layer(x, parameters, a0)
        return float(((a[:, -1] if last_only else a) * direction).sum())

    gradients = nn.rnn_layer_backward(direction, nn.rnn_layer(x, parameters, a0)[1])
    assert_gradients(loss, {**parameters, "x": x, "a0": a0}, gradients)
    less = nn.rnn_layer_backward(direction, nn.rnn_layer(x, parameters, a0)[1], dx=False)
    assert set(gradients) - set(less) == {"dx"}
    for name, gradient in less.items():
        np.testing.assert_array_equal(gradient, gradients[name])


@pytest.mark.torch
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-10), (np.float32, 2e-4)])
def test_an_rnn_agrees_with_pytorch(dtype, rtol):
    torch = pytest.importorskip("torch")
    parameters, x, a0, direction = network(dtype)
    a, cache = nn.rnn_layer(x, parameters, a0)
    gradients = nn.rnn_layer_backward(direction, cache)
    named = {**parameters, "x": x, "a0": a0}
    p = {name: torch.tensor(value, requires_grad=True) for name, value in named.items()}
    layer = torch.nn.RNN(5, 6, batch_first=True, dtype=p["x"].dtype)
    used = {
        "weight_ih_l0": p["Wa"][:, 6:],
        "weight_hh_l0": p["Wa"][:, :6],
        "bias_ih_l0": p["ba"][:, 0],
        "bias_hh_l0": torch.zeros(6, dtype=p["x"].dtype),
    }
    hidden, _ = torch.func.functional_call(layer, used, (p["x"], p["a0"][None]))
    (hidden * torch.tensor(direction)).sum().backward()
    np.testing.assert_allclose(a, hidden.detach().numpy(), rtol=0, atol=rtol)
    for name, tensor in p.items():
        scale = float(tensor.grad.abs().max())
        np.testing.assert_allclose(gradients[f"d{name}"], tensor.grad.numpy(), rtol=0, atol=rtol * scale)


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["rnn", "lstm"])  # PyTorch's GRU resets after the product
def test_a_deep_bidirectional_network_agrees_with_pytorch(kind):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(7)
    make, layer, _ = KINDS[kind]
    layers = {
        f"l{number}": {way: make(n_x, 6, rng) for way in ("forward", "backward")}
        for number, n_x in enumerate((5, 12))
    }
    x = rng.standard_normal((3, 4, 5))
    theirs = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM}[kind](
        5, 6, num_layers=2, bidirectional=True, batch_first=True, dtype=torch.float64
    )
    order = {"rnn": "a", "lstm": "ifco"}[kind]
    with torch.no_grad():
        for number, ways in enumerate(layers.values()):
            for way, suffix in (("forward", ""), ("backward", "_reverse")):
                W = np.concatenate([ways[way][f"W{gate}"] for gate in order])
                b = np.concatenate([ways[way][f"b{gate}"] for gate in order])[:, 0]
                getattr(theirs, f"weight_ih_l{number}{suffix}").copy_(torch.tensor(W[:, 6:]))
                getattr(theirs, f"weight_hh_l{number}{suffix}").copy_(torch.tensor(W[:, :6]))
                getattr(theirs, f"bias_ih_l{number}{suffix}").copy_(torch.tensor(b))
                getattr(theirs, f"bias_hh_l{number}{suffix}").zero_()
    a, _ = nn.stack(partial(nn.bidirectional, layer), x, layers)
    np.testing.assert_allclose(a, theirs(torch.tensor(x))[0].detach().numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_rnn_starts_in_zeros_and_computes_in_the_type_of_its_weights(dtype):
    parameters, x, a0, direction = network(dtype)
    a, cache = nn.rnn_layer(x.astype(np.float64), parameters)
    np.testing.assert_array_equal(a, nn.rnn_layer(x, parameters, np.zeros_like(a0))[0])
    assert not np.allclose(a, nn.rnn_layer(x, parameters, a0)[0])
    gradients = nn.rnn_layer_backward(direction, cache)
    assert {a.dtype, *(value.dtype for value in gradients.values())} == {np.dtype(dtype)}


def test_an_rnn_changes_no_input_and_its_cache_may_be_used_twice():
    parameters, x, a0, direction = network()
    before = [array.copy() for array in (*parameters.values(), x, a0, direction)]
    _, cache = nn.rnn_layer(x, parameters, a0)
    first = nn.rnn_layer_backward(direction, cache)
    for array, old in zip((*parameters.values(), x, a0, direction), before, strict=True):
        np.testing.assert_array_equal(array, old)
    parameters["Wa"] += 1  # as an optimiser does, between the passes
    for name, gradient in nn.rnn_layer_backward(direction, cache).items():
        np.testing.assert_array_equal(gradient, first[name])
    assert type(cache) is tuple
    assert all(type(value) is np.ndarray for value in cache)


def test_an_rnn_says_which_shapes_do_not_fit():
    parameters, x, a0, _ = network()
    with pytest.raises(ValueError, match=r"rnn_layer: x \(3, 4, 4\), Wa \(6, 11\)"):
        nn.rnn_layer(x[:, :, 1:], parameters)
    with pytest.raises(ValueError, match=r"a0 has shape \(2, 6\), expected \(m, n_a\) = \(3, 6\)"):
        nn.rnn_layer(x, parameters, a0[1:])
    with pytest.raises(ValueError, match=r"da has shape \(3, 3, 6\), expected \(3, 4, 6\)"):
        nn.rnn_layer_backward(np.zeros((3, 3, 6)), nn.rnn_layer(x, parameters)[1])


def test_initial_parameters_of_an_rnn():
    parameters = nn.rnn_parameters(10, 20, np.random.default_rng(0))
    assert {name: value.shape for name, value in parameters.items()} == {"Wa": (20, 30), "ba": (20, 1)}
    for_state, for_input = parameters["Wa"][:, :20], parameters["Wa"][:, 20:]
    np.testing.assert_allclose(for_state.T @ for_state, np.eye(20), atol=1e-12)
    assert 0.9 * np.sqrt(6 / 30) < np.abs(for_input).max() <= np.sqrt(6 / 30)
    assert not parameters["ba"].any()
    again = nn.rnn_parameters(10, 20, np.random.default_rng(0))
    np.testing.assert_array_equal(again["Wa"], parameters["Wa"])


# ---------------------------------------------------------------- layers put together


@pytest.mark.parametrize("kind", KINDS)
def test_a_stack_feeds_each_layer_the_states_of_the_one_below(kind):
    make, layer, backward = KINDS[kind]
    rng = np.random.default_rng(8)
    layers = {"lower": make(3, 4, rng), "upper": make(4, 2, rng)}
    x, direction = rng.standard_normal((2, 5, 3)), rng.standard_normal((2, 2))
    a, cache = nn.stack(layer, x, layers)
    np.testing.assert_array_equal(a, layer(layer(x, layers["lower"])[0], layers["upper"])[0])
    gradients = nn.stack_backward(backward, direction, cache)

    def loss():
        return float((nn.stack(layer, x, layers)[0][:, -1] * direction).sum())

    assert_gradients(loss, {**layers, "x": x}, gradients)
    less = nn.stack_backward(backward, direction, nn.stack(layer, x, layers)[1], dx=False)
    assert "dx" not in less
    assert "dx" not in less["lower"]
    nn.SGD().update(layers, less)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bidirectional_layer_sees_the_past_and_the_future(kind):
    make, layer, backward = KINDS[kind]
    rng = np.random.default_rng(9)
    parameters = {"forward": make(3, 2, rng), "backward": make(3, 2, rng)}
    x, direction = rng.standard_normal((2, 4, 3)), rng.standard_normal((2, 4, 4))
    a, cache = nn.bidirectional(layer, x, parameters)
    assert a.shape == (2, 4, 4)
    changed = x.copy()
    changed[:, 2] += 1
    moved = np.abs(nn.bidirectional(layer, changed, parameters)[0] - a).max(axis=0) > 0
    assert moved[:, 0].tolist() == [False, False, True, True]
    assert moved[:, 2].tolist() == [True, True, True, False]
    gradients = nn.bidirectional_backward(backward, direction, cache)

    def loss():
        return float((nn.bidirectional(layer, x, parameters)[0] * direction).sum())

    assert_gradients(loss, {**parameters, "x": x}, gradients)
    less = nn.bidirectional_backward(backward, direction, nn.bidirectional(layer, x, parameters)[1], dx=False)
    assert not {"dx"} & {*less, *less["forward"], *less["backward"]}
    with pytest.raises(ValueError, match=r"da has shape \(2, 4\), expected \(m, T_x, 2 n_a\)"):
        nn.bidirectional_backward(backward, direction[:, -1], cache)


def test_gradients_of_a_deep_bidirectional_network_agree_with_central_differences():
    rng = np.random.default_rng(10)
    layers = {
        name: {way: nn.gru_parameters(n_x, 2, rng) for way in ("forward", "backward")}
        for name, n_x in (("lower", 3), ("upper", 4))
    }
    x, direction = rng.standard_normal((2, 3, 3)), rng.standard_normal((2, 3, 4))
    both = partial(nn.bidirectional, nn.gru_layer)
    back = partial(nn.bidirectional_backward, nn.gru_layer_backward)
    gradients = nn.stack_backward(back, direction, nn.stack(both, x, layers)[1])
    assert_gradients(
        lambda: float((nn.stack(both, x, layers)[0] * direction).sum()), {**layers, "x": x}, gradients
    )


# ---------------------------------------------------------------- clipping and embedding


def test_clipping_scales_all_gradients_of_parameters_by_one_factor():
    parameters = {"lower": {"W": np.zeros(2)}, "upper": {"W": np.zeros(1)}}
    dx = np.array([100.0])
    gradients = {"lower": {"dW": np.array([3.0, 0.0]), "dx": dx}, "upper": {"dW": np.array([4.0])}}
    assert nn.clip_by_norm(parameters, gradients, 6) == pytest.approx(5)
    np.testing.assert_array_equal(gradients["lower"]["dW"], [3, 0])
    assert nn.clip_by_norm(parameters, gradients, 1) == pytest.approx(5)
    np.testing.assert_allclose(gradients["lower"]["dW"], [0.6, 0])
    np.testing.assert_allclose(gradients["upper"]["dW"], [0.8])
    np.testing.assert_array_equal(dx, [100])
    for limit in (0, -1, np.nan):
        with pytest.raises(ValueError, match="clip_by_norm: the limit is"):
            nn.clip_by_norm(parameters, gradients, limit)


def test_clipping_keeps_the_type_and_survives_gradients_whose_squares_overflow_it():
    gradients = {"dW": np.full(4, 1e30, np.float32)}
    assert nn.clip_by_norm({"W": np.zeros(4, np.float32)}, gradients, 1.0) == pytest.approx(2e30)
    assert gradients["dW"].dtype == np.float32
    np.testing.assert_allclose(gradients["dW"], 0.5, rtol=1e-6)


@pytest.mark.torch
def test_clipping_agrees_with_pytorch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(11)
    gradients = {"dW": rng.standard_normal((3, 4)), "db": rng.standard_normal((3, 1))}
    tensors = [
        torch.nn.Parameter(torch.zeros(value.shape, dtype=torch.float64)) for value in gradients.values()
    ]
    for tensor, value in zip(tensors, gradients.values(), strict=True):
        tensor.grad = torch.tensor(value)
    norm = torch.nn.utils.clip_grad_norm_(tensors, 0.5)
    assert nn.clip_by_norm({"W": 0, "b": 0}, gradients, 0.5) == pytest.approx(float(norm))
    for tensor, value in zip(tensors, gradients.values(), strict=True):
        np.testing.assert_allclose(value, tensor.grad.numpy(), rtol=1e-5)  # PyTorch adds 1e-6 to the norm


def test_the_gradient_of_an_embedding_adds_up_what_was_looked_up_twice():
    rng = np.random.default_rng(12)
    table, indices, direction = (
        rng.standard_normal((5, 2)),
        np.array([[3, 1, 3], [0, 0, 3]]),
        rng.random((2, 3, 2)),
    )
    gradient = nn.embed_backward(direction, indices, 5)
    np.testing.assert_array_equal(gradient[[2, 4]], 0)
    used = table[[0, 1, 3]]

    def loss():
        table[[0, 1, 3]] = used
        return float((nn.embed(indices, table) * direction).sum())

    assert_gradients(loss, {"used": used}, {"dused": gradient[[0, 1, 3]]})
    assert nn.embed_backward(direction.astype(np.float32), indices.astype(float), 5).dtype == np.float32
