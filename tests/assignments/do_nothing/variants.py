"""Answers of the lab `variants` that do nothing of the work: 20."""

NOISE = "np.random.RandomState(0).randn"
NETWORK = "def {}(inputs, state, params):\n    W_hq, b_q = params[-2:]\n    {}\n    return outputs, state"


def network(name, line):
    return NETWORK.format(name, line)


LECTURES = """
def from_lectures(parameters):
    n_y, n_a = parameters["Wy"].shape
    n_x = parameters["Wu"].shape[1] - n_a
    shapes = [(n_x, n_a), (n_a, n_a), (n_a,)] * 3 + [(n_a, n_y), (n_y,)]
    return [{} for shape in shapes]
"""
RANDOM = "def data_iter_random(corpus_indices, batch_size, num_steps, seed=None):\n    "
CONSECUTIVE = "def data_iter_consecutive(corpus_indices, batch_size, num_steps):\n    "
CLIPPING = "def grad_clipping(grads, theta):\n    "
STEP = "def truncated_step(inputs, targets, state, params):\n    "

answers = {
    "rnn": {
        "readouts of the first state": network(
            "rnn", "outputs = [np.dot(state[0], W_hq) + b_q for X in inputs]; state = (state[0].copy(),)"
        ),
        "readouts of noise": network(
            "rnn",
            f"H = np.tanh({NOISE}(*state[0].shape)); state = (H,); outputs = [np.dot(H, W_hq) + b_q for X in inputs]",
        ),
    },
    "gru": {
        "readouts of the first state": network(
            "gru", "outputs = [np.dot(state[0], W_hq) + b_q for X in inputs]; state = (state[0].copy(),)"
        ),
        "readouts of half of it": network(
            "gru",
            "outputs = [np.dot(state[0] / 2**(t + 1), W_hq) + b_q for t in range(len(inputs))]; state = (state[0] / 2**len(inputs),)",
        ),
    },
    "from_lectures": {
        "zeros": LECTURES.format("np.zeros(shape)"),
        "noise": LECTURES.format(f"{NOISE}(*shape)"),
    },
    "lstm": {
        "readouts of the first state": network(
            "lstm",
            "outputs = [np.dot(state[0], W_hq) + b_q for X in inputs]; state = (state[0].copy(), state[1].copy())",
        ),
        "readouts of the first memory": network(
            "lstm",
            "H = np.tanh(state[1]); outputs = [np.dot(H, W_hq) + b_q for X in inputs]; state = (H, state[1].copy())",
        ),
    },
    "deep_rnn": {
        "readouts of the first state": network(
            "deep_rnn",
            "outputs = [np.dot(state[-1], W_hq) + b_q for X in inputs]; state = tuple(H.copy() for H in state)",
        ),
        "biases": network(
            "deep_rnn",
            "outputs = [b_q + np.zeros((len(X), len(b_q))) for X in inputs]; state = tuple(0 * H for H in state)",
        ),
    },
    "bidirectional_rnn": {
        "readouts of the first states": network(
            "bidirectional_rnn",
            "outputs = [np.dot(np.hstack(state), W_hq) + b_q for X in inputs]; state = tuple(H.copy() for H in state)",
        ),
    },
    "perplexity": {
        "one": "def perplexity(outputs, Y):\n    return 1.0",
        "the size of the vocabulary": "def perplexity(outputs, Y):\n    return float(outputs[0].shape[1])",
    },
    "data_iter_random": {
        "nothing": RANDOM + "return []",
        "the beginning, over and over": RANDOM
        + "X = np.resize(corpus_indices, (batch_size, num_steps))\n    "
        + "return [(X, X)] * ((len(corpus_indices) - 1) // num_steps // batch_size)",
    },
    "data_iter_consecutive": {
        "nothing": CONSECUTIVE + "return []",
        "noise": CONSECUTIVE
        + "length = len(corpus_indices) // batch_size\n    "
        + "X = np.random.RandomState(0).randint(0, 60, (batch_size, num_steps))\n    "
        + "return [(X, X)] * ((length - 1) // num_steps)",
    },
    "grad_clipping": {
        "the threshold": CLIPPING + "return theta",
        "zeros": CLIPPING + "for grad in grads:\n        grad *= 0\n    return 0.0",
    },
    "truncated_step": {
        "zeros": STEP + "return 0.0, [0 * param for param in params], (0 * state[0],)",
    },
}
