"""The functions of the lab `variants`."""

import random
import numpy as np
from course_utils.activations import sigmoid
from course_utils.language_model import hidden_states, output_gradients


def rnn(inputs, state, params):
    """Run a simple RNN over a batch of sequences.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    state -- tuple (H,) of the hidden state before the first step, (batch, hidden)
    params -- list W_xh (inputs, hidden), W_hh (hidden, hidden), b_h (hidden,),
        W_hq (hidden, outputs), b_q (outputs,)

    Returns:
    outputs -- list with the scores (batch, outputs) of each step
    state -- tuple (H,) of the hidden state after the last step
    """
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []

    # for each step: the new hidden state, equation (1), and its scores, equation (2)
    for X in inputs:
        H = np.tanh(np.dot(X, W_xh) + np.dot(H, W_hh) + b_h)
        Y = np.dot(H, W_hq) + b_q
        outputs.append(Y)

    return outputs, (H,)


def gru(inputs, state, params):
    """Run gated recurrent units over a batch of sequences.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    state -- tuple (H,) of the hidden state before the first step, (batch, hidden)
    params -- list W_xz, W_hz, b_z (update gate), W_xr, W_hr, b_r (reset gate),
        W_xh, W_hh, b_h (candidate), W_hq, b_q (readout); shapes as in `rnn`

    Returns:
    outputs -- list with the scores (batch, outputs) of each step
    state -- tuple (H,) of the hidden state after the last step
    """
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []

    # for each step: update gate and reset gate, the candidate, the new state, its scores
    for X in inputs:
        Z = sigmoid(np.dot(X, W_xz) + np.dot(H, W_hz) + b_z)
        R = sigmoid(np.dot(X, W_xr) + np.dot(H, W_hr) + b_r)
        H_tilda = np.tanh(np.dot(X, W_xh) + R * np.dot(H, W_hh) + b_h)
        H = Z * H + (1 - Z) * H_tilda
        Y = np.dot(H, W_hq) + b_q
        outputs.append(Y)

    return outputs, (H,)


def from_lectures(parameters):
    """Turn the parameters of a GRU in the lectures' notation into the list that `gru` takes.

    Arguments:
    parameters -- dictionary with Wc, Wu, Wr (n_a, n_a + n_x), whose first n_a columns act on the state,
        bc, bu, br (n_a, 1), Wy (n_y, n_a), by (n_y, 1)

    Returns:
    list W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q
    """
    n_a = len(parameters["bc"])

    # the update gate with Z = 1 - gamma_u, the reset gate, the candidate: rows that act on the state, then others
    W_hz, W_xz = np.split(-parameters["Wu"].T, [n_a])
    W_hr, W_xr = np.split(parameters["Wr"].T, [n_a])
    W_hh, W_xh = np.split(parameters["Wc"].T, [n_a])
    # their biases
    b_z, b_r, b_h = -np.ravel(parameters["bu"]), np.ravel(parameters["br"]), np.ravel(parameters["bc"])
    # the readout
    W_hq, b_q = parameters["Wy"].T, np.ravel(parameters["by"])

    return [W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q]


def lstm(inputs, state, params):
    """Run an LSTM over a batch of sequences.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    state -- tuple (H, C) of hidden state and memory before the first step, both (batch, hidden)
    params -- list W_xi, W_hi, b_i (input gate), W_xf, W_hf, b_f (forget gate), W_xo, W_ho, b_o (output gate),
        W_xc, W_hc, b_c (candidate), W_hq, b_q (readout); shapes as in `rnn`

    Returns:
    outputs -- list with the scores (batch, outputs) of each step
    state -- tuple (H, C) after the last step
    """
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    H, C = state
    outputs = []

    # for each step: the three gates and the candidate, equations (6); memory and state, (7); the scores
    for X in inputs:
        I = sigmoid(np.dot(X, W_xi) + np.dot(H, W_hi) + b_i)
        F = sigmoid(np.dot(X, W_xf) + np.dot(H, W_hf) + b_f)
        O = sigmoid(np.dot(X, W_xo) + np.dot(H, W_ho) + b_o)
        C_tilda = np.tanh(np.dot(X, W_xc) + np.dot(H, W_hc) + b_c)
        C = F * C + I * C_tilda
        H = O * np.tanh(C)
        Y = np.dot(H, W_hq) + b_q
        outputs.append(Y)

    return outputs, (H, C)


def deep_rnn(inputs, state, params):
    """Run several layers of simple RNNs, each fed by the states of the one below.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    state -- tuple with the hidden state of each layer before the first step, the lowest first
    params -- list W_xh, W_hh, b_h of the lowest layer, of the next, ..., then W_hq, b_q; layers may differ in size

    Returns:
    outputs -- list with the scores (batch, outputs) of each step
    state -- tuple with the hidden state of each layer after the last step
    """
    *layers, W_hq, b_q = params
    outputs, new_state = [], []

    # each layer reads the states of the one below, the lowest the inputs
    hiddens = inputs
    for k, H in enumerate(state):
        hiddens, (H,) = hidden_states(rnn, hiddens, (H,), layers[3 * k : 3 * k + 3])
        new_state.append(H)
    # the readout of the top layer's states
    outputs = [np.dot(H, W_hq) + b_q for H in hiddens]

    return outputs, tuple(new_state)


def bidirectional_rnn(inputs, state, params):
    """Run a forward and a backward layer over the same inputs, and read out their states together.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    state -- tuple (H_f, H_b): the forward state before the first step, the backward state behind the last
    params -- list W_xh, W_hh, b_h of the forward layer, of the backward layer, then W_hq, b_q;
        the first rows of W_hq belong to the forward layer

    Returns:
    outputs -- list with the scores (batch, outputs) of each step, in the order of the inputs
    state -- tuple (H_f, H_b): the forward state after the last step, the backward state after the first
    """
    H_f, H_b = state
    W_hq, b_q = params[6:]
    outputs = []

    # the states of the forward layer
    forward, (H_f,) = hidden_states(rnn, inputs, (H_f,), params[:3])
    # those of the backward layer, which reads from the end, in the order of the inputs
    backward, (H_b,) = hidden_states(rnn, inputs[::-1], (H_b,), params[3:6])
    backward = backward[::-1]
    # the readout of both, side by side
    outputs = [np.dot(np.concatenate(pair, axis=1), W_hq) + b_q for pair in zip(forward, backward)]

    return outputs, (H_f, H_b)


def perplexity(outputs, Y):
    """Return the perplexity of a batch.

    Arguments:
    outputs -- list with the scores (batch, vocabulary) of each step, before the softmax
    Y -- whole numbers, the right character of each example at each step, (batch, steps)

    Returns:
    ppl -- exponential of the mean cross-entropy, a number
    """
    # scores and right characters of all steps, in one order
    scores = np.concatenate(outputs)
    y = Y.T.flatten()
    # logarithms of the probabilities
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    # the exponential of the mean cross-entropy
    ppl = np.exp(-np.mean(log_p[np.arange(len(y)), y]))

    return ppl


def data_iter_random(corpus_indices, batch_size, num_steps, seed=None):
    """Cut a text into windows, and return batches of them in random order.

    Arguments:
    corpus_indices -- the text, a list or vector of whole numbers
    batch_size -- windows in a batch
    num_steps -- characters in a window
    seed -- seed of Python's module random; None for another order each time

    Returns:
    batches -- list of pairs (X, Y), each of shape (batch_size, num_steps)
    """
    random.seed(seed)
    batches = []

    # the numbers of the windows, shuffled
    num_examples = (len(corpus_indices) - 1) // num_steps
    example_indices = list(range(num_examples))
    random.shuffle(example_indices)
    # for each full batch: its windows, and the same one character later
    for i in range(num_examples // batch_size):
        starts = [j * num_steps for j in example_indices[i * batch_size : (i + 1) * batch_size]]
        X = np.array([corpus_indices[s : s + num_steps] for s in starts])
        Y = np.array([corpus_indices[s + 1 : s + num_steps + 1] for s in starts])
        batches.append((X, Y))

    return batches


def data_iter_consecutive(corpus_indices, batch_size, num_steps):
    """Cut a text into rows, and return batches that walk along them.

    Arguments:
    corpus_indices -- the text, a list or vector of whole numbers
    batch_size -- rows
    num_steps -- characters of each row in a batch

    Returns:
    batches -- list of pairs (X, Y), each of shape (batch_size, num_steps)
    """
    batches = []

    # the text in rows
    batch_len = len(corpus_indices) // batch_size
    indices = np.array(corpus_indices[: batch_size * batch_len]).reshape(batch_size, batch_len)
    # for each batch: the next columns, and the same one column later
    for k in range((batch_len - 1) // num_steps):
        i = k * num_steps
        X = indices[:, i : i + num_steps]
        Y = indices[:, i + 1 : i + num_steps + 1]
        batches.append((X, Y))

    return batches


def grad_clipping(grads, theta):
    """Scale gradients in place so that their common norm is at most theta.

    Arguments:
    grads -- list with the gradient of each parameter, changed in place
    theta -- the largest norm

    Returns:
    norm -- the norm before clipping, a number
    """
    # the norm of all gradients together
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    # if it is too large, scale each gradient in place
    if norm > theta:
        for grad in grads:
            grad *= theta / norm

    return norm


def truncated_step(inputs, targets, state, params):
    """Return the loss of a simple RNN over a window, its gradients, and the state that is handed on.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    targets -- whole numbers, the right character of each example at each step, (batch, steps)
    state -- tuple (H,) of the hidden state before the window; no gradient flows into it
    params -- list W_xh, W_hh, b_h, W_hq, b_q

    Returns:
    loss -- mean cross-entropy, a number
    grads -- list with the gradient of each parameter, in their order
    state -- tuple (H,) of the hidden state after the window
    """
    W_xh, W_hh, b_h, W_hq, b_q = params
    states, (H,) = hidden_states(rnn, inputs, state, [W_xh, W_hh, b_h])
    outputs = [np.dot(H_t, W_hq) + b_q for H_t in states]
    loss, slopes = np.log(perplexity(outputs, targets)), output_gradients(outputs, targets)
    before = [*state, *states[:-1]]
    dW_xh, dW_hh, db_h, dW_hq, db_q = (np.zeros_like(param) for param in params)
    dH = np.zeros_like(H)

    # backwards through the window: equation (11), what the step adds, equation (12), and what goes on to the step before
    for t in reversed(range(len(inputs))):
        dS = (np.dot(slopes[t], W_hq.T) + dH) * (1 - states[t] ** 2)
        dW_xh += np.dot(inputs[t].T, dS)
        dW_hh += np.dot(before[t].T, dS)
        db_h += np.sum(dS, axis=0)
        dW_hq += np.dot(states[t].T, slopes[t])
        db_q += np.sum(slopes[t], axis=0)
        dH = np.dot(dS, W_hh.T)

    return loss, [dW_xh, dW_hh, db_h, dW_hq, db_q], (H,)
