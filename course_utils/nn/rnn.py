"""A plain RNN layer with backpropagation through time: all examples at once, one product for each step.

Internally time is the first axis: (T_x, m, n_a).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from course_utils.nn.threads import on_one_thread

__all__ = ["rnn_layer", "rnn_layer_backward", "rnn_parameters"]

Array = np.ndarray


class _Cache(NamedTuple):
    """What `rnn_layer` keeps for the backward pass, handed out as a plain tuple of arrays."""

    x: Array  # (T_x, m, n_x)
    a: Array  # (T_x + 1, m, n_a), a0 first
    weights: Array  # (n_a, n_a + n_x)


def rnn_parameters(
    n_x: int, n_a: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> dict[str, Array]:
    """Return initial parameters: Wa (n_a, n_a + n_x) and ba (n_a, 1).

    As in Keras, the input columns are uniform (Glorot and Bengio 2010), the state columns orthogonal (Saxe et
    al. 2014), and the bias is zero.
    """
    bound = np.sqrt(6 / (n_x + n_a))
    for_input = rng.uniform(-bound, bound, (n_a, n_x))
    q, r = np.linalg.qr(rng.standard_normal((n_a, n_a)))
    for_state = q * np.sign(np.diag(r))
    weights = np.concatenate((for_state, for_input), axis=1)
    return {"Wa": weights.astype(dtype), "ba": np.zeros((n_a, 1), dtype)}


@on_one_thread
def rnn_layer(x: Array, parameters: Mapping[str, Array], a0: Array | None = None) -> tuple[Array, Any]:
    """Run a simple RNN over sequences; return the hidden states of all steps, (m, T_x, n_a), and a cache.

    ``x`` has shape (m, T_x, n_x). ``a0`` is the hidden state before the first step, (m, n_a), zero by
    default. ``parameters`` has Wa (n_a, n_a + n_x), whose first n_a columns act on the state, and ba
    (n_a, 1); other entries are ignored. A step is that of Elman (1990), with a tanh::

        a = tanh(Wa [a_prev, x] + ba)

    Raises ValueError when the shapes do not fit together.
    """
    weights, biases = parameters["Wa"], parameters["ba"]
    n_a, dtype = len(weights), weights.dtype
    if np.ndim(x) != 3 or weights.shape[1] != n_a + np.shape(x)[2] or biases.shape != (n_a, 1):
        raise ValueError(
            f"rnn_layer: x {np.shape(x)}, Wa {weights.shape} and ba {biases.shape} do "
            "not fit together: expected (m, T_x, n_x), (n_a, n_a + n_x) and (n_a, 1)"
        )
    m, T_x, n_x = np.shape(x)
    if a0 is not None and np.shape(a0) != (m, n_a):
        raise ValueError(f"rnn_layer: a0 has shape {np.shape(a0)}, expected (m, n_a) = {(m, n_a)}")

    steps = np.ascontiguousarray(np.swapaxes(x, 0, 1), dtype)
    z = (steps.reshape(T_x * m, n_x) @ weights[:, n_a:].T + biases.ravel()).reshape(T_x, m, n_a)
    a = np.empty((T_x + 1, m, n_a), dtype)
    a[0] = 0 if a0 is None else a0
    for_state = np.ascontiguousarray(weights[:, :n_a].T)
    for t, step in enumerate(z):
        step += a[t] @ for_state
        np.tanh(step, out=a[t + 1])
    return np.swapaxes(a[1:], 0, 1), tuple(_Cache(steps, a, weights.copy()))


@on_one_thread
def rnn_layer_backward(da: Array, cache: Any, dx: bool = True) -> dict[str, Array]:
    """Backpropagate through time, from the gradient of the hidden states to all other gradients.

    ``da`` has shape (m, T_x, n_a), or (m, n_a) if only the last hidden state was used. Returns ``dx``
    (m, T_x, n_x), ``da0`` (m, n_a), and ``dWa`` and ``dba`` with the shapes of the parameters. ``dx=False``
    omits ``dx``, which the first layer does not need. Raises ValueError when ``da`` has another shape.
    """
    cache = _Cache(*cache)
    (T_x, m, _), n_a = cache.x.shape, cache.a.shape[2]
    last_only = np.shape(da) == (m, n_a)
    if not last_only and np.shape(da) != (m, T_x, n_a):
        raise ValueError(f"rnn_layer_backward: da has shape {np.shape(da)}, expected {(m, T_x, n_a)}")
    dz = 1 - cache.a[1:] ** 2  # the slope of the tanh, which each step then multiplies
    da_t, for_state = np.zeros((m, n_a), dz.dtype), cache.weights[:, :n_a]
    for t in range(T_x - 1, -1, -1):
        if not last_only:
            da_t += da[:, t]
        elif t == T_x - 1:
            da_t += da
        dz[t] *= da_t
        da_t = dz[t] @ for_state

    rows = dz.reshape(T_x * m, n_a)
    dW = (rows.T @ cache.a[:-1].reshape(T_x * m, n_a), rows.T @ cache.x.reshape(T_x * m, -1))
    gradients = {"da0": da_t, "dWa": np.concatenate(dW, axis=1), "dba": rows.sum(axis=0)[:, None]}
    if dx:
        gradients["dx"] = np.swapaxes((rows @ cache.weights[:, n_a:]).reshape(cache.x.shape), 0, 1)
    return gradients
