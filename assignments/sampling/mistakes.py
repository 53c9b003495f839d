"""The known mistakes of the lab `sampling`: small edits of the reference, each with the help a student reads."""

from autograder import Mistake

mistakes = {
    "clip": [
        Mistake(
            "biases-left-out",
            (
                (
                    "in gradients.items():",
                    "in gradients.items():\n        if name in ('db', 'dby'): clipped[name] = gradient; continue",
                ),
            ),
            "`db` and `dby` are as large as before: the gradients of the biases are clipped too.",
        ),
        Mistake(
            "no-lower-bound",
            (("np.clip(gradient, -maxValue, maxValue)", "np.minimum(gradient, maxValue)"),),
            "Large negative entries stay as they are: `maxValue` bounds both sides, not only the positive one.",
        ),
        Mistake(
            "no-upper-bound",
            (("np.clip(gradient, -maxValue, maxValue)", "np.maximum(gradient, -maxValue)"),),
            "Large positive entries stay as they are: `maxValue` bounds both sides, not only the negative one.",
        ),
        Mistake(
            "negative-entries-lost",
            (("np.clip(gradient, -maxValue, maxValue)", "np.clip(gradient, 0, maxValue)"),),
            "Negative entries became zero: the range begins at minus `maxValue`, since a gradient may point down.",
        ),
        Mistake(
            "signs-lost",
            (("np.clip(gradient,", "np.clip(np.abs(gradient),"),),
            "All entries are positive: an entry beyond `maxValue` is shortened and keeps its sign.",
        ),
        Mistake(
            "large-entries-dropped",
            (
                (
                    "np.clip(gradient, -maxValue, maxValue)",
                    "np.where(np.abs(gradient) > maxValue, 0, gradient)",
                ),
            ),
            "Entries beyond `maxValue` became zero: they are shortened to the threshold, so that a step is still taken.",
        ),
        Mistake(
            "fixed-threshold",
            (("np.clip(gradient, -maxValue, maxValue)", "np.clip(gradient, -5, 5)"),),
            "The bound is 5 whatever is asked for: the threshold is the argument `maxValue`.",
        ),
        Mistake(
            "clipped-to-10",
            (("np.clip(gradient, -maxValue, maxValue)", "np.clip(gradient, -10, 10)"),),
            "The bound is 10 whatever is asked for: the threshold is the argument `maxValue`.",
        ),
        Mistake(
            "not-stored",
            (
                (
                    "clipped[name] = np.clip(gradient, -maxValue, maxValue)",
                    "np.clip(gradient, -maxValue, maxValue); clipped[name] = gradient",
                ),
            ),
            "The result is as large as before: `np` makes a new array when it clips, and that array is not kept.",
        ),
        Mistake(
            "scaled-by-the-norm",
            (
                (
                    "np.clip(gradient, -maxValue, maxValue)",
                    "gradient * min(1, maxValue / np.linalg.norm(gradient))",
                ),
            ),
            "Each array is scaled to a length of at most `maxValue`. That is another way to clip; here it goes entry by entry.",
        ),
        Mistake(
            "scaled-by-the-largest",
            (
                (
                    "np.clip(gradient, -maxValue, maxValue)",
                    "gradient * min(1, maxValue / np.max(np.abs(gradient)))",
                ),
            ),
            "Each array is scaled until its largest entry fits: only entries beyond `maxValue` should change.",
        ),
    ],
    "sample": [
        Mistake(
            "most-likely-character",
            (("np.random.choice(vocab_size, p=y.ravel())", "int(np.argmax(y))"),),
            "The most likely character is taken every time: `y` holds the chances of a draw.",
        ),
        Mistake(
            "all-characters-alike",
            ((", p=y.ravel()", ""),),
            "All characters are equally likely in the draw: it does not use the probabilities in `y`.",
        ),
        Mistake(
            "not-seeded",
            (("np.random.seed(seed + 2 * counter)", "pass"),),
            "NumPy's generator is never seeded: `seed` should make a name come out the same each time.",
        ),
        Mistake(
            "same-seed-every-step",
            (("seed + 2 * counter", "seed"),),
            "Every step draws with the same random number: the seed of a step depends on `counter` too.",
        ),
        Mistake(
            "seed-moves-by-one",
            (("seed + 2 * counter", "seed + counter"),),
            "The seeds of the steps are one apart: see the formula above the exercise for what `counter` adds.",
        ),
        Mistake(
            "seeded-once",
            (
                ("    for counter in range(50):", "    np.random.seed(seed)\n    for counter in range(50):"),
                ("np.random.seed(seed + 2 * counter)", "pass"),
            ),
            "The generator is seeded once, before the loop: here each step is seeded anew, from `seed` and `counter`.",
        ),
        Mistake(
            "another-generator",
            (
                ("np.random.seed(seed + 2 * counter)", "rng = np.random.default_rng(seed + 2 * counter)"),
                ("np.random.choice(", "rng.choice("),
            ),
            "NumPy's global generator is left alone: `seed` is meant for that one, and the draws should come from it.",
        ),
        Mistake(
            "state-not-carried",
            (("a_prev = np.tanh(", "a = np.tanh("), ("np.dot(Wya, a_prev)", "np.dot(Wya, a)")),
            "Every step starts from a state of zeros: `a_prev` never becomes the new state, so nothing is remembered.",
        ),
        Mistake(
            "input-stays-zero",
            (("x[idx] = 1", "x[idx] = 0"),),
            "The input `x` is zero at every step: the network never reads the character that it drew.",
        ),
        Mistake(
            "inputs-pile-up",
            (("        x = np.zeros((vocab_size, 1))\n", ""),),
            "`x` gets one more 1 at each step: a one-hot vector has a single one, so start it afresh.",
        ),
        Mistake(
            "no-hidden-bias",
            ((" + b)", ")"),),
            "The bias `b` is missing from the new hidden state.",
        ),
        Mistake(
            "no-output-bias",
            (("np.dot(Wya, a_prev) + by", "np.dot(Wya, a_prev)"),),
            "The bias `by` is missing from the scores that go into `softmax`.",
        ),
        Mistake(
            "no-activation",
            (("np.tanh(", "("),),
            "The new state has no activation: `a_prev` should lie between -1 and 1.",
        ),
        Mistake(
            "prediction-from-old-state",
            (
                ("        a_prev = np.tanh(", "        old, a_prev = a_prev, np.tanh("),
                ("np.dot(Wya, a_prev)", "np.dot(Wya, old)"),
            ),
            "The probabilities `y` are made from the state before the step: they should see the new one.",
        ),
        Mistake(
            "newline-not-kept",
            (
                ("        indices.append(idx)\n", ""),
                ("            break\n", "            break\n        indices.append(idx)\n"),
            ),
            "The newline that ends a name is missing from `indices`: it is drawn like any other character, and kept.",
        ),
        Mistake(
            "never-stops-early",
            (("            break\n", "            pass\n"),),
            "The drawing goes on after a newline: the loop should end when `idx` is the newline's number.",
        ),
        Mistake(
            "newline-is-zero",
            (("if idx == newline_character:", "if idx == 0:"),),
            "It stops at number 0 whatever that is: the number of the newline is in `char_to_ix`.",
        ),
        Mistake(
            "one-character-too-few",
            (("range(50)", "range(49)"),),
            "It gives up after 49 characters: count what is in `indices` when no newline comes.",
        ),
        Mistake(
            "one-character-too-many",
            (("range(50)", "range(51)"),),
            "It gives up after 51 characters: count what is in `indices` when no newline comes.",
        ),
    ],
    "optimize": [
        Mistake(
            "clipped-after-the-step",
            (
                ("    gradients = clip(gradients, 5)\n", ""),
                (
                    "gradients, learning_rate)\n",
                    "gradients, learning_rate)\n    gradients = clip(gradients, 5)\n",
                ),
            ),
            "`parameters` moved by gradients that were not yet clipped: the step comes after the clipping.",
        ),
        Mistake(
            "not-clipped",
            (("    gradients = clip(gradients, 5)\n", ""),),
            "The gradients are never clipped: `gradients` still has entries beyond 5.",
        ),
        Mistake(
            "clipped-at-1",
            (("clip(gradients, 5)", "clip(gradients, 1)"),),
            "The gradients are clipped too much: the threshold of `clip` is 5 here.",
        ),
        Mistake(
            "clipped-at-10",
            (("clip(gradients, 5)", "clip(gradients, 10)"),),
            "The gradients are clipped too little: the threshold of `clip` is 5 here.",
        ),
        Mistake(
            "no-step",
            (("    parameters = update_parameters(parameters, gradients, learning_rate)\n", ""),),
            "`parameters` are as before: the gradients are worked out, but no step is taken.",
        ),
        Mistake(
            "step-uphill",
            (("gradients, learning_rate)", "gradients, -learning_rate)"),),
            "`parameters` moved towards a larger loss: the sign of the step is wrong.",
        ),
        Mistake(
            "rate-ignored",
            (("gradients, learning_rate)", "gradients, 0.01)"),),
            "The step has the same size whatever is asked for: it does not use `learning_rate`.",
        ),
        Mistake(
            "two-steps",
            (
                (
                    "gradients, learning_rate)\n",
                    "gradients, learning_rate)\n    parameters = update_parameters(parameters, gradients, learning_rate)\n",
                ),
            ),
            "`parameters` moved twice as far as they should: the step is taken two times.",
        ),
        Mistake(
            "starts-from-zero",
            (("rnn_forward(X, Y, a_prev, parameters)", "rnn_forward(X, Y, 0 * a_prev, parameters)"),),
            "The forward pass starts from a state of zeros: the given `a_prev` is never used.",
        ),
        Mistake(
            "gradients-after-the-step",
            (
                (
                    "    gradients = clip(gradients, 5)\n",
                    "    gradients = clip(gradients, 5)\n    update_parameters(parameters, gradients, learning_rate)\n    gradients, a = rnn_backward(X, Y, parameters, cache)\n    gradients = clip(gradients, 5)\n",
                ),
                ("    parameters = update_parameters(parameters, gradients, learning_rate)\n", ""),
            ),
            "`gradients` were worked out again after `parameters` had moved: both passes belong to the old ones.",
        ),
        Mistake(
            "mean-loss",
            (("return loss,", "return loss / len(X),"),),
            "`loss` is the mean over the characters: here it is their sum.",
        ),
        Mistake(
            "first-state",
            (("a[len(X) - 1]", "a[0]"),),
            "The state after the first character is returned: the last one of `a` is wanted.",
        ),
        Mistake(
            "state-before",
            (("a[len(X) - 1]", "a_prev"),),
            "The state before the name is returned: `a_prev` is where the forward pass began.",
        ),
    ],
    "model": [
        Mistake(
            "no-training",
            (
                (
                    "optimize(X, Y, a_prev, parameters, learning_rate=0.01)",
                    "loss, None, a_prev",
                ),
            ),
            "The parameters are those of the start: `optimize` never got to change them.",
        ),
        Mistake(
            "state-not-carried",
            (("curr_loss, gradients, a_prev =", "curr_loss, gradients, _ ="),),
            "Every name starts from a state of zeros: here `a_prev` of one name is handed on to the next.",
        ),
        Mistake(
            "one-name-only",
            (("examples[j % len(examples)]", "examples[0]"),),
            "Every iteration trains on the same name: it should change with `j`.",
        ),
        Mistake(
            "second-name-first",
            (("examples[j % len(examples)]", "examples[(j + 1) % len(examples)]"),),
            "The names are one ahead: iteration `j` counts from 0, and so do the names.",
        ),
        Mistake(
            "last-name-missing",
            (("j % len(examples)", "j % (len(examples) - 1)"),),
            "The last of the `examples` is never used: begin again only after all of them.",
        ),
        Mistake(
            "random-name",
            (("examples[j % len(examples)]", "examples[np.random.randint(len(examples))]"),),
            "The names are drawn at random: here they are taken in order, since `examples` are shuffled already.",
        ),
        Mistake(
            "starts-with-newline",
            (("[None] +", "[char_to_ix['\\n']] +"),),
            "`X` begins with a newline: before the first character the input is zeros, for which None stands.",
        ),
        Mistake(
            "no-first-input",
            (("X = [None] + [char_to_ix[ch] for ch in name]", "X = [char_to_ix[ch] for ch in name]"),),
            "`X` begins with the first letter, so the network never learns how a name begins.",
        ),
        Mistake(
            "no-end",
            (
                ("X = [None] + [char_to_ix[ch] for ch in name]", "Y = [char_to_ix[ch] for ch in name]"),
                ('Y = X[1:] + [char_to_ix["\\n"]]', "X = [None] + Y[:-1]"),
            ),
            "`Y` does not end in a newline: the network never learns where a name ends.",
        ),
        Mistake(
            "ends-in-first-letter",
            (('+ [char_to_ix["\\n"]]', "+ X[1:2]"),),
            "`Y` ends in the first letter again: what comes after a name is the newline.",
        ),
        Mistake(
            "backwards",
            (("for ch in name]", "for ch in name[::-1]]"),),
            "The names are read from their end: `X` holds the characters in the order in which they stand.",
        ),
        Mistake(
            "faster-rate",
            (("learning_rate=0.01", "learning_rate=0.1"),),
            "The steps are ten times too long: look up the `learning_rate` in the text of the exercise.",
        ),
        Mistake(
            "slower-rate",
            (("learning_rate=0.01", "learning_rate=0.001"),),
            "The steps are ten times too short: look up the `learning_rate` in the text of the exercise.",
        ),
    ],
}
