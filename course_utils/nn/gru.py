"""A GRU layer with backpropagation through time: all examples at once, two products for each step.

Internally time is the first axis: (T_x, m, n_a), and the update and reset gates lie side by side.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from course_utils.nn.threads import on_one_thread

__all__ = ["gru_layer", "gru_layer_backward", "gru_parameters"]

Array = np.ndarray

GATES = "urc"
"""Update gate, reset gate, candidate. The candidate is a tanh, the others are sigmoids."""


class _Cache(NamedTuple):
    """What `gru_layer` keeps for the backward pass, handed out as a plain tuple of arrays."""

    x: Array  # (T_x, m, n_x)
    a: Array  # (T_x + 1, m, n_a), a0 first
    gates: Array  # (T_x, m, 3 n_a): update, reset, candidate
    kept: Array  # (T_x, m, n_a): the reset gate times the state before the step
    weights: Array  # (3 n_a, n_a + n_x)


def gru_parameters(
    n_x: int, n_a: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> dict[str, Array]:
    """Return initial parameters: Wu, Wr, Wc (n_a, n_a + n_x) and bu, br, bc (n_a, 1).

    As in Keras, the input columns are uniform (Glorot and Bengio 2010, over the three gates together), the
    state columns orthogonal (Saxe et al. 2014), and the biases zero.
    """
    bound = np.sqrt(6 / (n_x + 3 * n_a))
    for_input = rng.uniform(-bound, bound, (3, n_a, n_x))
    q, r = np.linalg.qr(rng.standard_normal((3 * n_a, n_a)))
    for_state = (q * np.sign(np.diag(r))).reshape(3, n_a, n_a)
    parameters = {}
    for number, gate in enumerate(GATES):
        weights = np.concatenate((for_state[number], for_input[number]), axis=1)
        parameters[f"W{gate}"] = weights.astype(dtype)
        parameters[f"b{gate}"] = np.zeros((n_a, 1), dtype)
    return parameters


@on_one_thread
def gru_layer(x: Array, parameters: Mapping[str, Array], a0: Array | None = None) -> tuple[Array, Any]:
    """Run a GRU over sequences; return the hidden states of all steps, (m, T_x, n_a), and a cache.

    ``x`` has shape (m, T_x, n_x). ``a0`` is the hidden state before the first step, (m, n_a), zero by
    default. ``parameters`` has Wu, Wr, Wc (n_a, n_a + n_x), whose first n_a columns act on the state, and bu,
    br, bc (n_a, 1); other entries are ignored. With the gates u, r in (0, 1) (Cho et al. 2014)::

        g = tanh(Wc [r * a_prev, x] + bc)        a = u * g + (1 - u) * a_prev

    Raises ValueError when the shapes do not fit together.
    """
    weights = np.concatenate([parameters[f"W{gate}"] for gate in GATES])
    biases = np.concatenate([parameters[f"b{gate}"] for gate in GATES])
    n_a, dtype = len(weights) // 3, weights.dtype
    if np.ndim(x) != 3 or weights.shape[1] != n_a + np.shape(x)[2] or biases.shape != (3 * n_a, 1):
        raise ValueError(
            f"gru_layer: x {np.shape(x)}, Wu {parameters['Wu'].shape} and bu {parameters['bu'].shape} do "
            "not fit together: expected (m, T_x, n_x), (n_a, n_a + n_x) and (n_a, 1)"
        )
    m, T_x, n_x = np.shape(x)
    if a0 is not None and np.shape(a0) != (m, n_a):
        raise ValueError(f"gru_layer: a0 has shape {np.shape(a0)}, expected (m, n_a) = {(m, n_a)}")
    # sigmoid(z) = tanh(z / 2) / 2 + 1 / 2: with their weights halved, one tanh serves both gates.
    scale = np.repeat(np.array([0.5, 0.5, 1], dtype), n_a)
    scaled, shift = weights * scale[:, None], biases.ravel() * scale

    steps = np.ascontiguousarray(np.swapaxes(x, 0, 1), dtype)
    gates = (steps.reshape(T_x * m, n_x) @ scaled[:, n_a:].T + shift).reshape(T_x, m, 3 * n_a)
    a, kept = np.empty((T_x + 1, m, n_a), dtype), np.empty((T_x, m, n_a), dtype)
    a[0] = 0 if a0 is None else a0
    for_gates = np.ascontiguousarray(scaled[: 2 * n_a, :n_a].T)
    for_candidate = np.ascontiguousarray(scaled[2 * n_a :, :n_a].T)
    for t, step in enumerate(gates):
        both, g = step[:, : 2 * n_a], step[:, 2 * n_a :]
        both += a[t] @ for_gates
        np.tanh(both, out=both)
        both *= 0.5
        both += 0.5
        np.multiply(both[:, n_a:], a[t], out=kept[t])
        g += kept[t] @ for_candidate
        np.tanh(g, out=g)
        np.subtract(g, a[t], out=a[t + 1])
        a[t + 1] *= both[:, :n_a]
        a[t + 1] += a[t]
    return np.swapaxes(a[1:], 0, 1), tuple(_Cache(steps, a, gates, kept, weights))


@on_one_thread
def gru_layer_backward(da: Array, cache: Any, dx: bool = True) -> dict[str, Array]:
    """Backpropagate through time, from the gradient of the hidden states to all other gradients.

    ``da`` has shape (m, T_x, n_a), or (m, n_a) if only the last hidden state was used. Returns ``dx``
    (m, T_x, n_x), ``da0`` (m, n_a), and ``dWu``, ``dbu``, ... with the shapes of the parameters. ``dx=False``
    omits ``dx``, which the first layer does not need. Raises ValueError when ``da`` has another shape.
    """
    cache = _Cache(*cache)
    T_x, m, n_a = cache.kept.shape
    last_only = np.shape(da) == (m, n_a)
    if not last_only and np.shape(da) != (m, T_x, n_a):
        raise ValueError(f"gru_layer_backward: da has shape {np.shape(da)}, expected {(m, T_x, n_a)}")
    u, r, g = (cache.gates[:, :, n * n_a : (n + 1) * n_a] for n in range(3))
    before, weights = cache.a[:-1], cache.weights
    # what the gradients of state, reset state and state are multiplied by, for all steps at once
    to_update, to_reset, to_candidate = (g - before) * u * (1 - u), before * r * (1 - r), u * (1 - g * g)
    past = 1 - u
    dz, da_t = np.empty_like(cache.gates), np.zeros((m, n_a), cache.gates.dtype)
    for_gates, for_candidate = weights[: 2 * n_a, :n_a], weights[2 * n_a :, :n_a]
    for t in range(T_x - 1, -1, -1):
        if not last_only:
            da_t += da[:, t]
        elif t == T_x - 1:
            da_t += da
        step = dz[t]
        np.multiply(da_t, to_update[t], out=step[:, :n_a])
        np.multiply(da_t, to_candidate[t], out=step[:, 2 * n_a :])
        dkept = step[:, 2 * n_a :] @ for_candidate
        np.multiply(dkept, to_reset[t], out=step[:, n_a : 2 * n_a])
        dkept *= r[t]
        da_t *= past[t]
        da_t += dkept
        da_t += step[:, : 2 * n_a] @ for_gates

    rows = dz.reshape(T_x * m, 3 * n_a)
    for_state = np.concatenate(
        (
            rows[:, : 2 * n_a].T @ before.reshape(T_x * m, n_a),
            rows[:, 2 * n_a :].T @ cache.kept.reshape(T_x * m, n_a),
        )
    )
    dW = np.concatenate((for_state, rows.T @ cache.x.reshape(T_x * m, -1)), axis=1)
    db = rows.sum(axis=0)[:, None]
    gradients = {"da0": da_t}
    if dx:
        gradients["dx"] = np.swapaxes((rows @ weights[:, n_a:]).reshape(cache.x.shape), 0, 1)
    for number, gate in enumerate(GATES):
        own = slice(number * n_a, (number + 1) * n_a)
        gradients |= {f"dW{gate}": dW[own], f"db{gate}": db[own]}
    return gradients
