"""The reference of the exercises that make layers and models of PyTorch, in NumPy: what these compute.

Inputs of a layer are (steps, batch, inputs), weights are laid out as PyTorch does.
"""

import numpy as np

from course_utils.activations import sigmoid

# ---------------------------------------------------------------- cells that move


def rnn_to_torch(parameters, X, state, dY):
    """Return outputs, state and gradients of the layer that the parameters of the lab `cells` become."""
    n_a, n_x = parameters["Wax"].shape
    weight_ih = parameters["Wax"]
    weight_hh = parameters["Waa"]
    bias_ih = parameters["ba"][:, 0]
    bias_hh = np.zeros(n_a)
    return layer_and_gradients("rnn", (weight_ih, weight_hh, bias_ih, bias_hh), X, state, dY)


def lstm_to_torch(parameters, X, state, dY):
    """Return outputs, state and gradients of the layer that the parameters of the lab `cells` become."""
    n_a = len(parameters["Wf"])
    weight_ih, weight_hh, bias_ih = [], [], []
    for gate in "ifco":
        W = parameters["W" + gate]
        weight_ih.append(W[:, n_a:])
        weight_hh.append(W[:, :n_a])
        bias_ih.append(parameters["b" + gate][:, 0])
    bias_hh = np.zeros(4 * n_a)
    weights = (np.concatenate(weight_ih), np.concatenate(weight_hh), np.concatenate(bias_ih), bias_hh)
    return layer_and_gradients("lstm", weights, X, state, dY)


def gru_to_torch(params, X, state, dY):
    """Return outputs, state and gradients of the layer that the parameters of the lab `variants` become."""
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    gates = {"z": (W_xz, W_hz, b_z), "r": (W_xr, W_hr, b_r), "h": (W_xh, W_hh, b_h)}
    weight_ih, weight_hh, bias_ih = [], [], []
    for gate in "rzh":
        W_x, W_h, b = gates[gate]
        weight_ih.append(W_x.T)
        weight_hh.append(W_h.T)
        bias_ih.append(b)
    bias_hh = np.zeros(3 * len(W_hh))
    weights = (np.concatenate(weight_ih), np.concatenate(weight_hh), np.concatenate(bias_ih), bias_hh)
    return layer_and_gradients("gru", weights, X, state, dY)


# ---------------------------------------------------------------- models


def image_lstm(input_size, hidden_size, num_classes, weights, images, dY):
    """Return the scores of images, read row by row, and the gradient of sum(dY * scores) by the images."""
    order = (1, 0, 2)  # between (batch, steps, ...) and (steps, batch, ...)
    hiddens, back = layer("lstm", weights[:4], images.transpose(order))
    r_out = hiddens.transpose(order)
    shares = np.zeros(r_out.shape[:2])  # which steps are read out
    shares[:, -1] = 1
    scores, d_out = read_out(r_out, shares, weights[4], weights[5], dY)
    d_images = back(d_out.transpose(order))[0].transpose(order)
    return scores, d_images


def headline_lstm(vocab_size, embedding_size, hidden_size, num_classes, weights, tokens, dY):
    """Return the scores of headlines, and the gradient of sum(dY * scores) by the embedding table."""
    order = (1, 0, 2)
    table = weights[0]
    hiddens, back = layer("lstm", weights[1:5], table[tokens].transpose(order))
    r_out = hiddens.transpose(order)
    lengths = np.sum(tokens != 0, axis=1)
    shares = np.zeros(r_out.shape[:2])
    shares[np.arange(len(tokens)), lengths - 1] = 1
    scores, d_out = read_out(r_out, shares, weights[5], weights[6], dY)
    d_table = np.zeros_like(table)
    np.add.at(d_table, tokens, back(d_out.transpose(order))[0].transpose(order))
    return scores, d_table


def read_out(r_out, shares, W, b, dY, activation="none"):
    """Return the scores of a sum of states, weighted by the shares of the steps, and the gradient by r_out."""
    read = np.sum(shares[:, :, None] * r_out, axis=1)
    scores = read @ W.T + b
    if activation == "relu":
        scores, dY = np.maximum(scores, 0), dY * (scores > 0)
    elif activation != "none":
        p = probabilities(scores)
        scores = p if activation == "softmax" else np.log(p)
        total = np.sum(dY * p if activation == "softmax" else dY, axis=1, keepdims=True)
        dY = p * (dY - total) if activation == "softmax" else dY - p * total
    return scores, shares[:, :, None] * (dY @ W)[:, None]


def rnn_model(
    kind, vocab_size, num_hiddens, num_layers, bidirectional, weights, readout, inputs, state
):
    """Return the scores (steps * batch, vocabulary) of a recurrent network, and its state."""
    directions = 2 if bidirectional else 1
    number = num_layers * directions
    parts = 2 if kind == "lstm" else 1
    hiddens = np.eye(vocab_size)[inputs.T]
    if state is None:
        state = (np.zeros((number, hiddens.shape[1], num_hiddens)),) * parts
    after = [[] for _ in range(parts)]
    for k in range(num_layers):
        found = []
        for d in range(directions):
            place = k * directions + d
            read = hiddens[::-1] if d else hiddens
            own = tuple(part[place] for part in state)
            made, _ = layer(kind, weights[4 * place : 4 * place + 4], read, own, after)
            found.append(made[::-1] if d else made)
        hiddens = np.concatenate(found, axis=2)
    scores = hiddens.reshape(-1, hiddens.shape[-1])
    output = scores @ readout[0].T + readout[1]
    return output, tuple(np.array(part) for part in after)


# ---------------------------------------------------------------- training


def train_step(kind, params, windows, lr, clipping_theta):
    """Return the losses of windows, how far gradient descent moves each parameter, and the last state."""
    state = (np.zeros((len(windows[0][0]), len(params[1]))),) * (2 if kind == "lstm" else 1)
    moved, losses = [np.zeros_like(param) for param in params], []
    for X, Y in windows:
        now = [param + change for param, change in zip(params, moved)]
        l, grads, state = window(kind, now, X, Y, state)
        norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
        factor = min(1, clipping_theta / norm)
        moved = [change - lr * factor * grad for change, grad in zip(moved, grads)]
        losses.append(l)
    return np.array(losses), moved, state


def window(kind, params, X, Y, state, squashed=False):
    """Return the loss of a window, the gradients by the parameters of the lab `variants`, and the new state.

    If ``squashed``, the loss takes probabilities for scores.
    """
    *gates, W_hq, b_q = params
    order = {"gru": (1, 0, 2), "lstm": (0, 1, 3, 2)}[kind]  # each its own inverse
    W_x, W_h, b = ([gates[3 * k + part] for k in order] for part in range(3))
    weights = np.hstack(W_x).T, np.hstack(W_h).T, np.hstack(b), np.zeros(len(order) * len(W_hq))
    after = [[] for _ in state]
    hiddens, back = layer(kind, weights, np.eye(len(gates[0]))[X.T], state, after)
    flat, right = hiddens.reshape(-1, len(W_hq)), np.eye(len(b_q))[Y.T.flatten()]
    p = probabilities(flat @ W_hq + b_q)
    q = probabilities(p) if squashed else p
    l, slopes = -np.mean(np.log(np.sum(right * q, axis=1))), (q - right) / len(right)
    if squashed:
        slopes = p * (slopes - np.sum(slopes * p, axis=1, keepdims=True))
    _, *by_weights = back((slopes @ W_hq.T).reshape(hiddens.shape))
    dW_x, dW_h, db = (np.split(by, len(order)) for by in by_weights)
    grads = [part for k in order for part in (dW_x[k].T, dW_h[k].T, db[k])]
    return l, [*grads, flat.T @ slopes, slopes.sum(axis=0)], tuple(part[0] for part in after)


def probabilities(scores):
    """Return the softmax of each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


# ---------------------------------------------------------------- one layer


def layer_and_gradients(kind, weights, X, state, dY):
    """Return the outputs of a layer, its state, and gradients of sum(dY * outputs): by X, weights and bias."""
    after = [[] for _ in state]
    hiddens, back = layer(kind, weights, X, state, after)
    return (hiddens, tuple(part[0] for part in after), *back(dY))


def layer(kind, weights, X, state=None, after=None, output="H"):
    """Run a layer; return its outputs (steps, batch, hidden), and what gives gradients for those of the outputs.

    The gradients are by X, weight_ih, weight_hh and bias_ih. The parts of the new state are appended to the
    lists in ``after``. The kind "relu" is an "rnn" with another activation. The outputs of an LSTM are
    its states, or with "C" its memories.
    """
    weight_ih, weight_hh, bias_ih, bias_hh = weights
    n = weight_hh.shape[1]
    H, C = state if kind == "lstm" and state else ((state or (np.zeros((X.shape[1], n)),))[0], None)
    C = np.zeros_like(H) if C is None else C
    kept, hiddens = [], []
    for x in X:
        a, u = x @ weight_ih.T + bias_ih, H @ weight_hh.T + bias_hh
        before = H, C
        if kind == "lstm":
            i, f, g, o = np.split(a + u, 4, axis=1)
            i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
            C = f * C + i * g
            H = o * np.tanh(C)
            kept.append((before, (i, f, g, o, np.tanh(C))))
        elif kind == "gru":
            (a_r, a_z, a_n), (u_r, u_z, u_n) = np.split(a, 3, axis=1), np.split(u, 3, axis=1)
            r, z = sigmoid(a_r + u_r), sigmoid(a_z + u_z)
            g = np.tanh(a_n + r * u_n)
            H = (1 - z) * g + z * H
            kept.append((before, (r, z, g, u_n)))
        else:
            H = np.maximum(a + u, 0) if kind == "relu" else np.tanh(a + u)
            kept.append((before, (H,)))
        hiddens.append(C if output == "C" else H)
    for part, end in zip(after or (), (H, C)):
        part.append(end)

    def back(d_hiddens):
        dX, dW_ih, dW_hh, db = [], np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros_like(bias_ih)
        dH, dC = np.zeros_like(H), np.zeros_like(C)
        for x, own, ((H_before, C_before), values) in zip(X[::-1], d_hiddens[::-1], kept[::-1]):
            dH, dC = (dH, dC + own) if output == "C" else (dH + own, dC)
            if kind == "lstm":
                i, f, g, o, shown = values
                dC = dC + dH * o * (1 - shown**2)
                slopes = dC * g * i * (1 - i), dC * C_before * f * (1 - f), dC * i * (1 - g**2), dH * shown * o * (1 - o)
                da = du = np.concatenate(slopes, axis=1)
                dC = dC * f
                dH = du @ weight_hh
            elif kind == "gru":
                r, z, g, u_n = values
                d_n = dH * (1 - z) * (1 - g**2)
                d_r, d_z = d_n * u_n * r * (1 - r), dH * (H_before - g) * z * (1 - z)
                da, du = np.concatenate((d_r, d_z, d_n), axis=1), np.concatenate((d_r, d_z, d_n * r), axis=1)
                dH = dH * z + du @ weight_hh
            else:
                (h,) = values
                da = du = dH * ((h > 0) if kind == "relu" else 1 - h**2)
                dH = du @ weight_hh
            dX.append(da @ weight_ih)
            dW_ih, dW_hh, db = dW_ih + da.T @ x, dW_hh + du.T @ H_before, db + da.sum(axis=0)
        return np.array(dX[::-1]), dW_ih, dW_hh, db

    return np.array(hiddens), back
