import numpy as np
import pytest

import course_utils.nn as nn

SIZES = {"m": 3, "T_x": 4, "n_x": 5, "n_a": 6, "n_y": 7}


def network(seed=0, dtype=np.float64):
    """Parameters and a batch: x, a0, c0, and one-hot targets."""
    rng = np.random.default_rng(seed)
    m, T_x, n_x, n_a, n_y = SIZES.values()
    parameters = nn.lstm_parameters(n_x, n_a, rng, dtype) | nn.dense_parameters(n_a, n_y, rng, dtype)
    for name, value in parameters.items():
        if name.startswith("b"):
            value += rng.standard_normal(value.shape)
    y = np.eye(n_y)[rng.integers(0, n_y, (m, T_x))]
    x, *states = (rng.standard_normal(shape) for shape in ((m, T_x, n_x), (m, n_a), (m, n_a)))
    return parameters, x.astype(dtype), [state.astype(dtype) for state in states], y.astype(dtype)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def plain_lstm(x, parameters, a, c):
    """The equations, one example and one step at a time."""
    m, T_x, _ = x.shape
    states = np.empty((m, T_x, a.shape[1]))
    for k in range(m):
        a_k, c_k = a[k], c[k]
        for t in range(T_x):
            concat = np.concatenate((a_k, x[k, t]))
            z = {gate: parameters[f"W{gate}"] @ concat + parameters[f"b{gate}"][:, 0] for gate in "fioc"}
            c_k = sigmoid(z["f"]) * c_k + sigmoid(z["i"]) * np.tanh(z["c"])
            a_k = states[k, t] = sigmoid(z["o"]) * np.tanh(c_k)
    return states


def central_differences(loss, array, step=1e-5):
    """The derivative of the loss with respect to each entry of the array."""
    slopes = np.zeros_like(array)
    for at in np.ndindex(array.shape):
        value = array[at]
        array[at] = value + step
        above = loss()
        array[at] = value - step
        slopes[at] = (above - loss()) / (2 * step)
        array[at] = value
    return slopes


def test_lstm_layer_follows_the_equations():
    parameters, x, (a0, c0), _ = network()
    a, _ = nn.lstm_layer(x, parameters, a0, c0)
    np.testing.assert_allclose(a, plain_lstm(x, parameters, a0, c0), rtol=1e-12)


def test_states_are_zero_by_default():
    parameters, x, (a0, c0), _ = network()
    zeros = np.zeros_like(a0)
    np.testing.assert_array_equal(
        nn.lstm_layer(x, parameters)[0], nn.lstm_layer(x, parameters, zeros, zeros)[0]
    )
    assert not np.allclose(nn.lstm_layer(x, parameters)[0], nn.lstm_layer(x, parameters, a0, c0)[0])


def test_weights_fit_the_cell_of_the_labs(student):
    cell = student("lstm_cell_forward")
    parameters, x, (a0, c0), _ = network()
    a, _ = nn.lstm_layer(x, parameters, a0, c0)
    y_hat, _ = nn.dense_softmax(a, parameters)
    a_next, c_next = a0.T, c0.T
    for t in range(x.shape[1]):
        a_next, c_next, yt_pred, _ = cell(x[:, t].T, a_next, c_next, parameters)
        np.testing.assert_allclose(a[:, t].T, a_next, rtol=1e-12)
        np.testing.assert_allclose(y_hat[:, t].T, yt_pred, rtol=1e-12)


def test_large_logits_neither_overflow_nor_become_nan():
    parameters, x, _, _ = network()
    a, _ = nn.lstm_layer(1e4 * x, parameters)
    y_hat, _ = nn.dense_softmax(1e4 * a, parameters)
    assert np.isfinite(a).all()
    np.testing.assert_allclose(y_hat.sum(axis=-1), 1)


@pytest.mark.parametrize("last_only", [False, True])
def test_gradients_agree_with_central_differences(last_only):
    parameters, x, (a0, c0), y = network(1)
    y = y[:, -1] if last_only else y

    def forward():
        a, lstm_cache = nn.lstm_layer(x, parameters, a0, c0)
        y_hat, dense_cache = nn.dense_softmax(a[:, -1] if last_only else a, parameters)
        return *nn.cross_entropy(y_hat, y), lstm_cache, dense_cache

    _, dz, lstm_cache, dense_cache = forward()
    gradients = nn.dense_softmax_backward(dz, dense_cache)
    gradients |= nn.lstm_layer_backward(gradients["da"], lstm_cache)
    for name, array in {**parameters, "x": x, "a0": a0, "c0": c0}.items():
        slopes = central_differences(lambda: forward()[0], array)
        error = np.abs(gradients[f"d{name}"] - slopes).max()
        assert error < 1e-8 * max(1, np.abs(slopes).max()), name
        assert gradients[f"d{name}"].shape == array.shape


def test_gradients_of_two_layers_with_dropout_agree_with_central_differences():
    rng = np.random.default_rng(2)
    lower, upper = nn.lstm_parameters(4, 5, rng), nn.lstm_parameters(5, 3, rng)
    x, direction = rng.standard_normal((2, 6, 4)), rng.standard_normal((2, 3))

    def forward():
        a, first = nn.lstm_layer(x, lower)
        dropped, mask = nn.dropout(a, 0.4, np.random.default_rng(7))
        a, second = nn.lstm_layer(dropped, upper)
        return float((a[:, -1] * direction).sum()), first, mask, second

    _, first, mask, second = forward()
    above = nn.lstm_layer_backward(direction, second)
    below = nn.lstm_layer_backward(nn.dropout_backward(above["dx"], mask), first)
    for parameters, gradients in ((lower, below), (upper, above)):
        for name, array in parameters.items():
            slopes = central_differences(lambda: forward()[0], array)
            np.testing.assert_allclose(gradients[f"d{name}"], slopes, atol=1e-8)
    np.testing.assert_allclose(below["dx"], central_differences(lambda: forward()[0], x), atol=1e-8)


def test_the_gradient_of_the_input_can_be_left_out():
    parameters, x, _, _ = network()
    da = np.ones((3, 4, 6))
    whole = nn.lstm_layer_backward(da, nn.lstm_layer(x, parameters)[1])
    less = nn.lstm_layer_backward(da, nn.lstm_layer(x, parameters)[1], dx=False)
    assert set(whole) - set(less) == {"dx"}
    for name, gradient in less.items():
        np.testing.assert_array_equal(gradient, whole[name])


@pytest.mark.torch
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-10), (np.float32, 2e-4)])
def test_gradients_agree_with_pytorch(dtype, rtol):
    torch = pytest.importorskip("torch")
    parameters, x, (a0, c0), y = network(3, dtype)
    n_a, T_x = a0.shape[1], x.shape[1]

    a, lstm_cache = nn.lstm_layer(x, parameters, a0, c0)
    y_hat, dense_cache = nn.dense_softmax(a, parameters)
    loss, dz = nn.cross_entropy(y_hat, y)
    gradients = nn.dense_softmax_backward(dz, dense_cache)
    gradients |= nn.lstm_layer_backward(gradients["da"], lstm_cache)

    p = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    inputs = torch.tensor(x, requires_grad=True)
    layer = torch.nn.LSTM(x.shape[2], n_a, batch_first=True, dtype=inputs.dtype)
    weights = torch.cat([p[f"W{gate}"] for gate in "ifco"])  # the order of PyTorch
    used = {
        "weight_ih_l0": weights[:, n_a:],
        "weight_hh_l0": weights[:, :n_a],
        "bias_ih_l0": torch.cat([p[f"b{gate}"] for gate in "ifco"])[:, 0],
        "bias_hh_l0": torch.zeros(4 * n_a, dtype=inputs.dtype),
    }
    states = tuple(torch.tensor(state)[None] for state in (a0, c0))
    hidden, _ = torch.func.functional_call(layer, used, (inputs, states))
    scores = hidden @ p["Wy"].T + p["by"][:, 0]
    wanted = (
        torch.nn.functional.cross_entropy(scores.flatten(0, 1), torch.tensor(y.argmax(-1)).flatten()) * T_x
    )
    wanted.backward()
    np.testing.assert_allclose(loss, wanted.item(), rtol=rtol)
    for name, tensor in {**p, "x": inputs}.items():
        scale = float(tensor.grad.abs().max())
        np.testing.assert_allclose(gradients[f"d{name}"], tensor.grad.numpy(), rtol=0, atol=rtol * scale)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_everything_has_the_dtype_of_the_weights(dtype):
    parameters, x, _, y = network(dtype=dtype)
    a, lstm_cache = nn.lstm_layer(x, parameters)
    y_hat, dense_cache = nn.dense_softmax(a, parameters)
    loss, dz = nn.cross_entropy(y_hat, y)
    gradients = nn.dense_softmax_backward(dz, dense_cache)
    gradients |= nn.lstm_layer_backward(gradients["da"], lstm_cache)
    dropped, mask = nn.dropout(a, 0.5, np.random.default_rng(0))
    assert {array.dtype for array in (a, y_hat, dz, dropped, mask, *gradients.values())} == {np.dtype(dtype)}
    assert type(loss) is float


def test_inputs_are_not_changed():
    parameters, x, (a0, c0), y = network()
    before = [array.copy() for array in (*parameters.values(), x, a0, c0, y)]
    a, lstm_cache = nn.lstm_layer(x, parameters, a0, c0)
    y_hat, dense_cache = nn.dense_softmax(a, parameters)
    _, dz = nn.cross_entropy(y_hat, y)
    gradients = nn.dense_softmax_backward(dz, dense_cache)
    da = gradients["da"].copy()
    nn.lstm_layer_backward(gradients["da"], lstm_cache)
    np.testing.assert_array_equal(gradients["da"], da)
    for array, old in zip((*parameters.values(), x, a0, c0, y), before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_a_cache_may_be_used_twice():
    parameters, x, _, _ = network()
    a, cache = nn.lstm_layer(x, parameters)
    first, second = nn.lstm_layer_backward(a, cache), nn.lstm_layer_backward(a, cache)
    for name, gradient in first.items():
        np.testing.assert_array_equal(gradient, second[name])


def test_wrong_shapes_are_named():
    parameters, x, (a0, _), y = network()
    with pytest.raises(ValueError, match=r"x \(3, 4, 4\)"):
        nn.lstm_layer(x[:, :, :4], parameters)
    with pytest.raises(ValueError, match=r"\(n_a, n_a \+ n_x\)"):
        nn.lstm_layer(x[0], parameters)
    with pytest.raises(ValueError, match=r"a0 has shape \(6, 3\)"):
        nn.lstm_layer(x, parameters, a0.T)
    a, cache = nn.lstm_layer(x, parameters)
    with pytest.raises(ValueError, match=r"da has shape \(4, 3, 6\)"):
        nn.lstm_layer_backward(np.swapaxes(a, 0, 1), cache)
    with pytest.raises(ValueError, match=r"y \(4, 3, 7\)"):
        nn.cross_entropy(y, np.swapaxes(y, 0, 1))


def test_embed_looks_up_rows_and_rejects_other_indices():
    table = np.arange(8.0).reshape(4, 2)
    x = nn.embed([[3, 0, 0], [1, 2, 3]], table)
    assert x.shape == (2, 3, 2)
    np.testing.assert_array_equal(x[0, 0], [6, 7])
    for wrong in ([[4]], [[-1]]):
        with pytest.raises(IndexError, match="rows from 0 to 3"):
            nn.embed(wrong, table)
    assert nn.embed(np.zeros((2, 0), int), table).shape == (2, 0, 2)


def test_embed_takes_whole_numbers_of_any_type():
    table = np.arange(8.0).reshape(4, 2)
    np.testing.assert_array_equal(nn.embed(np.array([[3.0, 0.0]]), table), [[[6, 7], [0, 1]]])
    for wrong in ([[0.5]], [[np.nan]], [[np.inf]], [[4.0]], [[-1.0]]):
        with pytest.raises(IndexError, match="embed"):
            nn.embed(np.array(wrong), table)


def test_what_a_layer_keeps_is_arrays_alone():
    """So that it can be compared, and sent."""
    rng = np.random.default_rng(0)
    a, kept = nn.lstm_layer(rng.standard_normal((2, 3, 4)), nn.lstm_parameters(4, 5, rng))
    _, kept_above = nn.dense_softmax(a, nn.dense_parameters(5, 3, rng))
    for cache in (kept, kept_above):
        assert type(cache) is tuple
        assert all(type(value) is np.ndarray for value in cache)


def test_dropout_drops_at_its_rate_and_preserves_the_mean():
    a = np.full((200, 500), 2.0)
    out, mask = nn.dropout(a, 0.3, np.random.default_rng(0))
    assert abs((out == 0).mean() - 0.3) < 0.01
    assert abs(out.mean() - 2) < 0.02
    np.testing.assert_allclose(np.unique(out), [0, 2 / 0.7])
    np.testing.assert_array_equal(nn.dropout_backward(a, mask), out)
    np.testing.assert_array_equal(nn.dropout(a, 0, np.random.default_rng(0))[0], a)
    np.testing.assert_array_equal(nn.dropout(a, 0.3, np.random.default_rng(0))[0], out)
    for rate in (1, -0.1):
        with pytest.raises(ValueError, match="rate"):
            nn.dropout(a, rate, np.random.default_rng(0))


def test_cross_entropy_sums_steps_and_averages_examples():
    y_hat = np.array([[[0.5, 0.5], [0.25, 0.75]], [[1.0, 0.0], [0.5, 0.5]]])
    y = np.array([[[1, 0], [1, 0]], [[1, 0], [0, 1]]])
    loss, dz = nn.cross_entropy(y_hat, y)
    assert loss == pytest.approx((np.log(2) + np.log(4) + 0 + np.log(2)) / 2)
    np.testing.assert_allclose(dz, (y_hat - y) / 2)
    assert nn.cross_entropy(y_hat[:, 0], y[:, 0])[0] == pytest.approx(np.log(2) / 2)


def test_initial_parameters():
    parameters = nn.lstm_parameters(10, 20, np.random.default_rng(0))
    assert [parameters[f"W{gate}"].shape for gate in "fico"] == [(20, 30)] * 4
    for_state = np.concatenate([parameters[f"W{gate}"][:, :20] for gate in "fioc"])
    np.testing.assert_allclose(for_state.T @ for_state, np.eye(20), atol=1e-12)
    for_input = np.concatenate([parameters[f"W{gate}"][:, 20:] for gate in "fico"])
    assert 0.9 * np.sqrt(6 / 90) < np.abs(for_input).max() <= np.sqrt(6 / 90)
    assert (parameters["bf"] == 1).all()
    assert not any(parameters[f"b{gate}"].any() for gate in "ico")
    dense = nn.dense_parameters(20, 5, np.random.default_rng(0))
    assert dense["Wy"].shape == (5, 20)
    assert 0.9 * np.sqrt(6 / 25) < np.abs(dense["Wy"]).max() <= np.sqrt(6 / 25)
    assert dense["by"].shape == (5, 1)
    assert not dense["by"].any()
    again = nn.lstm_parameters(10, 20, np.random.default_rng(0))
    for name, value in parameters.items():
        np.testing.assert_array_equal(value, again[name])


# ---------------------------------------------------------------- the GRU


def gru_network():
    """Parameters with biases, x (3, 4, 5), a0 (3, 6), and the direction in which the loss grows."""
    rng = np.random.default_rng(4)
    parameters = nn.gru_parameters(5, 6, rng)
    for name in ("bu", "br", "bc"):
        parameters[name] += rng.standard_normal((6, 1))
    shapes = (3, 4, 5), (3, 6), (3, 4, 6)
    return parameters, *(rng.standard_normal(shape) for shape in shapes)


def test_gru_layer_follows_the_equations():
    parameters, x, a0, _ = gru_network()
    a, _ = nn.gru_layer(x, parameters, a0)
    for k, state in enumerate(a0):
        for t, xt in enumerate(x[k]):
            concat = np.concatenate((state, xt))
            u, r = (sigmoid(parameters[f"W{g}"] @ concat + parameters[f"b{g}"][:, 0]) for g in "ur")
            g = np.tanh(parameters["Wc"] @ np.concatenate((r * state, xt)) + parameters["bc"][:, 0])
            state = u * g + (1 - u) * state
            np.testing.assert_allclose(a[k, t], state, rtol=1e-12)


@pytest.mark.parametrize("last_only", [False, True])
def test_gradients_of_two_gru_layers_agree_with_central_differences(last_only):
    lower, x, a0, direction = gru_network()
    upper = nn.gru_parameters(6, 6, np.random.default_rng(5))
    direction = direction[:, -1] if last_only else direction

    def forward():
        middle, first = nn.gru_layer(x, lower, a0)
        a, second = nn.gru_layer(middle, upper)
        return float(((a[:, -1] if last_only else a) * direction).sum()), first, second

    _, first, second = forward()
    above = nn.gru_layer_backward(direction, second)
    below = nn.gru_layer_backward(above["dx"], first)
    for arrays, gradients in (({**lower, "x": x, "a0": a0}, below), (upper, above)):
        for name, array in arrays.items():
            slopes = central_differences(lambda: forward()[0], array)
            np.testing.assert_allclose(gradients[f"d{name}"], slopes, atol=1e-8)
            assert gradients[f"d{name}"].shape == array.shape
    assert "dx" not in nn.gru_layer_backward(above["dx"], first, dx=False)


def test_a_gru_starts_in_zeros_and_computes_in_the_type_of_its_weights():
    parameters, x, a0, direction = gru_network()
    np.testing.assert_array_equal(
        nn.gru_layer(x, parameters)[0], nn.gru_layer(x, parameters, np.zeros_like(a0))[0]
    )
    small = {name: value.astype(np.float32) for name, value in parameters.items()}
    a, cache = nn.gru_layer(x, small, a0)
    kinds = {value.dtype for value in nn.gru_layer_backward(direction.astype(np.float32), cache).values()}
    assert {a.dtype, *kinds} == {np.dtype(np.float32)}
    np.testing.assert_allclose(a, nn.gru_layer(x, parameters, a0)[0], atol=1e-5)


def test_a_gru_says_which_shapes_do_not_fit():
    parameters, x, a0, _ = gru_network()
    with pytest.raises(ValueError, match=r"gru_layer: x \(3, 4, 4\), Wu \(6, 11\)"):
        nn.gru_layer(x[:, :, 1:], parameters)
    with pytest.raises(ValueError, match=r"a0 has shape \(2, 6\), expected \(m, n_a\) = \(3, 6\)"):
        nn.gru_layer(x, parameters, a0[1:])
    with pytest.raises(ValueError, match=r"da has shape \(3, 3, 6\), expected \(3, 4, 6\)"):
        nn.gru_layer_backward(np.zeros((3, 3, 6)), nn.gru_layer(x, parameters)[1])
