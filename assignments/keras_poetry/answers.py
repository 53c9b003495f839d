"""Right solutions of the lab `keras_poetry` that are written in other ways than the reference."""

LSTM_WEIGHTS = {
    "all gates in one matrix, then transposed": """
def lstm_weights(parameters):
    W = np.vstack([parameters["Wi"], parameters["Wf"], parameters["Wc"], parameters["Wo"]])
    b = np.vstack([parameters["bi"], parameters["bf"], parameters["bc"], parameters["bo"]])
    n_a = W.shape[0] // 4
    return [W[:, n_a:].T, W[:, :n_a].T, b.ravel()]
""",
    "block by block": """
def lstm_weights(parameters):
    n_a, both = parameters["Wo"].shape
    kernel = np.zeros((both - n_a, 4 * n_a))
    recurrent_kernel = np.zeros((n_a, 4 * n_a))
    bias = np.zeros(4 * n_a)
    for number, gate in enumerate(["i", "f", "c", "o"]):
        block = slice(n_a * number, n_a * (number + 1))
        for unit in range(n_a):
            kernel[:, n_a * number + unit] = parameters["W" + gate][unit, n_a:]
        recurrent_kernel[:, block] = parameters["W" + gate][:, :n_a].T
        bias[block] = parameters["b" + gate].flatten()
    return kernel, recurrent_kernel, bias
""",
    "both parts of each gate at once": """
def lstm_weights(parameters):
    parts = [np.split(parameters[f"W{gate}"].T, [len(parameters["bf"])]) for gate in "ifco"]
    recurrent_kernel, kernel = (np.concatenate(side, axis=1) for side in zip(*parts))
    bias = np.array([parameters[f"b{gate}"] for gate in "ifco"]).reshape(-1)
    return kernel, recurrent_kernel, bias
""",
}

POETRY_MODEL = {
    "layers in a list": """
def poetry_model(Tx, n_x, n_a):
    return keras.Sequential([
        Input((Tx, n_x)),
        LSTM(n_a, return_sequences=True),
        Dropout(0.2),
        LSTM(n_a),
        Dropout(0.2),
        Dense(n_x),
        Activation("softmax"),
    ])
""",
    "layers added one by one, as programs of the document's time have it": """
def poetry_model(Tx, n_x, n_a):
    from keras.models import Sequential
    model = Sequential()
    model.add(LSTM(n_a, return_sequences=True, input_shape=(Tx, n_x)))
    model.add(Dropout(0.5))
    model.add(LSTM(n_a))
    model.add(Dense(n_x))
    model.add(Activation("softmax"))
    model.compile(loss="categorical_crossentropy", optimizer=Adam(learning_rate=0.01))
    return model
""",
    "the softmax in the dense layer, no dropout": """
def poetry_model(Tx, n_x, n_a):
    sentence = Input(shape=(Tx, n_x), dtype="float32")
    a = LSTM(units=n_a, return_sequences=True)(sentence)
    a = LSTM(units=n_a, return_sequences=False)(a)
    return Model(inputs=sentence, outputs=Dense(n_x, activation="softmax")(a))
""",
    "all states, the last one taken out": """
def poetry_model(Tx, n_x, n_a):
    X_input = Input((Tx, n_x))
    X = LSTM(n_a, return_sequences=True)(X_input)
    X = LSTM(n_a, return_sequences=True)(X)
    X = keras.layers.Lambda(lambda states: states[:, -1, :])(X)
    return Model(X_input, keras.layers.Softmax()(Dense(n_x)(X)))
""",
    "a prediction at every step, the last one kept": """
def poetry_model(Tx, n_x, n_a):
    X_input = Input((Tx, n_x))
    X = LSTM(n_a, return_sequences=True, dropout=0.2)(X_input)
    X = LSTM(n_a, return_sequences=True, dropout=0.2)(X)
    X = Dense(n_x, activation=keras.activations.softmax)(X)
    return Model(X_input, X[:, -1])
""",
    "cells": """
def poetry_model(Tx, n_x, n_a):
    X_input = Input((None, n_x))
    X = keras.layers.RNN(keras.layers.LSTMCell(n_a), return_sequences=True)(X_input)
    X, a, c = LSTM(n_a, return_state=True)(X)
    return Model([X_input], [keras.ops.softmax(Dense(n_x)(a), axis=-1)])
""",
    "a class": """
def poetry_model(Tx, n_x, n_a):
    class Poet(Model):
        def __init__(self):
            super().__init__()
            self.first = LSTM(n_a, return_sequences=True)
            self.drop = Dropout(0.3)
            self.second = LSTM(n_a)
            self.scores = Dense(n_x, "softmax")

        def call(self, x, training=False):
            a = self.drop(self.first(x), training=training)
            return self.scores(self.drop(self.second(a), training=training))

    return Poet()
""",
}

TRANSPLANT = {
    "the layers that have weights": """
def transplant(model, parameters):
    first, second, last = [layer for layer in model.layers if layer.get_weights()]
    first.set_weights(lstm_weights(parameters["lstm1"]))
    second.set_weights(lstm_weights(parameters["lstm2"]))
    last.set_weights([parameters["dense"]["Wy"].T, parameters["dense"]["by"].ravel()])
""",
    "by kind": """
def transplant(model, parameters):
    names = iter(["lstm1", "lstm2"])
    for layer in model.layers:
        if isinstance(layer, LSTM):
            layer.set_weights(lstm_weights(parameters[next(names)]))
        elif isinstance(layer, Dense):
            layer.set_weights([np.transpose(parameters["dense"]["Wy"]), np.squeeze(parameters["dense"]["by"], 1)])
    return model
""",
    "each weight assigned": """
def transplant(model, parameters):
    arrays = []
    for name in ("lstm1", "lstm2"):
        arrays.extend(lstm_weights(parameters[name]))
    arrays.append(parameters["dense"]["Wy"].T)
    arrays.append(parameters["dense"]["by"][:, 0])
    for weight, array in zip(model.weights, arrays):
        weight.assign(array)
""",
    "the matrices put together here": """
def transplant(model, parameters):
    weights = []
    for name in "lstm1", "lstm2":
        own = parameters[name]
        n_a = len(own["bf"])
        W = np.concatenate([own["Wi"], own["Wf"], own["Wc"], own["Wo"]])
        weights += [W[:, n_a:].T, W[:, :n_a].T, np.concatenate([own[k] for k in ("bi", "bf", "bc", "bo")]).ravel()]
    dense = parameters["dense"]
    model.set_weights(weights + [dense["Wy"].T, dense["by"].ravel()])
""",
}

GENERATE_OUTPUT = {
    "the model called, not asked to predict": """
def generate_output(model, chars, usr_input="hello", Tx=40, length=400, temperature=1.0):
    sentence = usr_input.lower()[-Tx:].rjust(Tx, "0")
    generated = usr_input
    for _ in range(length):
        x = np.array([[[float(char == other) for other in chars] for char in sentence]], dtype="float32")
        preds = keras.ops.convert_to_numpy(model(x))[0]
        next_char = chars[sample(preds, temperature)]
        generated += next_char
        sentence = sentence[1:] + next_char
    return generated
""",
    "a window of rows that moves on": """
def generate_output(model, chars, usr_input="hello", Tx=40, length=400, temperature=1.0):
    rows = np.eye(len(chars), dtype=np.float32)
    window = np.zeros((1, Tx, len(chars)), dtype=np.float32)
    read = usr_input.lower()[-Tx:]
    for k, char in enumerate(read):
        window[0, Tx - len(read) + k] = rows[chars.index(char)]
    written = []
    for k in range(length):
        number = sample(model.predict_on_batch(window)[0], temperature)
        written.append(chars[number])
        window = np.concatenate((window[:, 1:], rows[None, None, number]), axis=1)
    return usr_input + "".join(written)
""",
    "names and steps of programs of the document's time": """
def generate_output(model, chars, usr_input="hello", Tx=40, length=400, temperature=1.0):
    generated = ''
    char_indices = dict((c, i) for i, c in enumerate(chars))
    sentence = ('{0:0>' + str(Tx) + '}').format(usr_input[-Tx:]).lower() if usr_input else '0' * Tx
    generated += usr_input
    for i in range(length):
        x_pred = np.zeros((1, Tx, len(chars)))
        for t, char in enumerate(sentence):
            if char != '0':
                x_pred[0, t, char_indices[char]] = 1.
        preds = model.predict(x_pred, verbose=0)[0]
        next_index = sample(preds, temperature=temperature)
        next_char = chars[next_index]
        generated += next_char
        sentence = sentence[1:] + next_char
    return generated
""",
}

DIARY_CALLBACK = {
    "a class": """
def diary_callback(model, chars, usr_input, diary, length=100, temperature=1.0):
    class Diary(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            written = generate_output(self.model, chars, usr_input, 40, length, temperature)
            diary.append((epoch + 1, logs["loss"] / np.log(2), written))

    return Diary()
""",
    "a lambda": """
def diary_callback(model, chars, usr_input, diary, length=100, temperature=1.0):
    return LambdaCallback(
        on_epoch_end=lambda epoch, logs: diary.append(
            (
                1 + epoch,
                logs["loss"] * np.log2(np.e),
                generate_output(model, chars, usr_input=usr_input, temperature=temperature, length=length),
            )
        )
    )
""",
    "lists, counted by the diary itself, and printed": """
def diary_callback(model, chars, usr_input, diary, length=100, temperature=1.0):
    def on_epoch_end(epoch, logs):
        print()
        print("epoch", epoch + 1)
        poem = generate_output(model, chars, usr_input, length=length, temperature=temperature)
        print(poem)
        diary.append([len(diary) + 1, float(np.log2(np.exp(logs.get("loss")))), poem])

    print_callback = keras.callbacks.LambdaCallback(on_epoch_end=on_epoch_end)
    return print_callback
""",
}

answers = {
    "lstm_weights": LSTM_WEIGHTS,
    "poetry_model": POETRY_MODEL,
    "transplant": TRANSPLANT,
    "generate_output": GENERATE_OUTPUT,
    "diary_callback": DIARY_CALLBACK,
}
