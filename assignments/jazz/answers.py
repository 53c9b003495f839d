"""Right solutions of the lab `jazz` that are written in other ways than the reference."""

DJMODEL = {
    "with time first": """
def djmodel(X, a0, c0, parameters):
    a, c = np.transpose(a0), np.transpose(c0)
    outputs = []
    for step in np.swapaxes(X, 0, 1):
        a, c, yt_pred, cache = lstm_cell_forward(step.T, a, c, parameters)
        outputs.append(yt_pred.T)
    return outputs
""",
    "the layer": """
import course_utils.nn as nn
def djmodel(X, a0, c0, parameters):
    a, _ = nn.lstm_layer(X, parameters, a0, c0)
    y_hat, _ = nn.dense_softmax(a, parameters)
    return [y_hat[:, t] for t in range(X.shape[1])]
""",
    "a cell of its own, in rows": """
def djmodel(X, a0, c0, parameters):
    def affine(rows, letter):
        return rows @ parameters["W" + letter].T + parameters["b" + letter].ravel()
    def squash(z):
        return 1 / (1 + np.exp(-z))
    a, c, outputs = a0, c0, []
    for t in range(X.shape[1]):
        rows = np.hstack((a, X[:, t]))
        c = squash(affine(rows, "f")) * c + squash(affine(rows, "i")) * np.tanh(affine(rows, "c"))
        a = squash(affine(rows, "o")) * np.tanh(c)
        powers = np.exp(affine(a, "y"))
        outputs.append(powers / powers.sum(axis=1)[:, None])
    return outputs
""",
    "one example after the other": """
def djmodel(X, a0, c0, parameters):
    m, Tx, n_values = X.shape
    outputs = [np.zeros((m, n_values)) for _ in range(Tx)]
    for i in range(m):
        a, c = a0[i][:, None], c0[i][:, None]
        for t in range(Tx):
            a, c, y, _ = lstm_cell_forward(X[i, t].reshape(n_values, 1), a, c, parameters)
            outputs[t][i] = y[:, 0]
    return outputs
""",
}

MUSIC_LOSS = {
    "all at once": """
def music_loss(outputs, Y):
    m = Y.shape[1]
    return -np.sum(np.log(np.array(outputs)[Y == 1])) / m
""",
    "zero where something else came": """
def music_loss(outputs, Y):
    out = np.where(Y == 1, np.array(outputs), 1)
    return -np.log(out).sum(axis=(0, 2)).mean()
""",
    "picked by index": """
def music_loss(outputs, Y):
    loss, m = 0, len(outputs[0])
    for t in range(len(outputs)):
        loss += np.mean(-np.log(outputs[t][np.arange(m), Y[t].argmax(axis=1)]))
    return loss
""",
    "three loops": """
import math
def music_loss(outputs, Y):
    total = 0.0
    Tx, m, n_values = Y.shape
    for t in range(Tx):
        for i in range(m):
            for k in range(n_values):
                if Y[t, i, k] == 1:
                    total -= math.log(outputs[t][i, k]) / m
    return total
""",
    "with the trainer's cross-entropy": """
from course_utils.nn import cross_entropy
def music_loss(outputs, Y):
    losses = [cross_entropy(out, y)[0] for out, y in zip(outputs, Y)]
    return np.array([sum(losses)])
""",
}

FIT = {
    "with the trainer's cross-entropy": """
from course_utils.nn import cross_entropy
def fit(X, Y, a0, c0, parameters, epochs=100):
    optimizer = Adam(learning_rate=0.01, beta_1=0.9, beta_2=0.999, decay=0.01)
    losses, targets = [], Y.transpose(1, 0, 2)
    for epoch in range(epochs):
        a, lstm_cache = lstm_layer(X, parameters, a0, c0)
        y_hat, dense_cache = dense_softmax(a, parameters)
        loss, dz = cross_entropy(y_hat, targets)
        losses.append(loss)
        gradients = dense_softmax_backward(dz, dense_cache)
        gradients.update(lstm_layer_backward(gradients["da"], lstm_cache))
        optimizer.update(parameters, gradients)
    return losses
""",
    "forward by djmodel": """
def fit(X, Y, a0, c0, parameters, epochs=100):
    optimizer, losses = Adam(0.01, decay=0.01), []
    while len(losses) < epochs:
        outputs = djmodel(X, a0, c0, parameters)
        losses.append(float(music_loss(outputs, Y)))
        dz = np.stack(outputs, axis=1)
        dz = (dz - np.swapaxes(Y, 0, 1)) / X.shape[0]
        a, cache = lstm_layer(X, parameters, a0, c0)
        below = lstm_layer_backward(dz @ parameters["Wy"], cache, dx=False)
        above = {"dWy": np.einsum("mty,mta->ya", dz, a), "dby": dz.sum(axis=(0, 1)).reshape(-1, 1)}
        optimizer.update(parameters, above | below)
    return losses
""",
    "its own Adam": """
def fit(X, Y, a0, c0, parameters, epochs=100):
    v = {name: np.zeros(value.shape) for name, value in parameters.items()}
    s = {name: np.zeros(value.shape) for name, value in parameters.items()}
    losses = []
    for epoch in range(epochs):
        a, lstm_cache = lstm_layer(X, parameters, a0, c0)
        y_hat, dense_cache = dense_softmax(a, parameters)
        y_hat = np.swapaxes(y_hat, 0, 1)
        losses.append(music_loss([out for out in y_hat], Y))
        dense = dense_softmax_backward(np.swapaxes(y_hat - Y, 0, 1) / len(X), dense_cache)
        gradients = dense | lstm_layer_backward(dense["da"], lstm_cache, dx=False)
        rate = 0.01 / (1 + 0.01 * epoch) * np.sqrt(1 - 0.999 ** (epoch + 1)) / (1 - 0.9 ** (epoch + 1))
        for name in parameters:
            gradient = gradients["d" + name]
            v[name] = 0.9 * v[name] + 0.1 * gradient
            s[name] = 0.999 * s[name] + 0.001 * gradient**2
            parameters[name] = parameters[name] - rate * v[name] / (np.sqrt(s[name]) + 1e-7)
    return losses
""",
}

MUSIC_INFERENCE_MODEL = {
    "rows, turned at each step": """
def music_inference_model(x0, a0, c0, parameters, Ty=100):
    x, a, c, outputs = x0[:, 0], a0, c0, []
    while len(outputs) < Ty:
        a, c, out, _ = [value.T if hasattr(value, "T") else value
                        for value in lstm_cell_forward(x.T, a.T, c.T, parameters)]
        outputs.append(out)
        x = np.eye(x.shape[1])[out.argmax(axis=1)]
    return outputs
""",
    "ones put in place": """
def music_inference_model(x0, a0, c0, parameters, Ty=100):
    m, _, n_values = x0.shape
    x, a, c = x0.reshape(m, n_values).T, a0.T, c0.T
    outputs = []
    for step in range(Ty):
        a, c, y, cache = lstm_cell_forward(x, a, c, parameters)
        outputs = outputs + [np.array(y.T)]
        x = np.zeros((n_values, m))
        for example in range(m):
            x[np.argmax(y[:, example]), example] = 1
    return outputs
""",
    "by comparison": """
def music_inference_model(x0, a0, c0, parameters, Ty=100):
    x, a, c, outputs = np.squeeze(x0, axis=1).T, a0.T, c0.T, []
    for _ in range(Ty):
        a, c, out, _ = lstm_cell_forward(x, a, c, parameters)
        outputs.append(out.T)
        x = 1.0 * (out == out.max(axis=0))
    return outputs
""",
    "reading all of it anew": """
def music_inference_model(x0, a0, c0, parameters, Ty=100):
    heard, outputs = x0, []
    for t in range(Ty):
        outputs.append(djmodel(heard, a0, c0, parameters)[-1])
        likely = np.eye(x0.shape[2])[np.argmax(outputs[-1], axis=-1)]
        heard = np.concatenate((heard, likely[:, None, :]), axis=1)
    return outputs
""",
}

PREDICT_AND_SAMPLE = {
    "one step after the other": """
def predict_and_sample(parameters, x_initializer, a_initializer, c_initializer, Ty=50):
    n_values = x_initializer.shape[2]
    results, indices = np.zeros((Ty, n_values)), np.zeros((Ty, 1), dtype=int)
    pred = music_inference_model(x_initializer, a_initializer, c_initializer, parameters, Ty=Ty)
    for t, out in enumerate(pred):
        indices[t] = np.argmax(out)
        results[t, indices[t]] = 1
    return results, indices
""",
    "by comparison": """
def predict_and_sample(parameters, x_initializer, a_initializer, c_initializer, Ty=50):
    pred = np.concatenate(music_inference_model(x_initializer, a_initializer, c_initializer, parameters, Ty))
    results = (pred == pred.max(axis=1, keepdims=True)).astype(float)
    return results, results.argmax(axis=1).reshape(-1, 1)
""",
    "a list of lists": """
def predict_and_sample(parameters, x_initializer, a_initializer, c_initializer, Ty=50):
    pred = music_inference_model(x_initializer, a_initializer, c_initializer, parameters, Ty)
    indices = [[int(out.argmax())] for out in pred]
    columns = np.arange(x_initializer.size)
    return np.array([columns == k for k, in indices]).astype(float), np.array(indices)
""",
}

WITH_TEMPERATURE = {
    "through the logarithm": """
def with_temperature(out, temperature):
    scores = np.log(out) / temperature
    scores = scores - scores.max(axis=1, keepdims=True)
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
""",
    "turned round": """
def with_temperature(out, temperature):
    powers = np.power(out.T, 1.0 / temperature)
    return (powers / powers.sum(axis=0)).T
""",
    "row by row": """
def with_temperature(out, temperature):
    rows = []
    for row in out:
        powers = [p ** temperature ** -1 for p in row]
        rows.append([power / sum(powers) for power in powers])
    return np.array(rows)
""",
}

answers = {
    "djmodel": DJMODEL,
    "music_loss": MUSIC_LOSS,
    "fit": FIT,
    "music_inference_model": MUSIC_INFERENCE_MODEL,
    "predict_and_sample": PREDICT_AND_SAMPLE,
    "with_temperature": WITH_TEMPERATURE,
}
