"""The two activation functions that the labs provide; the third, tanh, is `numpy.tanh`."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["sigmoid", "softmax"]


def sigmoid(z: ArrayLike) -> Any:
    """Return 1 / (1 + exp(-z)) for every element, with the shape of ``z``.

    The exponent is never positive, so no input overflows.
    """
    z = np.asarray(z, dtype=float)
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def softmax(z: ArrayLike) -> Any:
    """Turn each column of scores into probabilities: exp(z) divided by its sum over axis 0.

    ``z`` has shape (n_y, m), one example per column; each column of the result sums to 1. The largest
    score of a column is subtracted first: that does not change the quotient and avoids overflow.
    """
    z = np.asarray(z, dtype=float)
    powers = np.exp(z - np.max(z, axis=0, keepdims=True))
    return powers / np.sum(powers, axis=0, keepdims=True)
