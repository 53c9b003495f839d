"""Answers of the lab `cells` that do nothing of the work: 20, each a source with the imports of the lab."""

RNN = """
def rnn_cell_forward(xt, a_prev, parameters):
    n_a, m = a_prev.shape
    {lines}
    yt_pred = softmax(np.dot(parameters["Wya"], a_next) + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)
"""
LSTM = """
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.concatenate((a_prev, xt))
    ft, it, ot = (sigmoid(np.dot(parameters["W" + g], concat) + parameters["b" + g]) for g in "fio")
    cct = np.tanh(np.dot(parameters["Wc"], concat) + parameters["bc"])
    {lines}
    yt_pred = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
"""
SEQUENCE = """
def rnn_forward(x, a0, parameters):
    (n_x, m, T_x), (n_y, n_a) = x.shape, parameters["Wya"].shape
    {lines}
    return a, y_pred, (caches, x)
"""
LONG = """
def lstm_forward(x, a0, parameters):
    (n_x, m, T_x), (n_y, n_a) = x.shape, parameters["Wy"].shape
    {lines}
    return a, y, c, (caches, x)
"""
PREDICTED = "y_pred = np.stack([softmax(np.dot(parameters['Wya'], a[:, :, t]) + parameters['by']) for t in range(T_x)], 2)"
NOISE = "np.random.RandomState(0).randn"


def with_lines(template, *lines):
    return template.format(lines="\n    ".join(lines))


answers = {
    "rnn_cell_forward": {
        "the old state": with_lines(RNN, "a_next = a_prev.copy()"),
        "twice the old state": with_lines(RNN, "a_next = 2.0 * a_prev"),
        "the activation of the old state": with_lines(RNN, "a_next = np.tanh(a_prev)"),
        "a projection of the input": with_lines(RNN, "a_next = np.dot(parameters['Wax'], xt)"),
        "a projection of the state": with_lines(RNN, "a_next = np.dot(parameters['Waa'], a_prev)"),
        "noise": with_lines(RNN, f"a_next = np.tanh({NOISE}(n_a, m))"),
        "the old state and a little noise": with_lines(RNN, f"a_next = a_prev + 1e-3 * {NOISE}(n_a, m)"),
        "the bias": with_lines(RNN, "a_next = np.tanh(parameters['ba'] + np.zeros((n_a, m)))"),
        "ones": with_lines(RNN, "a_next = np.ones((n_a, m))"),
    },
    "rnn_forward": {
        "the first state everywhere": with_lines(
            SEQUENCE, "a, caches = np.repeat(a0[:, :, None], T_x, axis=2), []", PREDICTED
        ),
        "noise": with_lines(SEQUENCE, f"a, caches = {NOISE}(n_a, m, T_x), []", PREDICTED),
        "projections of the inputs": with_lines(
            SEQUENCE,
            "a = np.tanh(np.stack([np.dot(parameters['Wax'], x[:, :, t]) for t in range(T_x)], 2))",
            "caches = [(a[:, :, t], a0, x[:, :, t], parameters) for t in range(T_x)]",
            PREDICTED,
        ),
    },
    "lstm_cell_forward": {
        "the old memory and the old state": with_lines(LSTM, "a_next, c_next = a_prev.copy(), c_prev.copy()"),
        "right lines on the old memory": with_lines(
            LSTM, "c_next = c_prev.copy()", "a_next = ot * np.tanh(c_next)"
        ),
        "right lines on half of the old memory": with_lines(
            LSTM, "c_next = 0.5 * c_prev", "a_next = ot * np.tanh(c_next)"
        ),
        "right lines on old memory and state": with_lines(
            LSTM, "c_next = c_prev + a_prev", "a_next = ot * np.tanh(c_next)"
        ),
        "right lines on noise": with_lines(
            LSTM, f"c_next = {NOISE}(*c_prev.shape)", "a_next = ot * np.tanh(c_next)"
        ),
        "right lines on noisy old memory": with_lines(
            LSTM, f"c_next = c_prev + 0.1 * {NOISE}(*c_prev.shape)", "a_next = ot * np.tanh(c_next)"
        ),
    },
    "lstm_forward": {
        "the first state everywhere": with_lines(
            LONG,
            "a, caches = np.repeat(a0[:, :, None], T_x, axis=2), []",
            "c, y = a.copy(), np.full((n_y, m, T_x), 1 / n_y)",
        ),
        "noise": with_lines(
            LONG, f"a, caches = {NOISE}(n_a, m, T_x), []", f"c, y = np.tanh(a), {NOISE}(n_y, m, T_x)"
        ),
    },
}
