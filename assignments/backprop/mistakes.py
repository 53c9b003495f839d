"""The known mistakes of the lab `backprop`: small edits of the reference, each with the help a student reads.

Those of the LSTM's step are in mistakes_lstm.py, those of the two loops in mistakes_loops.py. An output may be explained by several mistakes: the first one that
explains most is named, so what goes wrong in one line stands before what goes wrong in all.
"""

import runpy
from pathlib import Path

from autograder import Mistake

SLOPE = "(1 - a_next**2)"


def with_slope(name, slope, said):
    return Mistake(name, ((SLOPE, slope),), said)


rnn_cell = [
    *(
        Mistake(
            f"{name}-negative",
            ((f"{name} = np", f"{name} = -np"),),
            f"`{name}` has the wrong sign: nothing on the way back changes it.",
        )
        for name in ("dxt", "da_prev", "dWax", "dWaa", "dba")
    ),
    Mistake(
        "input-weights-from-da-next",
        (("np.dot(dz, xt.T)", "np.dot(da_next, xt.T)"),),
        "`dWax` is made from `da_next` directly: it lies behind the tanh, like the others.",
    ),
    Mistake(
        "recurrent-weights-from-da-next",
        (("np.dot(dz, a_prev.T)", "np.dot(da_next, a_prev.T)"),),
        "`dWaa` is made from `da_next` directly: it lies behind the tanh, like the others.",
    ),
    Mistake(
        "state-from-da-next",
        (("np.dot(Waa.T, dz)", "np.dot(Waa.T, da_next)"),),
        "`da_prev` is made from `da_next` directly: it lies behind the tanh, like the others.",
    ),
    Mistake(
        "input-from-da-next",
        (("np.dot(Wax.T, dz)", "np.dot(Wax.T, da_next)"),),
        "`dxt` is made from `da_next` directly: it lies behind the tanh, like the others.",
    ),
    Mistake(
        "bias-from-da-next",
        (("np.sum(dz,", "np.sum(da_next,"),),
        "`dba` is the sum of `da_next`: the bias sits inside the tanh, so its slope counts there too.",
    ),
    Mistake(
        "no-tanh-slope",
        (("dz = da_next * (1 - a_next**2)", "dz = da_next"),),
        "`da_next` is handed on as it is: on its way back it first passes the tanh, which has a slope.",
    ),
    Mistake(
        "slope-alone",
        ((f"da_next * {SLOPE}", SLOPE),),
        "`da_next` is not used: the slope of the tanh is multiplied by what comes back.",
    ),
    Mistake(
        "slope-added",
        ((f"da_next * {SLOPE}", f"da_next + {SLOPE}"),),
        "The slope of the tanh is added to `da_next`: going back through a function multiplies.",
    ),
    Mistake(
        "slope-divides",
        ((f"da_next * {SLOPE}", f"da_next / {SLOPE}"),),
        "`da_next` is divided by the slope of the tanh: going back through a function multiplies.",
    ),
    Mistake(
        "state-for-da-next",
        ((f"da_next * {SLOPE}", f"a_next * {SLOPE}"),),
        "`a_next` stands in the place of `da_next`: what goes back is the gradient, not the state.",
    ),
    Mistake(
        "slope-without-square",
        (("(1 - a_next**2)", "(1 - a_next)"),),
        "The slope of the tanh is not 1 minus the state: `a_next` enters it squared.",
    ),
    Mistake(
        "slope-of-sigmoid",
        (("(1 - a_next**2)", "a_next * (1 - a_next)"),),
        "`da_next` is multiplied by the slope of a sigmoid: an RNN's state comes from a tanh.",
    ),
    Mistake(
        "slope-at-old-state",
        (("(1 - a_next**2)", "(1 - a_prev**2)"),),
        "The slope of the tanh is taken at `a_prev`: it belongs to the state that came out of the tanh.",
    ),
    Mistake(
        "tanh-twice",
        (("(1 - a_next**2)", "(1 - np.tanh(a_next) ** 2)"),),
        "The slope takes the tanh of `a_next`, which is already the result of the tanh.",
    ),
    Mistake(
        "slope-sign",
        (("(1 - a_next**2)", "(1 + a_next**2)"),),
        "The slope of the tanh is never above 1: check the sign before the square of `a_next`.",
    ),
    with_slope(
        "slope-squared-outside",
        "(1 - a_next) ** 2",
        "The slope of the tanh squares too much: only `a_next` is squared, before it is taken from 1.",
    ),
    with_slope(
        "slope-doubled",
        "(1 - a_next * 2)",
        "In the slope of the tanh `a_next` is doubled: it enters squared.",
    ),
    with_slope(
        "slope-is-the-square",
        "(a_next**2)",
        "The slope of the tanh is the square of `a_next`: it is what is missing from it to 1.",
    ),
    with_slope(
        "slope-reversed",
        "(a_next**2 - 1)",
        "The slope of the tanh has the wrong sign: the square of `a_next` is taken from 1, and the slope is never negative.",
    ),
    with_slope(
        "slope-root",
        "np.sqrt(1 - a_next**2)",
        "The slope of the tanh has no root: it is 1 minus the square of `a_next` itself.",
    ),
    with_slope(
        "slope-of-da-next",
        "(1 - da_next**2)",
        "The slope of the tanh is made from `da_next`: it depends on the state that came out of the tanh.",
    ),
    Mistake(
        "recurrent-weights-not-transposed",
        (("np.dot(Waa.T, dz)", "np.dot(Waa, dz)"),),
        "`da_prev` uses `Waa` as the forward pass does. It is square, so either way fits, but going back turns it round.",
    ),
    Mistake(
        "recurrent-gradient-for-weights",
        (("np.dot(Waa.T, dz)", "np.dot(np.dot(dz, a_prev.T).T, dz)"),),
        "`da_prev` is made with `dWaa`: the way back to the state goes through the weights `Waa` themselves.",
    ),
    Mistake(
        "input-gradient-for-weights",
        (("np.dot(Wax.T, dz)", "np.dot(np.dot(dz, xt.T).T, dz)"),),
        "`dxt` is made with `dWax`: the way back to the input goes through the weights `Wax` themselves.",
    ),
    Mistake(
        "state-gradient-unweighted",
        (("np.dot(Waa.T, dz)", "dz"),),
        "`da_prev` is `dz` as it is: the forward pass multiplied the old state by `Waa`.",
    ),
    Mistake(
        "new-state-in-weights",
        (("np.dot(dz, a_prev.T)", "np.dot(dz, a_next.T)"),),
        "`dWaa` is made with `a_next`: the forward pass multiplied `Waa` by the state before the step.",
    ),
    Mistake(
        "weights-transposed",
        (("np.dot(dz, a_prev.T)", "np.dot(a_prev, dz.T)"),),
        "`dWaa` is transposed. It is square, so the shape does not tell: rows belong to what comes out, columns to what goes in.",
    ),
    Mistake(
        "one-example-in-input-weights",
        (("np.dot(dz, xt.T)", "np.dot(dz[:, :1], xt[:, :1].T)"),),
        "`dWax` is that of the first example alone: the product runs over all columns.",
    ),
    Mistake(
        "one-example-in-recurrent-weights",
        (("np.dot(dz, a_prev.T)", "np.dot(dz[:, :1], a_prev[:, :1].T)"),),
        "`dWaa` is that of the first example alone: the product runs over all columns.",
    ),
    Mistake(
        "one-example-in-bias",
        (("np.sum(dz, axis=1, keepdims=True)", "dz[:, :1]"),),
        "`dba` is that of the first example alone: it is summed over all columns.",
    ),
    Mistake(
        "weights-without-dz",
        (("np.dot(dz, xt.T)", "np.dot(a_next, xt.T)"), ("np.dot(dz, a_prev.T)", "np.dot(a_next, a_prev.T)")),
        "A state stands in the place of `dz` where the gradients of the weights are made.",
    ),
    Mistake(
        "bias-mean",
        (("np.sum(dz,", "np.mean(dz,"),),
        "`dba` is a mean over the examples: the bias acts on each of them, so its gradient is a sum.",
    ),
    Mistake(
        "weights-mean",
        (
            ("np.dot(dz, xt.T)", "np.dot(dz, xt.T) / xt.shape[1]"),
            ("np.dot(dz, a_prev.T)", "np.dot(dz, a_prev.T) / xt.shape[1]"),
            ("np.sum(dz,", "np.mean(dz,"),
        ),
        "`dWax`, `dWaa` and `dba` are divided by the number of examples: whether a loss is a mean is settled in `da_next`.",
    ),
    Mistake(
        "bias-not-summed",
        (("np.sum(dz, axis=1, keepdims=True)", "dz"),),
        "`dba` still has one column for each example: one bias serves all of them, so its gradient is their sum.",
    ),
    Mistake(
        "bias-over-units",
        (("np.sum(dz, axis=1,", "np.sum(dz, axis=0,"),),
        "`dba` is summed over the units: each unit has a bias of its own, and the examples share it.",
    ),
    Mistake(
        "bias-over-all",
        (("np.sum(dz, axis=1, keepdims=True)", "np.sum(dz) * np.ones((len(dz), 1))"),),
        "`dba` is one number for all units: each unit has a bias of its own, and only the examples share it.",
    ),
    Mistake(
        "bias-flat",
        (("axis=1, keepdims=True", "axis=1"),),
        "`dba` has lost its second axis: a gradient has the shape of what it belongs to, and `ba` has one column.",
    ),
    Mistake(
        "bias-as-a-row",
        (('"dba": dba', '"dba": dba.T'),),
        "`dba` is a row: a gradient has the shape of what it belongs to, and `ba` is a column.",
    ),
    Mistake(
        "bias-from-state",
        (("np.sum(dz,", "np.sum(a_next,"),),
        "`dba` is the sum of the states: it is `dz` that is summed over the examples.",
    ),
    Mistake(
        "input-and-state-swapped",
        (('"dxt": dxt, "da_prev": da_prev', '"dxt": da_prev, "da_prev": dxt'),),
        "`dxt` and `da_prev` have changed places in the dictionary.",
    ),
    Mistake(
        "weights-swapped",
        (('"dWax": dWax, "dWaa": dWaa', '"dWax": dWaa, "dWaa": dWax'),),
        "`dWax` and `dWaa` have changed places in the dictionary.",
    ),
]


parts = [
    runpy.run_path(str(Path(__file__).with_name(f"mistakes_{name}.py"))) for name in ("lstm", "loops")
]

mistakes = {
    "rnn_cell_backward": rnn_cell,
    "lstm_cell_backward": parts[0]["cell"],
    "rnn_backward": parts[1]["rnn"],
    "lstm_backward": parts[1]["lstm"],
}
