"""Other wrong answers of the lab `sampling`: each must earn the same with every seed."""

BOUND = "np.clip(gradient, -maxValue, maxValue, out=gradient)"
DRAW = "idx = np.random.choice(vocab_size, p=y.ravel())"

wrong = {
    "clip": {
        "the biases left out": (("(dWaa, dWax, dWya, db, dby):", "(dWaa, dWax, dWya):"),),
        "a new array that is not kept": ((BOUND, "gradient = np.clip(gradient, -maxValue, maxValue)"),),
        "only in the dictionary that came": (
            (BOUND, "pass"),
            ("    gradients = {", "    for name in gradients:\n        gradients[name] = np.clip(gradients[name], -maxValue, maxValue)\n    gradients = {"),
        ),
        "a threshold of one at least": ((BOUND, "np.clip(gradient, -max(1, maxValue), max(1, maxValue), out=gradient)"),),
        "only if the smallest is too small": (
            (BOUND, "np.clip(gradient, -maxValue, maxValue if gradient.min() < -maxValue else np.inf, out=gradient)"),
        ),
        "columns by their norm": (
            (BOUND, "gradient *= np.minimum(1, maxValue / np.linalg.norm(gradient, axis=0, keepdims=True))"),
        ),
        "the first column": ((BOUND, "np.clip(gradient[:, 0], -maxValue, maxValue, out=gradient[:, 0])"),),
    },
    "sample": {
        "at most twelve characters": (("range(50)", "range(12)"),),
        "at most sixteen characters": (("range(50)", "range(16)"), ("len(indices) == 50", "len(indices) == 16")),
        "at most forty-eight characters": (("range(50)", "range(48)"), ("len(indices) == 50", "len(indices) == 48")),
        "27 characters": (("vocab_size, n_a = Wya.shape", "vocab_size, n_a = 27, Wya.shape[1]"),),
        "the newline is never drawn first": (
            (DRAW, DRAW + "\n        if not indices and idx == newline_character:\n            idx = 0 if newline_character else 1"),
        ),
        "the next letter as input": (("x[idx] = 1", "x[(idx + 1) % vocab_size] = 1"),),
        "the likeliest after the first": (
            (DRAW, f"{DRAW}\n        if indices:\n            idx = int(np.argmax(y))"),
        ),
        "the newline's chance halved": (
            (DRAW, f"y[newline_character] *= 0.5\n        y /= y.sum()\n        {DRAW}"),
        ),
        "probabilities of one digit": (
            (DRAW, f"y = np.round(y, 1) + 1e-3\n        y /= y.sum()\n        {DRAW}"),
        ),
        "two steps of memory": (("np.dot(Waa, a_prev) + b", "np.dot(Waa, a_prev * (counter % 3 > 0)) + b"),),
    },
    "optimize": {
        "the default rate": (("update_parameters(parameters, gradients, learning_rate)", "update_parameters(parameters, gradients, 0.01)"),),
        "trained without the first character": (
            ("rnn_backward(X, Y, parameters, cache)", "rnn_backward([None, *X[1:]], Y, parameters, cache)"),
        ),
        "a copy is moved": (
            ("update_parameters(parameters, gradients, learning_rate)", "update_parameters({k: v.copy() for k, v in parameters.items()}, gradients, learning_rate)"),
        ),
    },
    "model": {
        "every other name": (("examples[j % len(examples)]", "examples[2 * j % len(examples)]"),),
        "names cut at five letters": (("for ch in name]", "for ch in name[:5]]"),),
        "capitals as other letters": ((".lower().strip()", ".strip().replace(line.strip()[0], line.strip()[-1].lower())"),),
    },
}
