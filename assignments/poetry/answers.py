"""Right solutions of the lab `poetry` that are written in other ways than the reference."""

BUILD_DATA = {
    "comprehensions": """
def build_data(text, Tx=40, stride=3):
    places = range(0, len(text) - Tx, stride)
    return [text[i:i + Tx] for i in places], [text[i + Tx] for i in places]
""",
    "the published program's habits: it prints the number of examples": """
def build_data(text, Tx = 40, stride = 3):
    X = []
    Y = []
    for i in range(0, len(text) - Tx, stride):
        X.append(text[i: i + Tx])
        Y.append(text[i + Tx])
    print('number of training examples:', len(X))
    return X, Y
""",
    "while there is a target": """
def build_data(text, Tx=40, stride=3):
    X, Y, start = [], [], 0
    while start + Tx <= len(text) - 1:
        X.append("".join(text[start + k] for k in range(Tx)))
        Y.append(text[start + Tx])
        start += stride
    return X, Y
""",
    "all windows, then every so many": """
def build_data(text, Tx=40, stride=3):
    everything = [text[i : i + Tx + 1] for i in range(len(text) - Tx)][::stride]
    X = [piece[:-1] for piece in everything]
    Y = [piece[-1] for piece in everything]
    return X, Y
""",
}

VECTORIZATION = {
    "rows of the identity": """
def vectorization(X, Y, n_x, char_indices, Tx=40):
    rows = np.eye(n_x)
    x = np.array([[rows[char_indices[char]] for char in window] for window in X])
    y = np.array([rows[char_indices[char]] for char in Y])
    return x, y
""",
    "the published program's habits": """
def vectorization(X, Y, n_x, char_indices, Tx = 40):
    m = len(X)
    x = np.zeros((m, Tx, n_x), dtype=np.bool_)
    y = np.zeros((m, n_x), dtype=np.bool_)
    for i, sentence in enumerate(X):
        for t, char in enumerate(sentence):
            x[i, t, char_indices[char]] = 1
        y[i, char_indices[Y[i]]] = 1
    return x, y
""",
    "numbers first, then compared": """
def vectorization(X, Y, n_x, char_indices, Tx=40):
    numbers = np.array([[char_indices[char] for char in window] for window in X]).reshape(len(X), Tx)
    targets = np.array([char_indices[char] for char in Y])
    return numbers[:, :, None] == np.arange(n_x), targets[:, None] == np.arange(n_x)
""",
    "as float32, by fancy indices": """
def vectorization(X, Y, n_x, char_indices, Tx=40):
    x = np.zeros((len(X), Tx, n_x), dtype=np.float32)
    y = np.zeros((len(X), n_x), dtype=np.float32)
    for number in range(len(X)):
        x[number, range(Tx), [char_indices[c] for c in X[number]]] = 1.0
    y[range(len(Y)), [char_indices[c] for c in Y]] = 1.0
    return x, y
""",
}

PREDICT = {
    "a softmax of all steps, the last one kept": """
def predict(x, parameters):
    a1, cache1 = lstm_layer(x, parameters["lstm1"])
    a2, cache2 = lstm_layer(a1, parameters["lstm2"])
    y_hat, cache3 = dense_softmax(a2, parameters["dense"])
    return y_hat[:, -1, :]
""",
    "a dense layer of its own": """
def predict(x, parameters):
    a = x
    for layer in ("lstm1", "lstm2"):
        a = lstm_layer(a, parameters[layer])[0]
    logits = a[:, x.shape[1] - 1] @ parameters["dense"]["Wy"].T + parameters["dense"]["by"].T
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
""",
    "cells of its own, step by step": """
def predict(x, parameters):
    def squash(z):
        return 1 / (1 + np.exp(-z))
    def step(read, a, c, p):
        both = np.hstack((a, read))
        f, i, o = (squash(both @ p["W" + k].T + p["b" + k].T) for k in "fio")
        c = f * c + i * np.tanh(both @ p["Wc"].T + p["bc"].T)
        return o * np.tanh(c), c
    m, Tx, _ = x.shape
    first, second = parameters["lstm1"], parameters["lstm2"]
    a1 = c1 = np.zeros((m, len(first["Wf"])))
    a2 = c2 = np.zeros((m, len(second["Wf"])))
    for t in range(Tx):
        a1, c1 = step(x[:, t].astype(float), a1, c1, first)
        a2, c2 = step(a1, a2, c2, second)
    preds, _ = dense_softmax(a2, parameters["dense"])
    return preds
""",
    "one window after the other": """
def predict(x, parameters):
    rows = []
    for window in x:
        a1, _ = lstm_layer(window[None], parameters["lstm1"])
        a2, _ = lstm_layer(a1, parameters["lstm2"])
        rows.append(dense_softmax(a2[0, -1][None], parameters["dense"])[0][0])
    return np.array(rows)
""",
}

HEAD = """
def fit(x, y, parameters, batch_size=128, epochs=1, learning_rate=0.001, rate=0.2, seed=0):
    rng = np.random.default_rng(seed)
    optimizer = Adam(learning_rate)
    batches = [batch for _ in range(epochs) for batch in minibatches(len(x), batch_size, rng)]
    losses = []
    for batch in batches:
"""

FIT = {
    "masks multiplied by hand": HEAD
    + """
        a1, first = lstm_layer(x[batch], parameters["lstm1"])
        _, keep1 = dropout(a1, rate, rng)
        a2, second = lstm_layer(a1 * keep1, parameters["lstm2"])
        last = a2[:, -1, :]
        _, keep2 = dropout(last, rate, rng)
        preds, third = dense_softmax(last * keep2, parameters["dense"])
        losses.append(-np.mean(np.log(np.sum(preds * y[batch], axis=1))))
        dense = dense_softmax_backward((preds - y[batch]) / len(batch), third)
        lstm2 = lstm_layer_backward(dense["da"] * keep2, second)
        lstm1 = lstm_layer_backward(lstm2["dx"] * keep1, first)
        optimizer.update(parameters, {"dense": dense, "lstm1": lstm1, "lstm2": lstm2})
    return losses
""",
    "a gradient for every step, most of them zero": HEAD
    + """
        a1, cache1 = lstm_layer(x[batch], parameters["lstm1"])
        d1, mask1 = dropout(a1, rate, rng)
        a2, cache2 = lstm_layer(d1, parameters["lstm2"])
        d2, mask2 = dropout(a2[:, -1], rate, rng)
        preds, cache3 = dense_softmax(d2, parameters["dense"])
        loss, dz = cross_entropy(preds, y[batch])
        dense = dense_softmax_backward(dz, cache3)
        da2 = np.zeros(a2.shape)
        da2[:, -1] = dropout_backward(dense["da"], mask2)
        lstm2 = lstm_layer_backward(da2, cache2)
        lstm1 = lstm_layer_backward(dropout_backward(lstm2["dx"], mask1), cache1)
        optimizer.update(parameters, {"lstm1": lstm1, "lstm2": lstm2, "dense": dense})
        losses.append(loss)
    return losses
""",
    "layer by layer, from the top": HEAD
    + """
        caches, gradients, a = {}, {}, x[batch]
        for layer in ("lstm1", "lstm2"):
            a, cache = lstm_layer(a, parameters[layer])
            a, mask = dropout(a if layer == "lstm1" else a[:, -1], rate, rng)
            caches[layer] = cache, mask
        preds, cache = dense_softmax(a, parameters["dense"])
        loss, dz = cross_entropy(preds, y[batch].astype(float))
        gradients["dense"] = dense_softmax_backward(dz, cache)
        down = gradients["dense"]["da"]
        for layer in ("lstm2", "lstm1"):
            cache, mask = caches[layer]
            gradients[layer] = lstm_layer_backward(dropout_backward(down, mask), cache)
            down = gradients[layer]["dx"]
        optimizer.update(parameters, gradients)
        losses.append(float(loss))
    return losses
""",
}

DRAW = """
    probas = np.random.multinomial(1, preds, 1)
    return np.random.choice(range(len(preds)), p=probas.ravel())
"""

SAMPLE = {
    "powers": """
def sample(preds, temperature=1.0):
    preds = np.asarray(preds).astype("float64")
    preds = (preds / preds.max()) ** (1 / temperature)
    preds = preds / preds.sum()
"""
    + DRAW,
    "the published program's habits, less the largest": """
def sample(preds, temperature=1.0):
    preds = np.asarray(preds).astype('float64')
    preds = np.log(preds) / temperature
    preds = preds - np.max(preds)
    exp_preds = np.exp(preds)
    preds = exp_preds / np.sum(exp_preds)
    probas = np.random.multinomial(1, preds, 1)
    out = np.random.choice(range(len(preds)), p = probas.ravel())
    return out
""",
    "only what is possible": """
def sample(preds, temperature=1.0):
    given = np.asarray(preds).astype("float64")
    preds, possible = np.zeros(len(given)), given > 0
    z = np.log(given[possible]) / temperature
    preds[possible] = np.exp(z - z.max() - np.log(np.sum(np.exp(z - z.max()))))
"""
    + DRAW,
    "the place of the one": """
def sample(preds, temperature=1.0):
    with np.errstate(divide="ignore"):
        z = np.log(np.array(preds, dtype=float)) / temperature
    z -= z.max()
    preds = np.exp(z) / np.exp(z).sum()
    place = int(np.argmax(np.random.multinomial(1, preds)))
    np.random.random()  # which the draw of the stub takes, too
    return place
""",
}

GENERATE = {
    "by vectorization": """
def generate_output(parameters, chars, usr_input="hello", Tx=40, length=400, temperature=1.0):
    char_indices = {char: k for k, char in enumerate(chars)}
    generated, read = usr_input, usr_input.lower()
    while len(generated) < len(usr_input) + length:
        window = read[-Tx:]
        x = np.zeros((1, Tx, len(chars)), dtype=bool)
        if window:
            x[:, Tx - len(window) :] = vectorization([window], [window[-1]], len(chars), char_indices, len(window))[0]
        char = chars[sample(predict(x, parameters)[0], temperature)]
        generated, read = generated + char, read + char
    return generated
""",
    "the published program's habits": """
def generate_output(parameters, chars, usr_input="hello", Tx=40, length=400, temperature=1.0):
    char_indices = dict((c, i) for i, c in enumerate(chars))
    indices_char = dict((i, c) for i, c in enumerate(chars))
    generated = ''
    sentence = ('{0:0>' + str(Tx) + '}').format(usr_input).lower()[-Tx:]
    generated += usr_input
    for i in range(length):
        x_pred = np.zeros((1, Tx, len(chars)))
        for t, char in enumerate(sentence):
            if char != '0':
                x_pred[0, t, char_indices[char]] = 1.
        preds = predict(x_pred, parameters)[0]
        next_index = sample(preds, temperature = temperature)
        next_char = indices_char[next_index]
        generated += next_char
        sentence = sentence[1:] + next_char
    return generated
""",
    "a window of numbers": """
def generate_output(parameters, chars, usr_input="hello", Tx=40, length=400, temperature=1.0):
    n_x, numbers = len(chars), [list(chars).index(char) for char in usr_input.lower()]
    table = np.vstack((np.eye(n_x), np.zeros(n_x)))
    numbers = [n_x] * Tx + numbers
    added = []
    for _ in range(length):
        x_pred = table[numbers[-Tx:]][None]
        added.append(int(sample(predict(x_pred, parameters).ravel(), temperature)))
        numbers.append(added[-1])
    return usr_input + "".join(chars[k] for k in added)
""",
    "the array rolls": """
def generate_output(parameters, chars, usr_input="hello", Tx=40, length=400, temperature=1.0):
    x = np.zeros((1, Tx, len(chars)))
    typed = usr_input.lower()[-Tx:]
    for k, char in enumerate(reversed(typed)):
        x[0, Tx - 1 - k, chars.index(char)] = 1
    generated = usr_input
    for _ in range(length):
        k = sample(predict(x, parameters)[0], temperature)
        generated += chars[k]
        x = np.roll(x, -1, axis=1)
        x[0, -1] = np.eye(len(chars))[k]
    return generated
""",
}

BITS = {
    "all at once": """
def bits_per_character(text, parameters, char_indices, Tx=40, batch_size=256):
    X, Y = build_data(text, Tx, 1)
    x, y = vectorization(X, Y, len(char_indices), char_indices, Tx)
    return -np.log2(predict(x, parameters)[np.asarray(y) == 1]).mean()
""",
    "nats, divided at the end": """
def bits_per_character(text, parameters, char_indices, Tx=40, batch_size=256):
    places = np.arange(Tx, len(text))
    numbers = np.array([char_indices[char] for char in text])
    nats = []
    for part in np.array_split(places, -(-len(places) // batch_size)):
        x = np.eye(len(char_indices))[numbers[part[:, None] + np.arange(-Tx, 0)]]
        preds = predict(x, parameters)
        nats.extend(-np.log(preds[np.arange(len(part)), numbers[part]]))
    return np.mean(nats) / np.log(2)
""",
    "with the trainer's cross-entropy": """
def bits_per_character(text, parameters, char_indices, Tx=40, batch_size=256):
    X, Y = build_data(text, Tx, stride=1)
    nats = 0.0
    while X:
        x, y = vectorization(X[:batch_size], Y[:batch_size], len(char_indices), char_indices, Tx)
        loss, _ = cross_entropy(predict(x, parameters), y)
        nats += loss * len(x)
        X, Y = X[batch_size:], Y[batch_size:]
    return nats / (len(text) - Tx) / np.log(2)
""",
    "one window at a time": """
def bits_per_character(text, parameters, char_indices, Tx=40, batch_size=256):
    bits = 0.0
    for i in range(Tx, len(text)):
        x, y = vectorization([text[i - Tx : i]], [text[i]], len(char_indices), char_indices, Tx)
        bits += -np.log2(float(predict(x, parameters)[0, char_indices[text[i]]]))
    return bits / (len(text) - Tx)
""",
}

answers = {
    "build_data": BUILD_DATA,
    "vectorization": VECTORIZATION,
    "predict": PREDICT,
    "fit": FIT,
    "sample": SAMPLE,
    "generate_output": GENERATE,
    "bits_per_character": BITS,
}
