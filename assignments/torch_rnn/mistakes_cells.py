"""Known mistakes of the lab `torch_rnn`: cells that move. Every wrong order of the gates has a name."""

from itertools import permutations

from autograder import Mistake

LSTM = {"i": "update gate (`Wi`)", "f": "forget gate (`Wf`)", "c": "candidate (`Wc`)", "o": "output gate (`Wo`)"}
LSTM_BLOCKS = {"i": "input gate $i$", "f": "forget gate $f$", "c": "candidate $g$", "o": "output gate $o$"}
GRU = {"r": "reset gate (`W_xr`, `W_hr`)", "z": "update gate (`W_xz`, `W_hz`)", "h": "candidate (`W_xh`, `W_hh`)"}
GRU_BLOCKS = {"r": "reset gate $r$", "z": "update gate $z$", "h": "candidate $n$"}


def wrong_orders(right, names, blocks):
    """A mistake for every other order of the gates than the right one."""
    for order in map("".join, permutations(right)):
        moved = [(block, gate) for block, gate in zip(right, order) if block != gate]
        if not moved:
            continue
        told = [f"as its {blocks[block]} it takes your {names[gate]}" for block, gate in moved]
        rest = "" if len(moved) == len(right) else " The other blocks are in place."
        yield Mistake(
            f"order-{order}",
            ((f'in "{right}"', f'in "{order}"'),),
            f"The blocks stand in another order than PyTorch's: {', '.join(told[:-1])}, and {told[-1]}.{rest}",
        )


rnn_to_torch = [
    Mistake(
        "state-weights-transposed",
        (('weight_hh = parameters["Waa"]', 'weight_hh = parameters["Waa"].T'),),
        "`weight_hh` is transposed: in `cells` as in PyTorch each row belongs to one new hidden unit.",
    ),
    Mistake(
        "bias-twice",
        (("bias_hh = np.zeros(n_a)", "bias_hh = bias_ih"),),
        "The bias is there twice: PyTorch adds `bias_ih` and `bias_hh`, and your cell has one.",
    ),
    Mistake(
        "bias-left-out",
        (('parameters["ba"][:, 0]', "np.zeros(n_a)"),),
        "The bias `ba` was left behind: both biases are zero.",
    ),
    Mistake(
        "bias-negative",
        (('parameters["ba"][:, 0]', '-parameters["ba"][:, 0]'),),
        "The bias has the wrong sign.",
    ),
    Mistake(
        "bias-of-ones",
        (("bias_hh = np.zeros(n_a)", "bias_hh = np.ones(n_a)"),),
        "`bias_hh` is one everywhere: it is added too, and your cell has nothing there.",
    ),
    Mistake(
        "relu",
        (('"rnn"', '"relu"'),),
        "The layer was made with another `nonlinearity`: your cell has a tanh.",
        written=(("nn.RNN(n_x, n_a)", 'nn.RNN(n_x, n_a, nonlinearity="relu")'),),
    ),
]

lstm_to_torch = [
    *wrong_orders("ifco", LSTM, LSTM_BLOCKS),
    Mistake(
        "halves-swapped",
        (("W[:, n_a:]", "W[:, :-n_a]"), ("W[:, :n_a]", "W[:, -n_a:]")),
        "Input and state have changed places: the first n_a columns of each matrix act on the old state.",
    ),
    Mistake(
        "state-weights-transposed",
        (("W[:, :n_a]", "W[:, :n_a].T"),),
        "The blocks of `weight_hh` are transposed: in `cells` as in PyTorch each row belongs to one hidden unit.",
    ),
    Mistake(
        "bias-twice",
        (("bias_hh = np.zeros(4 * n_a)", "bias_hh = np.concatenate(bias_ih)"),),
        "The biases are there twice: PyTorch adds `bias_ih` and `bias_hh`, and your cell has one.",
    ),
    Mistake(
        "bias-left-out",
        (('parameters["b" + gate][:, 0]', "np.zeros(n_a)"),),
        "The biases were left behind: all are zero.",
    ),
    Mistake(
        "biases-in-the-labs-order",
        (('parameters["b" + gate][:, 0]', 'parameters["b" + "fico"["ifco".index(gate)]][:, 0]'),),
        "The biases of forget gate and update gate have changed places; the weights are in order.",
    ),
    Mistake(
        "biases-in-the-order-of-variants",
        (('parameters["b" + gate][:, 0]', 'parameters["b" + "ifoc"["ifco".index(gate)]][:, 0]'),),
        "The biases of candidate and output gate have changed places; the weights are in order.",
    ),
    Mistake(
        "state-weights-in-the-labs-order",
        (("weight_hh.append(W[:, :n_a])", 'weight_hh.append(parameters["W" + "fico"["ifco".index(gate)]][:, :n_a])'),),
        "In `weight_hh` the blocks of forget gate and update gate have changed places; those of `weight_ih` are in order.",
    ),
    Mistake(
        "input-weights-in-the-labs-order",
        (("weight_ih.append(W[:, n_a:])", 'weight_ih.append(parameters["W" + "fico"["ifco".index(gate)]][:, n_a:])'),),
        "In `weight_ih` the blocks of forget gate and update gate have changed places; those of `weight_hh` are in order.",
    ),
    Mistake(
        "forget-bias-of-one",
        (("bias_hh = np.zeros(4 * n_a)", "bias_hh = np.repeat([0.0, 1.0, 0.0, 0.0], n_a)"),),
        "One is added to the bias of the forget gate: that is a good start for training, but here the cell is trained.",
    ),
]

LAST = "np.concatenate(bias_ih), bias_hh)"

gru_to_torch = [
    *wrong_orders("rzh", GRU, GRU_BLOCKS),
    Mistake(
        "state-weights-not-transposed",
        (("weight_hh.append(W_h.T)", "weight_hh.append(W_h)"),),
        "The blocks of `weight_hh` are not transposed: in `variants` each column belongs to one hidden unit, in PyTorch "
        "each row. All shapes fit, since these blocks are square.",
    ),
    Mistake(
        "bias-inside-the-reset",
        ((LAST, "bias_hh, np.concatenate(bias_ih))"),),
        "The biases are in `bias_hh`: there the reset gate scales that of the candidate, which your `gru` adds outside.",
    ),
    Mistake(
        "bias-twice",
        (("bias_hh = np.zeros(3 * len(W_hh))", "bias_hh = np.concatenate(bias_ih)"),),
        "The biases are there twice: PyTorch adds `bias_ih` and `bias_hh`, and your cell has one.",
    ),
    Mistake(
        "bias-left-out",
        (("bias_ih.append(b)", "bias_ih.append(0 * b)"),),
        "The biases were left behind: all are zero.",
    ),
    Mistake(
        "update-gate-turned-round",
        (("W_x, W_h, b = gates[gate]", 'W_x, W_h, b = (part * (-1) ** (gate == "z") for part in gates[gate])'),),
        "The signs of the update gate are turned round: in PyTorch as in `variants` it is the share of the old state.",
    ),
    Mistake(
        "reset-gate-turned-round",
        (("W_x, W_h, b = gates[gate]", 'W_x, W_h, b = (part * (-1) ** (gate == "r") for part in gates[gate])'),),
        "The signs of the reset gate are turned round.",
    ),
    Mistake(
        "gates-alike",
        (("W_x, W_h, b = gates[gate]", 'W_x, W_h, b = gates["h" if gate == "h" else "z"]'),),
        "Both gates have the weights of the update gate.",
    ),
]

mistakes = {"rnn_to_torch": rnn_to_torch, "lstm_to_torch": lstm_to_torch, "gru_to_torch": gru_to_torch}
