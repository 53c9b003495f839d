"""The reference of the exercises of `keras_poetry` whose solutions are in Keras, in NumPy.

``weights`` are those of a Keras model with two LSTM layers and a dense one, as its `get_weights` returns
them: kernel, recurrent kernel and bias of each LSTM layer, then kernel and bias of the dense layer.
"""

import numpy as np
from poetry import sample

from course_utils.nn import dense_softmax, lstm_layer


def from_keras(kernel, recurrent_kernel, bias):
    """Return the weights of a Keras LSTM layer, gates in the order i, f, c, o, in the layout of `lstm_layer`."""
    parameters = {}
    for number, gate in enumerate("ifco"):
        n_a = len(recurrent_kernel)
        own = slice(number * n_a, (number + 1) * n_a)
        parameters[f"W{gate}"] = np.hstack((recurrent_kernel[:, own].T, kernel[:, own].T))
        parameters[f"b{gate}"] = bias[own, None]
    return parameters


def probabilities(x, weights):
    """Return what a model with these weights gives for windows x, (m, Tx, n_x)."""
    a1, _ = lstm_layer(x, from_keras(*weights[:3]))
    a2, _ = lstm_layer(a1, from_keras(*weights[3:6]))
    preds, _ = dense_softmax(a2[:, -1], {"Wy": weights[6].T, "by": weights[7][:, None]})
    return preds


def poetry_model(Tx, n_x, n_a, weights, x, slopes, directions):
    """Return the probabilities for x, and how fast sum(slopes * preds) grows along each direction.

    ``directions`` has an array for each one of the weights, which moves while the others stay.
    """

    def model(x, weights):
        a1, _ = lstm_layer(x, from_keras(*weights[:3]))
        a2, _ = lstm_layer(a1, from_keras(*weights[3:6]))
        preds, _ = dense_softmax(a2[:, -1], {"Wy": weights[6].T, "by": weights[7][:, None]})
        return preds

    def loss(number, step):
        moved = [w + step * d if k == number else w for k, (w, d) in enumerate(zip(weights, directions))]
        return np.sum(slopes * model(x, moved))

    preds = model(x, weights)
    gradients = np.array([(loss(k, 1e-5) - loss(k, -1e-5)) / 2e-5 for k in range(len(weights))])
    return preds, gradients


def transplant(parameters, dropout, x):
    """Return the weights of a Keras model after the transplant, by layer, and its probabilities for x."""
    lstm1 = lstm_weights(parameters["lstm1"])
    lstm2 = lstm_weights(parameters["lstm2"])
    dense = (parameters["dense"]["Wy"].T, parameters["dense"]["by"][:, 0])
    preds = probabilities(x, [*lstm1, *lstm2, *dense])
    return list(lstm1), list(lstm2), list(dense), preds


def generate_output(chars, usr_input, Tx, length, temperature, weights):
    """Return a text that a model with these weights goes on with; draws by NumPy's global generator."""
    char_indices = {char: k for k, char in enumerate(chars)}
    n_x = len(chars)
    sentence = usr_input.lower()[-Tx:].rjust(Tx, "0")
    generated = usr_input
    for _ in range(length):
        x_pred = np.zeros((1, Tx, n_x))
        for t, char in enumerate(sentence):
            if char != "0":
                x_pred[0, t, char_indices[char]] = 1
        preds = probabilities(x_pred, weights)[0]
        next_char = chars[sample(preds, temperature)]
        generated += next_char
        sentence = sentence[1:] + next_char
    return generated


def diary_callback(chars, usr_input, length, temperature, losses):
    """Return the numbers of the epochs, the losses in bits, and what was written after each epoch.

    `generate_output` is a stand-in that says what it was asked for, and when.
    """
    epochs, bits, poems = [], [], []
    for epoch, loss in enumerate(losses):
        trained = epoch + 1
        epochs.append(epoch + 1)
        bits.append(loss / np.log(2))
        poems.append(f"{usr_input}: {length} characters at {temperature}, after epoch {trained}")
    return np.array(epochs, float), np.array(bits), poems
