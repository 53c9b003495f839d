"""Known mistakes of the lab `emojify`: sentences as numbers, and the embedding matrix."""

from autograder import Mistake

mistakes = {
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
        Mistake(
            "first-column-empty",
            (("enumerate(numbers[:max_len])", "enumerate(numbers[: max_len - 1], 1)"),),
            "The first column of `X_indices` stays empty: columns count from 0.",
        ),
        Mistake(
            "one-column-early",
            (("X_indices[i, j]", "X_indices[i, j - 1]"),),
            "The first word of a sentence lands in the last column of `X_indices`: the counter is one too small.",
        ),
        Mistake(
            "one-row-early",
            (("X_indices[i, j]", "X_indices[i - 1, j]"),),
            "Each sentence stands a row too high in `X_indices`, and the first in the last row.",
        ),
        Mistake(
            "stops-at-an-unknown-word",
            (
                (
                    "numbers = [word_to_index[word] for word in words_of(sentence) if word in word_to_index]",
                    "numbers = []\n"
                    "        for word in words_of(sentence):\n"
                    "            if word not in word_to_index:\n"
                    "                break\n"
                    "            numbers.append(word_to_index[word])",
                ),
            ),
            "A sentence ends at its first word without a number: the known words after it belong into `X_indices` too.",
        ),
        Mistake(
            "each-word-once",
            (("enumerate(numbers[:max_len])", "enumerate(list(dict.fromkeys(numbers))[:max_len])"),),
            "A word that comes twice stands only once in `X_indices`: all words stay, in their order.",
        ),
        Mistake(
            "too-long-left-out",
            (("enumerate(numbers[:max_len])", "enumerate(numbers if len(numbers) <= max_len else [])"),),
            "The row of a sentence that is too long stays empty: its first `max_len` words belong there.",
        ),
        Mistake(
            "empty-sentence-ends",
            (
                (
                    "numbers = [word_to_index[word] for word in words_of(sentence) if word in word_to_index]",
                    "numbers = [word_to_index[word] for word in words_of(sentence) if word in word_to_index]\n"
                    "        if not numbers:\n"
                    "            break",
                ),
            ),
            "After a sentence without known words all rows of `X_indices` stay empty: only its own should.",
        ),
        Mistake(
            "numbers-plus-one",
            (("X_indices[i, j] = number", "X_indices[i, j] = number + 1"),),
            "All numbers are one too large: `word_to_index` begins at 1 already.",
        ),
        Mistake(
            "place-for-the-number",
            (("X_indices[i, j] = number", "X_indices[i, j] = j"),),
            "`X_indices` holds the place of each word in its sentence: `word_to_index` has the numbers.",
        ),
        Mistake(
            "row-filled",
            (("X_indices[i, j] = number", "X_indices[i, :] = number"),),
            "The last number fills the whole row of `X_indices`: each word has a column of its own.",
        ),
        Mistake(
            "first-word-lost",
            (("enumerate(numbers[:max_len])", "list(enumerate(numbers[:max_len]))[1:]"),),
            "The first word of each sentence is missing from `X_indices`, and its column is empty.",
        ),
        Mistake(
            "last-word-of-each-lost",
            (("enumerate(numbers[:max_len])", "enumerate(numbers[:max_len][:-1])"),),
            "The last word of each sentence is missing from `X_indices`: the loop ends too early.",
        ),
        Mistake(
            "last-sentence-left-out",
            (("enumerate(X)", "enumerate(X[:-1])"),),
            "The last row of `X_indices` stays empty: the loop ends before the last sentence.",
        ),
        Mistake(
            "first-sentence-left-out",
            (("enumerate(X)", "list(enumerate(X))[1:]"),),
            "The first row of `X_indices` stays empty: the loop begins after the first sentence.",
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
        Mistake(
            "first-listed-word-missing",
            (("in word_to_index.items()", "in list(word_to_index.items())[1:]"),),
            "A row of `emb_matrix` is empty: the first word that `word_to_index` lists is left out.",
        ),
        Mistake(
            "last-listed-word-missing",
            (("in word_to_index.items()", "in list(word_to_index.items())[:-1]"),),
            "A row of `emb_matrix` is empty: the last word that `word_to_index` lists is left out.",
        ),
        Mistake(
            "mean-for-the-padding",
            (("    ### END", "    emb_matrix[0] = emb_matrix[1:].mean(axis=0)\n    ### END"),),
            "Row 0 of `emb_matrix` holds the mean of all vectors: padding should add nothing.",
        ),
        Mistake(
            "one-vector-everywhere",
            (("emb_matrix[index, :]", "emb_matrix[:, :]"),),
            "All rows of `emb_matrix` are the same: each word is written over the whole matrix, not into the row of its number.",
        ),
        Mistake(
            "numbers-in-the-rows",
            (("= word_to_vec_map[word]", "= word_to_index[word]"),),
            "The rows of `emb_matrix` hold the number of the word: its vector, from `word_to_vec_map`, belongs there.",
        ),
    ],
}
