"""Other wrong answers of the lab `keras_poetry`: each must earn the same with every seed."""

MODEL = "    model = Model(X_input, X)\n"
NEXT = "sentence = sentence[1:] + next_char"
RETURN = "    return kernel, recurrent_kernel, bias"

wrong = {
    "lstm_weights": {
        "units of the notebook": (('len(parameters["bf"])', "192"),),
        "as many units as characters": (('len(parameters["bf"])', 'parameters["Wf"].shape[1] // 2'),),
        "order of the dictionary": (
            ('[parameters[f"W{gate}"] for gate in "ifco"]', 'list(parameters.values())[:4]'),
        ),
        "the biases in the order of the labs": (('b{gate}"] for gate in "ifco"', 'b{gate}"] for gate in "fico"'),),
        "the matrices in the order of the labs": (('W{gate}"] for gate in "ifco"', 'W{gate}"] for gate in "fico"'),),
        "biases doubled": ((RETURN, "    return kernel, recurrent_kernel, 2 * bias"),),
        "in another order of outputs": ((RETURN, "    return recurrent_kernel, kernel, bias"),),
        "rounded": ((RETURN, "    return kernel.round(2), recurrent_kernel.round(2), bias"),),
    },
    "poetry_model": {
        "windows of 40": (("Input((Tx, n_x))", "Input((40, n_x))"),),
        "units of the notebook": (("LSTM(n_a)", "LSTM(192)"),),
        "characters of the notebook": (("Dense(n_x)", "Dense(36)"),),
        "one layer called twice": (
            ("    X = LSTM(n_a, return_sequences=True)(X_input)\n", "    layer = LSTM(n_a, return_sequences=True)\n    X = layer(X_input)\n"),
            ("X = LSTM(n_a)(X)", "X = layer(X)[:, -1]"),
        ),
        "one LSTM layer": (("    X = LSTM(n_a)(X)\n", "    X = X[:, -1]\n"),),
        "three LSTM layers": (("X = LSTM(n_a)(X)", "X = LSTM(n_a)(LSTM(n_a, return_sequences=True)(X))"),),
        "the first gives its last state": (("return_sequences=True", "return_sequences=False"),),
        "simple recurrent layers": (("X = LSTM(n_a)(X)", "X = keras.layers.SimpleRNN(n_a)(X)"),),
        "gated recurrent units": (("X = LSTM(n_a)(X)", "X = keras.layers.GRU(n_a)(X)"),),
        "both directions": (("X = LSTM(n_a)(X)", "X = keras.layers.Bidirectional(LSTM(n_a))(X)"),),
        "no biases": (("Dense(n_x)", "Dense(n_x, use_bias=False)"),),
        "the shape of the input": ((MODEL, "    model = X.shape\n"),),
        "the output in place of the model": ((MODEL, "    model = X\n"),),
        "log probabilities": (('Activation("softmax")', 'Activation("log_softmax")'),),
        "states through a ReLU": (("X = LSTM(n_a)(X)", 'X = LSTM(n_a, activation="relu")(X)'),),
        "a frozen dense layer": (("Dense(n_x)", "Dense(n_x, trainable=False)"),),
    },
    "transplant": {
        "layers by their number in a model with dropout": (
            (
                "    model.set_weights([*lstm1, *lstm2, *dense])\n",
                "    for number, own in ((1, lstm1), (3, lstm2), (5, dense)):\n        model.layers[number].set_weights(own)\n",
            ),
        ),
        "kernels alone": (
            ("[*lstm1, *lstm2, *dense]", "[*lstm1[:1], *model.get_weights()[1:3], *lstm2[:1], *model.get_weights()[4:6], *dense]"),
        ),
        "into a copy": (("    model.set_weights(", "    keras.models.clone_model(model).set_weights("),),
        "states forgotten": (
            ("[*lstm1, *lstm2, *dense]", "[lstm1[0], 0 * lstm1[1], lstm1[2], lstm2[0], 0 * lstm2[1], lstm2[2], *dense]"),
        ),
        "the dense layer not transposed": (('["Wy"].T', '["Wy"]'),),
    },
    "generate_output": {
        "at most ten characters": (("range(length)", "range(min(length, 10))"),),
        "temperature at most one": (("sample(preds, temperature)", "sample(preds, min(temperature, 1.0))"),),
        "the beginning in small letters": (("    generated = usr_input\n", "    generated = usr_input.lower()\n"),),
        "drawn twice": (
            ("        next_char = chars[sample(preds, temperature)]\n", "        sample(preds, temperature)\n        next_char = chars[sample(preds, temperature)]\n"),
        ),
        "a seed of its own": (("    generated = usr_input\n", "    generated = usr_input\n    np.random.seed(0)\n"),),
        "an alphabet in order": (("chars[sample(preds, temperature)]", "sorted(chars)[sample(preds, temperature)]"),),
        "moves on by two": ((NEXT, "sentence = sentence[2:] + next_char + next_char"),),
        "a window without its axis": (("model.predict(x_pred, verbose=0)[0]", "model.predict(x_pred[0], verbose=0)"),),
    },
    "diary_callback": {
        "the function alone": (("callback = LambdaCallback(on_epoch_end=on_epoch_end)", "callback = on_epoch_end"),),
        "called at once": (
            ("LambdaCallback(on_epoch_end=on_epoch_end)", 'LambdaCallback(on_epoch_end=on_epoch_end(0, {"loss": 1.0}))'),
        ),
        "after each batch": (
            ("LambdaCallback(on_epoch_end=on_epoch_end)", "LambdaCallback(on_train_batch_end=on_epoch_end)"),
        ),
        "at the beginning of an epoch": (
            ('logs["loss"]', 'logs.get("loss", 0.0)'),
            ("LambdaCallback(on_epoch_end=on_epoch_end)", "LambdaCallback(on_epoch_begin=on_epoch_end)"),
        ),
        "printed alone": (("diary.append((epoch + 1, bits, text))", "print(epoch + 1, bits, text)"),),
        "the text alone": (("diary.append((epoch + 1, bits, text))", "diary.append(text)"),),
        "rounded": (("(epoch + 1, bits, text)", "(epoch + 1, round(bits, 2), text)"),),
        "only the last": (("        diary.append(", "        diary.clear()\n        diary.append("),),
        "without the beginning": (("bits, text))", "bits, text[len(usr_input):]))"),),
    },
}
