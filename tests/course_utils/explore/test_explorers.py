"""The numbers that explorers show are those computed directly, and their controls are checked."""

import re

import numpy as np
import pytest

from course_utils.cllm_utils import initialize_parameters, rnn_forward
from course_utils.explore import explore_curves, explore_gates, explore_influence, explore_probabilities
from course_utils.explore.gradients import explore_gradients, gradient_sizes
from course_utils.explore.influence import influence

LETTERS = {"\n": 0, "a": 1, "b": 2, "c": 3}


def network():
    rng = np.random.default_rng(0)
    small = initialize_parameters(5, 4, 4)
    return {name: rng.normal(size=value.shape) for name, value in small.items()}


def test_curves_are_those_of_the_function(capsys):
    explore_curves(lambda w, b: {"line": [w, w + b]}, title="T", w=(0, 2, 0.5, 1.5), b=(0, 1, 1, 1))
    assert capsys.readouterr().out == "T, w = 1.5, b = 1: line goes from 1.5 to 2.5.\n"


@pytest.mark.parametrize("numbers", [(0, 1, 0.1), (0, 1, 0.1, 2), (0, 1, 0, 0)])
def test_a_wrong_slider_is_refused(numbers):
    with pytest.raises(ValueError, match=r"the slider w needs \(low, high, step, first value\)"):
        explore_curves(lambda w: {"line": [w]}, w=numbers)


def test_what_the_function_raises_is_raised():
    def unfilled(w):
        raise NotImplementedError("it is not written yet")

    with pytest.raises(NotImplementedError, match="not written yet"):
        explore_curves(unfilled, w=(0, 1, 0.1, 0))


def test_the_random_state_is_left_alone(capsys):
    np.random.seed(3)
    expected = np.random.rand()
    np.random.seed(3)
    explore_curves(lambda w: {"line": np.random.rand(2)}, w=(0, 1, 0.1, 0))
    assert np.random.rand() == expected


def test_gates_and_memory_are_those_of_the_students_lstm(student, capsys):
    forward = student("lstm_forward")
    rng = np.random.default_rng(1)
    parameters = {name: rng.normal(size=(2, 5)) for name in ("Wf", "Wi", "Wc", "Wo")}
    parameters |= {name: rng.normal(size=(2, 1)) for name in ("bf", "bi", "bc", "bo", "by")}
    parameters["Wy"] = rng.normal(size=(2, 2))
    x = rng.normal(size=(3, 1, 4))
    explore_gates(forward, parameters, lambda text: x[:, :, : len(text)], "abcd", ["one", "two"])
    text = capsys.readouterr().out
    a, _, c, caches = forward(x, np.zeros((2, 1)), parameters)
    f, i, cct, o = (caches[0][0][place] for place in range(4, 8))
    for k, unit in enumerate(("one", "two")):
        assert (
            f"{unit}: c = {f[k, 0]:.3f} × 0.000 + {i[k, 0]:.3f} × {cct[k, 0]:.3f} = {c[k, 0, 0]:.3f}, "
            f"a = {o[k, 0]:.3f} × tanh({c[k, 0, 0]:.3f}) = {a[k, 0, 0]:.3f}"
        ) in text


def test_an_influence_is_the_gradient_by_differences():
    parameters, read = network(), [1, 3, 2, 2]
    lengths, y_hat = influence(rnn_forward, parameters, read)
    best = int(np.argmax(y_hat))

    def log_p(inputs):
        a = np.tanh(parameters["b"])
        for x in inputs:
            a = np.tanh(parameters["Waa"] @ a + parameters["Wax"] @ x[:, None] + parameters["b"])
        scores = np.ravel(parameters["Wya"] @ a + parameters["by"])
        return scores[best] - np.log(np.exp(scores).sum())

    inputs = np.eye(4)[read]
    assert np.exp(log_p(inputs)) == pytest.approx(y_hat[best], rel=1e-12)
    for t in range(len(read)):
        slopes = []
        for k in range(4):
            step = np.zeros_like(inputs)
            step[t, k] = 1e-6
            slopes.append((log_p(inputs + step) - log_p(inputs - step)) / 2e-6)
        assert lengths[t] == pytest.approx(np.linalg.norm(slopes), rel=1e-6)


def test_the_influence_shown_is_the_one_computed(capsys):
    explore_influence(rnn_forward, network(), LETTERS, "abcabc")
    text = capsys.readouterr().out
    lengths, y_hat = influence(rnn_forward, network(), [1, 2, 3, 1])
    assert f"probability {y_hat.max():.3f}" in text
    assert re.findall(r"[abc] (\d\.\d{3})(?=[,.])", text.partition("Gradient at")[2]) == [
        f"{length:.3f}" for length in lengths
    ]


def test_the_likeliest_characters_come_first(capsys):
    explore_probabilities(lambda text, tau: {"a": 0.2, "b": 0.8 / tau}, "x", lambda tau: ["ab", "ba"])
    assert capsys.readouterr().out == (
        "After 'x', at temperature 1.0, the likeliest characters: b 0.800, a 0.200.\nWhole names: ab, ba\n"
    )


def test_gradient_sizes_are_lengths_over_inputs_and_examples(capsys):
    dx = np.arange(24.0).reshape(2, 3, 4)
    sizes = gradient_sizes(lambda da, caches: {"dx": dx}, np.zeros((5, 3, 4)), None)
    np.testing.assert_allclose(sizes, [np.sqrt((dx[:, :, t] ** 2).sum()) for t in range(4)])
    seen = []
    explore_gradients(
        {"it": lambda da, caches: seen.append(da) or {"dx": dx}},
        lambda w: (np.zeros((5, 3, 4)), None),
        w=(0, 1, 1, 0),
    )
    assert seen[0][:, :, -1].all()
    assert not seen[0][:, :, :-1].any()
    assert f"it: {sizes[0]:.2e} at the first step, {sizes[-1]:.2e} at the last" in capsys.readouterr().out
