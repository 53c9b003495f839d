"""The functions of the lab `poetry`."""

import numpy as np
from course_utils.explore import live_losses
from course_utils.nn import Adam, cross_entropy, dense_softmax, dense_softmax_backward, dropout, dropout_backward, lstm_layer, lstm_layer_backward, minibatches
from course_utils.watch import progress


def build_data(text, Tx=40, stride=3):
    """Cut a text into overlapping windows, each with the character that follows.

    Arguments:
    text -- a string
    Tx -- length of a window
    stride -- from one window's beginning to the next

    Returns:
    X -- list of windows, strings of Tx characters
    Y -- list of targets, one character for each window
    """
    X, Y = [], []

    for i in range(0, len(text) - Tx, stride):
        # the window that begins at place i
        X.append(text[i : i + Tx])
        # the character after it
        Y.append(text[i + Tx])

    return X, Y


def vectorization(X, Y, n_x, char_indices, Tx=40):
    """Turn windows and targets into one-hot arrays.

    Arguments:
    X -- list of m windows, strings of Tx characters
    Y -- list of m targets, one character each
    n_x -- number of different characters
    char_indices -- dictionary that gives each character its number
    Tx -- length of a window

    Returns:
    x -- windows, one-hot, shape (m, Tx, n_x)
    y -- targets, one-hot, shape (m, n_x)
    """
    m = len(X)
    x = np.zeros((m, Tx, n_x), dtype=bool)
    y = np.zeros((m, n_x), dtype=bool)

    for i, sentence in enumerate(X):
        # the characters of the window, step by step
        for t, char in enumerate(sentence):
            x[i, t, char_indices[char]] = True
        # the target
        y[i, char_indices[Y[i]]] = True

    return x, y


def predict(x, parameters):
    """Return the probabilities of the character after each window.

    Arguments:
    x -- windows, one-hot, shape (m, Tx, n_x)
    parameters -- dictionary with lstm1, lstm2 and dense, each a dictionary with the weights of a layer

    Returns:
    preds -- probabilities, shape (m, n_x)
    """
    # the first layer reads the characters
    a1, _ = lstm_layer(x, parameters["lstm1"])
    # the second layer reads the states of the first
    a2, _ = lstm_layer(a1, parameters["lstm2"])
    # probabilities, from the last state
    preds, _ = dense_softmax(a2[:, -1], parameters["dense"])

    return preds


def fit(x, y, parameters, batch_size=128, epochs=1, learning_rate=0.001, rate=0.2, seed=0):
    """Train the network on windows, a minibatch at a time.

    Arguments:
    x -- windows, one-hot, shape (m, Tx, n_x)
    y -- targets, one-hot, shape (m, n_x)
    parameters -- dictionary as for predict; changed in place
    batch_size -- windows in a minibatch
    epochs -- how often to go through all windows
    learning_rate -- of Adam
    rate -- share of the states that dropout sets to zero
    seed -- for the order of the windows, and for dropout

    Returns:
    losses -- list of the losses of all minibatches, in nats
    """
    rng = np.random.default_rng(seed)
    optimizer = Adam(learning_rate)
    batches = [batch for _ in range(epochs) for batch in minibatches(len(x), batch_size, rng)]
    losses = []

    for number in live_losses(progress(len(batches)), losses):
        batch = batches[number]
        # forward: LSTM, dropout, LSTM, dropout, dense
        a1, cache1 = lstm_layer(x[batch], parameters["lstm1"])
        d1, mask1 = dropout(a1, rate, rng)
        a2, cache2 = lstm_layer(d1, parameters["lstm2"])
        d2, mask2 = dropout(a2[:, -1], rate, rng)
        preds, cache3 = dense_softmax(d2, parameters["dense"])
        # loss
        loss, dz = cross_entropy(preds, y[batch])
        # backward: dense, LSTM, LSTM, each through its dropout
        dense = dense_softmax_backward(dz, cache3)
        lstm2 = lstm_layer_backward(dropout_backward(dense["da"], mask2), cache2)
        lstm1 = lstm_layer_backward(dropout_backward(lstm2["dx"], mask1), cache1, dx=False)
        # the gradients of all layers
        gradients = {"lstm1": lstm1, "lstm2": lstm2, "dense": dense}
        optimizer.update(parameters, gradients)
        losses.append(loss)

    return losses


def sample(preds, temperature=1.0):
    """Draw the number of a character.

    Arguments:
    preds -- probabilities, shape (n_x,); some may be 0
    temperature -- a positive number; below 1 the likely characters become likelier

    Returns:
    out -- the number of the character
    """
    preds = np.asarray(preds).astype("float64")

    # logarithms, divided by the temperature
    with np.errstate(divide="ignore"):
        z = np.log(preds) / temperature
    # softmax, the largest exponential being 1
    powers = np.exp(z - np.max(z))
    preds = powers / np.sum(powers)

    probas = np.random.multinomial(1, preds, 1)
    out = np.random.choice(range(len(preds)), p=probas.ravel())
    return out


def generate_output(parameters, chars, usr_input="hello", Tx=40, length=400, temperature=1.0):
    """Go on with a text.

    Arguments:
    parameters -- dictionary as for predict
    chars -- list of all characters, in the order of their numbers
    usr_input -- the beginning; capitals are read as small letters
    Tx -- length of a window
    length -- how many characters to add
    temperature -- as for sample

    Returns:
    generated -- the beginning and what the network adds, a string
    """
    char_indices = {char: k for k, char in enumerate(chars)}
    n_x = len(chars)
    # the last Tx characters; '0' stands for nothing where there are fewer
    sentence = usr_input.lower()[-Tx:].rjust(Tx, "0")
    generated = usr_input

    for i in range(length):
        # the window, one-hot; rows of zeros where there is nothing
        x_pred = np.zeros((1, Tx, n_x))
        for t, char in enumerate(sentence):
            if char != "0":
                x_pred[0, t, char_indices[char]] = 1
        # draw the next character
        preds = predict(x_pred, parameters)[0]
        next_char = chars[sample(preds, temperature)]
        # write it down, and move on by one
        generated += next_char
        sentence = sentence[1:] + next_char

    return generated


def bits_per_character(text, parameters, char_indices, Tx=40, batch_size=256):
    """Return what a text costs the network, in bits per character.

    Arguments:
    text -- a string of more than Tx characters
    parameters -- dictionary as for predict
    char_indices -- dictionary that gives each character its number
    Tx -- length of a window
    batch_size -- how many windows to predict at a time

    Returns:
    bits -- mean of the negative logarithm, to base 2, of the probabilities of the characters from Tx on
    """
    n_x = len(char_indices)
    total = 0.0

    # all windows
    X, Y = build_data(text, Tx, stride=1)
    for start in range(0, len(X), batch_size):
        # some of them, as arrays
        x, y = vectorization(X[start : start + batch_size], Y[start : start + batch_size], n_x, char_indices, Tx)
        # the probabilities of what came
        right = np.sum(predict(x, parameters) * y, axis=1)
        total -= np.sum(np.log2(right))
    # the mean over all characters
    bits = total / len(X)

    return bits
