"""Other wrong answers of the lab `keras_jazz`, as edits of the text: each must earn the same with every seed."""

SLICE = "x = X[:, t, :]"
CELL = "a, _, c = LSTM_cell(x, initial_state=[a, c])"
OUT = "out = densor(a)"
START = "    ### START CODE HERE ###"
RESULTS = "results = to_categorical(indices, num_classes=n_values)"

wrong = {
    "djmodel": {
        "an LSTM at each step": ((CELL, "a, _, c = LSTM(n_a, return_state=True)(x, initial_state=[a, c])"),),
        "a dense layer at each step": ((OUT, 'out = Dense(n_values, activation="softmax")(a)'),),
        "the outputs without a model": (("return model", "return outputs"),),
        "nothing is returned": (("    return model", "    model"),),
        "90 values": (("Input((Tx, n_values))", "Input((Tx, 90))"),),
        "64 units": (('Input((n_a,), name="a0")', 'Input((64,), name="a0")'),),
        "thirty steps": (("range(Tx)", "range(30)"),),
        "at most three steps": (("range(Tx)", "range(min(Tx, 3))"),),
        "the inputs in another order": (("inputs=[X, a0, c0]", "inputs=[a0, c0, X]"),),
        "the states are no inputs": (
            ("a, c = a0, c0", "a, c = ops.zeros_like(X[:, 0, :1]) + np.zeros(n_a), ops.zeros_like(X[:, 0, :1]) + np.zeros(n_a)"),
            ("inputs=[X, a0, c0]", "inputs=X"),
        ),
        "the symbolic X in a Lambda, as the document has it": ((SLICE, "x = keras.layers.Lambda(lambda x: X[:, t, :])(X)"),),
        "no time axis": (("        x = reshapor(x)\n", ""),),
        "one step too far": ((SLICE, "x = X[:, t + 1, :]"),),
        "no gradient through the state": ((CELL, f"{CELL}\n        a = ops.stop_gradient(a)"),),
        "a frozen LSTM": ((START, f"    LSTM_cell.trainable = False\n{START}"),),
        "the hidden states": (("outputs.append(out)", "outputs.append(a)"),),
        "only the last probability": (("outputs.append(out)", "outputs.append(out[:, -1:])"),),
        "all outputs in one": (("outputs=outputs", "outputs=ops.stack(outputs, axis=1)"),),
        "a GRU": (
            (START, f"    cell = keras.layers.GRU(n_a, return_state=True)\n{START}"),
            (CELL, "_, a = cell(x, initial_state=a)"),
        ),
        "the memory wiped after two steps": ((CELL, f"{CELL}\n        c = c * (t % 2)"),),
    },
    "music_inference_model": {
        "new layers": (
            (
                START,
                '    LSTM_cell, densor = LSTM(n_a, return_state=True), Dense(n_values, activation="softmax")\n' + START,
            ),
        ),
        "a new dense layer": ((START, f'    densor = Dense(n_values, activation="softmax")\n{START}'),),
        "the outputs without a model": (("return inference_model", "return outputs"),),
        "78 values": (("Input((1, n_values))", "Input((1, 78))"),),
        "NumPy in a model": (("x = one_hot(out)", "x = np.eye(n_values)[np.argmax(out, axis=-1)][:, None]"),),
        "at most two steps": (("range(Ty)", "range(min(Ty, 2))"),),
        "ten steps": (("range(Ty)", "range(10)"),),
        "the most likely but one": (
            ("x = one_hot(out)", "x = one_hot(out - out * ops.one_hot(ops.argmax(out, axis=-1), n_values))"),
        ),
        "a value late": (("        out = densor(a)\n", "        out = densor(a if t == 0 else before)\n        before = a\n"),),
    },
    "predict_and_sample": {
        "78 values": ((RESULTS, "results = to_categorical(indices, num_classes=78)"),),
        "the same value at each step": (
            ("indices = np.argmax(pred, axis=-1)", "indices = np.argmax(pred, axis=-1)[:1] + 0 * np.argmax(pred, axis=-1)"),
        ),
        "three steps": (("return results, indices", "return results[:3], indices[:3]"),),
        "values counted from 1": (("return results, indices", "return results, indices + 1"),),
        "a list in place of two": (("return results, indices", "return results"),),
        "the first step left out": (("return results, indices", "return results[1:], indices[1:]"),),
        "ones and zeros the other way round": ((RESULTS, f"{RESULTS}\n    results = 1 - results"),),
    },
}
