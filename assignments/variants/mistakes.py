"""The known mistakes of the lab `variants`: small edits of the reference, each with the help a student reads.

Those of exercises 5 to 11 are in mistakes_training.py.
"""

import runpy
from pathlib import Path

from autograder import Mistake

READOUT = [
    Mistake(
        "no-output-bias",
        (("np.dot(H, W_hq) + b_q", "np.dot(H, W_hq)"),),
        "The bias `b_q` is missing from the scores: each output has an offset of its own.",
    ),
    Mistake(
        "probabilities",
        (("Y = np.dot(H, W_hq) + b_q", "Y = softmax((np.dot(H, W_hq) + b_q).T).T"),),
        "The scores in `outputs` went through a softmax: here they are the sums themselves, and the loss takes the softmax.",
    ),
    Mistake(
        "squashed-scores",
        (("Y = np.dot(H, W_hq) + b_q", "Y = np.tanh(np.dot(H, W_hq) + b_q)"),),
        "The scores in `outputs` went through a tanh: the readout is a sum, without an activation.",
    ),
    Mistake(
        "last-scores-alone",
        (("outputs.append(Y)", "outputs = [Y]"),),
        "`outputs` holds the scores of the last step alone: there is one entry for each step.",
    ),
    Mistake(
        "outputs-stacked-backwards",
        (("outputs.append(Y)", "outputs.insert(0, Y)"),),
        "`outputs` is in reverse: the scores of the first step come first.",
    ),
    Mistake(
        "states-for-scores",
        (("outputs.append(Y)", "outputs.append(H)"),),
        "`outputs` holds hidden states: what is asked for are the scores that the readout makes of them.",
    ),
]
"""The mistakes of the readout, which all three networks share."""


def readout_before(name: str, state: str) -> Mistake:
    """The scores are made from the state before the step; ``state`` is the line of the new state."""
    return Mistake(
        "scores-from-old-state",
        ((f"        {state}\n        Y = np.dot(H, W_hq) + b_q\n", f"        Y = np.dot(H, W_hq) + b_q\n        {state}\n"),),
        "The scores `Y` are made from the state before the step: they should see the new `H`.",
    )


SUM = "np.dot(X, W_xh) + np.dot(H, W_hh) + b_h"
rnn = [
    Mistake(
        "no-hidden-bias",
        ((f"({SUM})", "(np.dot(X, W_xh) + np.dot(H, W_hh))"),),
        "The bias `b_h` is missing from the hidden state: each unit has an offset of its own.",
    ),
    Mistake(
        "no-recurrence",
        ((" + np.dot(H, W_hh)", ""),),
        "The new state does not depend on the old one: the product with `W_hh` is missing, and nothing is remembered.",
    ),
    Mistake(
        "no-input",
        (("np.dot(X, W_xh) + ", ""),),
        "The new state does not depend on the input: the product with `W_xh` is missing.",
    ),
    Mistake(
        "no-tanh",
        ((f"np.tanh({SUM})", f"({SUM})"),),
        "The activation of the hidden state is missing: a `tanh` keeps it between -1 and 1.",
    ),
    Mistake(
        "sigmoid-for-tanh",
        ((f"np.tanh({SUM})", f"sigmoid({SUM})"),),
        "The hidden state `H` went through a sigmoid: a state may be negative.",
    ),
    Mistake(
        "bias-outside-tanh",
        ((f"np.tanh({SUM})", "np.tanh(np.dot(X, W_xh) + np.dot(H, W_hh)) + b_h"),),
        "The bias `b_h` is added after the tanh: it belongs inside, with the two products.",
    ),
    Mistake(
        "recurrent-weights-transposed",
        (("np.dot(H, W_hh)", "np.dot(H, W_hh.T)"),),
        "`W_hh` is transposed: with examples in rows it stands on the right as it is.",
    ),
    Mistake(
        "state-not-carried",
        (("H = np.tanh(np.dot(X, W_xh) + np.dot(H, W_hh) + b_h)", "H = np.tanh(np.dot(X, W_xh) + np.dot(state[0], W_hh) + b_h)"),),
        "Each step begins with the first `state`: the new hidden state has to go on to the next step.",
    ),
    Mistake(
        "old-state-returned",
        (("return outputs, (H,)", "return outputs, (state[0].copy(),)"),),
        "The returned `state` is the one that came in: it should be the hidden state after the last step.",
    ),
    Mistake(
        "state-not-a-tuple",
        (("return outputs, (H,)", "return outputs, H"),),
        "The returned `state` is a matrix: it should be a tuple with one entry, as the one that came in.",
    ),
    readout_before("rnn", f"H = np.tanh({SUM})"),
    *READOUT,
]

Z, R = "sigmoid(np.dot(X, W_xz) + np.dot(H, W_hz) + b_z)", "sigmoid(np.dot(X, W_xr) + np.dot(H, W_hr) + b_r)"
MIX = "Z * H + (1 - Z) * H_tilda"
gru = [
    Mistake(
        "shares-swapped",
        ((MIX, "(1 - Z) * H + Z * H_tilda"),),
        "The two shares of the new state are swapped: here `Z` is the share of the old state, as in PyTorch; the lectures have it the other way round.",
    ),
    Mistake(
        "gates-swapped",
        (("        Z = sigmoid(", "        R = sigmoid("), ("        R = sigmoid(np.dot(X, W_xr)", "        Z = sigmoid(np.dot(X, W_xr)")),
        "Update gate and reset gate are swapped: `Z` has the weights with z, `R` those with r.",
    ),
    Mistake(
        "no-reset",
        (("R * ", ""),),
        "The reset gate `R` is not used: it scales what the candidate sees of the old state.",
    ),
    Mistake(
        "all-reset",
        (("np.dot(X, W_xh) + R * np.dot(H, W_hh) + b_h", "R * (np.dot(X, W_xh) + np.dot(H, W_hh) + b_h)"),),
        "The reset gate `R` scales the whole sum of the candidate: it acts on the old state's part alone.",
    ),
    Mistake(
        "bias-reset",
        (("R * np.dot(H, W_hh) + b_h", "R * (np.dot(H, W_hh) + b_h)"),),
        "The reset gate `R` scales the bias `b_h` too: it acts on the old state's part alone.",
    ),
    Mistake(
        "update-gate-on-candidate",
        (("R * ", "Z * "),),
        "The candidate `H_tilda` is scaled by the update gate: what it sees of the old state is the business of `R`.",
    ),
    Mistake(
        "sigmoid-candidate",
        (("H_tilda = np.tanh(", "H_tilda = sigmoid("),),
        "The candidate `H_tilda` went through a sigmoid: it is a content, and may be negative.",
    ),
    Mistake(
        "no-tanh",
        (("H_tilda = np.tanh(", "H_tilda = ("),),
        "The activation of the candidate `H_tilda` is missing: a tanh keeps it between -1 and 1.",
    ),
    Mistake(
        "tanh-gates",
        ((f"Z = {Z}", "Z = np.tanh(np.dot(X, W_xz) + np.dot(H, W_hz) + b_z)"), (f"R = {R}", "R = np.tanh(np.dot(X, W_xr) + np.dot(H, W_hr) + b_r)")),
        "The gates `Z` and `R` went through a tanh: a share lies between 0 and 1.",
    ),
    Mistake(
        "no-update-bias",
        ((" + b_z)", ")"),),
        "The bias `b_z` is missing from the update gate.",
    ),
    Mistake(
        "no-reset-bias",
        ((" + b_r)", ")"),),
        "The bias `b_r` is missing from the reset gate.",
    ),
    Mistake(
        "no-candidate-bias",
        (("W_hh) + b_h", "W_hh)"),),
        "The bias `b_h` is missing from the candidate.",
    ),
    Mistake(
        "candidate-alone",
        ((MIX, "(1 - Z) * H_tilda"),),
        "The old state has no share in the new `H`: what the update gate `Z` keeps of it is missing.",
    ),
    Mistake(
        "state-not-carried",
        (("        Z = sigmoid(", "        (H,) = state\n        Z = sigmoid("),),
        "Each step begins with the first `state`: the new hidden state has to go on to the next step.",
    ),
    Mistake(
        "old-state-returned",
        (("return outputs, (H,)", "return outputs, (state[0].copy(),)"),),
        "The returned `state` is the one that came in: it should be the hidden state after the last step.",
    ),
    readout_before("gru", f"H = {MIX}"),
    *READOUT,
]

from_lectures = [
    Mistake(
        "update-bias-not-turned",
        (("-np.ravel(parameters[\"bu\"])", "np.ravel(parameters[\"bu\"])"),),
        "The bias `b_z` still has the lectures' sign: the sum inside the gate changes sign as a whole.",
    ),
    Mistake(
        "update-weights-not-turned",
        (("-parameters[\"Wu\"]", "parameters[\"Wu\"]"),),
        "`W_xz` and `W_hz` still have the lectures' sign: the sum inside the gate changes sign as a whole.",
    ),
    Mistake(
        "update-gate-not-turned",
        (("-parameters[\"Wu\"]", "parameters[\"Wu\"]"), ("-np.ravel(parameters[\"bu\"])", "np.ravel(parameters[\"bu\"])")),
        "The weights of the update gate have the lectures' sign: their gate is the share of the candidate, `Z` that of the old state.",
    ),
    Mistake(
        "one-minus-weights",
        (("-parameters[\"Wu\"].T", "1 - parameters[\"Wu\"].T"), ("-np.ravel(parameters[\"bu\"])", "1 - np.ravel(parameters[\"bu\"])")),
        "Weights and bias of the update gate were taken from 1: it is the value of the gate that turns into `1` less it, and that is a change of sign inside.",
    ),
    Mistake(
        "reset-gate-turned-too",
        (("np.split(parameters[\"Wr\"].T", "np.split(-parameters[\"Wr\"].T"), (", np.ravel(parameters[\"br\"])", ", -np.ravel(parameters[\"br\"])")),
        "The reset gate changed its sign too: `R` and the relevance gate mean the same.",
    ),
    Mistake(
        "gates-swapped",
        (
            ("np.split(-parameters[\"Wu\"].T", "np.split(-parameters[\"Wr\"].T"),
            ("np.split(parameters[\"Wr\"].T", "np.split(parameters[\"Wu\"].T"),
            ("-np.ravel(parameters[\"bu\"]), np.ravel(parameters[\"br\"])", "-np.ravel(parameters[\"br\"]), np.ravel(parameters[\"bu\"])"),
        ),
        "Update gate and relevance gate are swapped: `W_xz` comes from `Wu`, `W_xr` from `Wr`.",
    ),
    Mistake(
        "inputs-first",
        (
            ("np.split(-parameters[\"Wu\"].T, [n_a])", "np.split(-parameters[\"Wu\"].T, [parameters[\"Wu\"].shape[1] - n_a])[::-1]"),
            ("np.split(parameters[\"Wr\"].T, [n_a])", "np.split(parameters[\"Wr\"].T, [parameters[\"Wr\"].shape[1] - n_a])[::-1]"),
            ("np.split(parameters[\"Wc\"].T, [n_a])", "np.split(parameters[\"Wc\"].T, [parameters[\"Wc\"].shape[1] - n_a])[::-1]"),
        ),
        "The matrices are cut as if the input came first: the first `n_a` columns act on the state.",
    ),
    Mistake(
        "recurrent-weights-not-transposed",
        (("return [", "W_hz, W_hr, W_hh = W_hz.T, W_hr.T, W_hh.T\n    return ["),),
        "The weights `W_hz`, `W_hr` and `W_hh` are not transposed: with examples in rows they stand on the right.",
    ),
    Mistake(
        "not-transposed",
        (
            ("W_hz, W_xz = np.split(-parameters[\"Wu\"].T, [n_a])", "W_hz, W_xz = np.split(-parameters[\"Wu\"], [n_a], axis=1)"),
            ("W_hr, W_xr = np.split(parameters[\"Wr\"].T, [n_a])", "W_hr, W_xr = np.split(parameters[\"Wr\"], [n_a], axis=1)"),
            ("W_hh, W_xh = np.split(parameters[\"Wc\"].T, [n_a])", "W_hh, W_xh = np.split(parameters[\"Wc\"], [n_a], axis=1)"),
            ("parameters[\"Wy\"].T", "parameters[\"Wy\"]"),
        ),
        "The weights are not transposed: `W_xz` has the inputs in its rows and the hidden units in its columns.",
    ),
    Mistake(
        "readout-not-transposed",
        (("parameters[\"Wy\"].T", "parameters[\"Wy\"]"),),
        "`W_hq` is not transposed: it has the hidden units in its rows and the outputs in its columns.",
    ),
]

C_NEW, H_NEW = "F * C + I * C_tilda", "O * np.tanh(C)"
lstm = [
    Mistake(
        "gates-swapped",
        ((C_NEW, "I * C + F * C_tilda"),),
        "Forget gate and input gate are swapped: `F` keeps the old memory, `I` lets the candidate in.",
    ),
    Mistake(
        "output-gate-writes",
        ((C_NEW, "F * C + O * C_tilda"), (H_NEW, "I * np.tanh(C)")),
        "Input gate and output gate are swapped: `I` lets the candidate in, `O` shows the memory.",
    ),
    Mistake(
        "coupled-gates",
        ((C_NEW, "F * C + (1 - F) * C_tilda"),),
        "The candidate's share is what the forget gate leaves: an LSTM has `I` for that, a gate of its own.",
    ),
    Mistake(
        "nothing-kept",
        ((C_NEW, "I * C_tilda"),),
        "The old memory has no part in the new `C`: the forget gate says how much of it stays.",
    ),
    Mistake(
        "no-input-gate",
        ((C_NEW, "F * C + C_tilda"),),
        "The candidate enters the memory in full: the input gate `I` is not used.",
    ),
    Mistake(
        "no-output-gate",
        ((H_NEW, "np.tanh(C)"),),
        "The state `H` shows the whole memory: the output gate `O` is not used.",
    ),
    Mistake(
        "no-tanh-of-memory",
        ((H_NEW, "O * C"),),
        "The state `H` is made from the memory itself: a tanh comes between them.",
    ),
    Mistake(
        "tanh-of-candidate",
        ((H_NEW, "O * np.tanh(C_tilda)"),),
        "The state `H` is made from the candidate: it should show the new memory `C`.",
    ),
    Mistake(
        "state-from-old-memory",
        (("        C = F * C + I * C_tilda\n        H = O * np.tanh(C)\n", "        H = O * np.tanh(C)\n        C = F * C + I * C_tilda\n"),),
        "The state `H` shows the memory from before the step: it should show the new `C`.",
    ),
    Mistake(
        "sigmoid-candidate",
        (("C_tilda = np.tanh(", "C_tilda = sigmoid("),),
        "The candidate `C_tilda` went through a sigmoid: it is a content, and may be negative.",
    ),
    Mistake(
        "tanh-gates",
        (("I = sigmoid(", "I = np.tanh("), ("F = sigmoid(", "F = np.tanh("), ("O = sigmoid(", "O = np.tanh(")),
        "The gates `I`, `F` and `O` went through a tanh: a share lies between 0 and 1.",
    ),
    Mistake(
        "biases-missing",
        ((" + b_i)", ")"), (" + b_f)", ")"), (" + b_o)", ")"), (" + b_c)", ")")),
        "The biases `b_i`, `b_f`, `b_o` and `b_c` are missing: each unit of each gate has an offset of its own.",
    ),
    *(
        Mistake(
            f"no-bias-of-{words.replace(' ', '-')}",
            ((f" + b_{letter})", ")"),),
            f"The bias `b_{letter}` is missing from the {words}.",
        )
        for letter, words in zip("ifoc", ("input gate", "forget gate", "output gate", "candidate"), strict=True)
    ),
    Mistake(
        "memory-not-carried",
        (("        I = sigmoid(", "        C = state[1]\n        I = sigmoid("),),
        "Each step begins with the first memory: the new `C` has to go on to the next step.",
    ),
    Mistake(
        "state-not-carried",
        (("        I = sigmoid(", "        H = state[0]\n        I = sigmoid("),),
        "Each step begins with the first hidden state: the new `H` has to go on to the next step.",
    ),
    Mistake(
        "memory-not-returned",
        (("return outputs, (H, C)", "return outputs, (H, H.copy())"),),
        "The returned `state` holds the hidden state twice: its second entry is the memory `C`.",
    ),
    Mistake(
        "state-order",
        (("return outputs, (H, C)", "return outputs, (C, H)"),),
        "Hidden state and memory are swapped in the returned `state`: first comes `H`, then `C`.",
    ),
    readout_before("lstm", f"H = {H_NEW}"),
    *READOUT,
]

training = runpy.run_path(str(Path(__file__).with_name("mistakes_training.py")))["mistakes"]
mistakes = {"rnn": rnn, "gru": gru, "from_lectures": from_lectures, "lstm": lstm, **training}
