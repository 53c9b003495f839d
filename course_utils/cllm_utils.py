"""What a character-level language model needs besides the exercises: passes, loss, update, printing.

Importing this module also makes ``import cllm_utils`` and ``from cllm_utils import *`` work.

The network is a simple RNN over single characters (m = 1). X and Y are lists of T character indices; None
in X stands for an input of zeros. ``parameters`` holds Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a),
b (n_a, 1) and by (n_y, 1).

Sums over time are taken in a fixed order, so a training run gives the same digits as a plain loop over
the characters: what is vectorised over all steps here rounds exactly as the loop does.
"""

import sys
from collections.abc import Mapping, Sequence
from operator import index

import numpy as np

from course_utils.activations import softmax
from course_utils.watch import keep_loss, keep_name

__all__ = [
    "get_initial_loss",
    "initialize_parameters",
    "print_sample",
    "rnn_backward",
    "rnn_forward",
    "smooth",
    "softmax",
    "update_parameters",
]

Array = np.ndarray
Parameters = dict[str, Array]


def initialize_parameters(n_a: int, n_x: int, n_y: int) -> Parameters:
    """Return small random weights and zero biases; sets NumPy's random seed to 1."""
    np.random.seed(1)
    shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a)}
    weights = {name: 0.01 * np.random.randn(*shape) for name, shape in shapes.items()}
    return {**weights, "b": np.zeros((n_a, 1)), "by": np.zeros((n_y, 1))}


def rnn_forward(
    X: Sequence[int | None], Y: Sequence[int], a0: Array, parameters: Mapping[str, Array]
) -> tuple[float, tuple[Array, Array]]:
    """Predict each character Y[t] from X[0], ..., X[t].

    Returns the loss, which is the cross-entropy in nats summed over all steps, and the cache:
    probabilities (T, n_y, 1) and hidden states (T + 1, n_a, 1), a0 first. Raises ValueError when X and Y
    differ in length or a0 is not (n_a, 1), and TypeError when Y holds anything but whole numbers.
    """
    Wax, Waa, Wya, b, by = (parameters[name] for name in ("Wax", "Waa", "Wya", "b", "by"))
    n_a, T = len(Waa), len(X)
    if len(Y) != T or np.shape(a0) != (n_a, 1):
        raise ValueError(
            f"X has {T} entries, Y {len(Y)}, a0 the shape {np.shape(a0)}; "
            f"X and Y must have the same length, and a0 the shape ({n_a}, 1)"
        )
    states = np.empty((T + 1, n_a, 1))
    states[0] = a0
    for t, character in enumerate(X):
        state = states[t + 1]
        np.dot(Waa, states[t], out=state)
        if character is not None:  # the product with a one-hot vector is a column
            state += Wax[:, character, None]
        state += b
        np.tanh(state, out=state)
    scores = np.matmul(Wya, states[1:]) + by
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    y_hat = powers / powers.sum(axis=1, keepdims=True)
    loss = 0.0
    for t, character in enumerate(Y):
        loss -= np.log(y_hat[t, index(character), 0])
    return loss, (y_hat, states)


def rnn_backward(
    X: Sequence[int | None], Y: Sequence[int], parameters: Mapping[str, Array], cache: tuple[Array, Array]
) -> tuple[Parameters, Array]:
    """Backpropagate the loss of `rnn_forward` through time.

    Returns the gradients dWax, dWaa, dWya, db and dby, each with the shape of its parameter, and the
    hidden states (T, n_a, 1): entry t is the state after step t.
    """
    y_hat, states = cache
    T, before, after = len(X), states[:-1], states[1:]
    dy = y_hat.copy()
    dy[np.arange(T), list(Y), 0] -= 1  # the gradient of -log softmax: probabilities minus the one-hot target
    from_output = np.matmul(parameters["Wya"].T, dy)
    slope = 1 - after * after
    draw = np.empty_like(from_output)  # the gradient before the tanh
    from_next, Waa_T = np.zeros_like(draw[0]), parameters["Waa"].T
    dWax_T = np.zeros(parameters["Wax"].shape[::-1])
    for t in reversed(range(T)):
        np.add(from_output[t], from_next, out=draw[t])
        draw[t] *= slope[t]
        np.dot(Waa_T, draw[t], out=from_next)
        if X[t] is not None:
            dWax_T[X[t]] += draw[t, :, 0]
    gradients = {
        "dWax": np.ascontiguousarray(dWax_T.T),
        "dWaa": _summed(draw * before.transpose(0, 2, 1)),
        "dWya": _summed(dy * after.transpose(0, 2, 1)),
        "db": _summed(draw),
        "dby": _summed(dy),
    }
    return gradients, after


def _summed(steps: Array) -> Array:
    """Return the sum over the first axis, taken from the last step to the first."""
    total: Array = np.add.reduce(steps[::-1], axis=0)
    return total


def update_parameters(parameters: Parameters, gradients: Mapping[str, Array], lr: float) -> Parameters:
    """Take a step of gradient descent with learning rate ``lr``, in place; return the dictionary."""
    for name, value in parameters.items():
        value -= lr * gradients[f"d{name}"]
    return parameters


def get_initial_loss(vocab_size: int, seq_length: int) -> float:
    """Return the loss over a sequence of a guess that gives every character the same probability."""
    return float(-np.log(1.0 / vocab_size) * seq_length)


def smooth(loss: float, cur_loss: float) -> float:
    """Return the exponential moving average of the loss: 0.999 times the old one plus 0.001 times the new."""
    smoothed = loss * 0.999 + cur_loss * 0.001
    keep_loss(cur_loss, smoothed)
    return smoothed


def print_sample(sample_ix: Sequence[int], ix_to_char: Mapping[int, str]) -> None:
    """Print sampled characters as a capitalised name; a newline among them ends the line."""
    name = "".join(ix_to_char[ix] for ix in sample_ix)
    name = name[:1].upper() + name[1:]
    if not keep_name(name):
        print(name, end="")


sys.modules.setdefault("cllm_utils", sys.modules[__name__])
