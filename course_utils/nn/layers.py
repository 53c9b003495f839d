"""What goes before and after a recurrent layer: embedding lookup, dropout, dense softmax, cross-entropy."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from course_utils.nn.threads import on_one_thread

__all__ = [
    "cross_entropy",
    "dense_parameters",
    "dense_softmax",
    "dense_softmax_backward",
    "dropout",
    "dropout_backward",
    "embed",
    "embed_backward",
]

Array = np.ndarray


def embed(indices: Array, table: Array) -> Array:
    """Look up vectors: whole numbers ``indices`` (m, T_x) and ``table`` (rows, n_x) give (m, T_x, n_x).

    The numbers may be of a floating-point type, as in Keras. Raises IndexError for one that is not whole or
    not a row of the table; negative ones are not allowed.
    """
    indices = np.asarray(indices)
    if indices.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            whole = indices.astype(np.int64)
        if not np.array_equal(whole, indices):
            raise IndexError("embed: indices must be whole numbers")
        indices = whole
    if indices.size and not 0 <= indices.min() <= indices.max() < len(table):
        raise IndexError(
            f"embed: indices go from {indices.min()} to {indices.max()}, rows from 0 to {len(table) - 1}"
        )
    vectors: Array = table[indices]
    return vectors


def embed_backward(dx: Array, indices: Array, rows: int) -> Array:
    """Return the gradient of the table of `embed`, (rows, n_x), from ``dx`` (m, T_x, n_x).

    A row that was looked up several times gets the sum.
    """
    dtable = np.zeros((rows, dx.shape[-1]), dx.dtype)
    np.add.at(dtable, np.asarray(indices).astype(np.int64, copy=False), dx)
    return dtable


def dropout(a: Array, rate: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Set each entry to zero with probability ``rate``, and divide the others by 1 - rate.

    This is inverted dropout (Srivastava et al. 2014): the mean is preserved, so predictions simply omit the
    layer. Returns the result and the mask, both of the shape of ``a``. Raises ValueError unless
    0 <= rate < 1.
    """
    if not 0 <= rate < 1:
        raise ValueError(f"dropout: the rate is {rate}, expected a share from 0 up to, not including, 1")
    mask = (rng.random(np.shape(a)) >= rate).astype(a.dtype)
    mask /= 1 - rate
    return a * mask, mask


def dropout_backward(dout: Array, mask: Array) -> Array:
    """Return the gradient with respect to the input of `dropout`, of the shape of ``dout``."""
    da: Array = dout * mask
    return da


def dense_parameters(
    n_a: int, n_y: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> dict[str, Array]:
    """Return initial parameters: Wy (n_y, n_a) uniform (Glorot and Bengio 2010), by (n_y, 1) zero."""
    bound = np.sqrt(6 / (n_a + n_y))
    return {"Wy": rng.uniform(-bound, bound, (n_y, n_a)).astype(dtype), "by": np.zeros((n_y, 1), dtype)}


@on_one_thread
def dense_softmax(a: Array, parameters: Mapping[str, Array]) -> tuple[Array, Any]:
    """Return softmax(Wy a + by) for each example and step, and a cache.

    ``a`` has shape (..., n_a), the result (..., n_y); it sums to 1 along the last axis.
    """
    Wy, by = parameters["Wy"], parameters["by"]
    y_hat = a.reshape(-1, a.shape[-1]) @ Wy.T
    y_hat += by.ravel()
    y_hat -= y_hat.max(axis=1, keepdims=True)
    np.exp(y_hat, out=y_hat)
    y_hat /= y_hat.sum(axis=1, keepdims=True)
    return y_hat.reshape(*a.shape[:-1], len(Wy)), (a, Wy)


@on_one_thread
def dense_softmax_backward(dz: Array, cache: Any) -> dict[str, Array]:
    """Return ``da`` (..., n_a), ``dWy`` (n_y, n_a) and ``dby`` (n_y, 1).

    ``dz`` (..., n_y) is the gradient with respect to the logits, as `cross_entropy` returns it, so the
    softmax needs no backward pass of its own.
    """
    a, Wy = cache
    rows = dz.reshape(-1, len(Wy))
    return {
        "da": (rows @ Wy).reshape(a.shape),
        "dWy": rows.T @ a.reshape(-1, a.shape[-1]),
        "dby": rows.sum(axis=0)[:, None],
    }


def cross_entropy(y_hat: Array, y: Array) -> tuple[float, Array]:
    """Return the loss in nats, and its gradient with respect to the logits, (y_hat - y) / m.

    Both arguments have shape (m, n_y) or (m, T_y, n_y), and ``y`` is one-hot along the last axis. The loss is
    summed over the steps of an example and averaged over the m examples. Raises ValueError when the shapes
    differ.
    """
    if np.shape(y_hat) != np.shape(y):
        raise ValueError(f"cross_entropy: y_hat has shape {np.shape(y_hat)}, y {np.shape(y)}")
    m = len(y)
    right = (y_hat * y).sum(axis=-1)
    return float(-np.log(right).sum() / m), (y_hat - y) / m
