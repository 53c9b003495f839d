"""The functions of the lab `cells`."""

import numpy as np
from course_utils.rnn_utils import sigmoid, softmax


def rnn_cell_forward(xt, a_prev, parameters):
    """Take one time step of an RNN for a batch of m examples.

    Arguments:
    xt -- input at this step, shape (n_x, m)
    a_prev -- hidden state before the step, shape (n_a, m)
    parameters -- dictionary with
        Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1)

    Returns:
    a_next -- hidden state after the step, shape (n_a, m)
    yt_pred -- prediction at this step, shape (n_y, m)
    cache -- tuple (a_next, a_prev, xt, parameters)
    """
    Wax = parameters["Wax"]
    Waa = parameters["Waa"]
    Wya = parameters["Wya"]
    ba = parameters["ba"]
    by = parameters["by"]

    # the new hidden state, equation (1)
    a_next = np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)
    # the prediction, equation (2)
    yt_pred = softmax(np.dot(Wya, a_next) + by)

    cache = (a_next, a_prev, xt, parameters)
    return a_next, yt_pred, cache


def rnn_forward(x, a0, parameters):
    """Run an RNN over a batch of sequences.

    Arguments:
    x -- inputs of all steps, shape (n_x, m, T_x)
    a0 -- hidden state before the first step, shape (n_a, m)
    parameters -- dictionary with
        Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1)

    Returns:
    a -- hidden states of all steps, shape (n_a, m, T_x)
    y_pred -- predictions of all steps, shape (n_y, m, T_x)
    caches -- tuple (list of the cache of each step, x)
    """
    caches = []
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape

    # zeros to hold the states and the predictions of all steps
    a = np.zeros((n_a, m, T_x))
    y_pred = np.zeros((n_y, m, T_x))
    # the state that goes from step to step starts at a0
    a_next = a0
    # for each step: run the cell, store the state, the prediction and the cache
    for t in range(T_x):
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        y_pred[:, :, t] = yt_pred
        caches.append(cache)

    caches = (caches, x)
    return a, y_pred, caches


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """Take one time step of an LSTM for a batch of m examples.

    Arguments:
    xt -- input at this step, shape (n_x, m)
    a_prev -- hidden state before the step, shape (n_a, m)
    c_prev -- memory before the step, shape (n_a, m)
    parameters -- dictionary with
        Wf, Wi, Wc, Wo (n_a, n_a + n_x) and bf, bi, bc, bo (n_a, 1):
        forget gate, update gate, candidate, output gate;
        Wy (n_y, n_a), by (n_y, 1): prediction

    Returns:
    a_next -- hidden state after the step, shape (n_a, m)
    c_next -- memory after the step, shape (n_a, m)
    yt_pred -- prediction at this step, shape (n_y, m)
    cache -- tuple (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    """
    Wf, bf = parameters["Wf"], parameters["bf"]
    Wi, bi = parameters["Wi"], parameters["bi"]
    Wc, bc = parameters["Wc"], parameters["bc"]
    Wo, bo = parameters["Wo"], parameters["bo"]
    Wy, by = parameters["Wy"], parameters["by"]

    # the old state on top of the input, equation (4)
    concat = np.concatenate((a_prev, xt), axis=0)
    # forget gate, update gate, candidate and output gate, equations (5)
    ft = sigmoid(np.dot(Wf, concat) + bf)
    it = sigmoid(np.dot(Wi, concat) + bi)
    cct = np.tanh(np.dot(Wc, concat) + bc)
    ot = sigmoid(np.dot(Wo, concat) + bo)
    # the new memory, equation (6)
    c_next = ft * c_prev + it * cct
    # the new hidden state, equation (7)
    a_next = ot * np.tanh(c_next)
    # the prediction, equation (8)
    yt_pred = softmax(np.dot(Wy, a_next) + by)

    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(x, a0, parameters):
    """Run an LSTM over a batch of sequences, from a memory of zeros.

    Arguments:
    x -- inputs of all steps, shape (n_x, m, T_x)
    a0 -- hidden state before the first step, shape (n_a, m)
    parameters -- dictionary with
        Wf, Wi, Wc, Wo (n_a, n_a + n_x), bf, bi, bc, bo (n_a, 1), Wy (n_y, n_a), by (n_y, 1)

    Returns:
    a -- hidden states of all steps, shape (n_a, m, T_x)
    y -- predictions of all steps, shape (n_y, m, T_x)
    c -- memories of all steps, shape (n_a, m, T_x)
    caches -- tuple (list of the cache of each step, x)
    """
    caches = []
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a, m, T_x))
    c = np.zeros((n_a, m, T_x))
    y = np.zeros((n_y, m, T_x))

    # the state starts at a0, the memory at zero in an array of its own
    a_next = a0
    c_next = np.zeros((n_a, m))
    # for each step: run the cell, store the state, the memory, the prediction and the cache
    for t in range(T_x):
        a_next, c_next, yt_pred, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a[:, :, t] = a_next
        c[:, :, t] = c_next
        y[:, :, t] = yt_pred
        caches.append(cache)

    caches = (caches, x)
    return a, y, c, caches
