import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import course_utils.nn as nn
from course_utils.nn import threads


def train(epochs, dtype=np.float64, seed=0):
    """Memorise a few random sequences; return the losses and the parameters."""
    rng = np.random.default_rng(seed)
    values = np.eye(8, dtype=dtype)[rng.integers(0, 8, (5, 11))]
    X, Y = values[:, :-1], values[:, 1:]
    parameters = nn.lstm_parameters(8, 16, rng, dtype) | nn.dense_parameters(16, 8, rng, dtype)
    optimizer, losses = nn.Adam(0.02), []
    for _ in range(epochs):
        a, lstm_cache = nn.lstm_layer(X, parameters)
        y_hat, dense_cache = nn.dense_softmax(a, parameters)
        loss, dz = nn.cross_entropy(y_hat, Y)
        losses.append(loss)
        gradients = nn.dense_softmax_backward(dz, dense_cache)
        gradients |= nn.lstm_layer_backward(gradients["da"], lstm_cache, dx=False)
        optimizer.update(parameters, gradients)
    return losses, parameters


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_small_batch_is_memorised(dtype):
    losses, _ = train(300, dtype)
    assert abs(losses[0] - 10 * np.log(8)) < 1  # initially a blind guess: ten steps, eight values
    # the first value says little about the next ones; the rest is certain
    assert losses[-1] < np.log(2) + 1.5


def test_the_same_seed_gives_the_same_numbers():
    first, again, other = train(20), train(20), train(20, seed=1)
    assert first[0] == again[0] != other[0]
    for name, value in first[1].items():
        np.testing.assert_array_equal(value, again[1][name])


def test_sgd_descends_the_gradient_with_a_decaying_rate():
    parameters = {"W": np.array([1.0, 2.0])}
    W, optimizer = parameters["W"], nn.SGD(0.1, decay=1.0)
    optimizer.update(parameters, {"dW": np.array([1.0, -1.0]), "dx": None})
    np.testing.assert_allclose(W, [0.9, 2.1])
    optimizer.update(parameters, {"dW": np.array([1.0, -1.0])})
    np.testing.assert_allclose(W, [0.85, 2.15])
    assert parameters["W"] is W


def test_adam_by_hand():
    parameters, optimizer = {"W": np.array([1.0])}, nn.Adam(0.1, 0.5, 0.75, epsilon=0.0, decay=1.0)
    optimizer.update(parameters, {"dW": np.array([4.0])})
    np.testing.assert_allclose(parameters["W"], 0.9)  # v = 2 / 0.5, s = 4 / 0.25: a step of the full rate
    optimizer.update(parameters, {"dW": np.array([0.0])})
    v, s = 1 / 0.75, 3 / (1 - 0.75**2)
    np.testing.assert_allclose(parameters["W"], 0.9 - 0.05 * v / np.sqrt(s))


@pytest.mark.torch
def test_adam_agrees_with_pytorch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    ours, gradients = {"W": rng.standard_normal((3, 4))}, rng.standard_normal((20, 3, 4))
    theirs = torch.nn.Parameter(torch.tensor(ours["W"]))
    # PyTorch adds epsilon elsewhere, so the comparison is made without it.
    ours_optimizer = nn.Adam(0.01, epsilon=0.0, decay=0.01)
    optimizer = torch.optim.Adam([theirs], lr=0.01, eps=0.0)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + 0.01 * step))
    for gradient in gradients:
        ours_optimizer.update(ours, {"dW": gradient})
        theirs.grad = torch.tensor(gradient)
        optimizer.step()
        rate.step()
    np.testing.assert_allclose(ours["W"], theirs.detach().numpy(), rtol=1e-12)


@pytest.mark.parametrize("optimizer", [nn.Adam, nn.SGD])
def test_each_layer_may_have_its_own_dictionary(optimizer):
    rng = np.random.default_rng(0)
    layers = {"first": {"W": np.ones(3)}, "second": {"W": np.ones(3)}}
    alone, together = {"W": np.ones(3)}, optimizer()
    own = optimizer()
    for _ in range(5):
        first, second = rng.standard_normal((2, 3))
        together.update(layers, {"first": {"dW": first}, "second": {"dW": second, "dx": first}})
        own.update(alone, {"dW": second})
    np.testing.assert_array_equal(layers["second"]["W"], alone["W"])
    assert not np.array_equal(layers["first"]["W"], alone["W"])
    with pytest.raises(KeyError, match="dW"):
        own.update(alone, {})


def test_optimisers_keep_the_dtype_and_do_not_change_gradients():
    for optimizer in (nn.Adam(), nn.SGD()):
        parameters, gradient = {"W": np.ones(3, np.float32)}, np.ones(3, np.float32)
        optimizer.update(parameters, {"dW": gradient})
        assert parameters["W"].dtype == np.float32
        np.testing.assert_array_equal(gradient, 1)


def test_minibatches_visit_each_example_once():
    batches = list(nn.minibatches(10, 4, np.random.default_rng(0)))
    assert [len(batch) for batch in batches] == [4, 4, 2]
    numbers = np.concatenate(batches)
    assert sorted(numbers) == list(range(10))
    assert list(numbers) != list(range(10))
    again = list(nn.minibatches(10, 4, np.random.default_rng(0)))
    np.testing.assert_array_equal(np.concatenate(again), numbers)


def blas_threads():
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_a_layer_runs_on_one_thread_and_restores_the_limit():
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        assert threads.on_one_thread(blas_threads)() == {1}
        with pytest.raises(ValueError, match="x \\(3, 4\\)"):
            nn.lstm_layer(np.ones((3, 4)), nn.lstm_parameters(4, 5, np.random.default_rng(0)))
        assert blas_threads() == before


def test_where_the_loaded_libraries_are_hidden_the_threads_are_left_alone(monkeypatch):
    def hidden():
        raise FileNotFoundError("/proc/self/maps")

    monkeypatch.setattr(threads, "ThreadpoolController", hidden)
    threads.controller.cache_clear()
    try:
        with threadpool_limits(2, user_api="blas"):
            assert threads.on_one_thread(blas_threads)() == blas_threads()
    finally:
        threads.controller.cache_clear()
