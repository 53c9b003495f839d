"""Other wrong answers of the lab `poetry`: each must earn the same with every seed."""

STEP = "        gradients = "
RIGHT = "right = np.sum(predict(x, parameters) * y, axis=1)"
NEXT = "sentence = sentence[1:] + next_char"

wrong = {
    "build_data": {
        "windows of 40": (("text[i : i + Tx]", "text[i : i + 40]"),),
        "at most ten windows": (("    return X, Y", "    return X[:10], Y[:10]"),),
        "starts at the second character": (("range(0, ", "range(1, "),),
        "the windows as lists": (("X.append(text[i : i + Tx])", "X.append(list(text[i : i + Tx]))"),),
        "in reverse order": (("    return X, Y", "    return X[::-1], Y[::-1]"),),
        "a tuple of both": (("    return X, Y", "    return list(zip(X, Y)), Y"),),
    },
    "vectorization": {
        "targets in X too": (("        # the target\n", "        x[i, -1, char_indices[Y[i]]] = True\n"),),
        "the last window left out": (("in enumerate(X)", "in enumerate(X[:-1])"),),
        "the last step left out": (("in enumerate(sentence)", "in enumerate(sentence[:-1])"),),
        "steps and characters exchanged": (("    return x, y", "    return np.swapaxes(x, 1, 2), y"),),
        "numbers from one": (("x[i, t, char_indices[char]]", "x[i, t, (char_indices[char] + 1) % n_x]"),),
        "twos": (("    return x, y", "    return 2 * x, y"),),
        "targets two at a time": (("y[i, char_indices[Y[i]]]", "y[i // 2, char_indices[Y[i]]]"),),
    },
    "predict": {
        "the first layer alone": (("lstm_layer(a1, ", "lstm_layer(np.zeros_like(a1), "),),
        "dropout left on": (("a2[:, -1]", "a2[:, -1] * 0.8"),),
        "sharpened": (("    return preds", "    preds = preds**2\n    return preds / preds.sum(axis=1, keepdims=True)"),),
        "one-hot": (("    return preds", "    return (preds == preds.max(axis=1, keepdims=True)).astype(float)"),),
        "the step before the last": (("a2[:, -1]", "a2[:, -2 if a2.shape[1] > 1 else 0]"),),
        "states of both layers": (("a2[:, -1]", "a2[:, -1] + a1[:, -1].mean(axis=1, keepdims=True)"),),
    },
    "fit": {
        "trained on a copy": (
            ("    losses = []\n", "    losses, parameters = [], {k: {n: w.copy() for n, w in v.items()} for k, v in parameters.items()}\n"),
        ),
        "one epoch only": (("for _ in range(epochs) for batch", "for _ in range(1) for batch"),),
        "the last batch left out": (("batch = batches[number]", "batch = batches[number][: len(batches[0]) - 1]"),),
        "nothing is learned": (("        optimizer.update(parameters, gradients)\n", ""),),
        "clipped gradients": (
            (
                'gradients = {"lstm1": lstm1, "lstm2": lstm2, "dense": dense}',
                'gradients = {k: {n: np.clip(w, -1e-3, 1e-3) for n, w in v.items()} for k, v in (("lstm1", lstm1), ("lstm2", lstm2), ("dense", dense))}',
            ),
        ),
        "a rate of its own": (("Adam(learning_rate)", "Adam(0.005)"),),
        "losses rounded": (("losses.append(loss)", "losses.append(round(loss, 3))"),),
        "always the same seed": (("default_rng(seed)", "default_rng(0)"),),
    },
    "sample": {
        "a new draw from uniform numbers": (
            ("    out = np.random.choice(range(len(preds)), p=probas.ravel())\n", "    out = np.random.choice(len(preds), p=preds)\n"),
        ),
        "the last temperature of the notebook": (("z = np.log(preds) / temperature", "z = np.log(preds) / 0.5"),),
        "temperature at least one": (("/ temperature", "/ max(temperature, 1)"),),
        "temperature at most one": (("/ temperature", "/ min(temperature, 1)"),),
        "the largest not subtracted, as in the published program": (("np.exp(z - np.max(z))", "np.exp(z)"),),
        "the second likeliest": (("preds = powers / np.sum(powers)", "preds = np.eye(len(powers))[np.argsort(powers)[-2]]"),),
        "one more": (("    return out", "    return (out + 1) % 36"),),
        "zeros get a share": (("preds = powers / np.sum(powers)", "preds = (powers + 0.2) / np.sum(powers + 0.2)"),),
    },
    "generate_output": {
        "at most ten characters": (("range(length)", "range(min(length, 10))"),),
        "temperature at most one": (("sample(preds, temperature)", "sample(preds, min(temperature, 1.0))"),),
        "the beginning in small letters": (("    generated = usr_input\n", "    generated = usr_input.lower()\n"),),
        "drawn twice": (
            ("        next_char = chars[sample(preds, temperature)]\n", "        sample(preds, temperature)\n        next_char = chars[sample(preds, temperature)]\n"),
        ),
        "a seed of its own": (("    generated = usr_input\n", "    generated = usr_input\n    np.random.seed(0)\n"),),
        "an alphabet in order": (("chars[sample(preds, temperature)]", "sorted(chars)[sample(preds, temperature)]"),),
        "moves on by two": ((NEXT, "sentence = sentence[2:] + next_char + next_char"),),
    },
    "bits_per_character": {
        "the first batch only": (("range(0, len(X), batch_size)", "range(0, min(len(X), batch_size), batch_size)"),),
        "a small number added": (("np.log2(right)", "np.log2(right + 1e-3)"),),
        "bounded": (("np.log2(right)", "np.log2(np.maximum(right, 0.2))"),),
        "the median": (("total -= np.sum(np.log2(right))", "total -= len(right) * np.median(np.log2(right))"),),
        "two strides": (("stride=1", "stride=2"),),
        "base ten": (("np.log2", "np.log10"),),
        "a window of its own": (("X, Y = build_data(text, Tx, stride=1)", "Tx = max(Tx - 1, 1)\n    X, Y = build_data(text, Tx, stride=1)"),),
    },
}
