"""Trains the networks of the lab `variants` on a text, and lets them write: the documents' loop in NumPy.

A network is a function ``network(inputs, state, params)`` that returns its outputs and its new state.
``inputs`` is a list with a matrix (batch, inputs) for each step, ``state`` a tuple of matrices (batch, hidden
units), and ``params`` a list of arrays in the documents' order. Everything is computed in the dtype of the
parameters.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from course_utils.activations import sigmoid
from course_utils.nn.optimisers import Adam
from course_utils.nn.threads import on_one_thread
from course_utils.verse import RARE
from course_utils.watch import being_graded

__all__ = [
    "gru_step",
    "hidden_states",
    "initial_params",
    "lstm_step",
    "matching_gru_step",
    "output_gradients",
    "predict_rnn",
    "to_onehot",
    "train_and_predict_rnn",
]

Array = np.ndarray
State = tuple[Array, ...]
Network = Callable[[Sequence[Array], State, Sequence[Array]], tuple[Any, State]]
Step = Callable[[Sequence[Array], Array, State, Sequence[Array]], tuple[float, list[Array], State]]
GATES = {"rnn": 1, "gru": 3, "lstm": 4}
"""How many gates a network has, its candidate included."""


def to_onehot(X: Array, n_class: int, dtype: DTypeLike = np.float64) -> list[Array]:
    """Return a one-hot matrix (batch, n_class) for each step of whole numbers X, (batch, num_steps)."""
    rows = np.eye(n_class, dtype=dtype)
    return [rows[column] for column in np.asarray(X).T]


def hidden_states(
    rnn: Network, inputs: Sequence[Array], state: State, params: Sequence[Array]
) -> tuple[Any, State]:
    """Run ``rnn`` with a readout that changes nothing, so that its outputs are the hidden states.

    ``params`` are W_xh, W_hh and b_h. Returns the states of all steps, and the state after the last.
    """
    W_hh = params[1]
    n_h = len(W_hh)
    return rnn(inputs, state, [*params, np.eye(n_h, dtype=W_hh.dtype), np.zeros(n_h, W_hh.dtype)])


def output_gradients(outputs: Sequence[Array], Y: Array) -> list[Array]:
    """Return the gradient of the mean cross-entropy by the outputs of each step, (batch, vocabulary).

    ``outputs`` are scores, before the softmax; ``Y``, (batch, num_steps), are the right characters.
    """
    found = []
    for scores, y in zip(outputs, Y.T, strict=True):
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        slopes = powers / powers.sum(axis=1, keepdims=True)
        slopes[np.arange(len(y)), y] -= 1
        found.append(slopes / Y.size)
    return found


def initial_params(
    kind: str, n_x: int, n_h: int, n_q: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> list[Array]:
    """Return random parameters of an "rnn", a "gru" or an "lstm", in the documents' order.

    Weights are uniform between -1 and 1 over the root of n_h, as in PyTorch; biases are zero.
    """

    def weights(*shape: int) -> Array:
        return rng.uniform(-(n_h**-0.5), n_h**-0.5, shape).astype(dtype)

    params = []
    for _ in range(GATES[kind]):
        params += [weights(n_x, n_h), weights(n_h, n_h), np.zeros(n_h, dtype)]
    return [*params, weights(n_h, n_q), np.zeros(n_q, dtype)]


@on_one_thread
def gru_step(
    inputs: Sequence[Array], targets: Array, state: State, params: Sequence[Array], *, paper: bool = False
) -> tuple[float, list[Array], State]:
    """Return the mean loss of a GRU over a window, its gradients, and the state after the window.

    The reset gate scales the product of state and W_hh, as in document 002's code, or the state before the
    product, as in the ``paper``. The gradients, in the order of ``params``, stop at the window's beginning.
    """
    _, W_hz, _, _, W_hr, _, _, W_hh, *_ = params
    (H,) = state
    kept = []
    for a_z, a_r, a_h in _from_inputs(inputs, params):
        Z, R = _squashed(a_z + H @ W_hz), _squashed(a_r + H @ W_hr)
        U = H if paper else H @ W_hh
        candidate = np.tanh(a_h + ((R * U) @ W_hh if paper else R * U))
        kept.append((Z, R, candidate, U, H))
        H = Z * H + (1 - Z) * candidate
    loss, dHs, readout = _loss([*(before for *_, before in kept[1:]), H], targets, params)
    dH, sums = np.zeros_like(H), []
    for (Z, R, candidate, U, before), own in zip(reversed(kept), reversed(dHs), strict=True):
        dH = dH + own
        d_h = dH * (1 - Z) * (1 - candidate**2)
        d_kept = d_h @ W_hh.T if paper else d_h
        d_z, d_r = dH * (before - candidate) * Z * (1 - Z), d_kept * U * R * (1 - R)
        dH = dH * Z + d_z @ W_hz.T + d_r @ W_hr.T + (d_kept * R if paper else (d_h * R) @ W_hh.T)
        product = (d_h, d_h, R * before) if paper else (d_h, d_h * R, before)
        sums.append(((d_z, d_z, before), (d_r, d_r, before), product))
    return loss, [*_gate_gradients(inputs, sums[::-1]), *readout], (H,)


@on_one_thread
def lstm_step(
    inputs: Sequence[Array], targets: Array, state: State, params: Sequence[Array]
) -> tuple[float, list[Array], State]:
    """Return the mean loss of an LSTM over a window, its gradients, and the state (H, C) after the window.

    The gradients, in the order of ``params``, stop at the beginning of the window.
    """
    W_h = params[1:12:3]
    H, C = state
    kept, Hs = [], []
    for parts in _from_inputs(inputs, params):
        a_i, a_f, a_o, a_c = (part + H @ W for part, W in zip(parts, W_h, strict=True))
        I, F, O, candidate = _squashed(a_i), _squashed(a_f), _squashed(a_o), np.tanh(a_c)  # noqa: E741
        H_before, C_before = H, C
        C = F * C + I * candidate
        shown = np.tanh(C)
        H = O * shown
        kept.append((I, F, O, candidate, shown, H_before, C_before))
        Hs.append(H)
    loss, dHs, readout = _loss(Hs, targets, params)
    dH, dC, sums = np.zeros_like(H), np.zeros_like(C), []
    for (I, F, O, candidate, shown, before, C_before), own in zip(  # noqa: E741
        reversed(kept), reversed(dHs), strict=True
    ):
        dH = dH + own
        dC = dC + dH * O * (1 - shown**2)
        slopes = (
            dC * candidate * I * (1 - I),
            dC * C_before * F * (1 - F),
            dH * shown * O * (1 - O),
            dC * I * (1 - candidate**2),
        )
        dC = dC * F
        dH = sum(d @ W.T for d, W in zip(slopes, W_h, strict=True))
        sums.append(tuple((d, d, before) for d in slopes))
    return loss, [*_gate_gradients(inputs, sums[::-1]), *readout], (H, C)


def matching_gru_step(gru: Network) -> Step:
    """Return `gru_step` in the form of a GRU, of the documents' code or of the paper, found by trying it.

    Where it is neither, the form of the code is returned.
    """
    params = initial_params("gru", 2, 3, 2, np.random.default_rng(0))
    inputs, state = [np.ones((1, 2))] * 2, (np.array([[0.5, -0.5, 1.0]]),)
    (H,) = gru(inputs, state, params)[1]
    paper = gru_step(inputs, np.zeros((1, 2), int), state, params, paper=True)[2][0]
    return partial(gru_step, paper=bool(np.allclose(H, paper)))


@on_one_thread
def train_and_predict_rnn(
    network: Network,
    step: Step,
    params: list[Array],
    data_iter: Callable[..., Iterable[tuple[Array, Array]]],
    clip: Callable[[list[Array], float], Any],
    corpus_indices: Sequence[int],
    idx_to_char: Sequence[str],
    char_to_idx: Mapping[str, int],
    *,
    is_random_iter: bool,
    num_states: int = 1,
    num_epochs: int = 20,
    num_steps: int = 35,
    batch_size: int = 32,
    lr: float = 1e-2,
    clipping_theta: float = 1.0,
    pred_period: int = 10,
    pred_len: int = 30,
    prefixes: Sequence[str] = (),
) -> list[float]:
    """Train a network in place with Adam; return the perplexity of each epoch on the text it is trained on.

    ``step`` returns loss, gradients and the state after a window, and the next window begins with that state
    if windows are consecutive; the gradient does not follow it. If ``is_random_iter``, each window begins
    with a state of zeros, and ``data_iter`` gets the number of the epoch as its seed. Every ``pred_period``
    epochs the perplexity is printed, and what the network writes after each prefix.
    """
    adam, found = Adam(lr), []
    named = {str(number): param for number, param in enumerate(params)}
    n_x, n_h, dtype = len(params[0]), len(params[1]), params[0].dtype
    for epoch in range(1, num_epochs + 1):
        l_sum, n, start = 0.0, 0, time.monotonic()
        zeros = tuple(np.zeros((batch_size, n_h), dtype) for _ in range(num_states))
        state, seed = zeros, (epoch,) if is_random_iter else ()
        for X, Y in data_iter(corpus_indices, batch_size, num_steps, *seed):
            if is_random_iter:
                state = zeros
            loss, grads, state = step(to_onehot(X, n_x, dtype), Y, state, params)
            clip(grads, clipping_theta)
            adam.update(named, {f"d{number}": grad for number, grad in enumerate(grads)})
            l_sum += loss * Y.size
            n += Y.size
        found.append(float(np.exp(l_sum / max(n, 1))))
        if epoch % pred_period == 0:
            seconds = "" if being_graded() else f", {(time.monotonic() - start):.1f} s"
            print(f"epoch {epoch}, perplexity {found[-1]:.1f}{seconds}")
            for prefix in prefixes:
                written = predict_rnn(prefix, pred_len, network, params, zeros, idx_to_char, char_to_idx)
                print(" -", written.replace("\n", " "))
    return found


def predict_rnn(
    prefix: str,
    num_chars: int,
    network: Network,
    params: Sequence[Array],
    state: State,
    idx_to_char: Sequence[str],
    char_to_idx: Mapping[str, int],
    rng: np.random.Generator | None = None,
) -> str:
    """Return a prefix and ``num_chars`` characters that a network writes after it.

    The likeliest character is taken, or with ``rng`` one is drawn by its probability; `RARE` never is. Of
    ``state`` the first example is used. Raises ValueError if the prefix is empty or has a character without
    a number.
    """
    if not prefix or any(character not in char_to_idx for character in prefix):
        raise ValueError(
            "predict_rnn: the prefix must have characters of the vocabulary alone, and at least one"
        )
    state, dtype = tuple(part[:1] for part in state), params[0].dtype
    read = [char_to_idx[character] for character in prefix]
    for number in range(len(prefix) + num_chars - 1):
        outputs, state = network(to_onehot(np.array([[read[number]]]), len(params[0]), dtype), state, params)
        if number < len(prefix) - 1:
            continue
        scores = np.asarray(outputs[0], dtype=float).ravel()
        if RARE in char_to_idx:
            scores[char_to_idx[RARE]] = -np.inf
        if rng is None:
            read.append(int(scores.argmax()))
        else:
            powers = np.exp(scores - scores.max())
            read.append(int(rng.choice(len(scores), p=powers / powers.sum())))
    return "".join(idx_to_char[number] for number in read)


def _squashed(a: Array) -> Array:
    """Return the sigmoid, in the dtype of its argument."""
    return np.asarray(sigmoid(a), a.dtype)


def _from_inputs(inputs: Sequence[Array], params: Sequence[Array]) -> list[list[Array]]:
    """Return what the inputs and the biases give to each gate: a list for each step."""
    T, m = len(inputs), len(inputs[0])
    stacked = np.concatenate(inputs)
    gates = [(stacked @ W + b).reshape(T, m, -1) for W, b in zip(params[:-2:3], params[2:-2:3], strict=True)]
    return [[gate[t] for gate in gates] for t in range(T)]


def _loss(
    Hs: Sequence[Array], targets: Array, params: Sequence[Array]
) -> tuple[float, list[Array], list[Array]]:
    """Return the mean cross-entropy, its gradient by each hidden state, and those by the readout."""
    W_hq, b_q = params[-2:]
    T, m = len(Hs), len(Hs[0])
    stacked, y = np.concatenate(Hs), targets.T.ravel()
    slopes = stacked @ W_hq + b_q
    slopes -= slopes.max(axis=1, keepdims=True)
    rows = np.arange(len(y))
    right = slopes[rows, y].copy()
    np.exp(slopes, out=slopes)
    sums = slopes.sum(axis=1, keepdims=True)
    loss = float(np.mean(np.log(sums[:, 0]) - right))
    slopes /= sums
    slopes[rows, y] -= 1
    slopes /= y.size
    return loss, list((slopes @ W_hq.T).reshape(T, m, -1)), [stacked.T @ slopes, slopes.sum(axis=0)]


def _gate_gradients(
    inputs: Sequence[Array], slopes: Sequence[Sequence[tuple[Array, Array, Array]]]
) -> list[Array]:
    """Return the gradients of W_x, W_h and b of each gate.

    ``slopes`` has for each step and gate the gradient by its sum and by its product with W_h, and what was
    multiplied by W_h.
    """
    X, found = np.concatenate(inputs), []
    for gate in zip(*slopes, strict=True):
        by_sum, by_product, multiplied = (np.concatenate(parts) for parts in zip(*gate, strict=True))
        found += [X.T @ by_sum, multiplied.T @ by_product, by_sum.sum(axis=0)]
    return found
