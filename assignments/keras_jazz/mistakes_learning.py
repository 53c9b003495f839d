"""Known mistakes of the lab `keras_jazz`: the model that learns."""

from autograder import Mistake

CELL, KERAS_CELL = "a, c = lstm_cell(x, a, c, weights)", "a, _, c = LSTM_cell(x, initial_state=[a, c])"
OUT, KERAS_OUT = "out = densor(a, weights)", "out = densor(a)"
SLICE, KERAS_SLICE = "x = X[:, t]", "x = X[:, t, :]"
LOOP = "for t in range(Tx):"
NEW_LSTM = "    LSTM_cell = LSTM(n_a, return_state=True)\n    ### START CODE HERE ###"
NEW_DENSE = '    densor = Dense(n_values, activation="softmax")\n    ### START CODE HERE ###'
START = "    ### START CODE HERE ###"
UNUSED = "[0 * array for array in weights[:3]]"


def of_cell(name, edit, written, help):
    """A mistake in the line that calls the cell."""
    return Mistake(name, ((CELL, edit),), help, written=((KERAS_CELL, written),))


def of_out(name, edit, written, help):
    """A mistake in the line that calls the dense layer."""
    return Mistake(name, ((OUT, edit),), help, written=((KERAS_OUT, written),))


def of_slice(name, edit, written, help):
    """A mistake in the line that cuts out a step."""
    return Mistake(name, ((SLICE, edit),), help, written=((KERAS_SLICE, written),))


mistakes = {
    "djmodel": [
        of_slice(
            "loop-variable-read-late",
            "x = X[:, Tx - 1]",
            "x = keras.layers.Lambda(lambda x: x[:, t, :])(X)",
            "Every step hears the last one: a `Lambda` looks up `t` when the model runs, and by then the loop has "
            "ended.",
        ),
        of_slice(
            "one-step-late",
            "x = X[:, t - 1]",
            "x = X[:, t - 1, :]",
            "Each step hears the step before it, and the first hears the last.",
        ),
        of_slice(
            "first-step-always",
            "x = X[:, 0]",
            "x = X[:, 0, :]",
            "Every step hears the first: the slice of `X` should move on with `t`.",
        ),
        of_slice(
            "backwards",
            "x = X[:, Tx - 1 - t]",
            "x = X[:, Tx - 1 - t, :]",
            "The sequence is heard backwards, from its last step to its first.",
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
            written=(("a, c = a0, c0", "a, c = 0 * a0, 0 * c0"),),
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
            written=(("inputs=[X, a0, c0]", "inputs=[X, c0, a0]"),),
        ),
        of_cell(
            "hidden-state-as-memory",
            "a = lstm_cell(x, a, c, weights)[0]\n            c = a",
            "a, c, _ = LSTM_cell(x, initial_state=[a, c])",
            "The hidden state is handed on as the memory: `LSTM_cell` returns output, hidden state and memory, in this "
            "order.",
        ),
        of_cell(
            "memory-as-state",
            "c = lstm_cell(x, a, c, weights)[1]\n            a = c",
            "_, _, c = LSTM_cell(x, initial_state=[a, c])\n        a = c",
            "The memory is taken for the hidden state: `LSTM_cell` returns output, hidden state and memory, in this "
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
            "out = keras.layers.Activation('softmax')(densor(a))",
            "There is a softmax too many: `densor` has one already.",
        ),
        of_out(
            "no-softmax",
            "out = a @ weights[3] + weights[4][..., None, :]",
            "densor.activation = keras.activations.linear\n        out = densor(a)",
            "The outputs are scores, not probabilities: `densor` needs the activation softmax.",
        ),
        of_out(
            "sigmoid",
            "out = sigmoid(a @ weights[3] + weights[4][..., None, :])",
            "densor.activation = keras.activations.sigmoid\n        out = densor(a)",
            "The outputs are sigmoids: each value has a probability of its own, and they do not add up to 1. `densor` "
            "needs the activation softmax.",
        ),
        of_cell(
            "state-through-tanh",
            "a, c = lstm_cell(x, a, c, weights)\n            a = np.tanh(a)",
            "a, _, c = LSTM_cell(x, initial_state=[a, c])\n        a = keras.layers.Activation('tanh')(a)",
            "The hidden state goes through another tanh: the LSTM has done that already.",
        ),
        Mistake(
            "last-step-missing",
            ((LOOP, "for t in range(Tx - 1):"),),
            "The last step is missing: there should be `Tx` outputs.",
            written=((LOOP, "for t in range(Tx - 1):"),),
        ),
        Mistake(
            "first-step-missing",
            ((LOOP, "for t in range(1, Tx):"),),
            "The first step is missing: Python counts from 0.",
            written=((LOOP, "for t in range(1, Tx):"),),
        ),
        Mistake(
            "last-output-only",
            (("        return outputs\n", "        return outputs[-1:]\n"),),
            "The model has one output, that of the last step: there should be one for each step, in a list.",
            written=(("outputs=outputs", "outputs=out"),),
        ),
        Mistake(
            "lstm-of-its-own",
            (("trained = weights", f"trained = {UNUSED} + weights[3:]"),),
            "The model has an LSTM of its own: what it learns never reaches the notebook's `LSTM_cell`, which is to "
            "compose later.",
            written=((START, NEW_LSTM),),
        ),
        Mistake(
            "dense-layer-of-its-own",
            (("trained = weights", "trained = weights[:3] + [0 * array for array in weights[3:]]"),),
            "The model has a dense layer of its own: what it learns never reaches the notebook's `densor`, which is "
            "to compose later.",
            written=((START, NEW_DENSE),),
        ),
        Mistake(
            "layers-of-its-own",
            (("trained = weights", "trained = [0 * array for array in weights]"),),
            "The model has layers of its own: what they learn never reaches the notebook's `LSTM_cell` and `densor`, "
            "which are to compose later.",
            written=((START, NEW_LSTM.removesuffix(START) + NEW_DENSE),),
        ),
    ],
}
