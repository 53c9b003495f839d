"""Known mistakes of the lab `poetry`: the prediction and the training step."""

from autograder import Mistake

A1 = 'a1, _ = lstm_layer(x, parameters["lstm1"])'
BACK2 = 'lstm2 = lstm_layer_backward(dropout_backward(dense["da"], mask2), cache2)'
BACK1 = 'lstm1 = lstm_layer_backward(dropout_backward(lstm2["dx"], mask1), cache1, dx=False)'
GRADIENTS = 'gradients = {"lstm1": lstm1, "lstm2": lstm2, "dense": dense}'

mistakes = {
    "predict": [
        Mistake(
            "all-steps",
            (("a2[:, -1]", "a2"),),
            "`preds` has a prediction for every step: only the last state of `a2` has read the whole window.",
        ),
        Mistake(
            "first-step",
            (("a2[:, -1]", "a2[:, 0]"),),
            "`preds` is made of the first state: the last one has read the whole window.",
        ),
        Mistake(
            "last-window",
            (("a2[:, -1]", "a2[-1]"),),
            "`preds` is made of all steps of the last window: the axes are window, step, unit.",
        ),
        Mistake(
            "mean-of-the-states",
            (("a2[:, -1]", "a2.mean(axis=1)"),),
            "`preds` is made of the mean of all states: equation (2) has the last one.",
        ),
        Mistake(
            "last-state-of-the-first-layer-only",
            (("lstm_layer(a1, ", "lstm_layer(a1[:, -1:], "),),
            "The second layer reads the last state of `a1` alone: it should read the whole sequence.",
        ),
        Mistake(
            "backwards",
            (("lstm_layer(x, ", "lstm_layer(x[:, ::-1], "),),
            "The windows of `x` are read backwards.",
        ),
        Mistake(
            "logarithms",
            (("    return preds", "    return np.log(preds)"),),
            "`preds` are logarithms: probabilities are asked for.",
        ),
    ],
    "fit": [
        Mistake(
            "no-dropout",
            (
                ("dropout(a1, rate, rng)", "dropout(a1, 0.0, rng)"),
                ("dropout(a2[:, -1], rate, rng)", "dropout(a2[:, -1], 0.0, rng)"),
            ),
            "No state is dropped: `rate` says which share of `a1`, and of the last state of `a2`, should be.",
        ),
        Mistake(
            "no-first-dropout",
            (("lstm_layer(d1, ", "lstm_layer(a1, "), ('dropout_backward(lstm2["dx"], mask1)', 'lstm2["dx"]')),
            "The second layer reads `a1` without dropout.",
        ),
        Mistake(
            "no-second-dropout",
            (
                ("dense_softmax(d2, ", "dense_softmax(a2[:, -1], "),
                ('dropout_backward(dense["da"], mask2)', 'dense["da"]'),
            ),
            "The dense layer reads the last state of `a2` without dropout.",
        ),
        Mistake(
            "rate-turned-round",
            (
                ("dropout(a1, rate, rng)", "dropout(a1, 1 - rate if rate else 0.0, rng)"),
                ("dropout(a2[:, -1], rate, rng)", "dropout(a2[:, -1], 1 - rate if rate else 0.0, rng)"),
            ),
            "`rate` is taken for the share of the states that are kept: it is the share set to zero.",
        ),
        Mistake(
            "mask-forgotten-on-the-way-back",
            (
                ('dropout_backward(lstm2["dx"], mask1)', 'lstm2["dx"]'),
                ('dropout_backward(dense["da"], mask2)', 'dense["da"]'),
            ),
            "On the way back `mask1` and `mask2` are forgotten: a state that was dropped has no gradient.",
        ),
        Mistake(
            "first-mask-forgotten",
            (('dropout_backward(lstm2["dx"], mask1)', 'lstm2["dx"]'),),
            "On the way back `mask1` is forgotten: what was dropped between the layers has no gradient.",
        ),
        Mistake(
            "second-mask-forgotten",
            (('dropout_backward(dense["da"], mask2)', 'dense["da"]'),),
            "On the way back `mask2` is forgotten: what was dropped after the second layer has no gradient.",
        ),
        Mistake(
            "new-mask-on-the-way-back",
            (('dropout_backward(lstm2["dx"], mask1)', 'dropout(lstm2["dx"], rate, rng)[0]'),),
            "The way back draws a new mask: it needs the `mask1` of the way forward.",
        ),
        Mistake(
            "dropout-of-all-steps",
            (
                (
                    "d2, mask2 = dropout(a2[:, -1], rate, rng)",
                    "d2, mask2 = dropout(a2, rate, rng)\n        d2, mask2 = d2[:, -1], mask2[:, -1]",
                ),
            ),
            "The second mask, `mask2`, is drawn for all steps: it is for the last state alone, which takes fewer random numbers. It earns part of the points.",
            credit=0.5,
        ),
        Mistake(
            "first-step",
            (("dropout(a2[:, -1], rate, rng)", "dropout(a2[:, 0], rate, rng)"),),
            "The prediction is made of the first state of `a2`: the last one has read the window.",
        ),
        Mistake(
            "first-layer-never-trained",
            (
                (
                    GRADIENTS,
                    'gradients = {"lstm1": {k: 0 * v for k, v in lstm1.items()}, "lstm2": lstm2, "dense": dense}',
                ),
            ),
            "`lstm1` stays as it is: its gradients belong to `gradients` too.",
        ),
        Mistake(
            "second-layer-never-trained",
            (
                (
                    GRADIENTS,
                    'gradients = {"lstm1": lstm1, "lstm2": {k: 0 * v for k, v in lstm2.items()}, "dense": dense}',
                ),
            ),
            "`lstm2` stays as it is: its gradients belong to `gradients` too.",
        ),
        Mistake(
            "dense-layer-never-trained",
            (
                (
                    GRADIENTS,
                    'gradients = {"lstm1": lstm1, "lstm2": lstm2, "dense": {k: 0 * v for k, v in dense.items()}}',
                ),
            ),
            "The layer `dense` stays as it is: its gradients belong to `gradients` too.",
        ),
        Mistake(
            "only-the-last-step-goes-down",
            (
                (
                    BACK1,
                    'lstm1 = lstm_layer_backward((lstm2["dx"] * mask1)[:, -1], cache1, dx=False)',
                ),
            ),
            "Only the last step sends a gradient down to the first layer: `dx` has one for each step.",
        ),
        Mistake(
            "uphill",
            (
                (
                    'preds, cache3 = dense_softmax(d2, parameters["dense"])',
                    'preds, cache3 = dense_softmax(d2, parameters["dense"])',
                ),
                ("dense_softmax_backward(dz, cache3)", "dense_softmax_backward(-dz, cache3)"),
            ),
            "The sign of `dz` is turned round, so that the loss rises: `cross_entropy` takes the predictions first, then the targets, and its `dz` is used as it is.",
        ),
        Mistake(
            "sum-over-the-batch",
            (("dense_softmax_backward(dz, cache3)", "dense_softmax_backward(dz * len(batch), cache3)"),),
            "The gradient is summed over the batch: `cross_entropy` divides by the number of windows already.",
        ),
        Mistake(
            "divided-twice",
            (("dense_softmax_backward(dz, cache3)", "dense_softmax_backward(dz / len(batch), cache3)"),),
            "The gradient is divided by the number of windows twice: `cross_entropy` does that.",
        ),
        Mistake(
            "moved-twice",
            ((GRADIENTS, f"{GRADIENTS}\n        optimizer.update(parameters, gradients)"),),
            "Each minibatch moves `parameters` twice: the update is made below your code.",
        ),
        Mistake(
            "first-windows-only",
            (
                ("lstm_layer(x[batch], ", "lstm_layer(x[: len(batch)], "),
                ("cross_entropy(preds, y[batch])", "cross_entropy(preds, y[: len(batch)])"),
            ),
            "Each step trains on the first windows: `batch` holds the numbers of those whose turn it is.",
        ),
        Mistake(
            "targets-of-other-windows",
            (("cross_entropy(preds, y[batch])", "cross_entropy(preds, y[: len(batch)])"),),
            "The targets belong to other windows: `y` is picked by `batch`, like `x`.",
        ),
        Mistake(
            "loss-in-bits",
            (("        # backward: dense", "        loss = loss / np.log(2)\n        # backward: dense"),),
            "The losses are in bits: `cross_entropy` gives nats, and so does `losses`.",
        ),
    ],
}
