"""Other wrong answers of the lab `sampling`: each must earn the same with every seed."""

BOUND = "clipped[name] = np.clip(gradient, -maxValue, maxValue)"
DRAW = "idx = np.random.choice(vocab_size, p=y.ravel())"

wrong = {
    "clip": {
        "a whole threshold": ((BOUND, "clipped[name] = np.clip(gradient, -int(maxValue), int(maxValue))"),),
        "a threshold of one at least": (
            (BOUND, "clipped[name] = np.clip(gradient, -max(1, maxValue), max(1, maxValue))"),
        ),
        "only if the largest is too large": (
            (BOUND, "clipped[name] = np.clip(gradient, -maxValue, maxValue) if gradient.max() > maxValue else gradient"),
        ),
        "only if the smallest is too small": (
            (BOUND, "clipped[name] = np.clip(gradient, -maxValue, maxValue) if gradient.min() < -maxValue else gradient"),
        ),
        "squashed": ((BOUND, "clipped[name] = maxValue * np.tanh(gradient / (maxValue or 1))"),),
        "rows by their norm": (
            (BOUND, "clipped[name] = gradient * np.minimum(1, maxValue / np.linalg.norm(gradient, axis=1, keepdims=True))"),
        ),
        "the first column": ((BOUND, "clipped[name] = gradient.copy()\n        clipped[name][:, 0] = np.clip(gradient[:, 0], -maxValue, maxValue)"),),
    },
    "sample": {
        "at most ten characters": (("range(50)", "range(10)"),),
        "at most twenty characters": (("range(50)", "range(20)"), ("len(indices) == 50", "len(indices) == 20")),
        "at most thirty characters": (("range(50)", "range(30)"), ("len(indices) == 50", "len(indices) == 30")),
        "a newline at the end in any case": (("if len(indices) == 50:", "if True:"),),
        "no newline after fifty": (("if len(indices) == 50:", "if False:"),),
        "the newline is the last number": (('char_to_ix["\\n"]', "vocab_size - 1"),),
        "27 characters": (("vocab_size, n_a = Wya.shape", "vocab_size, n_a = 27, Wya.shape[1]"),),
        "the newline is never drawn first": (
            (DRAW, DRAW + "\n        if not indices and idx == newline_character:\n            idx = 0 if newline_character else 1"),
        ),
        "the next letter as input": (("x[idx] = 1", "x[(idx + 1) % vocab_size] = 1"),),
        "the likeliest after the first": (
            (DRAW, f"{DRAW}\n        if indices:\n            idx = int(np.argmax(y))"),
        ),
        "the newline's chance lowered": (
            (DRAW, f"y[newline_character] *= 0.9\n        y /= y.sum()\n        {DRAW}"),
        ),
        "rounded probabilities": (
            (DRAW, f"y = np.round(y, 2)\n        y /= y.sum()\n        {DRAW}"),
        ),
        "two steps of memory": (("np.dot(Waa, a_prev) + b", "np.dot(Waa, a_prev * (counter % 3 > 0)) + b"),),
    },
    "optimize": {
        "the norm clipped": (
            ("gradients = clip(gradients, 5)", "gradients = {k: g * min(1, 5 / np.linalg.norm(g)) for k, g in gradients.items()}"),
        ),
        "clipped from above": (
            ("gradients = clip(gradients, 5)", "gradients = {k: np.minimum(g, 5) for k, g in gradients.items()}"),
        ),
        "a loss in bits": (("loss, cache = rnn_forward(X, Y, a_prev, parameters)", "loss, cache = rnn_forward(X, Y, a_prev, parameters)\n    loss = loss / np.log(2)"),),
        "the default rate": (("update_parameters(parameters, gradients, learning_rate)", "update_parameters(parameters, gradients, 0.01)"),),
        "trained without the first character": (
            ("rnn_backward(X, Y, parameters, cache)", "rnn_backward([None, *X[1:]], Y, parameters, cache)"),
        ),
        "a copy is moved": (
            ("update_parameters(parameters, gradients, learning_rate)", "update_parameters({k: v.copy() for k, v in parameters.items()}, gradients, learning_rate)"),
        ),
    },
    "model": {
        "each name twice": (("examples[j % len(examples)]", "examples[j // 2 % len(examples)]"),),
        "the list never starts again": (("examples[j % len(examples)]", "examples[min(j, len(examples) - 1)]"),),
        "the last round missing": (("progress(num_iterations)", "progress(num_iterations - 1)"),),
        "names cut at five letters": (("for ch in name]", "for ch in name[:5]]"),),
        "no letter twice": (("for ch in name]", "for ch in dict.fromkeys(name)]"),),
        "sorted letters": (("for ch in name]", "for ch in sorted(name)]"),),
    },
}
