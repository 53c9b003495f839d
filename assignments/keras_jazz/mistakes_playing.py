"""Known mistakes of the lab `keras_jazz`: the model that composes, and what it composes."""

from autograder import Mistake

CELL, KERAS_CELL = "a, c = lstm_cell(x, a, c, weights)", "a, _, c = LSTM_cell(x, initial_state=[a, c])"
OUT, KERAS_OUT = "out = densor(a, weights)", "out = densor(a)"
NEXT, KERAS_NEXT = "x = np.eye(n_values)[np.argmax(out, axis=-1)]", "x = one_hot(out)"
LOOP = "for t in range(Ty):"
PRED = "pred = np.array([softmax(heard @ kernel) for kernel in weights])"
HEARD = "heard = np.concatenate((x_initializer[:, 0], a_initializer, c_initializer), axis=1)"
KERAS_HEARD = "[x_initializer, a_initializer, c_initializer]"
INDICES = "indices = np.argmax(pred, axis=-1)"
RESULTS = "results = np.eye(weights.shape[2])[indices[:, 0]]"
KERAS_RESULTS = "results = to_categorical(indices, num_classes=n_values)"


def of_cell(name, edit, written, help):
    """A mistake in the line that calls the cell."""
    return Mistake(name, ((CELL, edit),), help, written=((KERAS_CELL, written),))


def of_out(name, edit, written, help):
    """A mistake in the line that calls the dense layer."""
    return Mistake(name, ((OUT, edit),), help, written=((KERAS_OUT, written),))


def of_next(name, edit, written, help):
    """A mistake in the line that feeds the output back."""
    return Mistake(name, ((NEXT, edit),), help, written=((KERAS_NEXT, written),))


def of_heard(name, edit, written, help):
    """A mistake in what the model is given."""
    return Mistake(name, ((HEARD, edit),), help, written=((KERAS_HEARD, written),))


mistakes = {
    "music_inference_model": [
        of_next(
            "input-never-changes",
            "pass",
            "pass",
            "Every step hears `x0`: what was predicted is never heard.",
        ),
        of_next(
            "probabilities-fed-back",
            "x = out",
            "x = ops.expand_dims(out, axis=1)",
            "The probabilities themselves are fed back: `x` should be one-hot, at the most likely value.",
        ),
        of_next(
            "least-likely-value",
            "x = np.eye(n_values)[np.argmin(out, axis=-1)]",
            "x = one_hot(-out)",
            "The least likely value is fed back: `x` is one-hot at the largest probability.",
        ),
        of_cell(
            "state-not-carried",
            "a, c = lstm_cell(x, a0, c, weights)",
            "a, _, c = LSTM_cell(x, initial_state=[a0, c])",
            "Every step begins with the hidden state `a0`: what a step returns as its state belongs to the next one.",
        ),
        of_cell(
            "memory-not-carried",
            "a, c = lstm_cell(x, a, c0, weights)",
            "a, _, c = LSTM_cell(x, initial_state=[a, c0])",
            "Every step begins with the memory `c0`: the memory that a step returns belongs to the next one.",
        ),
        of_cell(
            "nothing-carried",
            "a, c = lstm_cell(x, a0, c0, weights)",
            "a, _, c = LSTM_cell(x, initial_state=[a0, c0])",
            "Each step begins anew from `a0` and `c0`: state and memory must go on from step to step.",
        ),
        of_cell(
            "no-initial-state",
            "a, c = lstm_cell(x, 0 * a0, 0 * c0, weights)",
            "a, _, c = LSTM_cell(x)",
            "Each step begins with zeros: without `initial_state` the LSTM forgets state and memory between two calls.",
        ),
        Mistake(
            "initial-states-zero",
            (("a, c = a0, c0", "a, c = 0 * a0, 0 * c0"),),
            "The first step begins with zeros: its state and memory are the inputs `a0` and `c0`.",
            written=(("x, a, c = x0, a0, c0", "x, a, c = x0, 0 * a0, 0 * c0"),),
        ),
        Mistake(
            "first-input-zero",
            (("x = x0[:, 0]", "x = 0 * x0[:, 0]"),),
            "The first step hears nothing: its input is `x0`.",
            written=(("x, a, c = x0, a0, c0", "x, a, c = 0 * x0, a0, c0"),),
        ),
        of_cell(
            "state-and-memory-swapped",
            "a, c = lstm_cell(x, c, a, weights)",
            "a, _, c = LSTM_cell(x, initial_state=[c, a])",
            "Hidden state and memory have changed places in `initial_state`: the hidden state comes first.",
        ),
        Mistake(
            "inputs-swapped",
            (("a, c = a0, c0", "a, c = c0, a0"),),
            "The inputs `a0` and `c0` have changed places: the model begins with the memory as its hidden state.",
            written=(("inputs=[x0, a0, c0]", "inputs=[x0, c0, a0]"),),
        ),
        of_cell(
            "hidden-state-as-memory",
            "a = lstm_cell(x, a, c, weights)[0]\n        c = a",
            "a, c, _ = LSTM_cell(x, initial_state=[a, c])",
            "The hidden state is handed on as the memory: `LSTM_cell` returns output, hidden state and memory, in this "
            "order.",
        ),
        of_out(
            "prediction-from-memory",
            "out = densor(c, weights)",
            "out = densor(c)",
            "The predictions are made from the memory: `densor` takes the hidden state.",
        ),
        of_out(
            "softmax-twice",
            "out = softmax(densor(a, weights))",
            "out = ops.softmax(densor(a))",
            "There is a softmax too many: `densor` has one already.",
        ),
        Mistake(
            "values-as-outputs",
            (("outputs.append(out)", "outputs.append(np.eye(n_values)[np.argmax(out, axis=-1)])"),),
            "The outputs are one-hot: what belongs into the list are the probabilities.",
            written=(("outputs.append(out)", "outputs.append(one_hot(out)[:, 0])"),),
        ),
        Mistake(
            "last-step-missing",
            ((LOOP, "for t in range(Ty - 1):"),),
            "There is a step too few: there should be `Ty` outputs.",
            written=((LOOP, "for t in range(Ty - 1):"),),
        ),
        Mistake(
            "one-step-more",
            ((LOOP, "for t in range(Ty + 1):"),),
            "There is a step too many: there should be `Ty` outputs.",
            written=((LOOP, "for t in range(Ty + 1):"),),
        ),
    ],
    "predict_and_sample": [
        of_heard(
            "state-and-memory-swapped",
            "heard = np.concatenate((x_initializer[:, 0], c_initializer, a_initializer), axis=1)",
            "[x_initializer, c_initializer, a_initializer]",
            "`a_initializer` and `c_initializer` have changed places: the model takes the hidden state before the "
            "memory.",
        ),
        of_heard(
            "begun-from-zeros",
            "heard = np.concatenate((x_initializer[:, 0], 0 * a_initializer, 0 * c_initializer), axis=1)",
            "[x_initializer, 0 * a_initializer, 0 * c_initializer]",
            "The model begins with zeros: hidden state and memory are `a_initializer` and `c_initializer`.",
        ),
        of_heard(
            "first-input-zero",
            "heard = np.concatenate((0 * x_initializer[:, 0], a_initializer, c_initializer), axis=1)",
            "[0 * x_initializer, a_initializer, c_initializer]",
            "The model hears nothing at first: its first input is `x_initializer`.",
        ),
        Mistake(
            "least-likely-value",
            (("np.argmax", "np.argmin"),),
            "`indices` are the least likely values: the largest probability of each step is wanted.",
            written=(("np.argmax", "np.argmin"),),
        ),
        Mistake(
            "along-the-steps",
            ((INDICES, "indices = np.argmax(pred, axis=0)"), (RESULTS, "results = np.eye(weights.shape[2])[indices[0]]")),
            "The largest entry is looked for along the steps: `pred` has the axes (step, example, value).",
            written=(
                (INDICES, "indices = np.argmax(pred, axis=0)"),
                (KERAS_RESULTS, "results = np.eye(n_values)[indices[0]]"),
            ),
        ),
        Mistake(
            "along-the-examples",
            ((INDICES, "indices = np.argmax(pred, axis=1)"), (RESULTS, "results = np.eye(weights.shape[2])[indices]")),
            "The largest entry is looked for along the examples: `pred` has the axes (step, example, value).",
            written=((INDICES, "indices = np.argmax(pred, axis=1)"),),
        ),
        Mistake(
            "indices-flat",
            ((INDICES, "indices = np.argmax(pred, axis=-1)[:, 0]"), ("indices[:, 0]]", "indices]")),
            "`indices` has one axis: it should have the shape `(Ty, 1)`.",
            written=((INDICES, "indices = np.argmax(pred, axis=-1)[:, 0]"),),
        ),
        Mistake(
            "columns-not-counted",
            ((RESULTS, "results = np.eye(indices.max() + 1)[indices[:, 0]]"),),
            "`results` has too few columns: `to_categorical` must be told how many values there are, or it takes the "
            "largest of `indices` for the last.",
            written=((KERAS_RESULTS, "results = to_categorical(indices)"),),
        ),
        Mistake(
            "one-column-more",
            ((RESULTS, "results = np.eye(weights.shape[2] + 1)[indices[:, 0]]"),),
            "`results` has a column too many: the values are counted from 0.",
            written=((KERAS_RESULTS, "results = to_categorical(indices, num_classes=n_values + 1)"),),
        ),
        Mistake(
            "axis-too-many",
            ((RESULTS, "results = np.eye(weights.shape[2])[indices]"),),
            "`results` has an axis too many: it should have the shape `(Ty, n_values)`.",
            written=((KERAS_RESULTS, "results = np.eye(n_values)[indices]"),),
        ),
        Mistake(
            "probabilities-as-results",
            ((RESULTS, "results = pred[:, 0]"),),
            "`results` holds the probabilities: it should be one-hot, at the values in `indices`.",
            written=((KERAS_RESULTS, "results = np.array(pred)[:, 0]"),),
        ),
        Mistake(
            "swapped-results",
            (("return results, indices", "return indices, results"),),
            "`results` and `indices` have changed places.",
            written=(("return results, indices", "return indices, results"),),
        ),
    ],
}
