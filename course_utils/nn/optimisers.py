"""Gradient descent, Adam, clipping by the global norm, and minibatches."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

__all__ = ["SGD", "Adam", "clip_by_norm", "minibatches"]

Array = np.ndarray


class SGD:
    """Plain gradient descent: each update adds -rate times the gradient to a parameter.

    The rate is learning_rate / (1 + decay * iterations), with iterations counted from 0.
    """

    def __init__(self, learning_rate: float = 0.01, decay: float = 0.0) -> None:
        self.learning_rate, self.decay, self.iterations = learning_rate, decay, 0

    def update(self, parameters: Mapping[str, Any], gradients: Mapping[str, Any]) -> None:
        """Update the arrays in ``parameters`` in place.

        The gradient of ``parameters["Wf"]`` is ``gradients["dWf"]``. Dictionaries may be nested, one for each
        layer, with the same keys in both. Other entries of ``gradients`` are ignored. Raises KeyError when a
        gradient is missing.
        """
        rate = self._rate()
        for _, value, gradient in _pairs(parameters, gradients):
            value -= rate * gradient

    def _rate(self) -> float:
        """Return the rate of this step, and count the step."""
        rate = self.learning_rate / (1 + self.decay * self.iterations)
        self.iterations += 1
        return rate


class Adam(SGD):
    """Adam (Kingma and Ba 2015), with the learning-rate decay of Keras 2.

    For each entry, v is a moving average of the gradient and s of its square, both divided by 1 - beta ** t
    to correct the bias from their start at zero; an update adds -rate * v / (sqrt(s) + epsilon). As in
    Keras, epsilon is added before the bias of s is corrected.
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
        """Update the arrays in ``parameters`` in place; the arguments are those of `SGD.update`."""
        rate, t = self._rate(), self.iterations
        rate *= (1 - self.beta_2**t) ** 0.5 / (1 - self.beta_1**t)
        for place, value, gradient in _pairs(parameters, gradients):
            if place not in self._means:
                self._means[place] = np.zeros_like(value), np.zeros_like(value)
            v, s = self._means[place]
            v += (1 - self.beta_1) * (gradient - v)
            s += (1 - self.beta_2) * (gradient * gradient - s)
            value -= rate * v / (np.sqrt(s) + self.epsilon)


def clip_by_norm(parameters: Mapping[str, Any], gradients: Mapping[str, Any], limit: float) -> float:
    """Scale the gradients in place if their norm, all taken as one vector, is above ``limit``.

    The arguments are those of `SGD.update`: gradients that belong to no parameter, such as ``dx``, neither
    count nor change (Pascanu et al. 2013). Returns the norm before. Raises ValueError unless ``limit`` is
    positive.
    """
    if not limit > 0:
        raise ValueError(f"clip_by_norm: the limit is {limit}, expected a positive number")
    own = [gradient for _, _, gradient in _pairs(parameters, gradients)]
    norm = float(np.sqrt(sum(np.square(gradient, dtype=np.float64).sum() for gradient in own)))
    if norm > limit:
        for gradient in own:
            gradient *= limit / norm
    return norm


def minibatches(m: int, batch_size: int, rng: np.random.Generator) -> Iterator[Array]:
    """Yield the indices 0 to m - 1 in random order, ``batch_size`` at a time, the last batch smaller."""
    order = rng.permutation(m)
    for start in range(0, m, batch_size):
        yield order[start : start + batch_size]


def _pairs(
    parameters: Mapping[str, Any], gradients: Mapping[str, Any], place: str = ""
) -> Iterator[tuple[str, Array, Array]]:
    """Yield each parameter, after its path in the dictionaries and before its gradient."""
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            yield from _pairs(value, gradients[name], f"{place}{name}/")
        else:
            yield place + name, value, gradients[f"d{name}"]
