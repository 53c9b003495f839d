"""Known mistakes of the lab `poetry`: drawing a character, and going on with a text."""

from autograder import Mistake

Z = "z = np.log(preds) / temperature"
SHARES = "preds = powers / np.sum(powers)"

mistakes = {
    "sample": [
        Mistake(
            "temperature-ignored",
            ((Z, "z = np.log(preds)"),),
            "The draw knows nothing of `temperature`: the logarithms are divided by it, and the softmax of the quotients must stand in `preds` at the end.",
        ),
        Mistake(
            "temperature-multiplied",
            ((Z, "z = np.log(preds) * temperature"),),
            "The logarithms are multiplied by `temperature`: a high one then makes the likely likelier.",
        ),
        Mistake(
            "no-logarithm",
            ((Z, "z = preds / temperature"),),
            "The probabilities in `preds` are divided by the temperature themselves: their logarithms should be.",
        ),
        Mistake(
            "likeliest",
            ((SHARES, "preds = (powers == 1) / np.sum(powers == 1)"),),
            "The likeliest character is taken every time: with the probabilities of equation (3) in `preds`, any possible one may come.",
        ),
        Mistake(
            "sign-turned-round",
            ((Z, "z = -np.log(preds + 1e-300) / temperature"),),
            "The sign of `z` is turned round, so that the unlikely becomes likely.",
        ),
        Mistake(
            "a-small-number-added",
            ((Z, "z = np.log(preds + 1e-2) / temperature"),),
            "A number is added to `preds` before the logarithm, so that the impossible becomes possible: the logarithm of 0 may be minus infinity.",
        ),
    ],
    "generate_output": [
        Mistake(
            "window-never-moves",
            (("        sentence = sentence[1:] + next_char\n", ""),),
            "The window in `sentence` stays where it was: each drawn character is the newest of the next window.",
        ),
        Mistake(
            "new-character-in-front",
            (("sentence = sentence[1:] + next_char", "sentence = next_char + sentence[:-1]"),),
            "The drawn character is put in front of `sentence`: it is the newest, and stands at the end.",
        ),
        Mistake(
            "last-character-lost",
            (("sentence = sentence[1:] + next_char", "sentence = sentence[:-1] + next_char"),),
            "The window in `sentence` loses its newest character at each step: it is the oldest that goes.",
        ),
        Mistake(
            "temperature-ignored",
            (("sample(preds, temperature)", "sample(preds)"),),
            "`temperature` is not handed on to `sample`.",
        ),
        Mistake(
            "greedy",
            (("chars[sample(preds, temperature)]", "chars[int(np.argmax(preds))]"),),
            "The likeliest character is written every time: `sample` draws one.",
        ),
        Mistake(
            "only-the-new",
            (("    return generated", "    return generated[len(usr_input) :]"),),
            "`generated` lacks the beginning: it is what was typed and what was added.",
        ),
        Mistake(
            "window-to-the-left",
            (("for t, char in enumerate(sentence):", "for t, char in enumerate(sentence.lstrip('0')):"),),
            "The characters stand at the beginning of the window, and the zeros after them: a short beginning in `sentence` is filled up on its left.",
        ),
        Mistake(
            "one-too-many",
            (("range(length)", "range(length + 1)"),),
            "One character too many is added: `length` says how many.",
        ),
        Mistake(
            "one-too-few",
            (("range(length)", "range(length - 1)"),),
            "One character too few is added: `length` says how many.",
        ),
        Mistake(
            "old-window-not-wiped",
            (
                (
                    "    for i in range(length):\n",
                    "    x_pred = np.zeros((1, Tx, n_x))\n    for i in range(length):\n",
                ),
                ("        x_pred = np.zeros((1, Tx, n_x))\n        for t", "        for t"),
            ),
            "`x_pred` still has the characters of the windows before: it begins with zeros at each step.",
        ),
        Mistake(
            "spaces-for-nothing",
            (
                (
                    'if char != "0":\n                x_pred[0, t, char_indices[char]] = 1',
                    'x_pred[0, t, char_indices[" " if char == "0" else char]] = 1',
                ),
            ),
            "The steps before a short beginning hold spaces: they should be rows of zeros in `x_pred`.",
        ),
        Mistake(
            "last-step-of-the-window-empty",
            (("for t, char in enumerate(sentence):", "for t, char in enumerate(sentence[:-1]):"),),
            "The newest character is missing in `x_pred`.",
        ),
    ],
}
