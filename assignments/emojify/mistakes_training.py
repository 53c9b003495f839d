"""Known mistakes of the lab `emojify`: the training of the first model."""

from autograder import Mistake

mistakes = {
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
        Mistake(
            "one-step-a-round",
            (
                (
                    "        for i in range(m):\n",
                    "        sum_W, sum_b = 0.0, 0.0\n        for i in range(m):\n",
                ),
                ("W = W - learning_rate * dW", "sum_W = sum_W + dW"),
                (
                    "            b = b - learning_rate * dz\n            ### END CODE HERE ###\n",
                    "            sum_b = sum_b + dz\n"
                    "            ### END CODE HERE ###\n"
                    "        W, b = W - learning_rate * sum_W / m, b - learning_rate * sum_b / m\n"
                    "",
                ),
            ),
            "`W` and `b` move once in a round, by the mean of the gradients: they should take a step after each sentence.",
        ),
        Mistake(
            "summed-step-a-round",
            (
                (
                    "        for i in range(m):\n",
                    "        sum_W, sum_b = 0.0, 0.0\n        for i in range(m):\n",
                ),
                ("W = W - learning_rate * dW", "sum_W = sum_W + dW"),
                (
                    "            b = b - learning_rate * dz\n            ### END CODE HERE ###\n",
                    "            sum_b = sum_b + dz\n"
                    "            ### END CODE HERE ###\n"
                    "        W, b = W - learning_rate * sum_W, b - learning_rate * sum_b\n"
                    "",
                ),
            ),
            "`W` and `b` move once in a round, by the sum of the gradients: they should take a step after each sentence.",
        ),
        Mistake(
            "weights-uphill",
            (("W - learning_rate * dW", "W + learning_rate * dW"),),
            "`W` moves along its gradient, `b` against it: both should go downhill.",
        ),
        Mistake(
            "weights-full-steps",
            (("W - learning_rate * dW", "W - dW"),),
            "The steps of `W` are as long as its gradient: `learning_rate` is missing there.",
        ),
        Mistake(
            "bias-full-steps",
            (("b - learning_rate * dz", "b - dz"),),
            "The steps of `b` are as long as its gradient: `learning_rate` is missing there.",
        ),
        Mistake(
            "label-added",
            (("a - Y_oh[i]", "a + Y_oh[i]"),),
            "The label is added to `a`, so that all scores go down: `dz` is negative for the right class alone.",
        ),
        Mistake(
            "label-of-the-sentence-before",
            (("a - Y_oh[i]", "a - Y_oh[i - 1]"),),
            "Each sentence is trained with the label of the one before: the row of `Y_oh` goes with `i`.",
        ),
        Mistake(
            "product-with-probabilities",
            (("np.outer(dz, avg)", "np.outer(a, avg)"),),
            "`dW` is made of the probabilities `a`: the gradient of the scores, `dz`, belongs there.",
        ),
        Mistake(
            "product-with-scores",
            (("np.outer(dz, avg)", "np.outer(z, avg)"),),
            "`dW` is made of the scores `z`: their gradient, `dz`, belongs there.",
        ),
        Mistake(
            "bias-moved-by-probabilities",
            (("b - learning_rate * dz", "b - learning_rate * a"),),
            "`b` moves by the probabilities `a`: its gradient is that of the scores, `dz`.",
        ),
        Mistake(
            "bias-moved-by-scores",
            (("b - learning_rate * dz", "b - learning_rate * z"),),
            "`b` moves by the scores `z`: it is their gradient, `dz`, that counts.",
        ),
        Mistake(
            "average-of-the-sentence-before",
            (("averages[i]", "averages[i - 1]"),),
            "Each label meets the average of the sentence before: `avg` goes with `i`.",
        ),
        Mistake(
            "bias-after-the-softmax",
            (("z = np.dot(W, avg) + b", "z = np.dot(W, avg)"), ("a = softmax(z)", "a = softmax(z) + b")),
            "The bias `b` is added to the probabilities: it belongs to the scores.",
        ),
        Mistake(
            "bias-twice",
            (("a = softmax(z)", "a = softmax(z + b)"),),
            "The bias `b` is added twice on the way to `a`.",
        ),
        Mistake(
            "bias-moved-by-sums",
            (("b - learning_rate * dz", "b - learning_rate * dW.sum(axis=1)"),),
            "`b` moves by sums over `dW`: its gradient does not depend on the average of the sentence.",
        ),
        Mistake(
            "divided-by-the-classes",
            (("dz = a - Y_oh[i]", "dz = (a - Y_oh[i]) / n_y"),),
            "`dz` is divided by the number of classes: the cross-entropy is a sum over them, no mean.",
        ),
        Mistake(
            "right-ones-passed-over",
            (("dz = a - Y_oh[i]", "dz = (a - Y_oh[i]) * (np.argmax(a) != Y[i])"),),
            "Sentences that are classified rightly do not move `W` and `b`: their gradient is small, but not zero.",
        ),
        Mistake(
            "first-sentence-left-out",
            (("range(m)", "range(1, m)"),),
            "The first sentence is never trained with: `i` begins at 0.",
        ),
        Mistake(
            "last-sentence-left-out",
            (("range(m)", "range(m - 1)"),),
            "The last sentence is never trained with: `i` goes up to `m` less 1.",
        ),
        Mistake(
            "sentences-backwards",
            (("range(m)", "range(m - 1, -1, -1)"),),
            "The sentences come in reverse order: `i` goes up, and the order of the steps matters.",
        ),
        Mistake(
            "one-round-too-few",
            (("progress(num_iterations)", "progress(num_iterations - 1)"),),
            "One round too few: there are `num_iterations` of them.",
        ),
        Mistake(
            "one-round-too-many",
            (("progress(num_iterations)", "progress(num_iterations + 1)"),),
            "One round too many: there are `num_iterations` of them.",
        ),
        Mistake(
            "start-not-scaled",
            ((" / np.sqrt(n_x)", ""),),
            "`W` starts too large: the random numbers are divided by the root of `n_x`.",
        ),
        Mistake(
            "weight-gradient-returned",
            (("return pred, W, b", "return pred, dW, b"),),
            "The second thing returned is the last gradient `dW`, not `W`.",
        ),
        Mistake(
            "bias-gradient-returned",
            (("return pred, W, b", "return pred, W, dz"),),
            "The third thing returned is the last gradient `dz`, not `b`.",
        ),
        Mistake(
            "order-of-what-is-returned",
            (("return pred, W, b", "return W, b, pred"),),
            "`pred`, `W` and `b` are returned in another order.",
        ),
    ],
}
