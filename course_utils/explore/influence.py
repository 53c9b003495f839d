"""Which earlier characters a prediction depends on, by the length of its gradient at each of them."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import numpy as np

from course_utils.explore.panel import Control, Explorer, Steps, TextBox
from course_utils.explore.picture import Array, tracks

__all__ = ["explore_influence", "influence"]

MOST = 40
"""How many characters fit into the picture."""


def explore_influence(
    forward: Callable[..., Any], parameters: Mapping[str, Array], char_to_ix: Mapping[str, int], text: str
) -> None:
    """Show, for the prediction after each character of a text, how much it depends on the characters so far.

    ``forward`` is `course_utils.cllm_utils.rnn_forward`, or a function like it; ``parameters`` are those of a
    simple RNN: Wax, Waa, Wya, b, by. ``char_to_ix`` gives each character its number. See `influence`.
    """
    characters = {index: character for character, index in char_to_ix.items()}

    def allowed(text: str) -> str:
        wrong = [ch for ch in text if ch not in char_to_ix or ch == "\n"]
        if wrong:
            return f"The network does not know the character {wrong[0]!r}."
        return "" if 0 < len(text) <= MOST else f"Type between 1 and {MOST} characters."

    def seen(values: Mapping[str, Any]) -> tuple[str, Array, str, float]:
        """Return what is read, the influence of each character, the likeliest next one, its probability."""
        read = values["text"][: values["after"]]
        lengths, y_hat = influence(forward, parameters, [char_to_ix[ch] for ch in read])
        best = int(np.argmax(y_hat))
        name = "the end" if characters[best] == "\n" else characters[best]
        return read, lengths, name, float(y_hat[best])

    def described(found: tuple[str, Array, str, float]) -> str:
        read, lengths, name, share = found
        listed = ", ".join(f"{ch} {length:.3f}" for ch, length in zip(read, lengths, strict=True))
        return f"After {read!r}, {name} is likeliest, with probability {share:.3f}. Gradient at {listed}."

    def words(values: Mapping[str, Any]) -> str:
        return described(seen(values))

    def picture(values: Mapping[str, Any]) -> str:
        found = seen(values)
        read, lengths, name, share = found
        text = values["text"]
        row = np.full((1, len(text)), np.nan)
        row[0, : len(read)] = lengths / (lengths.max() or 1.0)
        heading = "length of the gradient, largest = 1"
        drawn = tracks({heading: row}, list(text), [""], len(read) - 1, described(found))
        numbers = ", ".join(f"{ch} {length:.3f}" for ch, length in zip(read, lengths, strict=True))
        return (
            f'{drawn}<div style="line-height:1.4">After <b>{escape(read)}</b> '
            f"<b>{escape(name)}</b> is likeliest, with probability {share:.3f}.<br>"
            f"Length of the gradient: {escape(numbers)}</div>"
        )

    def figure(values: Mapping[str, Any]) -> None:
        found = seen(values)
        most = found[1].max() or 1.0
        print(f"After {found[0]!r}, {found[2]} is likeliest, with probability {found[3]:.3f}.")
        for ch, length in zip(found[0], found[1], strict=True):
            print(f"{ch:>4}  {length:.3f}  {'#' * round(40 * length / most)}")

    controls: dict[str, Control] = {
        "text": TextBox(text, allowed),
        "after": Steps(lambda values: len(values["text"]), max(1, 2 * len(text) // 3)),
    }
    Explorer(controls, picture, words, figure).show()


def influence(
    forward: Callable[..., Any], parameters: Mapping[str, Array], read: list[int]
) -> tuple[Array, Array]:
    """Return how much the likeliest prediction after some characters depends on each of them.

    The measure is the Euclidean length of the gradient of log p, where p is the largest probability of the
    next character, with respect to the one-hot input at each step. Returns lengths of shape (len(read),) and
    the probabilities, of shape (n_y,). Of the gradients at several steps of a sequence, A. Madsen showed on
    distill.pub (Visualizing memorization in RNNs, 2019) what can be read from them.
    """
    n_a = len(parameters["Waa"])
    _, (y_hat, states) = forward([None, *read], [0] * (len(read) + 1), np.zeros((n_a, 1)), parameters)
    last = np.ravel(y_hat[-1])
    one_hot = (np.arange(last.size) == np.argmax(last)).astype(float)
    gradient = parameters["Wya"].T @ (one_hot - last)
    lengths = np.zeros(len(read))
    for t in reversed(range(len(read))):
        before_tanh = gradient * (
            1 - np.ravel(states[t + 2]) ** 2
        )  # states[0] is a0, states[1] follows no input
        lengths[t] = np.linalg.norm(parameters["Wax"].T @ before_tanh)
        gradient = parameters["Waa"].T @ before_tanh
    return lengths, last
