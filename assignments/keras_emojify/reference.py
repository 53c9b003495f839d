"""The reference of the lab `keras_emojify` in NumPy: what the observers find in right answers."""

import numpy as np

from course_utils.frameworks.emojify import drawn_weights
from course_utils.nn import embed, lstm_layer, lstm_layer_backward


def pretrained_embedding_layer(word_to_vec_map, word_to_index, indices):
    rows, emb_dim = len(word_to_index) + 1, len(word_to_vec_map["cucumber"])
    emb_matrix = np.zeros((rows, emb_dim))
    for word, index in word_to_index.items():
        emb_matrix[index, :] = word_to_vec_map[word]
    trainable = False
    vectors = emb_matrix[np.minimum(indices, len(emb_matrix) - 1)]
    return emb_matrix, vectors, trainable


def Emojify_V2(input_shape, word_to_vec_map, word_to_index, emb_matrix, X_indices, seed, G):
    first, second, (kernel, bias) = drawn_weights(seed, emb_matrix.shape[1]).values()
    x = embed(X_indices, emb_matrix)
    a1, cache1 = lstm_layer(x, parameters(first))
    a2, cache2 = lstm_layer(a1, parameters(second))
    read = last_state(a2, X_indices)
    last = np.sum(read * a2, axis=1)
    z = last @ kernel + bias
    y_hat, slope = softmax(z)
    # and back, from the gradient G of the probabilities
    dz = slope(G)
    da2 = read * (dz @ kernel.T)[:, None, :]
    backward2 = lstm_layer_backward(da2, cache2)
    backward1 = lstm_layer_backward(backward2["dx"], cache1)
    gradients = {"lstm1": biases(backward1), "lstm2": biases(backward2), "dense": last.T @ dz}
    dropouts = 2
    return y_hat, gradients, dropouts


def parameters(weights):
    """The weights of a Keras LSTM, whose gates are i, f, c, o side by side, by the names of the labs."""
    kernel, recurrent, bias = (np.split(array, 4, axis=-1) for array in weights)
    return {
        **{f"W{gate}": np.hstack([recurrent[k].T, kernel[k].T]) for k, gate in enumerate("ifco")},
        **{f"b{gate}": bias[k][:, None] for k, gate in enumerate("ifco")},
    }


def biases(gradients):
    """The gradient of the bias of a Keras LSTM, (4 n_a,)."""
    return np.concatenate([gradients[f"db{gate}"][:, 0] for gate in "ifco"])


def last_state(a, X_indices):
    """Weights of the steps (m, T_x, 1) with which their sum is the last state."""
    read = np.zeros((*X_indices.shape, 1))
    read[:, -1] = 1
    return read


def softmax(z, axis=1):
    """Probabilities, and the function that turns their gradient into that of z."""
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    y = e / e.sum(axis=axis, keepdims=True)
    return y, lambda g: y * (g - np.sum(y * g, axis=axis, keepdims=True))
