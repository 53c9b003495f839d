"""Known mistakes of the lab `jazz`: the training loop."""

from autograder import Mistake

mistakes = {
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
        Mistake(
            "plain-descent",
            (
                (
                    "optimizer.update(parameters, {**dense, **lstm})",
                    "for name in parameters:\n"
                    '            parameters[name] -= 0.01 * {**dense, **lstm}["d" + name]',
                ),
            ),
            "Plain gradient descent moves `parameters`: `optimizer` gives each weight a step size of its own.",
        ),
        Mistake(
            "plain-descent-with-decay",
            (
                (
                    "optimizer.update(parameters, {**dense, **lstm})",
                    "for name in parameters:\n"
                    '            parameters[name] -= 0.01 / (1 + 0.01 * epoch) * {**dense, **lstm}["d" + name]',
                ),
            ),
            "Plain gradient descent moves `parameters`, though at a rate that falls: `optimizer` gives each weight a step size of its own.",
        ),
        Mistake(
            "stops-when-the-loss-rises",
            (
                (
                    "optimizer.update(parameters, {**dense, **lstm})",
                    "optimizer.update(parameters, {**dense, **lstm})\n"
                    "        if len(losses) > 1 and losses[-1] > losses[-2]:\n"
                    "            break",
                ),
            ),
            "The training stops when the loss rises: there are as many epochs as `epochs` says.",
        ),
        Mistake(
            "targets-not-subtracted",
            (("(y_hat - np.swapaxes(Y, 0, 1))", "y_hat"),),
            "`dz` does not know `Y`: it is what was predicted less what came.",
        ),
        Mistake(
            "targets-added",
            (("(y_hat - np.swapaxes(Y, 0, 1))", "(y_hat + np.swapaxes(Y, 0, 1))"),),
            "What came is added in `dz`: it is what was predicted less what came.",
        ),
        Mistake(
            "inputs-for-predictions",
            (("(y_hat - np.swapaxes(Y, 0, 1))", "(X - np.swapaxes(Y, 0, 1))"),),
            "`dz` is made of the inputs `X`: it is what was predicted, `y_hat`, less what came.",
        ),
        Mistake(
            "predictions-for-the-gradient",
            (("dense_softmax_backward(dz,", "dense_softmax_backward(y_hat,"),),
            "The dense layer gets `y_hat` on the way back: it wants the gradient `dz`.",
        ),
        Mistake(
            "states-for-the-gradient",
            (('lstm_layer_backward(dense["da"]', "lstm_layer_backward(a"),),
            "The LSTM layer gets its own states on the way back: it wants their gradient, `da` of the dense layer.",
        ),
        Mistake(
            "memory-left-out",
            (("lstm_layer(X, parameters, a0, c0)", "lstm_layer(X, parameters, a0)"),),
            "The memory begins with zeros: `c0` is the memory before the first step.",
        ),
        Mistake(
            "state-for-memory",
            (("lstm_layer(X, parameters, a0, c0)", "lstm_layer(X, parameters, a0, a0)"),),
            "The first hidden state is handed over as the memory too: that is `c0`.",
        ),
        Mistake(
            "memory-for-state",
            (("lstm_layer(X, parameters, a0, c0)", "lstm_layer(X, parameters, c0, c0)"),),
            "The first memory is handed over as the hidden state too: that is `a0`.",
        ),
    ],
}
