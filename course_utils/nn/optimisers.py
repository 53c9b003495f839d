"""How gradients move parameters, and in what portions examples are looked at."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

__all__ = ["SGD", "Adam", "minibatches"]

Array = np.ndarray


class SGD:
    """Plain gradient descent: each parameter moves by -rate times its gradient.

    The rate of a step is learning_rate / (1 + decay * iterations), iterations counted from 0.
    """

    def __init__(self, learning_rate: float = 0.01, decay: float = 0.0) -> None:
        self.learning_rate, self.decay, self.iterations = learning_rate, decay, 0

    def update(self, parameters: Mapping[str, Any], gradients: Mapping[str, Any]) -> None:
        """Move the arrays in ``parameters`` in place.

        The gradient of ``parameters["Wf"]`` is ``gradients["dWf"]``; where parameters are dictionaries, one
        for each layer, so are gradients. Other entries of ``gradients`` are of no account. Raises KeyError
        when one is missing.
        """
        rate = self._rate()
        for _, value, gradient in _pairs(parameters, gradients):
            value -= rate * gradient

    def _rate(self) -> float:
        """Return the rate of this step, and count it."""
        rate = self.learning_rate / (1 + self.decay * self.iterations)
        self.iterations += 1
        return rate


class Adam(SGD):
    """Adam (Kingma and Ba 2015), with the decay of the rate that Keras 2 had.

    For each entry, v is a running mean of gradients and s of their squares, both divided by 1 - beta ** t to
    make up for their start at zero; the entry moves by -rate * v / (sqrt(s) + epsilon). As in Keras, epsilon
    is added before s is corrected.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        decay: float = 0.0,
    ) -> None:
        super().__init__(learning_rate, decay)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self._means: dict[str, tuple[Array, Array]] = {}

    def update(self, parameters: Mapping[str, Any], gradients: Mapping[str, Any]) -> None:
        """Move the arrays in ``parameters`` in place; dictionaries as for `SGD.update`."""
        rate, t = self._rate(), self.iterations
        rate *= (1 - self.beta_2**t) ** 0.5 / (1 - self.beta_1**t)
        for place, value, gradient in _pairs(parameters, gradients):
            if place not in self._means:
                self._means[place] = np.zeros_like(value), np.zeros_like(value)
            v, s = self._means[place]
            v += (1 - self.beta_1) * (gradient - v)
            s += (1 - self.beta_2) * (gradient * gradient - s)
            value -= rate * v / (np.sqrt(s) + self.epsilon)


def minibatches(m: int, batch_size: int, rng: np.random.Generator) -> Iterator[Array]:
    """Give the numbers 0 to m - 1 in a random order, ``batch_size`` at a time; the last may be fewer."""
    order = rng.permutation(m)
    for start in range(0, m, batch_size):
        yield order[start : start + batch_size]


def _pairs(
    parameters: Mapping[str, Any], gradients: Mapping[str, Any], place: str = ""
) -> Iterator[tuple[str, Array, Array]]:
    """Yield each parameter with its place in the dictionaries and its gradient."""
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            yield from _pairs(value, gradients[name], f"{place}{name}/")
        else:
            yield place + name, value, gradients[f"d{name}"]
