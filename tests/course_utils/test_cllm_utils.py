"""The helpers of the character model, compared with a plain loop over the characters."""

import inspect
import subprocess
import sys

import numpy as np
import pytest

from course_utils import cllm_utils, watch
from course_utils.cllm_utils import (
    get_initial_loss,
    initialize_parameters,
    print_sample,
    rnn_backward,
    rnn_forward,
    smooth,
    update_parameters,
)


def network(n_a, n_x, scale=0.5):
    rng = np.random.default_rng([n_a, n_x])
    shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_x, n_a), "b": (n_a, 1), "by": (n_x, 1)}
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


def slow_passes(X, Y, a0, p):
    """One character at a time, with one-hot vectors: loss, probabilities, states, gradients."""
    n_x = len(p["by"])
    xs, states, chances, loss = [], [a0], [], 0.0
    for number, target in zip(X, Y, strict=True):
        xs.append(np.zeros((n_x, 1)))
        if number is not None:
            xs[-1][number] = 1.0
        states.append(np.tanh(np.dot(p["Wax"], xs[-1]) + np.dot(p["Waa"], states[-1]) + p["b"]))
        scores = np.exp(np.dot(p["Wya"], states[-1]) + p["by"])
        chances.append(scores / scores.sum())
        loss -= np.log(chances[-1][target, 0])
    gradients = {f"d{name}": np.zeros_like(value) for name, value in p.items()}
    behind = np.zeros_like(a0)
    for t in reversed(range(len(X))):
        dy = chances[t].copy()
        dy[Y[t]] -= 1.0
        dz = (np.dot(p["Wya"].T, dy) + behind) * (1.0 - states[t + 1] ** 2)
        gradients["dWya"] += np.dot(dy, states[t + 1].T)
        gradients["dby"] += dy
        gradients["dWax"] += np.dot(dz, xs[t].T)
        gradients["dWaa"] += np.dot(dz, states[t].T)
        gradients["db"] += dz
        behind = np.dot(p["Waa"].T, dz)
    return loss, chances, states, gradients


CASES = [
    ([None, 3, 1, 4, 1], [3, 1, 4, 1, 0]),
    ([None], [0]),
    ([2, 2, 5], [1, 0, 5]),
    ([None, *[1] * 12], [1] * 13),
]


@pytest.mark.parametrize(("X", "Y"), CASES)
def test_both_passes_agree_with_the_plain_loop(X, Y):
    p = network(7, 6)
    a0 = np.random.default_rng(3).normal(size=(7, 1))
    expected, chances, states, slopes = slow_passes(X, Y, a0, p)
    loss, cache = rnn_forward(X, Y, a0, p)
    gradients, a = rnn_backward(X, Y, p, cache)
    assert loss == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(cache[0], chances, rtol=1e-13)
    np.testing.assert_allclose(cache[1], states, rtol=1e-13)
    np.testing.assert_allclose(a, states[1:], rtol=1e-13)
    assert a[len(X) - 1].shape == (7, 1)
    assert gradients.keys() == slopes.keys()
    for name, slope in slopes.items():
        assert gradients[name].shape == slope.shape
        np.testing.assert_allclose(gradients[name], slope, rtol=1e-12, atol=1e-14)


def test_the_passes_do_not_change_their_arguments():
    p, a0 = network(3, 4), np.ones((3, 1))
    before = {name: value.copy() for name, value in p.items()}
    X, Y = [None, 1, 2], [1, 2, 0]
    _, cache = rnn_forward(X, Y, a0, p)
    kept = [array.copy() for array in cache]
    gradients, _ = rnn_backward(X, Y, p, cache)
    np.testing.assert_array_equal(a0, np.ones((3, 1)))
    for array, copy in zip([*p.values(), *cache], [*before.values(), *kept], strict=True):
        np.testing.assert_array_equal(array, copy)
    assert not any(np.shares_memory(g, value) for g in gradients.values() for value in p.values())
    assert (X, Y) == ([None, 1, 2], [1, 2, 0])


def test_a_long_name_with_large_weights_stays_finite():
    p = network(20, 27, scale=30.0)
    X, Y = [None, *[3] * 400], [3] * 401
    loss, cache = rnn_forward(X, Y, np.zeros((20, 1)), {**p, "by": 0 * p["by"], "Wya": 0.01 * p["Wya"]})
    assert np.isfinite(loss)
    assert np.isfinite(cache[0]).all()


@pytest.mark.parametrize(
    ("X", "Y", "a0", "error", "words"),
    [
        ([None, 1], [1], np.zeros((3, 1)), ValueError, "X has 2 entries, Y 1"),
        ([None], [1], np.zeros(3), ValueError, r"a0 the shape \(3, 1\)"),
        ([1], [None], np.zeros((3, 1)), TypeError, "NoneType"),
        ([1], [0.5], np.zeros((3, 1)), TypeError, "float"),
        ([9], [1], np.zeros((3, 1)), IndexError, "out of bounds"),
    ],
)
def test_arguments_that_do_not_fit_are_rejected(X, Y, a0, error, words):
    with pytest.raises(error, match=words):
        rnn_forward(X, Y, a0, network(3, 4))


def test_update_works_in_place():
    p = {"Wax": np.ones((2, 2)), "b": np.zeros((2, 1))}
    arrays = dict(p)
    gradients = {"dWax": np.full((2, 2), 4.0), "db": np.array([[1.0], [-1.0]])}
    assert update_parameters(p, gradients, 0.25) is p
    assert all(p[name] is array for name, array in arrays.items())
    assert p["Wax"].tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert p["b"].tolist() == [[-0.25], [0.25]]


def test_initial_parameters_come_from_seed_1():
    state = np.random.get_state()
    p = initialize_parameters(4, 3, 5)
    after = np.random.randn()
    np.random.seed(1)
    for name, shape in {"Wax": (4, 3), "Waa": (4, 4), "Wya": (5, 4)}.items():
        np.testing.assert_array_equal(p[name], np.random.randn(*shape) * 0.01)
    assert after == np.random.randn()
    np.random.set_state(state)
    assert (p["b"].shape, p["by"].shape, p["b"].any(), p["by"].any()) == ((4, 1), (5, 1), False, False)


def test_losses():
    assert get_initial_loss(27, 7) == pytest.approx(7 * np.log(27), rel=1e-15)
    assert smooth(2.0, 4.0) == 2.0 * 0.999 + 4.0 * 0.001


def test_a_name_is_printed_with_a_capital_and_its_own_newline(capsys):
    letters = dict(enumerate("\nabc"))
    print_sample([1, 2, 3, 0], letters)
    print_sample([0], letters)
    print_sample([3], letters)
    assert capsys.readouterr().out == "Abc\n\nC"


def test_signatures_are_the_published_ones():
    expected = {
        "softmax": ["z"],
        "rnn_forward": ["X", "Y", "a0", "parameters"],
        "rnn_backward": ["X", "Y", "parameters", "cache"],
        "update_parameters": ["parameters", "gradients", "lr"],
        "smooth": ["loss", "cur_loss"],
        "print_sample": ["sample_ix", "ix_to_char"],
        "get_initial_loss": ["vocab_size", "seq_length"],
        "initialize_parameters": ["n_a", "n_x", "n_y"],
    }
    assert sorted(expected) == cllm_utils.__all__
    for name, parameters in expected.items():
        assert list(inspect.signature(getattr(cllm_utils, name)).parameters) == parameters


# ---------------------------------------------------------------- the common module name


def test_the_common_module_name_works_and_imports_stay_light(tmp_path):
    script = (
        "import sys\n"
        "import course_utils.cllm_utils\n"
        "import cllm_utils\n"
        "from cllm_utils import *\n"
        "assert cllm_utils is course_utils.cllm_utils\n"
        "assert cllm_utils.smooth is smooth and rnn_forward and softmax\n"
        "print(sorted({n.split('.')[0] for n in sys.modules} & {'autograder', 'matplotlib', 'IPython'}))"
    )
    line = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_a_module_of_that_name_is_not_replaced():
    script = (
        "import sys, types\n"
        "own = sys.modules['cllm_utils'] = types.ModuleType('cllm_utils')\n"
        "import course_utils.cllm_utils\n"
        "assert sys.modules['cllm_utils'] is own"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_a_run_is_watched_without_being_changed(capsys):
    letters = dict(enumerate("\nab"))
    with watch.watching() as history:
        for number in range(3):
            smoothed = smooth(2.0, float(number))
            if number != 1:
                print_sample([1, number // 2 + 1, 0], letters)
                print_sample([2], letters)
    smooth(0.0, 9.0)
    print_sample([2, 0], letters)
    assert history.losses == [0.0, 1.0, 2.0]
    assert history.smoothed[-1] == smoothed
    assert history.names == {0: ["Aa", "B"], 2: ["Ab", "B"]}
    assert capsys.readouterr().out == "B\n"
