"""Other wrong answers of the lab `emojify`: each must earn the same with every seed."""

KNOWN = "known = [word for word in words_of(sentence) if word in word_to_vec_map]"
NUMBERS = "numbers = [word_to_index[word] for word in words_of(sentence) if word in word_to_index]"
CUT = "enumerate(numbers[:max_len])"
BEST = "best = np.argmax(z)"

wrong = {
    "sentence_to_avg": {
        "the first eight words": ((KNOWN, f"{KNOWN}[:8]"),),
        "the first five words": ((KNOWN, f"{KNOWN}[:5]"),),
        "short words left out": ((KNOWN, f"{KNOWN}\n    known = [word for word in known if len(word) > 2]"),),
        "an unknown word ends the sentence": (
            (
                KNOWN,
                "known = []\n    for word in words_of(sentence):\n        if word not in word_to_vec_map:\n"
                "            break\n        known.append(word)",
            ),
        ),
        "one more word": (("/ len(known)", "/ (len(known) + 1)"),),
        "the median": (
            ("avg = avg + word_to_vec_map[word] / len(known)", "avg = np.median([word_to_vec_map[w] for w in known], axis=0)"),
        ),
        "fifty numbers": (("avg = np.zeros(n_x)", "avg = np.zeros(50)"),),
        "nothing known is one": (("    ### END", "    avg = avg if known else np.ones(n_x)\n    ### END"),),
    },
    "predict": {
        "the majority for what has no known word": (
            (
                BEST,
                f"{BEST}\n        if not np.any(avg):\n            best = np.bincount(Y).argmax()",
            ),
        ),
        "class 0 for what has no known word": ((BEST, f"{BEST}\n        if not np.any(avg):\n            best = 0"),),
        "the last class for what has no known word": (
            (BEST, f"{BEST}\n        if not np.any(avg):\n            best = len(b) - 1"),
        ),
        "the last class never": ((BEST, "best = np.argmax(z[:-1])"),),
        "the first class never": ((BEST, "best = 1 + np.argmax(z[1:])"),),
        "three classes": ((BEST, "best = np.argmax(z[:3])"),),
        "the last example left out": (("enumerate(X)", "enumerate(X[:-1])"),),
        "the first twenty": (("enumerate(X)", "enumerate(X[:20])"),),
        "the bias halved": (("np.dot(W, avg) + b", "np.dot(W, avg) + b / 2"),),
        "the largest positive score": ((BEST, "best = np.argmax(np.maximum(z, 0))"),),
        "the sentence before": (("sentence_to_avg(sentence, ", "sentence_to_avg(X[i - 1], "),),
        "the majority for all": ((BEST, "best = np.bincount(Y).argmax()"),),
    },
    "model": {
        "one round fewer": (("progress(num_iterations)", "progress(num_iterations - 1)"),),
        "the last example left out": (("range(m)", "range(m - 1)"),),
        "weight decay": (("W = W - learning_rate * dW", "W = 0.999 * W - learning_rate * dW"),),
        "a falling rate": (
            ("# scores and probabilities", "learning_rate = learning_rate * 0.999"),
        ),
        "right ones are passed over": (("dz = a - Y_oh[i]", "dz = (a - Y_oh[i]) * (np.argmax(a) != Y[i])"),),
        "predicted before the last round": (("range(m)", "range(m if t < num_iterations - 1 else m // 2)"),),
    },
    "sentences_to_indices": {
        "cut at the wrong end": ((CUT, "enumerate(numbers[-max_len:])"),),
        "one fewer than max_len": ((CUT, "enumerate(numbers[:max_len - 1])"),),
        "each word once": ((NUMBERS, f"{NUMBERS}\n        numbers = list(dict.fromkeys(numbers))"),),
        "what is too long is left out": ((CUT, "enumerate(numbers if len(numbers) <= max_len else [])"),),
        "ten at most": ((CUT, "enumerate(numbers[:min(max_len, 10)])"),),
        "eight at most": ((CUT, "enumerate(numbers[:min(max_len, 8)])"),),
        "the last sentence left out": (("enumerate(X)", "enumerate(X[:-1])"),),
        "an empty sentence ends the list": ((NUMBERS, f"{NUMBERS}\n        if not numbers:\n            break"),),
        "stops at an unknown word": (
            (
                NUMBERS,
                "numbers = []\n        for word in words_of(sentence):\n            if word not in word_to_index:\n"
                "                break\n            numbers.append(word_to_index[word])",
            ),
        ),
    },
    "pretrained_embedding_layer": {
        "fifty numbers": (("(vocab_len, emb_dim)", "(vocab_len, 50)"),),
        "the last word missing": (("word_to_index.items()", "list(word_to_index.items())[:-1]"),),
        "the highest number missing": (
            ("emb_matrix[index, :] =", "if index < vocab_len - 1:\n            emb_matrix[index, :] ="),
        ),
        "the mean in row 0": (("    ### END", "    emb_matrix[0] = emb_matrix[1:].mean(axis=0)\n    ### END"),),
    },
    "Emojify_V2": {
        "the state of the last word": (
            ("dropout(a2[:, -1], rate, rng)", "dropout(a2[np.arange(len(a2)), np.maximum((X_indices > 0).sum(axis=1) - 1, 0)], rate, rng)"),
        ),
        "the states added up": (("a2[:, -1]", "a2.sum(axis=1)"),),
        "the largest state": (("a2[:, -1]", "a2.max(axis=1)"),),
        "no padding": (("embed(X_indices, emb_matrix)", "embed(X_indices[:, X_indices.any(axis=0)], emb_matrix)"),),
        "dropped when predicting": (("dropout(a1, rate, rng)", "dropout(a1, rate or 0.5, rng)"),),
        "the other layer first": (
            ("lstm_layer(d1, parameters[\"lstm2\"])", "lstm_layer(a1, parameters[\"lstm2\"])"),
            ("dropout(a2[:, -1], rate, rng)", "dropout(a2[:, -1], rate / 2, rng)"),
        ),
    },
}
