"""The known mistakes of the lab `emojify`: small edits of the reference, each with the help a student reads."""

from autograder import Mistake

mistakes = {
    "sentence_to_avg": [
        Mistake(
            "sum",
            ((" / len(known)", ""),),
            "`avg` is the sum of the vectors: long sentences get long vectors, so divide by the number of words.",
        ),
        Mistake(
            "unknown-words-counted",
            ((" / len(known)", " / len(words_of(sentence))"),),
            "`avg` is too short: words without a vector count in the division, but not in the sum.",
        ),
        Mistake(
            "split-at-spaces",
            (("words_of(sentence)", "sentence.lower().split()"),),
            "A word with a comma or a full stop is not found: `words_of` takes punctuation off, and splits contractions.",
        ),
        Mistake(
            "capitals-kept",
            (("words_of(sentence)", "sentence.split()"),),
            "Words with capitals or punctuation are not found: let `words_of` take the `sentence` apart.",
        ),
        Mistake(
            "each-word-once",
            (("in words_of(sentence)", "in dict.fromkeys(words_of(sentence))"),),
            "A word that comes twice in the `sentence` is counted once: every occurrence is a term of the mean.",
        ),
        Mistake(
            "last-word-only",
            (("avg = avg + word_to_vec_map", "avg = word_to_vec_map"),),
            "Only the last word is left in `avg`: each word should be added to what is there.",
        ),
        Mistake(
            "first-word-missing",
            (("for word in known:", "for word in known[1:]:"),),
            "The first word is missing from `avg`.",
        ),
        Mistake(
            "halved-each-time",
            (
                ("avg = avg + word_to_vec_map[word] / len(known)", "avg = (avg + word_to_vec_map[word]) / 2"),
            ),
            "Later words weigh more in `avg` than earlier ones: divide by the number of words, not by 2 each time.",
        ),
        Mistake(
            "divided-in-the-loop",
            (("avg = avg + word_to_vec_map[word] / len(known)", "avg = (avg + word_to_vec_map[word]) / len(known)"),),
            "What is in `avg` already is divided again with every word: divide each vector once, or the sum after the loop.",
        ),
        Mistake(
            "vector-changed",
            (
                ("for word in known:", "for j, word in enumerate(known):"),
                (
                    "avg = avg + word_to_vec_map[word] / len(known)",
                    "avg = avg if j else word_to_vec_map[word]\n        avg += word_to_vec_map[word] if j else 0\n    avg /= len(known) or 1",
                ),
            ),
            "A vector in `word_to_vec_map` is changed: `avg` began as that very array, and += writes into it.",
        ),
        Mistake(
            "ends-stripped",
            (("words_of(sentence)", "[word.strip('.,!?') for word in sentence.lower().split()]"),),
            "Contractions are not found: `words_of` splits them, which no stripping of the `sentence` does.",
        ),
        Mistake(
            "divided-by-size",
            ((" / len(known)", " / n_x"),),
            "The sum is divided by `n_x`, the size of a vector: it is the number of words that counts.",
        ),
        Mistake(
            "letters",
            (
                ("for word in words_of(sentence) if", "for word in sentence.lower() if"),
            ),
            "A loop over the `sentence` itself gives letters: the words come from `words_of`.",
        ),
    ],
    "predict": [
        Mistake(
            "no-bias",
            ((" + b", ""),),
            "The bias `b` is missing from the scores: some classes are likelier from the start.",
        ),
        Mistake(
            "bias-subtracted",
            ((" + b", " - b"),),
            "The bias `b` is subtracted from the scores.",
        ),
        Mistake(
            "smallest-score",
            (("np.argmax(z)", "np.argmin(z)"),),
            "The class of the smallest score is chosen: the largest entry of `z` belongs to the likeliest class.",
        ),
        Mistake(
            "size-of-score",
            (("np.argmax(z)", "np.argmax(np.abs(z))"),),
            "Signs are lost: a very negative entry of `z` makes its class unlikely.",
        ),
        Mistake(
            "value-of-the-score",
            (("np.argmax(z)", "np.max(z)"),),
            "The largest score itself is taken for a class: its place in `z` is asked for.",
        ),
        Mistake(
            "label-returned",
            (("best = np.argmax(z)", "best = Y[i]"),),
            "The labels come back as predictions: `Y` is only for counting what is right.",
        ),
        Mistake(
            "first-sentence",
            (("sentence_to_avg(sentence, word_to_vec_map)", "sentence_to_avg(X[0], word_to_vec_map)"),),
            "All predictions are that of the first sentence: average the one that the loop is at, `sentence`.",
        ),
        Mistake(
            "counted-from-one",
            (("np.argmax(z)", "np.argmax(z) + 1"),),
            "The classes in `pred` are one too large: they count from 0.",
        ),
        Mistake(
            "bias-only",
            (("np.dot(W, avg) + b", "0 * np.dot(W, avg) + b"),),
            "Every sentence gets the same class: the scores do not depend on `avg`.",
        ),
    ],
    "model": [
        Mistake(
            "uphill",
            (
                ("W - learning_rate * dW", "W + learning_rate * dW"),
                ("b - learning_rate * dz", "b + learning_rate * dz"),
            ),
            "The cost grows: a gradient points uphill, so `W` and `b` move against theirs.",
        ),
        Mistake(
            "bias-uphill",
            (("b - learning_rate * dz", "b + learning_rate * dz"),),
            "`b` moves along its gradient, `W` against it: both should go downhill.",
        ),
        Mistake(
            "bias-not-trained",
            (("            b = b - learning_rate * dz\n", ""),),
            "`b` stays zero: it has a gradient too, and takes a step like `W`.",
        ),
        Mistake(
            "weights-not-trained",
            (("            W = W - learning_rate * dW\n", ""),),
            "`W` is as it was at the start: it takes no step.",
        ),
        Mistake(
            "bias-not-used",
            (("z = np.dot(W, avg) + b", "z = np.dot(W, avg)"),),
            "The bias `b` is missing from the scores while training, so its steps go astray.",
        ),
        Mistake(
            "rate-ignored",
            (
                ("W - learning_rate * dW", "W - 0.01 * dW"),
                ("b - learning_rate * dz", "b - 0.01 * dz"),
            ),
            "The steps have the same size whatever is asked for: they do not use `learning_rate`.",
        ),
        Mistake(
            "full-steps",
            (
                ("W - learning_rate * dW", "W - dW"),
                ("b - learning_rate * dz", "b - dz"),
            ),
            "The steps are as long as the gradients: `learning_rate` says which part of them to take.",
        ),
        Mistake(
            "label-not-subtracted",
            (("dz = a - Y_oh[i]", "dz = a"),),
            "`dz` does not know the label: the gradient of the scores is the probabilities less `Y_oh` of the sentence.",
        ),
        Mistake(
            "label-as-a-number",
            (("dz = a - Y_oh[i]", "dz = a - Y[i]"),),
            "The label is subtracted as a number, from all classes: `Y_oh` has a row for each sentence, with a single 1.",
        ),
        Mistake(
            "scores-for-probabilities",
            (("dz = a - Y_oh[i]", "dz = z - Y_oh[i]"),),
            "`dz` is made of the scores `z`: it is their probabilities that are compared with the label.",
        ),
        Mistake(
            "label-of-the-first",
            (("dz = a - Y_oh[i]", "dz = a - Y_oh[0]"),),
            "Every sentence is trained with the label of the first: the row of `Y_oh` goes with `i`.",
        ),
        Mistake(
            "slope-of-the-softmax",
            (("dz = a - Y_oh[i]", "dz = (a - Y_oh[i]) * a * (1 - a)"),),
            "`dz` has a slope of `a` too many: for softmax with cross-entropy the difference alone is the gradient.",
        ),
        Mistake(
            "sigmoid",
            (("a = softmax(z)", "a = 1 / (1 + np.exp(-z))"),),
            "The probabilities in `a` do not add up to 1: each class has a sigmoid of its own instead of one `softmax`.",
        ),
        Mistake(
            "two-steps",
            (
                (
                    "            b = b - learning_rate * dz\n",
                    "            b = b - learning_rate * dz\n            W, b = W - learning_rate * dW, b - learning_rate * dz\n",
                ),
            ),
            "`W` and `b` move twice as far as they should: each sentence is worth one step.",
        ),
        Mistake(
            "rate-divided-by-m",
            (
                ("W - learning_rate * dW", "W - learning_rate * dW / m"),
                ("b - learning_rate * dz", "b - learning_rate * dz / m"),
            ),
            "The steps are too short by the factor `m`: the loss of one sentence is no mean.",
        ),
    ],
    "sentences_to_indices": [
        Mistake(
            "split-at-spaces",
            (("words_of(sentence)", "sentence.lower().split()"),),
            "Words with punctuation get no number: `words_of` takes it off, and splits contractions.",
        ),
        Mistake(
            "capitals-kept",
            (("words_of(sentence)", "sentence.split()"),),
            "Words with capitals or punctuation get no number: let `words_of` take the sentence apart.",
        ),
        Mistake(
            "padded-in-front",
            (("X_indices[i, j] = number", "X_indices[i, j - len(numbers[:max_len])] = number"),),
            "The zeros stand in front: the first word belongs into the first column of `X_indices`.",
        ),
        Mistake(
            "backwards",
            (("enumerate(numbers[:max_len])", "enumerate(numbers[:max_len][::-1])"),),
            "The words stand in reverse order in `X_indices`: an LSTM reads them from the first column on.",
        ),
        Mistake(
            "end-kept",
            (("numbers[:max_len]", "numbers[-max_len:]"),),
            "Of a sentence that is too long the last words are kept: the first `max_len` should be.",
        ),
        Mistake(
            "gaps",
            (
                (
                    "[word_to_index[word] for word in words_of(sentence) if word in word_to_index]",
                    "[word_to_index.get(word, 0) for word in words_of(sentence)]",
                ),
            ),
            "A word without a number leaves a 0 in the middle of the row: the next known word of `sentence` takes its place.",
        ),
        Mistake(
            "cut-before-choosing",
            (
                ("in words_of(sentence) if", "in words_of(sentence)[:max_len] if"),
            ),
            "Unknown words take places of known ones: cut to `max_len` after they are left out.",
        ),
        Mistake(
            "numbers-sorted",
            (("enumerate(numbers[:max_len])", "enumerate(sorted(numbers[:max_len]))"),),
            "The `numbers` of a sentence are sorted: they should stay in the order of its words.",
        ),
        Mistake(
            "counted-from-zero",
            (("X_indices[i, j] = number", "X_indices[i, j] = number - 1"),),
            "All numbers are one too small: take them from `word_to_index` as they are, 0 is for padding.",
        ),
        Mistake(
            "last-word-lost",
            (("numbers[:max_len]", "numbers[: max_len - 1]"),),
            "The last column stays empty: up to `max_len` words have room.",
        ),
        Mistake(
            "all-in-the-first-column",
            (("X_indices[i, j]", "X_indices[i, 0]"),),
            "Every word is written over the one before, into the first column of `X_indices`.",
        ),
        Mistake(
            "ends-stripped",
            (("words_of(sentence)", "[word.strip('.,!?') for word in sentence.lower().split()]"),),
            "Contractions get no number: `words_of` splits them, which no stripping of the `sentence` does.",
        ),
        Mistake(
            "all-in-the-first-row",
            (("X_indices[i, j]", "X_indices[0, j]"),),
            "All sentences are written into the first row of `X_indices`.",
        ),
    ],
    "pretrained_embedding_layer": [
        Mistake(
            "no-row-for-padding",
            (("len(word_to_index) + 1", "len(word_to_index)"), ("emb_matrix[index, :]", "emb_matrix[index - 1, :]")),
            "`emb_matrix` has no row for number 0: the padding needs one too.",
        ),
        Mistake(
            "one-row-too-high",
            (("emb_matrix[index, :]", "emb_matrix[index - 1, :]"),),
            "Every vector is one row too high, and the padding is no longer zero: the row is the `index` itself.",
        ),
        Mistake(
            "order-of-the-dictionary",
            (
                (
                    "for word, index in word_to_index.items():",
                    "for index, word in enumerate(word_to_index, 1):",
                ),
            ),
            "The rows follow the order in which `word_to_index` lists its words: their numbers decide.",
        ),
        Mistake(
            "numbered-from-zero",
            (("for word, index in word_to_index.items():", "for index, word in enumerate(word_to_index):"),),
            "The rows are numbered anew, from 0, which belongs to the padding: each word has its number in `word_to_index`.",
        ),
        Mistake(
            "alphabetical",
            (("for word, index in word_to_index.items():", "for index, word in enumerate(sorted(word_to_index), 1):"),),
            "The rows are in alphabetical order, which the numbers need not follow: those in `word_to_index` decide.",
        ),
        Mistake(
            "order-of-the-vectors",
            (
                (
                    "for word, index in word_to_index.items():",
                    "for index, word in enumerate([w for w in word_to_vec_map if w in word_to_index], 1):",
                ),
            ),
            "The rows follow the order of `word_to_vec_map`: the numbers in `word_to_index` decide.",
        ),
        Mistake(
            "padding-not-zero",
            (("np.zeros((vocab_len", "np.ones((vocab_len"),),
            "Row 0 of `emb_matrix` is not zero: padding should add nothing.",
        ),
        Mistake(
            "room-for-all-vectors",
            (("len(word_to_index) + 1", "len(word_to_vec_map) + 1"),),
            "`emb_matrix` has rows for words without a number: count the words of `word_to_index`.",
        ),
        Mistake(
            "one-row-too-many",
            (("len(word_to_index) + 1", "len(word_to_index) + 2"),),
            "`emb_matrix` has a row too many: one for each numbered word, and one for number 0.",
        ),
        Mistake(
            "unit-length",
            (
                (
                    "= word_to_vec_map[word]",
                    "= word_to_vec_map[word] / np.linalg.norm(word_to_vec_map[word])",
                ),
            ),
            "The vectors in `emb_matrix` are scaled to length 1: they should stay as they are.",
        ),
    ],
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
    ],
}
