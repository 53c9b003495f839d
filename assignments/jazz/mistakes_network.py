"""Known mistakes of the lab `jazz`: one cell over many steps, and the loss of a sequence."""

from autograder import Mistake

mistakes = {
    "djmodel": [
        Mistake(
            "state-not-carried",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, a0.T, c, parameters)"),),
            "Every step begins with the hidden state `a0`: what a step returns as its state belongs to the next one.",
        ),
        Mistake(
            "memory-not-carried",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, a, c0.T, parameters)"),),
            "Every step begins with the memory `c0`: the memory that a step returns belongs to the next one.",
        ),
        Mistake(
            "nothing-carried",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, a0.T, c0.T, parameters)"),),
            "Each step begins anew from `a0` and `c0`: state and memory must go on from step to step.",
        ),
        Mistake(
            "state-and-memory-swapped",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, c, a, parameters)"),),
            "Hidden state and memory have changed places: the cell takes `a_prev` before `c_prev`.",
        ),
        Mistake(
            "returned-states-swapped",
            (("a, c, out, _ = lstm", "c, a, out, _ = lstm"),),
            "What the cell returns is kept in the wrong order: `a_next` comes first, then `c_next`.",
        ),
        Mistake(
            "initial-states-zero",
            (("    outputs = []\n", "    outputs = []\n    a, c = 0 * a, 0 * c\n"),),
            "The first step begins with zeros: its states are the arguments `a0` and `c0`.",
        ),
        Mistake(
            "always-the-first-step",
            (("X[:, t, :]", "X[:, 0, :]"),),
            "Each step hears the first value of the sequence: `X` is to be cut at the step of the loop.",
        ),
        Mistake(
            "backwards-in-time",
            (("X[:, t, :]", "X[:, Tx - 1 - t, :]"),),
            "The sequence is heard from its end: step 0 takes the first slice of `X`.",
        ),
        Mistake(
            "examples-taken-for-steps",
            (("range(Tx)", "range(X.shape[0])"), ("X[:, t, :].T", "X[:, min(t, Tx - 1), :].T")),
            "The loop has a step for each example: the number of steps is `Tx`, the middle axis of `X`.",
        ),
        Mistake(
            "first-step-left-out",
            (("range(Tx)", "range(1, Tx)"),),
            "One prediction too few, the first: the loop over `Tx` steps begins at 0.",
        ),
        Mistake(
            "last-step-left-out",
            (("range(Tx)", "range(Tx - 1)"),),
            "One prediction too few, the last: there are `Tx` steps.",
        ),
        Mistake(
            "columns-kept",
            (("outputs.append(out.T)", "outputs.append(out)"),),
            "An example stands in a column of each entry of `outputs`: turned, it stands in a row.",
        ),
        Mistake(
            "hidden-states-kept",
            (("outputs.append(out.T)", "outputs.append(a.T)"),),
            "The entries of `outputs` are hidden states: the predictions are the third thing that the cell returns.",
        ),
        Mistake(
            "shifted-by-a-step",
            (("X[:, t, :]", "X[:, t - 1, :]"),),
            "Each step hears the value before its own: `X` holds what was heard already, nothing has to be shifted.",
        ),
        Mistake(
            "input-reshaped",
            (("X[:, t, :].T", "X[:, t, :].reshape(X.shape[2], -1)"),),
            "The slice of `X` was not turned: its rows must become columns. Another shape alone mixes the examples.",
        ),
        Mistake(
            "outputs-reshaped",
            (("outputs.append(out.T)", "outputs.append(out.reshape(-1, len(out)))"),),
            "The entries of `outputs` were not turned: columns must become rows. Another shape alone mixes the examples.",
        ),
        Mistake(
            "state-for-memory",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, a, a, parameters)"),),
            "The hidden state is handed over as the memory too: the cell takes `a_prev` and `c_prev`, which differ.",
        ),
        Mistake(
            "memory-for-state",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, c, c, parameters)"),),
            "The memory is handed over as the hidden state too: the cell takes `a_prev` and `c_prev`, which differ.",
        ),
        Mistake(
            "input-and-state-swapped",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(a, x, c, parameters)"),),
            "Input and hidden state have changed places in the call: the cell takes `xt` first, then `a_prev`.",
        ),
        Mistake(
            "initial-states-swapped",
            (("a, c = a0.T, c0.T", "c, a = a0.T, c0.T"),),
            "The first step begins with `a0` and `c0` in each other's place.",
        ),
        Mistake(
            "one-hot-kept",
            (("outputs.append(out.T)", "outputs.append(np.eye(len(out))[np.argmax(out, axis=0)])"),),
            "The entries of `outputs` are one-hot: they are to be the probabilities themselves.",
        ),
        Mistake(
            "memory-kept",
            (("outputs.append(out.T)", "outputs.append(c.T)"),),
            "The entries of `outputs` are memories: the predictions are the third thing that the cell returns.",
        ),
        Mistake(
            "last-example-left-out",
            (("outputs.append(out.T)", "outputs.append(out[:, :-1].T)"),),
            "The entries of `outputs` lack the last example: a row is missing.",
        ),
    ],
    "music_loss": [
        Mistake(
            "averaged-over-steps",
            (("    return loss", "    return loss / len(Y)"),),
            "The loss is a mean over the steps: `outputs` has an entry for each step, and their losses add up.",
        ),
        Mistake(
            "summed-over-examples",
            (("np.mean(np.log(right))", "np.sum(np.log(right))"),),
            "The loss grows with the number of examples `m`: over these it is a mean.",
        ),
        Mistake(
            "divided-by-the-values",
            (("np.mean(np.log(right))", "np.mean(y * np.log(out))"),),
            "The loss is divided by the number of values, too: `n_values` is no part of the mean over the examples.",
        ),
        Mistake(
            "divided-by-the-steps-instead",
            (("np.mean(np.log(right))", "np.sum(np.log(right)) / len(Y)"),),
            "The sum over the examples is divided by the number of steps `Tx`, where the number of examples belongs.",
        ),
        Mistake(
            "negative",
            (("loss - np.mean", "loss + np.mean"),),
            "The sign of `loss` is wrong: logarithms of probabilities are negative, a cross-entropy is not.",
        ),
        Mistake(
            "no-logarithm",
            (("np.mean(np.log(right))", "np.mean(right)"),),
            "Probabilities are added up, not their logarithms: see the `log` in the equation.",
        ),
        Mistake(
            "logarithm-of-the-mean",
            (("np.mean(np.log(right))", "np.log(np.mean(right))"),),
            "The logarithm is taken after the mean over `m`: each example has a logarithm of its own.",
        ),
        Mistake(
            "targets-not-used",
            (("np.sum(out * y, axis=1)", "np.max(out, axis=1)"),),
            "The most likely value counts, whatever came: `Y` says which value is right.",
        ),
        Mistake(
            "only-the-last-step",
            (("loss - np.mean(np.log(right))", "-np.mean(np.log(right))"),),
            "Only the last step is in `loss`: the losses of all steps add up.",
        ),
        Mistake(
            "only-the-first-step",
            (("        loss = loss - np.mean(np.log(right))\n", "        return -np.mean(np.log(right))\n"),),
            "Only the first step is in `loss`: the loop over the steps ends too early.",
        ),
        Mistake(
            "bits",
            (("np.log(right)", "np.log2(right)"),),
            "The loss is counted in bits: nats need the natural `log`.",
        ),
        Mistake(
            "squared-error",
            (("np.mean(np.log(right))", "np.mean(-np.sum((out - y) ** 2, axis=1))"),),
            "This is a squared error: the loss is the cross-entropy, with the `log` of what was given to the right value.",
        ),
        Mistake(
            "first-step-left-out",
            (("zip(outputs, Y)", "list(zip(outputs, Y))[1:]"),),
            "The first step is not in `loss`: all steps add up, from 0 on.",
        ),
        Mistake(
            "last-step-left-out",
            (("zip(outputs, Y)", "list(zip(outputs, Y))[:-1]"),),
            "The last step is not in `loss`: the loop ends too early.",
        ),
        Mistake(
            "only-the-first-example",
            (("np.mean(np.log(right))", "np.log(right[0])"),),
            "Only the first example is in `loss`: it is a mean over all `m`.",
        ),
        Mistake(
            "mean-before-the-logarithm",
            (("right = np.sum(out * y, axis=1)", "right = np.mean(out * y, axis=1)"),),
            "`right` is a mean over the values, and so `n_values` times too small: summed, the product leaves the probability of what came.",
        ),
        Mistake(
            "one-logarithm-for-a-step",
            (("right = np.sum(out * y, axis=1)", "right = np.sum(out * y)"),),
            "The probabilities of all examples are added up before the `log`: each example has a logarithm of its own.",
        ),
        Mistake(
            "moved-before-the-logarithm",
            (("np.log(right)", "np.log(right + 1e-8)"),),
            "A small number is added to `right`, which changes every loss a little: the value that came never has probability 0.",
        ),
        Mistake(
            "one-added",
            (("np.log(right)", "np.log1p(right)"),),
            "This is the `log` of 1 more than the probability: a value that was certain should cost nothing.",
        ),
        Mistake(
            "not-averaged",
            (("loss = loss - np.mean(np.log(right))", "loss = loss - np.log(right)"),),
            "`loss` is a number for each example: the mean over the examples is missing.",
        ),
        Mistake(
            "probabilities-of-all-values",
            (("np.sum(out * y, axis=1)", "np.sum(out * out, axis=1)"),),
            "`Y` is not used: the probabilities are multiplied by themselves, not by what came.",
        ),
        Mistake(
            "zero-times-infinity",
            (("np.mean(np.log(right))", "np.sum(y * np.log(out)) / len(out)"),),
            "`loss` is no number where a value that did not come has probability 0: its `log` is infinite, and 0 times infinity is nan. Take the logarithm of what came only.",
        ),
        Mistake(
            "mean-over-everything",
            (("np.mean(np.log(right))", "np.mean(y * np.log(out)) / len(Y)"),),
            "The loss is a mean over steps and values, too: `loss` is one over the examples only.",
        ),
        Mistake(
            "binary-cross-entropy",
            (("np.log(right)", "np.sum(np.where(y == 1, np.log(out), np.log(1 - out)), axis=1)"),),
            "Each value is judged by itself, as yes or no: of `out` only the probability of what came counts.",
        ),
        Mistake(
            "starts-at-one",
            (("loss = 0.0", "loss = 1.0"),),
            "`loss` is 1 too large: before the first step nothing is lost.",
        ),
    ],
}
