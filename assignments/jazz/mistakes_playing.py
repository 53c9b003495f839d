"""Known mistakes of the lab `jazz`: what the network plays."""

from autograder import Mistake

mistakes = {
    "music_inference_model": [
        Mistake(
            "input-never-changes",
            (("        x = np.eye(n_values)[:, np.argmax(out, axis=0)]\n", ""),),
            "Every step hears `x0`: what was predicted is never heard.",
        ),
        Mistake(
            "probabilities-fed-back",
            (("x = np.eye(n_values)[:, np.argmax(out, axis=0)]", "x = out"),),
            "The probabilities themselves are fed back: `x` should be one-hot, at the most likely value.",
        ),
        Mistake(
            "least-likely-value",
            (("np.argmax", "np.argmin"),),
            "The least likely value is fed back: `x` is one-hot at the largest probability.",
        ),
        Mistake(
            "one-value-for-all",
            (
                (
                    "np.eye(n_values)[:, np.argmax(out, axis=0)]",
                    "np.eye(n_values)[:, [np.argmax(out[:, 0])] * out.shape[1]]",
                ),
            ),
            "All examples hear the value of the first: each column of `out` has a largest entry of its own.",
        ),
        Mistake(
            "state-not-carried",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, a0.T, c, parameters)"),),
            "Every step begins with the hidden state `a0`: what a step returns as its state belongs to the next one.",
        ),
        Mistake(
            "memory-not-carried",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, a, c0.T, parameters)"),),
            "Every step begins with the memory `c0`: the memory that a step returns belongs to the next one.",
        ),
        Mistake(
            "nothing-carried",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, a0.T, c0.T, parameters)"),),
            "Each step begins anew from `a0` and `c0`: state and memory must go on from step to step.",
        ),
        Mistake(
            "state-and-memory-swapped",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, c, a, parameters)"),),
            "Hidden state and memory have changed places: the cell takes `a_prev` before `c_prev`.",
        ),
        Mistake(
            "initial-states-zero",
            (("    outputs = []\n", "    outputs = []\n    a, c = 0 * a, 0 * c\n"),),
            "The first step begins with zeros: its states are the arguments `a0` and `c0`.",
        ),
        Mistake(
            "first-input-zero",
            (("    outputs = []\n", "    outputs = []\n    x = 0 * x\n"),),
            "The first step hears nothing: its input is the argument `x0`.",
        ),
        Mistake(
            "added-up",
            (
                (
                    "x = np.eye(n_values)[:, np.argmax(out, axis=0)]",
                    "x = x + np.eye(n_values)[:, np.argmax(out, axis=0)]",
                ),
            ),
            "The input gathers all values so far: `x` holds one value only, the last.",
        ),
        Mistake(
            "columns-kept",
            (("outputs.append(out.T)", "outputs.append(out)"),),
            "An example stands in a column of each entry of `outputs`: turned, it stands in a row.",
        ),
        Mistake(
            "one-hot-kept",
            (
                ("        outputs.append(out.T)\n", ""),
                (
                    "x = np.eye(n_values)[:, np.argmax(out, axis=0)]",
                    "x = np.eye(n_values)[:, np.argmax(out, axis=0)]; outputs.append(x.T)",
                ),
            ),
            "The entries of `outputs` are one-hot: they are to be the probabilities, from which the most likely one is picked.",
        ),
        Mistake(
            "fixed-length",
            (("range(Ty)", "range(50)"),),
            "There are fifty steps whatever is asked for: their number is `Ty`.",
        ),
        Mistake(
            "one-step-too-few",
            (("range(Ty)", "range(Ty - 1)"),),
            "One prediction too few: there are `Ty` of them.",
        ),
        Mistake(
            "state-for-memory",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, a, a, parameters)"),),
            "The hidden state is handed over as the memory too: the cell takes `a_prev` and `c_prev`, which differ.",
        ),
        Mistake(
            "memory-for-state",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(x, c, c, parameters)"),),
            "The memory is handed over as the hidden state too: the cell takes `a_prev` and `c_prev`, which differ.",
        ),
        Mistake(
            "input-and-state-swapped",
            (("lstm_cell_forward(x, a, c, parameters)", "lstm_cell_forward(a, x, c, parameters)"),),
            "Input and hidden state have changed places in the call: the cell takes `xt` first, then `a_prev`.",
        ),
        Mistake(
            "returned-states-swapped",
            (("a, c, out, _ = lstm", "c, a, out, _ = lstm"),),
            "What the cell returns is kept in the wrong order: `a_next` comes first, then `c_next`.",
        ),
        Mistake(
            "initial-states-swapped",
            (("x, a, c = x0[:, 0, :].T, a0.T, c0.T", "x, c, a = x0[:, 0, :].T, a0.T, c0.T"),),
            "The first step begins with `a0` and `c0` in each other's place.",
        ),
        Mistake(
            "largest-of-all-examples",
            (("x = np.eye(n_values)[:, np.argmax(out, axis=0)]", "x = 1.0 * (out == np.max(out))"),),
            "Only the example with the largest probability of all hears a value: each column of `out` has a largest entry, so the axis matters.",
        ),
        Mistake(
            "place-in-the-flat-array",
            (
                (
                    "x = np.eye(n_values)[:, np.argmax(out, axis=0)]",
                    "x = np.eye(n_values)[:, [np.argmax(out) // out.shape[1]] * out.shape[1]]",
                ),
            ),
            "All examples hear the value of one, that with the largest probability: without an axis, the largest entry of all of `out` is found.",
        ),
        Mistake(
            "never-cleared",
            (
                (
                    "x = np.eye(n_values)[:, np.argmax(out, axis=0)]",
                    "x = np.maximum(x, np.eye(n_values)[:, np.argmax(out, axis=0)])",
                ),
            ),
            "The ones of earlier steps stay in `x`: it holds one value only, the last.",
        ),
        Mistake(
            "one-step-too-many",
            (("range(Ty)", "range(Ty + 1)"),),
            "One prediction too many: there are `Ty` of them.",
        ),
        Mistake(
            "as-many-steps-as-values",
            (("range(Ty)", "range(n_values)"),),
            "There are as many steps as values: their number is `Ty`.",
        ),
        Mistake(
            "value-one-too-large",
            (
                (
                    "x = np.eye(n_values)[:, np.argmax(out, axis=0)]",
                    "x = np.eye(n_values)[:, (np.argmax(out, axis=0) + 1) % n_values]",
                ),
            ),
            "The value after the most likely one is fed back: values count from 0 in `x`.",
        ),
        Mistake(
            "never-the-same-twice",
            (
                (
                    "x = np.eye(n_values)[:, np.argmax(out, axis=0)]",
                    "x = np.eye(n_values)[:, np.argmax(out * (1 - x), axis=0)]",
                ),
            ),
            "The value that was heard is never fed back again: `x` is the most likely value, be it the same.",
        ),
    ],
    "predict_and_sample": [
        Mistake(
            "results-are-probabilities",
            (("results = np.eye(n_values)[indices[:, 0]]", "results = np.array(pred)[:, 0]"),),
            "`results` holds the probabilities: it should be one-hot at the values that were predicted.",
        ),
        Mistake(
            "results-with-an-axis-too-many",
            (("indices[:, 0]]", "indices]"),),
            "`results` has an axis of length 1 in the middle: flatten the indices before they pick rows.",
        ),
        Mistake(
            "indices-flat",
            (("    return results, indices", "    return results, indices[:, 0]"),),
            "`indices` has lost an axis: its shape is (Ty, 1).",
        ),
        Mistake(
            "indices-in-a-row",
            (("    return results, indices", "    return results, indices.T"),),
            "`indices` lies in a row: its shape is (Ty, 1), a step to each row.",
        ),
        Mistake(
            "least-likely-value",
            (("np.argmax", "np.argmin"),),
            "The smallest probabilities were picked: `indices` are those of the largest.",
        ),
        Mistake(
            "order-of-what-is-returned",
            (("    return results, indices", "    return indices, results"),),
            "`results` and `indices` are returned in the wrong order.",
        ),
        Mistake(
            "initial-states-swapped",
            (("(x_initializer, a_initializer, c_initializer,", "(x_initializer, c_initializer, a_initializer,"),),
            "`a_initializer` and `c_initializer` have changed places on the way into the model.",
        ),
        Mistake(
            "initial-states-zero",
            (
                (
                    "(x_initializer, a_initializer, c_initializer,",
                    "(x_initializer, 0 * a_initializer, 0 * c_initializer,",
                ),
            ),
            "The solo begins with zeros: `a_initializer` and `c_initializer` are its first states.",
        ),
        Mistake(
            "first-input-zero",
            (("music_inference_model(x_initializer,", "music_inference_model(0 * x_initializer,"),),
            "The solo begins without an input: `x_initializer` is what is heard first.",
        ),
        Mistake(
            "fixed-length",
            (("parameters, Ty)", "parameters, 50)"),),
            "There are fifty values whatever is asked for: their number is `Ty`.",
        ),
        Mistake(
            "length-not-handed-on",
            (("parameters, Ty)", "parameters)"),),
            "There are a hundred values, which is what the model gives by default: hand `Ty` on to it.",
        ),
        Mistake(
            "columns-for-rows",
            (("results = np.eye(n_values)[indices[:, 0]]", "results = np.eye(n_values)[indices[:, 0]].T"),),
            "`results` has a column for each step: its shape is (Ty, n_values), a step to each row.",
        ),
        Mistake(
            "columns-up-to-the-largest",
            (("np.eye(n_values)", "np.eye(indices.max() + 1)"),),
            "`results` has columns up to the largest value that came: there are `n_values` of them, whatever comes.",
        ),
        Mistake(
            "seventy-eight-columns",
            (("np.eye(n_values)", "np.eye(78)"),),
            "`results` has 78 columns whatever the input: their number is `n_values`.",
        ),
        Mistake(
            "state-for-memory",
            (
                (
                    "(x_initializer, a_initializer, c_initializer,",
                    "(x_initializer, a_initializer, a_initializer,",
                ),
            ),
            "The first hidden state is handed over as the memory too: that is `c_initializer`.",
        ),
        Mistake(
            "memory-for-state",
            (
                (
                    "(x_initializer, a_initializer, c_initializer,",
                    "(x_initializer, c_initializer, c_initializer,",
                ),
            ),
            "The first memory is handed over as the hidden state too: that is `a_initializer`.",
        ),
        Mistake(
            "counted-from-one",
            (("    return results, indices", "    return results, (indices + 1)"),),
            "`indices` count from 1: the first value has number 0.",
        ),
        Mistake(
            "one-value-too-many",
            (("parameters, Ty)", "parameters, Ty + 1)"),),
            "One value too many: there are `Ty` of them.",
        ),
        Mistake(
            "as-many-steps-as-values",
            (("parameters, Ty)", "parameters, n_values)"),),
            "There are as many steps as values: their number is `Ty`.",
        ),
        Mistake(
            "the-value-before",
            (
                (
                    "results = np.eye(n_values)[indices[:, 0]]",
                    "results = np.eye(n_values)[np.roll(indices[:, 0], 1)]",
                ),
            ),
            "`results` are a step late: row t belongs to the value of step t in `indices`.",
        ),
        Mistake(
            "repeats-left-out",
            (
                (
                    "indices = np.argmax(pred, axis=-1)",
                    "indices = np.array(list(dict.fromkeys(np.argmax(pred, axis=-1)[:, 0])))[:, None]",
                ),
            ),
            "Each value stands only once in `indices`: a solo may come back to a value.",
        ),
        Mistake(
            "sorted",
            (("indices = np.argmax(pred, axis=-1)", "indices = np.sort(np.argmax(pred, axis=-1), axis=0)"),),
            "`indices` are sorted: they should stay in the order in which the values were predicted.",
        ),
    ],
    "with_temperature": [
        Mistake(
            "hot-for-cold",
            (("(1 / temperature)", "temperature"),),
            "High temperatures sharpen the chances, low ones level them: the exponent has `temperature` below the line.",
        ),
        Mistake(
            "not-normalised",
            ((" / np.sum(powers, axis=1, keepdims=True)", ""),),
            "The rows of `softened` do not add up to 1: divide by their sums.",
        ),
        Mistake(
            "columns-normalised",
            (("axis=1", "axis=0"),),
            "The columns of `softened` add up to 1, its rows do not: an example stands in a row.",
        ),
        Mistake(
            "all-normalised-together",
            (("np.sum(powers, axis=1, keepdims=True)", "np.sum(powers)"),),
            "All entries of `softened` together add up to 1: each row should.",
        ),
        Mistake(
            "softmax-of-probabilities",
            (("out ** (1 / temperature)", "np.exp(out / temperature)"),),
            "This is a softmax of probabilities: `out` has been through a softmax already. Take its logarithms, or powers of it.",
        ),
        Mistake(
            "negative-exponent",
            (("(1 / temperature)", "(-1 / temperature)"),),
            "Unlikely values became likely: the exponent of `out` is positive.",
        ),
        Mistake(
            "difference-in-the-exponent",
            (("(1 / temperature)", "(2 - temperature)"),),
            "The exponent of `out` is wrong but for a `temperature` of 1: see the fraction in the equation.",
        ),
        Mistake(
            "largest-for-the-sum",
            (("np.sum(powers, axis=1, keepdims=True)", "np.max(powers, axis=1, keepdims=True)"),),
            "The largest entry of each row of `softened` is 1: divide by the sum of the row, not by its largest entry.",
        ),
        Mistake(
            "mean-for-the-sum",
            (("np.sum(powers, axis=1, keepdims=True)", "np.mean(powers, axis=1, keepdims=True)"),),
            "The rows of `softened` add up to the number of values: divide by their sums, not by their means.",
        ),
        Mistake(
            "sum-of-the-first-row",
            (("np.sum(powers, axis=1, keepdims=True)", "np.sum(powers[0])"),),
            "All rows of `softened` are divided by the sum of the first: each has a sum of its own.",
        ),
        Mistake(
            "probabilities-above-the-line",
            (("softened = powers /", "softened = out /"),),
            "Above the line `out` itself stands: the powers belong there too.",
        ),
        Mistake(
            "multiplied-by-the-sum",
            (("softened = powers /", "softened = powers *"),),
            "The rows of `softened` are multiplied by their sums: divided, they add up to 1.",
        ),
        Mistake(
            "one-less-the-temperature",
            (("(1 / temperature)", "(1 - temperature)"),),
            "The exponent of `out` is a difference: in the equation it is 1 over the `temperature`.",
        ),
        Mistake(
            "never-below-one",
            (("(1 / temperature)", "(1 / max(1, temperature))"),),
            "A `temperature` below 1 is taken for 1: it should sharpen the chances.",
        ),
        Mistake(
            "whole-temperature",
            (("(1 / temperature)", "(1 // temperature)"),),
            "The exponent of `out` is a whole number: divide 1 by the `temperature` without rounding.",
        ),
    ],
}
