"""An LSTM layer with backpropagation through time: all examples at once, all gates in one product.

Internally time is the first axis: (T_x, m, 4, n_a), with the four gates in the order of `GATES`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from course_utils.nn.threads import on_one_thread

__all__ = ["lstm_layer", "lstm_layer_backward", "lstm_parameters"]

Array = np.ndarray

GATES = "fico"
"""Forget gate, update gate, candidate, output gate; the first three act on the memory (cell state). The
candidate is a tanh, the others are sigmoids."""
FORGET, UPDATE, CANDIDATE, OUTPUT = range(4)


class _Cache(NamedTuple):
    """What `lstm_layer` keeps for the backward pass, handed out as a plain tuple of arrays."""

    x: Array  # (T_x, m, n_x)
    a: Array  # (T_x + 1, m, n_a), a0 first
    c: Array  # (T_x + 1, m, n_a), c0 first
    tanh_c: Array  # (T_x, m, n_a)
    gates: Array  # (T_x, m, 4, n_a)
    weights: Array  # (4 n_a, n_a + n_x)


def lstm_parameters(
    n_x: int, n_a: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> dict[str, Array]:
    """Return initial parameters: Wf, Wi, Wc, Wo (n_a, n_a + n_x) and bf, bi, bc, bo (n_a, 1).

    As in Keras, the input columns are uniform (Glorot and Bengio 2010, over the four gates together), the
    state columns orthogonal (Saxe et al. 2014), and the biases zero except ``bf``, which is one so that the
    memory lasts at first (Jozefowicz et al. 2015).
    """
    bound = np.sqrt(6 / (n_x + 4 * n_a))
    for_input = rng.uniform(-bound, bound, (4, n_a, n_x))
    q, r = np.linalg.qr(rng.standard_normal((4 * n_a, n_a)))
    for_state = (q * np.sign(np.diag(r))).reshape(4, n_a, n_a)
    parameters = {}
    for number, gate in enumerate(GATES):
        weights = np.concatenate((for_state[number], for_input[number]), axis=1)
        parameters[f"W{gate}"] = weights.astype(dtype)
        parameters[f"b{gate}"] = np.full((n_a, 1), float(gate == "f"), dtype)
    return parameters


@on_one_thread
def lstm_layer(
    x: Array, parameters: Mapping[str, Array], a0: Array | None = None, c0: Array | None = None
) -> tuple[Array, Any]:
    """Run an LSTM over sequences; return the hidden states of all steps, (m, T_x, n_a), and a cache.

    ``x`` has shape (m, T_x, n_x). ``a0`` and ``c0`` are the hidden state and the memory before the first
    step, (m, n_a), zero by default. ``parameters`` has Wf, Wi, Wc, Wo (n_a, n_a + n_x), whose first n_a
    columns act on the state, and bf, bi, bc, bo (n_a, 1); other entries are ignored. With the gates f, i, o
    in (0, 1) and the candidate g (Hochreiter and Schmidhuber 1997; Gers et al. 2000)::

        c = f * c_prev + i * g        a = o * tanh(c)

    Raises ValueError when the shapes do not fit together.
    """
    weights = np.concatenate([parameters[f"W{gate}"] for gate in GATES])
    biases = np.concatenate([parameters[f"b{gate}"] for gate in GATES])
    n_a, dtype = len(weights) // 4, weights.dtype
    if np.ndim(x) != 3 or weights.shape[1] != n_a + np.shape(x)[2] or biases.shape != (4 * n_a, 1):
        raise ValueError(
            f"lstm_layer: x {np.shape(x)}, Wf {parameters['Wf'].shape} and bf {parameters['bf'].shape} do "
            "not fit together: expected (m, T_x, n_x), (n_a, n_a + n_x) and (n_a, 1)"
        )
    m, T_x, n_x = np.shape(x)
    # sigmoid(z) = tanh(z / 2) / 2 + 1 / 2: with the weights of three gates halved, one tanh serves all four.
    scale = np.repeat(np.array([0.5, 0.5, 1, 0.5], dtype), n_a)
    offset = np.repeat(np.array([0.5, 0.5, 0, 0.5], dtype), n_a)
    scaled, shift = weights * scale[:, None], biases.ravel() * scale

    steps = np.ascontiguousarray(np.swapaxes(x, 0, 1), dtype)
    gates = (steps.reshape(T_x * m, n_x) @ scaled[:, n_a:].T + shift).reshape(T_x, m, 4 * n_a)
    a, c = np.empty((T_x + 1, m, n_a), dtype), np.empty((T_x + 1, m, n_a), dtype)
    tanh_c = np.empty((T_x, m, n_a), dtype)
    a[0], c[0] = _start("a0", a0, (m, n_a)), _start("c0", c0, (m, n_a))
    for_state = np.ascontiguousarray(scaled[:, :n_a].T)
    for t, step in enumerate(gates):
        step += a[t] @ for_state
        np.tanh(step, out=step)
        step *= scale
        step += offset
        f, i, g, o = step[:, :n_a], step[:, n_a : 2 * n_a], step[:, 2 * n_a : 3 * n_a], step[:, 3 * n_a :]
        np.multiply(f, c[t], out=c[t + 1])
        c[t + 1] += i * g
        np.tanh(c[t + 1], out=tanh_c[t])
        np.multiply(o, tanh_c[t], out=a[t + 1])
    kept = _Cache(steps, a, c, tanh_c, gates.reshape(T_x, m, 4, n_a), weights)
    return np.swapaxes(a[1:], 0, 1), tuple(kept)


@on_one_thread
def lstm_layer_backward(da: Array, cache: Any, dx: bool = True) -> dict[str, Array]:
    """Backpropagate through time, from the gradient of the hidden states to all other gradients.

    ``da`` has shape (m, T_x, n_a), or (m, n_a) if only the last hidden state was used. Returns ``dx``
    (m, T_x, n_x), ``da0`` and ``dc0`` (m, n_a), and ``dWf``, ``dbf``, ... with the shapes of the parameters.
    ``dx=False`` omits ``dx``, which the first layer does not need, and saves a matrix product. Raises
    ValueError when ``da`` has another shape.
    """
    cache = _Cache(*cache)
    T_x, m, n_a = cache.tanh_c.shape
    last_only = np.shape(da) == (m, n_a)
    if not last_only and np.shape(da) != (m, T_x, n_a):
        raise ValueError(f"lstm_layer_backward: da has shape {np.shape(da)}, expected {(m, T_x, n_a)}")
    dz, da_dc = _slopes(cache)
    da_t, dc = np.zeros((m, n_a), dz.dtype), np.zeros((m, n_a), dz.dtype)
    for_state = np.ascontiguousarray(cache.weights[:, :n_a])
    for t in range(T_x - 1, -1, -1):
        if not last_only:
            da_t += da[:, t]
        elif t == T_x - 1:
            da_t += da
        da_dc[t] *= da_t
        dc += da_dc[t]
        step = dz[t]
        for which in (FORGET, UPDATE, CANDIDATE):
            step[:, which] *= dc
        step[:, OUTPUT] *= da_t
        dc *= cache.gates[t, :, FORGET]
        np.matmul(step.reshape(m, 4 * n_a), for_state, out=da_t)

    rows = dz.reshape(T_x * m, 4 * n_a)
    dW = np.concatenate(
        (rows.T @ cache.a[:-1].reshape(T_x * m, n_a), rows.T @ cache.x.reshape(T_x * m, -1)), axis=1
    )
    db = rows.sum(axis=0)[:, None]
    gradients = {"da0": da_t, "dc0": dc}
    if dx:
        gradients["dx"] = np.swapaxes((rows @ cache.weights[:, n_a:]).reshape(cache.x.shape), 0, 1)
    for number, gate in enumerate(GATES):
        own = slice(number * n_a, (number + 1) * n_a)
        gradients |= {f"dW{gate}": dW[own], f"db{gate}": db[own]}
    return gradients


def _slopes(cache: _Cache) -> tuple[Array, Array]:
    """Return the derivatives that the backward pass multiplies by, for all steps at once.

    The first is that of the memory (for the output gate: of the hidden state) with respect to the
    pre-activation of each gate, (T_x, m, 4, n_a); the second that of the hidden state with respect to the
    memory, (T_x, m, n_a).
    """
    gates, slopes = cache.gates, np.empty_like(cache.gates)
    candidate = slopes[:, :, CANDIDATE]
    np.multiply(gates, gates, out=slopes)
    np.subtract(1, candidate, out=candidate)
    candidate *= gates[:, :, UPDATE]
    for gate, acts_with in (
        (FORGET, cache.c[:-1]),
        (UPDATE, gates[:, :, CANDIDATE]),
        (OUTPUT, cache.tanh_c),
    ):
        np.subtract(gates[:, :, gate], slopes[:, :, gate], out=slopes[:, :, gate])
        slopes[:, :, gate] *= acts_with
    da_dc = cache.tanh_c * cache.tanh_c
    np.subtract(1, da_dc, out=da_dc)
    da_dc *= gates[:, :, OUTPUT]
    return slopes, da_dc


def _start(name: str, state: Array | None, shape: tuple[int, int]) -> Array | float:
    """Return the state before the first step, zero if none was given. Raises ValueError."""
    if state is None:
        return 0.0
    if np.shape(state) != shape:
        raise ValueError(f"lstm_layer: {name} has shape {np.shape(state)}, expected (m, n_a) = {shape}")
    return state
