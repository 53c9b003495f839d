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
        "letters": (("words_of(sentence)", "sentence"),),
        "unknown words as punctuation, at spaces": (
            ("words_of(sentence)", "sentence.lower().replace('!', '').replace('.', '').replace(',', '').split()"),
        ),
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
        "the first twenty": (("enumerate(X)", "enumerate(X[:20])"),),
        "the bias halved": (("np.dot(W, avg) + b", "np.dot(W, avg) + b / 2"),),
        "the largest positive score": ((BEST, "best = np.argmax(np.maximum(z, 0))"),),
        "five classes": ((BEST, "best = np.argmax(z[:5])"),),
        "the majority for all": ((BEST, "best = np.bincount(Y).argmax()"),),
        "the labels": ((BEST, "best = Y[i]"),),
        "by the bias alone": ((BEST, "best = np.argmax(b)"),),
        "the first sentence for all": (("sentence_to_avg(sentence, ", "sentence_to_avg(X[0], "),),
        "known words only as they are written": (
            (
                "avg = sentence_to_avg(sentence, word_to_vec_map)",
                "known = [word_to_vec_map[w] for w in sentence.lower().split() if w in word_to_vec_map]\n"
                "        avg = np.mean(known, axis=0) if known else np.zeros(W.shape[1])",
            ),
        ),
    },
    "model": {
        "at most ten rounds": (("progress(num_iterations)", "progress(min(num_iterations, 10))"),),
        "weight decay": (("W = W - learning_rate * dW", "W = 0.999 * W - learning_rate * dW"),),
        "a falling rate": (
            ("# scores and probabilities", "learning_rate = learning_rate * 0.999"),
        ),
        "predicted before the last round": (("range(m)", "range(m if t < num_iterations - 1 else m // 2)"),),
    },
    "sentences_to_indices": {
        "cut at the wrong end": ((CUT, "enumerate(numbers[-max_len:])"),),
        "one fewer than max_len": ((CUT, "enumerate(numbers[:max_len - 1])"),),
        "letters": (("words_of(sentence)", "sentence"),),
        "ten at most": ((CUT, "enumerate(numbers[:min(max_len, 10)])"),),
        "eight at most": ((CUT, "enumerate(numbers[:min(max_len, 8)])"),),
        "three rows at most": (("enumerate(X)", "enumerate(X[:3])"),),
    },
    "pretrained_embedding_layer": {
        "fifty numbers": (("(vocab_len, emb_dim)", "(vocab_len, 50)"),),
        "the highest number missing": (
            ("emb_matrix[index, :] =", "if index < vocab_len - 1:\n            emb_matrix[index, :] ="),
        ),
        "a mean in the row of a number too many": (
            ("(vocab_len, emb_dim)", "(vocab_len + 1, emb_dim)"),
            ("    ### END", "    emb_matrix[-1] = emb_matrix[1:].mean(axis=0)\n    ### END"),
        ),
    },
    "Emojify_V2": {
        "ten steps at most": (("embed(X_indices, emb_matrix)", "embed(X_indices[:, :10], emb_matrix)"),),
        "five classes": (("    return y_hat", "    return y_hat[:, :5]"),),
        "nothing kept": (("isinstance(caches, list)", "False"),),
        "masks of zeros and ones kept": (
            ("caches.extend([cache1, mask1, cache2, mask2, cache3])", "caches.extend([cache1, mask1 > 0, cache2, mask2 > 0, cache3])"),
        ),
        "one mask for both": (
            ("caches.extend([cache1, mask1, cache2, mask2, cache3])", "caches.extend([cache1, mask1, cache2, mask1, cache3])"),
        ),
        "no padding": (("embed(X_indices, emb_matrix)", "embed(X_indices[:, X_indices.any(axis=0)], emb_matrix)"),),
        "lower dropout when predicting": (("dropout(a1, rate, rng)", "dropout(a1, rate or 0.5, rng)"),),
        "the other layer first": (
            ("lstm_layer(d1, parameters[\"lstm2\"])", "lstm_layer(a1, parameters[\"lstm2\"])"),
            ("dropout(a2[:, -1], rate, rng)", "dropout(a2[:, -1], rate / 2, rng)"),
        ),
    },
}
