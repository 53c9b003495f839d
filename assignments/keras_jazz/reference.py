"""What the functions of the lab `keras_jazz` should make, in NumPy: the models' outputs and gradients."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    powers = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def lstm_cell(x, a, c, weights):
    """One step of Keras' LSTM, in rows; its gates are in the order i, f, c, o."""
    z = x @ weights[0] + a @ weights[1] + weights[2][..., None, :]
    i, f, g, o = np.split(z, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def densor(a, weights):
    """The dense layer."""
    return softmax(a @ weights[3] + weights[4][..., None, :])


def gradients(loss, weights):
    """The gradients of a loss by all weights, by central differences: a row of `moved` moves one weight."""
    flat = np.concatenate([array.ravel() for array in weights])
    ends = np.cumsum([array.size for array in weights])[:-1]

    def moved(step):
        rows = np.split(flat + step * np.eye(len(flat)), ends, axis=1)
        return [part.reshape(-1, *array.shape) for part, array in zip(rows, weights)]

    slopes = (loss(moved(1e-5)) - loss(moved(-1e-5))) / 2e-5
    return [part.reshape(array.shape) for part, array in zip(np.split(slopes, ends), weights)]


def djmodel(Tx, n_a, n_values, weights, X, a0, c0, Y):
    def model(weights):
        a, c = a0, c0
        outputs = []
        for t in range(Tx):
            x = X[:, t]
            a, c = lstm_cell(x, a, c, weights)
            out = densor(a, weights)
            outputs.append(out)
        return outputs

    def loss(weights):
        return sum(np.sum((out - y) ** 2, axis=(-2, -1)) for out, y in zip(model(weights), Y)) / 2

    outputs = model(weights)
    trained = weights
    names = ["LSTM_cell kernel", "LSTM_cell recurrent_kernel", "LSTM_cell bias", "densor kernel", "densor bias"]
    return outputs, dict(zip(names, gradients(loss, weights))), dict(zip(names, trained))


def music_inference_model(n_values, n_a, Ty, weights, x0, a0, c0):
    a, c = a0, c0
    x = x0[:, 0]
    outputs = []
    for t in range(Ty):
        a, c = lstm_cell(x, a, c, weights)
        out = densor(a, weights)
        outputs.append(out)
        x = np.eye(n_values)[np.argmax(out, axis=-1)]
    return outputs


def predict_and_sample(weights, x_initializer, a_initializer, c_initializer):
    heard = np.concatenate((x_initializer[:, 0], a_initializer, c_initializer), axis=1)
    pred = np.array([softmax(heard @ kernel) for kernel in weights])
    indices = np.argmax(pred, axis=-1)
    results = np.eye(weights.shape[2])[indices[:, 0]]
    return results, indices
