import functools

import numpy as np
import pytest

from course_utils.language_model import (
    gru_step,
    hidden_states,
    initial_params,
    lstm_step,
    matching_gru_step,
    output_gradients,
    predict_rnn,
    to_onehot,
    train_and_predict_rnn,
)
from course_utils.verse import RARE

STEPS = {
    "gru": (gru_step, 1),
    "gru, paper": (functools.partial(gru_step, paper=True), 1),
    "lstm": (lstm_step, 2),
}
TEXT = "abcab" * 20
NAMES = ["a", "b", "c"]
NUMBERS = {name: number for number, name in enumerate(NAMES)}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def rnn(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = np.tanh(X @ params[0] + H @ params[1] + params[2])
        outputs.append(H @ params[3] + params[4])
    return outputs, (H,)


def gru(inputs, state, params, paper=False):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = (sigmoid(X @ params[k] + H @ params[k + 1] + params[k + 2]) for k in (0, 3))
        past = (R * H) @ params[7] if paper else R * (H @ params[7])
        H = Z * H + (1 - Z) * np.tanh(X @ params[6] + past + params[8])
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


def window(kind, states, dtype=np.float64):
    rng = np.random.default_rng(0)
    params = [p + 0.3 * rng.standard_normal(p.shape) for p in initial_params(kind, 3, 4, 5, rng)]
    inputs = [rng.standard_normal((2, 3)) for _ in range(4)]
    state = tuple(rng.standard_normal((2, 4)) for _ in range(states))
    return inputs, rng.integers(5, size=(2, 4)), state, params


def cut(corpus, batch_size, num_steps, *seed):
    rows = np.reshape(corpus[: len(corpus) // batch_size * batch_size], (batch_size, -1))
    for i in range(0, rows.shape[1] - num_steps, num_steps):
        yield rows[:, i : i + num_steps], rows[:, i + 1 : i + 1 + num_steps]


def test_one_hot_rows_of_each_step():
    first, second = to_onehot(np.array([[0, 2], [1, 1]]), 3)
    np.testing.assert_array_equal(first, [[1, 0, 0], [0, 1, 0]])
    np.testing.assert_array_equal(second, [[0, 0, 1], [0, 1, 0]])
    assert to_onehot(np.array([[0]]), 3, np.float32)[0].dtype == np.float32


def test_hidden_states_are_those_of_the_network():
    inputs, _, state, params = window("rnn", 1)
    states, (last,) = hidden_states(rnn, inputs, state, params[:3])
    outputs, _ = rnn(inputs, state, params)
    np.testing.assert_allclose([H @ params[3] + params[4] for H in states], outputs, atol=1e-12)
    np.testing.assert_array_equal(last, states[-1])


@pytest.mark.parametrize("kind", STEPS)
def test_gradients_agree_with_central_differences(kind):
    step, states = STEPS[kind]
    inputs, targets, state, params = window(kind[:4].strip(","), states)
    _, grads, _ = step(inputs, targets, state, params)
    for grad, param in zip(grads, params, strict=True):
        for place in np.ndindex(param.shape):
            value, found = param[place], []
            for param[place] in (value + 1e-5, value - 1e-5):
                found.append(step(inputs, targets, state, params)[0])
            param[place] = value
            assert grad[place] == pytest.approx((found[0] - found[1]) / 2e-5, abs=1e-8)


@pytest.mark.parametrize("paper", [False, True])
def test_a_step_is_found_that_has_the_form_of_a_gru(paper):
    network = functools.partial(gru, paper=paper)
    inputs, targets, state, params = window("gru", 1)
    loss, _, (H,) = matching_gru_step(network)(inputs, targets, state, params)
    outputs, (mine,) = network(inputs, state, params)
    np.testing.assert_allclose(H, mine, atol=1e-12)
    scores = np.stack(outputs, axis=1)
    right = np.take_along_axis(scores, targets[..., None], axis=2)[..., 0]
    assert loss == pytest.approx(np.mean(np.logaddexp.reduce(scores, axis=2) - right))


def test_gradients_by_outputs_are_those_of_the_mean_cross_entropy():
    rng = np.random.default_rng(1)
    scores, Y = rng.standard_normal((4, 2, 5)), rng.integers(5, size=(2, 4))
    powers = np.exp(scores) / np.exp(scores).sum(axis=2, keepdims=True)
    wanted = (powers - np.eye(5)[Y.T]) / 8
    np.testing.assert_allclose(output_gradients(list(scores), Y), wanted, atol=1e-12)


def trained(capsys, is_random_iter=False, **settings):
    """Train a GRU on a text that repeats; return the perplexities, the parameters and what was printed."""
    params = initial_params("gru", 3, 8, 3, np.random.default_rng(0))
    seeds = []

    def data_iter(*given):
        seeds.append(given[3:])
        return cut(*given)

    clipped = []
    found = train_and_predict_rnn(
        gru, gru_step, params, data_iter, lambda grads, theta: clipped.append(theta),
        [NUMBERS[name] for name in TEXT], NAMES, NUMBERS, is_random_iter=is_random_iter,
        num_steps=4, batch_size=4, lr=0.05, clipping_theta=3.0, **settings,
    )  # fmt: skip
    assert set(clipped) == {3.0}
    return found, params, seeds, capsys.readouterr().out


def test_a_repeated_text_is_learnt_and_written_on(capsys):
    found, params, seeds, out = trained(capsys, num_epochs=40, pred_period=20, pred_len=10, prefixes=["ab"])
    assert found[0] > 2
    assert found[-1] < 1.1
    assert set(seeds) == {()}
    assert out.count("perplexity") == 2
    zeros = (np.zeros((1, 8)),)
    assert predict_rnn("abcababca", 10, gru, params, zeros, NAMES, NUMBERS) == ("abcab" * 4)[:19]
    assert " - ab" in out


def test_random_windows_get_the_epoch_as_seed(capsys):
    _, _, seeds, _ = trained(capsys, is_random_iter=True, num_epochs=3)
    assert seeds == [(1,), (2,), (3,)]


def test_consecutive_windows_go_on_with_the_state_and_random_ones_do_not():
    for is_random_iter in (False, True):
        states = []

        def step(inputs, targets, state, params, states=states):
            states.append(state[0].copy())
            return 0.0, [np.zeros_like(param) for param in params], (state[0] + 1,)

        params = initial_params("rnn", 3, 2, 3, np.random.default_rng(0))
        train_and_predict_rnn(
            rnn, step, params, cut, lambda *_: None, [NUMBERS[name] for name in TEXT], NAMES, NUMBERS,
            is_random_iter=is_random_iter, num_epochs=2, num_steps=8, batch_size=2,
        )  # fmt: skip
        firsts = [float(state[0, 0]) for state in states]
        assert firsts == [0] * len(firsts) if is_random_iter else firsts[:3] == [0, 1, 2]
        assert firsts[len(firsts) // 2] == 0  # an epoch begins anew


def test_the_rare_character_is_never_written():
    params = initial_params("rnn", 3, 2, 3, np.random.default_rng(0))
    params[-1][2] = 50.0
    names, numbers = ["a", "b", RARE], {"a": 0, "b": 1, RARE: 2}
    for rng in (None, np.random.default_rng(0)):
        written = predict_rnn("a", 30, rnn, params, (np.zeros((1, 2)),), names, numbers, rng)
        assert len(written) == 31
        assert RARE not in written


@pytest.mark.parametrize("prefix", ["", "x"])
def test_a_prefix_needs_known_characters(prefix):
    with pytest.raises(ValueError, match="at least one"):
        predict_rnn(
            prefix, 3, rnn, initial_params("rnn", 3, 2, 3, np.random.default_rng(0)), (), NAMES, NUMBERS
        )
