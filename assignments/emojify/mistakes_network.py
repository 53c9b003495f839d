"""Known mistakes of the lab `emojify`: the network of two LSTM layers."""

from autograder import Mistake

mistakes = {
    "Emojify_V2": [
        Mistake(
            "first-state",
            (("a2[:, -1]", "a2[:, 0]"),),
            "The first state of `a2` goes on: it has seen one word only.",
        ),
        Mistake(
            "mean-of-the-states",
            (("a2[:, -1]", "a2.mean(axis=1)"),),
            "The mean of all states of `a2` goes on: here it is the last one.",
        ),
        Mistake(
            "state-of-the-first-layer",
            (("a2[:, -1]", "d1[:, -1]"),),
            "The second LSTM is left out of the result: the last state should be that of `a2`.",
        ),
        Mistake(
            "lower-dropout-not-used",
            (("lstm_layer(d1,", "lstm_layer(a1,"),),
            "The second LSTM reads `a1` as it was before the dropout, or nothing is dropped there.",
        ),
        Mistake(
            "upper-dropout-not-used",
            (("dense_softmax(d2,", "dense_softmax(a2[:, -1],"),),
            "The dense layer gets the last state of `a2` as it was before the dropout, or nothing is dropped there.",
        ),
        Mistake(
            "rate-always-half",
            (("dropout(a1, rate, rng)", "dropout(a1, 0.5, rng)"), ("dropout(a2[:, -1], rate, rng)", "dropout(a2[:, -1], 0.5, rng)")),
            "Half of the entries are dropped, even when predicting: the share is `rate`.",
        ),
        Mistake(
            "upper-dropout-on-all-steps",
            (
                ("d2, mask2 = dropout(a2[:, -1], rate, rng)", "d2, mask2 = dropout(a2, rate, rng)"),
                ("dense_softmax(d2,", "dense_softmax(d2[:, -1],"),
            ),
            "The upper dropout throws dice for all steps of `a2`: give it the last state alone.",
        ),
        Mistake(
            "dropout-on-the-vectors",
            (
                ("lstm_layer(x, parameters", "lstm_layer(dropout(x, rate, rng)[0], parameters"),
                ("d1, mask1 = dropout(a1, rate, rng)", "d1, mask1 = a1, 1"),
            ),
            "The lower dropout falls on the word vectors `x`: it belongs between the two LSTMs.",
        ),
        Mistake(
            "same-dice-twice",
            (
                ("    d1, mask1 = dropout(a1, rate, rng)", "    other = np.random.default_rng(seed)\n    d1, mask1 = dropout(a1, rate, other)"),
            ),
            "The second dropout begins with the dice of the first: both draw from the same `rng`, one after the other.",
        ),
        Mistake(
            "read-backwards",
            (("embed(X_indices, emb_matrix)", "embed(X_indices[:, ::-1], emb_matrix)"),),
            "The sentences are read from their end: the columns of `X_indices` are in order already.",
        ),
        Mistake(
            "first-layer-before-dropout",
            (("a2[:, -1]", "a1[:, -1]"),),
            "The second LSTM is left out of the result, and the lower dropout too: the last state should be that of `a2`, not of `a1`.",
        ),
        Mistake(
            "state-of-the-last-word",
            (("a2[:, -1]", "a2[np.arange(len(a2)), np.maximum((X_indices > 0).sum(axis=1) - 1, 0)]"),),
            "The state after the last word goes on, without the padding: here it is the last state of `a2`, which has seen the padding too.",
        ),
        Mistake(
            "states-added-up",
            (("a2[:, -1]", "a2.sum(axis=1)"),),
            "The sum of all states of `a2` goes on: here it is the last one.",
        ),
        Mistake(
            "largest-state",
            (("a2[:, -1]", "a2.max(axis=1)"),),
            "Of each unit the largest state of `a2` goes on: here it is the last one.",
        ),
        Mistake(
            "last-sentence-for-last-step",
            (("a2[:, -1]", "a2[-1]"),),
            "The last sentence goes on, with all its steps: sentences are the first axis of `a2`, steps the second.",
        ),
        Mistake(
            "sentences-for-steps",
            (("embed(X_indices, emb_matrix)", "embed(X_indices.T, emb_matrix)"),),
            "Sentences and steps have changed places: `X_indices` is not to be turned.",
        ),
        Mistake(
            "dropped-when-predicting",
            (
                ("d1, mask1 = dropout(a1, rate, rng)", "d1, mask1 = dropout(a1, rate or 0.5, rng)"),
                (
                    "d2, mask2 = dropout(a2[:, -1], rate, rng)",
                    "d2, mask2 = dropout(a2[:, -1], rate or 0.5, rng)",
                ),
            ),
            "Something is dropped even when predicting: a `rate` of 0 means that nothing is.",
        ),
        Mistake(
            "no-lower-dropout",
            (("d1, mask1 = dropout(a1, rate, rng)", "d1, mask1 = a1, np.ones_like(a1)"),),
            "There is no dropout between the two LSTMs: the second should read `d1`, not `a1`.",
        ),
        Mistake(
            "no-dropout",
            (
                ("d1, mask1 = dropout(a1, rate, rng)", "d1, mask1 = a1, np.ones_like(a1)"),
                (
                    "d2, mask2 = dropout(a2[:, -1], rate, rng)",
                    "d2, mask2 = a2[:, -1], np.ones_like(a2[:, -1])",
                ),
            ),
            "Nothing is dropped at either place: `rate` is not used.",
        ),
        Mistake(
            "lower-drawn-twice",
            (
                (
                    "d1, mask1 = dropout(a1, rate, rng)",
                    "d1, mask1 = dropout(a1, rate, rng)[0], dropout(a1, rate, rng)[1]",
                ),
            ),
            "The lower dropout is called twice, so that the dice of `rng` fall once too often: one call gives both `d1` and `mask1`.",
        ),
        Mistake(
            "not-scaled",
            (
                (
                    "d1, mask1 = dropout(a1, rate, rng)",
                    "mask1 = dropout(a1, rate, rng)[1]\n    d1 = a1 * (mask1 > 0)",
                ),
                (
                    "d2, mask2 = dropout(a2[:, -1], rate, rng)",
                    "mask2 = dropout(a2[:, -1], rate, rng)[1]\n    d2 = a2[:, -1] * (mask2 > 0)",
                ),
            ),
            "What is not dropped stays as it was: it should be divided by 1 less `rate`, so that the mean is kept.",
        ),
        Mistake(
            "mask-for-states",
            (("d1, mask1 = dropout(a1, rate, rng)", "mask1, d1 = dropout(a1, rate, rng)"),),
            "The second LSTM reads the mask: `dropout` returns the states first, then the mask.",
        ),
        Mistake(
            "mask-for-the-last-state",
            (("d2, mask2 = dropout(a2[:, -1], rate, rng)", "mask2, d2 = dropout(a2[:, -1], rate, rng)"),),
            "The dense layer reads the mask: the upper `dropout` returns the states first, then the mask.",
        ),
        Mistake(
            "dropout-after-the-softmax",
            (
                ("d2, mask2 = dropout(a2[:, -1], rate, rng)", "d2, mask2 = a2[:, -1], 1.0"),
                (
                    'y_hat, cache3 = dense_softmax(d2, parameters["dense"])',
                    'y_hat, cache3 = dense_softmax(d2, parameters["dense"])\n'
                    "    y_hat, mask2 = dropout(y_hat, rate, rng)",
                ),
            ),
            "The upper dropout falls on the probabilities `y_hat`: it belongs between the second LSTM and the dense layer.",
        ),
        Mistake(
            "masks-swapped",
            (
                (
                    "caches.extend([cache1, mask1, cache2, mask2, cache3])",
                    "caches.extend([cache1, mask2, cache2, mask1, cache3])",
                ),
            ),
            "The two masks have changed places in `caches`: on the way back each belongs to its own dropout.",
        ),
        Mistake(
            "caches-swapped",
            (
                (
                    "caches.extend([cache1, mask1, cache2, mask2, cache3])",
                    "caches.extend([cache2, mask1, cache1, mask2, cache3])",
                ),
            ),
            "The two LSTMs have changed places in `caches`: the lower one comes first.",
        ),
        Mistake(
            "caches-in-one-entry",
            (
                (
                    "caches.extend([cache1, mask1, cache2, mask2, cache3])",
                    "caches.append([cache1, mask1, cache2, mask2, cache3])",
                ),
            ),
            "All that is kept is a single entry of `caches`: it should be five entries.",
        ),
        Mistake(
            "caches-backwards",
            (
                (
                    "caches.extend([cache1, mask1, cache2, mask2, cache3])",
                    "caches.extend([cache3, mask2, cache2, mask1, cache1])",
                ),
            ),
            "`caches` is in reverse order: what is computed first comes first.",
        ),
    ],
}
