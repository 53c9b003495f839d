"""The known mistakes of the lab `jazz`: small edits of the reference, each with the help a student reads."""

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
    ],
    "fit": [
        Mistake(
            "not-divided-by-m",
            ((" / m\n", "\n"),),
            "The gradient `dz` is `m` times too large: the loss is a mean over the examples, and so is its gradient.",
        ),
        Mistake(
            "divided-by-the-steps",
            ((" / m\n", " / len(Y)\n"),),
            "The gradient `dz` is divided by the number of steps: the loss is a mean over the `m` examples.",
        ),
        Mistake(
            "divided-by-both",
            ((" / m\n", " / m / len(Y)\n"),),
            "The gradient `dz` is divided by the number of steps as well: over steps the loss is a sum, not a mean.",
        ),
        Mistake(
            "uphill",
            (("dz = (y_hat - np.swapaxes(Y, 0, 1))", "dz = (np.swapaxes(Y, 0, 1) - y_hat)"),),
            "The sign of `dz` is turned round, so that the loss rises: it is what was predicted less what came.",
        ),
        Mistake(
            "cell-never-trained",
            (("{**dense, **lstm}", "{**{'d' + k: 0 * v for k, v in parameters.items()}, **dense}"),),
            "Only `Wy` and `by` move: the gradients of the LSTM layer belong to the update too.",
        ),
        Mistake(
            "dense-layer-never-trained",
            (("{**dense, **lstm}", "{**dense, **lstm, 'dWy': 0 * dense['dWy'], 'dby': 0 * dense['dby']}"),),
            "`Wy` and `by` stay as they are: the gradients of the dense layer belong to the update too.",
        ),
        Mistake(
            "biases-never-trained",
            (
                (
                    "{**dense, **lstm}",
                    "{**dense, **{k: v * (k[1] == 'W') for k, v in lstm.items()}}",
                ),
            ),
            "The biases of the cell stay as they are: `dbf`, `dbi`, `dbc` and `dbo` belong to the update too.",
        ),
        Mistake(
            "states-left-out",
            (("lstm_layer(X, parameters, a0, c0)", "lstm_layer(X, parameters)"),),
            "The sequences begin with zeros: `a0` and `c0` are the states before the first step.",
        ),
        Mistake(
            "states-swapped",
            (("lstm_layer(X, parameters, a0, c0)", "lstm_layer(X, parameters, c0, a0)"),),
            "`a0` and `c0` have changed places on the way into the layer.",
        ),
        Mistake(
            "only-the-last-step-goes-back",
            (('lstm_layer_backward(dense["da"], ', 'lstm_layer_backward(dense["da"][:, -1], '),),
            "Only the last step sends a gradient back: `da` has an entry for each of the steps.",
        ),
        Mistake(
            "moved-twice",
            (
                (
                    "optimizer.update(parameters, {**dense, **lstm})",
                    "optimizer.update(parameters, {**dense, **lstm}); optimizer.update(parameters, {**dense, **lstm})",
                ),
            ),
            "Each epoch moves the weights twice: one epoch is one `update`.",
        ),
        Mistake(
            "nothing-is-learned",
            (("        optimizer.update(parameters, {**dense, **lstm})\n", ""),),
            "The weights in `parameters` never move: the last row of the table is missing.",
        ),
        Mistake(
            "another-optimiser-each-epoch",
            (
                (
                    "optimizer.update(parameters,",
                    "Adam(learning_rate=0.01, decay=0.01).update(parameters,",
                ),
            ),
            "Each epoch has a new optimiser, which has forgotten the steps before: `optimizer` is made once, above the loop.",
        ),
        Mistake(
            "loss-after-the-step",
            (
                (
                    "losses.append(music_loss(list(np.swapaxes(y_hat, 0, 1)), Y))",
                    "pass",
                ),
                (
                    "{**dense, **lstm})\n",
                    "{**dense, **lstm})\n        y_hat, _ = dense_softmax(lstm_layer(X, parameters, a0, c0)[0], parameters)\n"
                    "        losses.append(music_loss(list(np.swapaxes(y_hat, 0, 1)), Y))\n",
                ),
            ),
            "The losses are those after the step: each entry of `losses` is the loss that the gradients of the epoch belong to.",
        ),
        Mistake(
            "axes-of-the-loss-mixed-up",
            (("music_loss(list(np.swapaxes(y_hat, 0, 1)), Y)", "music_loss(y_hat, np.swapaxes(Y, 0, 1))"),),
            "The loss sums over the examples and averages the steps: `music_loss` wants time first in both arguments.",
        ),
    ],
    "music_inference_model": [
        Mistake(
            "input-never-changes",
            (("        x = np.eye(n_values)[:, np.argmax(out, axis=0)]\n", ""),),
            "Every step hears `x0`: what was predicted is never heard.",
        ),
        Mistake(
            "probabilities-fed-back",
            (("x = np.eye(n_values)[:, np.argmax(out, axis=0)]", "x = out"),),
            "The probabilities themselves are fed back: `x` should be one-hot, at the most likely value.",
        ),
        Mistake(
            "least-likely-value",
            (("np.argmax", "np.argmin"),),
            "The least likely value is fed back: `x` is one-hot at the largest probability.",
        ),
        Mistake(
            "one-value-for-all",
            (
                (
                    "np.eye(n_values)[:, np.argmax(out, axis=0)]",
                    "np.eye(n_values)[:, [np.argmax(out[:, 0])] * out.shape[1]]",
                ),
            ),
            "All examples hear the value of the first: each column of `out` has a largest entry of its own.",
        ),
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
            "initial-states-zero",
            (("    outputs = []\n", "    outputs = []\n    a, c = 0 * a, 0 * c\n"),),
            "The first step begins with zeros: its states are the arguments `a0` and `c0`.",
        ),
        Mistake(
            "first-input-zero",
            (("    outputs = []\n", "    outputs = []\n    x = 0 * x\n"),),
            "The first step hears nothing: its input is the argument `x0`.",
        ),
        Mistake(
            "added-up",
            (
                (
                    "x = np.eye(n_values)[:, np.argmax(out, axis=0)]",
                    "x = x + np.eye(n_values)[:, np.argmax(out, axis=0)]",
                ),
            ),
            "The input gathers all values so far: `x` holds one value only, the last.",
        ),
        Mistake(
            "columns-kept",
            (("outputs.append(out.T)", "outputs.append(out)"),),
            "An example stands in a column of each entry of `outputs`: turned, it stands in a row.",
        ),
        Mistake(
            "one-hot-kept",
            (
                ("        outputs.append(out.T)\n", ""),
                (
                    "x = np.eye(n_values)[:, np.argmax(out, axis=0)]",
                    "x = np.eye(n_values)[:, np.argmax(out, axis=0)]; outputs.append(x.T)",
                ),
            ),
            "The entries of `outputs` are one-hot: they are to be the probabilities, from which the most likely one is picked.",
        ),
        Mistake(
            "fixed-length",
            (("range(Ty)", "range(50)"),),
            "There are fifty steps whatever is asked for: their number is `Ty`.",
        ),
        Mistake(
            "one-step-too-few",
            (("range(Ty)", "range(Ty - 1)"),),
            "One prediction too few: there are `Ty` of them.",
        ),
    ],
    "predict_and_sample": [
        Mistake(
            "results-are-probabilities",
            (("results = np.eye(n_values)[indices[:, 0]]", "results = np.array(pred)[:, 0]"),),
            "`results` holds the probabilities: it should be one-hot at the values that were predicted.",
        ),
        Mistake(
            "results-with-an-axis-too-many",
            (("indices[:, 0]]", "indices]"),),
            "`results` has an axis of length 1 in the middle: flatten the indices before they pick rows.",
        ),
        Mistake(
            "indices-flat",
            (("    return results, indices", "    return results, indices[:, 0]"),),
            "`indices` has lost an axis: its shape is (Ty, 1).",
        ),
        Mistake(
            "indices-in-a-row",
            (("    return results, indices", "    return results, indices.T"),),
            "`indices` lies in a row: its shape is (Ty, 1), a step to each row.",
        ),
        Mistake(
            "least-likely-value",
            (("np.argmax", "np.argmin"),),
            "The smallest probabilities were picked: `indices` are those of the largest.",
        ),
        Mistake(
            "order-of-what-is-returned",
            (("    return results, indices", "    return indices, results"),),
            "`results` and `indices` are returned in the wrong order.",
        ),
        Mistake(
            "initial-states-swapped",
            (("(x_initializer, a_initializer, c_initializer,", "(x_initializer, c_initializer, a_initializer,"),),
            "`a_initializer` and `c_initializer` have changed places on the way into the model.",
        ),
        Mistake(
            "initial-states-zero",
            (
                (
                    "(x_initializer, a_initializer, c_initializer,",
                    "(x_initializer, 0 * a_initializer, 0 * c_initializer,",
                ),
            ),
            "The solo begins with zeros: `a_initializer` and `c_initializer` are its first states.",
        ),
        Mistake(
            "first-input-zero",
            (("music_inference_model(x_initializer,", "music_inference_model(0 * x_initializer,"),),
            "The solo begins without an input: `x_initializer` is what is heard first.",
        ),
        Mistake(
            "fixed-length",
            (("parameters, Ty)", "parameters, 50)"),),
            "There are fifty values whatever is asked for: their number is `Ty`.",
        ),
        Mistake(
            "length-not-handed-on",
            (("parameters, Ty)", "parameters)"),),
            "There are a hundred values, which is what the model gives by default: hand `Ty` on to it.",
        ),
        Mistake(
            "columns-for-rows",
            (("results = np.eye(n_values)[indices[:, 0]]", "results = np.eye(n_values)[indices[:, 0]].T"),),
            "`results` has a column for each step: its shape is (Ty, n_values), a step to each row.",
        ),
    ],
    "with_temperature": [
        Mistake(
            "hot-for-cold",
            (("(1 / temperature)", "temperature"),),
            "High temperatures sharpen the chances, low ones level them: the exponent has `temperature` below the line.",
        ),
        Mistake(
            "not-normalised",
            ((" / np.sum(powers, axis=1, keepdims=True)", ""),),
            "The rows of `softened` do not add up to 1: divide by their sums.",
        ),
        Mistake(
            "columns-normalised",
            (("axis=1", "axis=0"),),
            "The columns of `softened` add up to 1, its rows do not: an example stands in a row.",
        ),
        Mistake(
            "all-normalised-together",
            (("np.sum(powers, axis=1, keepdims=True)", "np.sum(powers)"),),
            "All entries of `softened` together add up to 1: each row should.",
        ),
        Mistake(
            "divided-instead-of-raised",
            (("out ** (1 / temperature)", "out / temperature"),),
            "The chances stay as they are: dividing by `temperature` before the sum cancels out. It belongs into the exponent; a power goes before a division.",
        ),
        Mistake(
            "softmax-of-probabilities",
            (("out ** (1 / temperature)", "np.exp(out / temperature)"),),
            "This is a softmax of probabilities: `out` has been through a softmax already. Take its logarithms, or powers of it.",
        ),
        Mistake(
            "negative-exponent",
            (("(1 / temperature)", "(-1 / temperature)"),),
            "Unlikely values became likely: the exponent of `out` is positive.",
        ),
        Mistake(
            "difference-in-the-exponent",
            (("(1 / temperature)", "(2 - temperature)"),),
            "The exponent of `out` is wrong but for a `temperature` of 1: see the fraction in the equation.",
        ),
    ],
}
