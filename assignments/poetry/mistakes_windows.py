"""Known mistakes of the lab `poetry`: windows, arrays, bits per character."""

from autograder import Mistake

STEP = "x, y = vectorization(X[start : start + batch_size], Y[start : start + batch_size], n_x, char_indices, Tx)"

mistakes = {
    "build_data": [
        Mistake(
            "one-window-too-many",
            (
                ("len(text) - Tx, stride", "len(text) - Tx + 1, stride"),
                ("Y.append(text[i + Tx])", "Y.append(text[(i + Tx) % len(text)])"),
            ),
            "`X` may have a window too many: the last place is the one whose target is the last character.",
        ),
        Mistake(
            "one-window-too-few",
            (("len(text) - Tx, stride", "len(text) - Tx - 1, stride"),),
            "The last window is missing where its target is the last character of `text`.",
        ),
        Mistake(
            "stride-ignored",
            (("len(text) - Tx, stride", "len(text) - Tx"),),
            "A window begins at every place: `stride` says how far apart their beginnings are.",
        ),
        Mistake(
            "always-three",
            (("len(text) - Tx, stride", "len(text) - Tx, 3"),),
            "The windows begin 3 characters apart, whatever `stride` says.",
        ),
        Mistake(
            "no-overlap",
            (("len(text) - Tx, stride", "len(text) - Tx, Tx"),),
            "Each window begins where the last one ended: it should begin `stride` characters after the last one's beginning, not `Tx`.",
        ),
        Mistake(
            "target-within-the-window",
            (("Y.append(text[i + Tx])", "Y.append(text[i + Tx - 1])"),),
            "The targets in `Y` are the last characters of the windows: each is the character *after* its window.",
        ),
        Mistake(
            "target-one-late",
            (("Y.append(text[i + Tx])", "Y.append(text[min(i + Tx + 1, len(text) - 1)])"),),
            "The targets in `Y` come one character late: each follows directly on its window.",
        ),
        Mistake(
            "target-is-a-window",
            (("Y.append(text[i + Tx])", "Y.append(text[i + 1 : i + Tx + 1])"),),
            "An entry of `Y` is the window moved by one: here a target is a single character, the next.",
        ),
        Mistake(
            "window-with-target",
            (("X.append(text[i : i + Tx])", "X.append(text[i : i + Tx + 1])"),),
            "The windows in `X` are one character too long, and contain their target.",
        ),
        Mistake(
            "window-too-short",
            (("X.append(text[i : i + Tx])", "X.append(text[i : i + Tx - 1])"),),
            "The windows in `X` are one character too short: the end of a slice is not included.",
        ),
        Mistake(
            "window-from-the-second",
            (("X.append(text[i : i + Tx])", "X.append(text[i + 1 : i + Tx])"),),
            "The windows in `X` lack their first character.",
        ),
    ],
    "vectorization": [
        Mistake(
            "target-missing",
            (("        # the target\n        y[i, char_indices[Y[i]]] = True\n", ""),),
            "`y` has no entry that is `True`: each target is one-hot too.",
        ),
        Mistake(
            "target-of-the-window",
            (("char_indices[Y[i]]", "char_indices[sentence[-1]]"),),
            "`y` holds the last character of each window: the target is in `Y`.",
        ),
        Mistake(
            "same-target",
            (("char_indices[Y[i]]", "char_indices[Y[0]]"),),
            "All rows of `y` have the target of the first window.",
        ),
        Mistake(
            "first-window-only",
            (("x[i, t, char_indices[char]]", "x[0, t, char_indices[char]]"),),
            "All windows are written into the first one of `x`: its first axis is the window.",
        ),
        Mistake(
            "order-of-time-reversed",
            (("x[i, t, char_indices[char]]", "x[i, Tx - 1 - t, char_indices[char]]"),),
            "The windows in `x` run backwards.",
        ),
        Mistake(
            "one-step-late",
            (("x[i, t, char_indices[char]]", "x[i, (t + 1) % Tx, char_indices[char]]"),),
            "The characters stand one step late in `x`: step 0 has the first character of the window.",
        ),
        Mistake(
            "numbers-of-ones-own",
            (("x[i, t, char_indices[char]]", "x[i, t, sorted(char_indices).index(char)]"),),
            "The characters in `x` are numbered by the alphabet: `char_indices` gives their numbers.",
        ),
        Mistake(
            "bag-of-characters",
            (("x[i, t, char_indices[char]] = True", "x[i, :, char_indices[char]] = True"),),
            "Each step of `x` has all characters of the window: step `t` should have one, the character that stands there.",
        ),
    ],
    "bits_per_character": [
        Mistake(
            "default-stride",
            ((", stride=1)", ")"),),
            "Only every third character is predicted: with a `stride` of 1 each has its window.",
        ),
        Mistake(
            "nats",
            (("np.log2", "np.log"),),
            "The logarithm is the natural one: that gives nats, and `bits` need base 2.",
        ),
        Mistake(
            "sign",
            (("total -= np.sum", "total += np.sum"),),
            "The sign is turned round: logarithms of probabilities are negative, `bits` are not.",
        ),
        Mistake(
            "sum-not-mean",
            (("bits = total / len(X)", "bits = total"),),
            "`bits` is the sum over all characters: divide by their number.",
        ),
        Mistake(
            "divided-by-the-text",
            (("bits = total / len(X)", "bits = total / len(text)"),),
            "The sum is divided by the length of `text`: the first `Tx` characters are not predicted.",
        ),
        Mistake(
            "mean-of-means",
            (
                ("total -= np.sum(np.log2(right))", "total -= np.mean(np.log2(right))"),
                ("bits = total / len(X)", "bits = total / -(-len(X) // batch_size)"),
            ),
            "A mean of the batches' means, in `bits`, gives the characters of a small last batch too much weight.",
        ),
        Mistake(
            "last-batch-left-out",
            (("range(0, len(X), batch_size)", "range(0, len(X) - batch_size + 1, batch_size)"),),
            "The last batch is left out where it has fewer windows than `batch_size`.",
        ),
        Mistake(
            "bits-of-the-mean",
            (
                ("total -= np.sum(np.log2(right))", "total += np.sum(right)"),
                ("bits = total / len(X)", "bits = -np.log2(total / len(X))"),
            ),
            "`bits` is made of the logarithm of the mean probability: it should be the mean of the logarithms.",
        ),
        Mistake(
            "likeliest-character",
            (("np.sum(predict(x, parameters) * y, axis=1)", "np.max(predict(x, parameters), axis=1)"),),
            "`bits` is made of the probabilities of the likeliest characters: take those of the characters that came.",
        ),
        Mistake(
            "entropy",
            (
                ("right = np.sum(predict(x, parameters) * y, axis=1)", "right = predict(x, parameters)"),
                ("np.sum(np.log2(right))", "np.sum(right * np.log2(right))"),
            ),
            "`bits` is the entropy of the predictions, what the network expects to lose: which characters came is left out.",
        ),
        Mistake(
            "perplexity",
            (("bits = total / len(X)", "bits = 2 ** (total / len(X))"),),
            "`bits` is the perplexity, 2 to the power of the bits per character.",
        ),
    ],
}
