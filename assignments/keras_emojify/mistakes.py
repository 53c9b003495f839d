"""The known mistakes of the lab `keras_emojify`, each with the help that a student reads.

Those of models are edits of reference.py; ``written`` is the same mistake in Keras, as edits of the text.
"""

from autograder import Mistake

LOOP = "for word, index in word_to_index.items():"
ROW = "emb_matrix[index, :] = word_to_vec_map[word]"
ROWS = "len(word_to_index) + 1"
READ = "read = last_state(a2, X_indices)"
SOFTMAX = "y_hat, slope = softmax(z)"
SECOND = "LSTM(128, return_sequences=False)(X)"


def embedding(name, help, *edits):
    """A mistake that is the same in the reference and in the solution."""
    return Mistake(name, edits, help, written=edits)


def activation(name, help, value, slope, *written):
    """A wrong function of the scores z, and the gradient of z from that of the function's value, g."""
    edit = f"y_hat = {value}\n    slope = lambda g: {slope}"
    return Mistake(name, ((SOFTMAX, edit),), help, written=written)


mistakes = {
    "padded_batches": [
        Mistake(
            "order-ignored",
            (("rows[k] for k in order[start : start + batch_size]", "row for row in rows[start : start + batch_size]"),),
            "The sentences come in the order of `rows`: `order` says which comes next.",
        ),
        Mistake(
            "longest-of-all",
            (("len(row) for row in chosen)", "len(row) for row in rows)"),),
            "Every batch is as long as the longest sentence of all: that of its own batch is enough.",
        ),
        Mistake(
            "shortest-of-the-batch",
            (
                ("max(len(row) for row in chosen)", "min(len(row) for row in chosen)"),
                ("batch[i, : len(row)] = row", "batch[i] = row[:longest]"),
            ),
            "The sentences are cut to the shortest of their batch: they should be padded to the longest.",
        ),
        Mistake(
            "length-of-the-first",
            (
                ("max(len(row) for row in chosen)", "len(chosen[0])"),
                ("batch[i, : len(row)] = row", "batch[i, : len(row)] = row[:longest]"),
            ),
            "The first sentence gives the length of its batch: the longest one should.",
        ),
        Mistake(
            "padded-in-front",
            (("batch[i, : len(row)] = row", "batch[i, longest - len(row) :] = row"),),
            "The zeros stand in front of the words: each sentence begins in the first column.",
        ),
        Mistake(
            "mask-of-the-padding",
            (("mask = batch > 0", "mask = batch == 0"),),
            "The `mask` is true where there is padding: it should be true where there is a word.",
        ),
        Mistake(
            "mask-of-everything",
            (("mask = batch > 0", "mask = batch >= 0"),),
            "The `mask` is true everywhere: padding, number 0, is no word.",
        ),
        Mistake(
            "mask-without-number-one",
            (("mask = batch > 0", "mask = batch > 1"),),
            "The word with the number 1 is missing from the `mask`: only 0 is padding.",
        ),
        Mistake(
            "mask-by-step",
            (("mask = batch > 0", "mask = batch.any(axis=0)"),),
            "The `mask` has one entry for each step: it needs one for each sentence and step.",
        ),
        Mistake(
            "padded-with-minus-one",
            (
                ("np.zeros((len(chosen), longest), dtype=int)", "np.full((len(chosen), longest), -1)"),
            ),
            "The rows are padded with -1: number 0 is the padding, row 0 of the embedding is left for it.",
        ),
        Mistake(
            "last-batch-left-out",
            (("    mask = batch > 0", "    mask = batch > 0\n        if len(chosen) < batch_size:\n            break"),),
            "The sentences that do not fill a batch are left out: the last batch may be smaller.",
        ),
        Mistake(
            "last-batch-filled-up",
            (("np.zeros((len(chosen), longest)", "np.zeros((batch_size, longest)"),),
            "The last batch has rows without a sentence: it is as large as what is left.",
        ),
        Mistake(
            "backwards",
            (("batch[i, : len(row)] = row", "batch[i, : len(row)] = row[::-1]"),),
            "The words of a sentence stand in reverse order.",
        ),
        Mistake(
            "one-column-too-many",
            (("np.zeros((len(chosen), longest)", "np.zeros((len(chosen), longest + 1)"),),
            "Each batch has a column of nothing but padding: the longest sentence needs none.",
        ),
        Mistake(
            "last-word-lost",
            (("batch[i, : len(row)] = row", "batch[i, : len(row) - 1] = row[:-1]"),),
            "The last word of each sentence is missing, and counted as padding.",
        ),
        Mistake(
            "sorted-by-length",
            (("        longest =", "        chosen.sort(key=len)\n        longest ="),),
            "The sentences of a batch are sorted by length: they should stay as `order` has them.",
        ),
        Mistake(
            "order-inverted",
            (("in order[start", "in np.argsort(order)[start"),),
            "`order` is read the wrong way round: its first entry is the place of the sentence that comes first.",
        ),
    ],
    "pretrained_embedding_layer": [
        embedding(
            "no-row-for-padding",
            "The table has no row for number 0: there is one for each word, and one for the padding.",
            (ROWS, "len(word_to_index)"),
            (ROW, "emb_matrix[index - 1, :] = word_to_vec_map[word]"),
        ),
        embedding(
            "one-row-too-high",
            "Every vector is one row too high, and the padding is no longer zero: the row is the `index` itself.",
            (ROW, "emb_matrix[index - 1, :] = word_to_vec_map[word]"),
        ),
        embedding(
            "one-row-too-low",
            "Every vector is one row too low: the row is the `index` itself, since the numbers begin at 1 already.",
            (ROWS, "len(word_to_index) + 2"),
            (ROW, "emb_matrix[index + 1, :] = word_to_vec_map[word]"),
        ),
        embedding(
            "order-of-the-dictionary",
            "The rows follow the order in which `word_to_index` lists its words: their numbers decide.",
            (LOOP, "for index, word in enumerate(sorted(word_to_index), 1):"),
        ),
        embedding(
            "order-of-the-vectors",
            "The rows follow the order of `word_to_vec_map`: the numbers in `word_to_index` decide.",
            (LOOP, "for index, word in enumerate([w for w in word_to_vec_map if w in word_to_index], 1):"),
        ),
        embedding(
            "padding-not-zero",
            "Row 0 of the table is not zero: padding should add nothing.",
            ("emb_matrix = np.zeros(", "emb_matrix = np.ones("),
        ),
        embedding(
            "mean-for-the-padding",
            "Row 0 of the table holds the mean of all vectors: padding should add nothing.",
            (LOOP, "emb_matrix[0] = np.mean([word_to_vec_map[w] for w in word_to_index], axis=0)\n    " + LOOP),
        ),
        embedding(
            "room-for-all-vectors",
            "The table has rows for words without a number: count the words of `word_to_index`.",
            (ROWS, "len(word_to_vec_map) + 1"),
        ),
        embedding(
            "one-row-too-many",
            "The table has a row too many: one for each numbered word, and one for number 0.",
            (ROWS, "len(word_to_index) + 2"),
        ),
        embedding(
            "unit-length",
            "The vectors in the table are scaled to length 1: they should stay as they are.",
            (ROW, ROW + " / np.linalg.norm(word_to_vec_map[word])"),
        ),
        embedding(
            "one-vector-everywhere",
            "All rows of the table are the same: a word is written over the whole matrix, not into the row of its number.",
            (ROW, "emb_matrix[:, :] = word_to_vec_map[word]"),
        ),
        embedding(
            "numbers-in-the-rows",
            "The rows of the table hold the number of the word: its vector belongs there.",
            (ROW, "emb_matrix[index, :] = word_to_index[word]"),
        ),
    ],
    "Emojify_V2": [
        activation(
            "softmax-twice",
            "The softmax is applied twice, so that no emoji is much more probable than another: it belongs into the "
            "`Dense` layer or behind it, not both.",
            "softmax(softmax(z)[0])[0]",
            "softmax(z)[1](softmax(softmax(z)[0])[1](g))",
            ("Dense(5)", 'Dense(5, activation="softmax")'),
        ),
        activation(
            "no-softmax",
            "The model gives scores: a softmax should make them probabilities.",
            "z",
            "g",
            ('    X = Activation("softmax")(X)\n', ""),
        ),
        activation(
            "sigmoid",
            "Each emoji gets a probability of its own, by a sigmoid: the five exclude one another and add up to 1.",
            "1 / (1 + np.exp(-z))",
            "g * y_hat * (1 - y_hat)",
            ('Activation("softmax")', 'Activation("sigmoid")'),
        ),
        activation(
            "softmax-over-the-batch",
            "The probabilities add up to 1 over the sentences of the batch: the softmax runs along the wrong axis.",
            "softmax(z, axis=0)[0]",
            "softmax(z, axis=0)[1](g)",
            ('Activation("softmax")(X)', "keras.layers.Softmax(axis=0)(X)"),
        ),
        activation(
            "relu-before-the-softmax",
            "Scores below zero are set to zero before the softmax: the `Dense` layer has an activation too many.",
            "softmax(np.maximum(z, 0))[0]",
            "(z > 0) * softmax(np.maximum(z, 0))[1](g)",
            ("Dense(5)", 'Dense(5, activation="relu")'),
        ),
        activation(
            "tanh-before-the-softmax",
            "The scores go through a tanh before the softmax: the `Dense` layer has an activation too many.",
            "softmax(np.tanh(z))[0]",
            "(1 - np.tanh(z) ** 2) * softmax(np.tanh(z))[1](g)",
            ("Dense(5)", 'Dense(5, activation="tanh")'),
        ),
        activation(
            "relu-for-the-softmax",
            "The outputs are no probabilities: a relu stands in the place of the softmax.",
            "np.maximum(z, 0)",
            "(z > 0) * g",
            ('Activation("softmax")', 'Activation("relu")'),
        ),
        activation(
            "log-softmax",
            "The model gives logarithms of probabilities: a softmax gives the probabilities.",
            "np.log(softmax(z)[0])",
            "g - softmax(z)[0] * g.sum(axis=1, keepdims=True)",
            ('Activation("softmax")', 'Activation("log_softmax")'),
        ),
        Mistake(
            "mean-of-the-states",
            ((READ, "read = np.full((*X_indices.shape, 1), 1 / X_indices.shape[1])"),),
            "The classifier is given the mean of all states of the second LSTM: the last state is asked for.",
            written=((SECOND, "keras.layers.GlobalAveragePooling1D()(LSTM(128, return_sequences=True)(X))"),),
        ),
        Mistake(
            "first-state",
            ((READ, "read = np.zeros((*X_indices.shape, 1))\n    read[:, 0] = 1"),),
            "The classifier is given the first state of the second LSTM, which has read one word: the last one has "
            "read them all.",
            written=((SECOND, "LSTM(128, return_sequences=True)(X)[:, 0]"),),
        ),
        Mistake(
            "masked",
            (
                (
                    READ,
                    "read = np.eye(X_indices.shape[1])[(X_indices > 0).sum(axis=1) - 1][:, :, None]\n"
                    "    read[~X_indices.any(axis=1)] = 0",
                ),
            ),
            "The steps of padding are masked, so that the state after the last word counts: the model of this exercise "
            "reads the padding too. (The last part of the lab tries a mask.)",
            written=(("= embedding_layer(sentence_indices)", "= keras.layers.Masking()(embedding_layer(sentence_indices))"),),
        ),
        Mistake(
            "read-backwards",
            (
                ("a1, cache1 = lstm_layer(x,", "a1, cache1 = lstm_layer(x[:, ::-1],"),
            ),
            "The first LSTM reads the sentence from its end: `go_backwards` is set.",
            written=(("LSTM(128, return_sequences=True)", "LSTM(128, return_sequences=True, go_backwards=True)"),),
        ),
        Mistake(
            "second-reads-backwards",
            (("a2, cache2 = lstm_layer(a1,", "a2, cache2 = lstm_layer(a1[:, ::-1],"),
             ('backward1 = lstm_layer_backward(backward2["dx"],', 'backward1 = lstm_layer_backward(backward2["dx"][:, ::-1],')),
            "The second LSTM reads the states of the first from the last one on: `go_backwards` is set.",
            written=(("return_sequences=False", "go_backwards=True"),),
        ),
        Mistake(
            "normalised-vectors",
            (("x = embed(X_indices, emb_matrix)", "x = embed(X_indices, emb_matrix)\n    x = x / np.sqrt(np.maximum(np.sum(x**2, axis=2, keepdims=True), 1e-12))"),),
            "The word vectors are scaled to length 1 on their way to the first LSTM: they should stay as they are.",
            written=(("= embedding_layer(sentence_indices)", "= keras.layers.UnitNormalization()(embedding_layer(sentence_indices))"),),
        ),
        Mistake(
            "scaled-by-the-rate",
            (("a2, cache2 = lstm_layer(a1,", "a2, cache2 = lstm_layer(0.5 * a1,"),
             ('backward1 = lstm_layer_backward(backward2["dx"],', 'backward1 = lstm_layer_backward(0.5 * backward2["dx"],')),
            "The states of the first LSTM are halved: `Dropout` scales by itself while it trains, and does nothing when "
            "the model predicts.",
            written=(("    X = Dropout(0.5)(X)\n    # the second", "    X = 0.5 * X\n    # the second"),),
        ),
    ],
}
