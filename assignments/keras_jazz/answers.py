"""Right solutions of the lab `keras_jazz` that are written in other ways than the text's."""

DJMODEL = {
    "the document's lines, the slice without its Lambda": """
def djmodel(Tx, n_a, n_values):
    X = Input((Tx, n_values))
    a0 = Input(shape=(n_a,), name="a0")
    c0 = Input(shape=(n_a,), name="c0")
    a = a0
    c = c0
    outputs = []
    for t in range(Tx):
        x = X[:, t, :]
        x = reshapor(x)
        a, _, c = LSTM_cell(x, initial_state=[a, c])
        out = densor(a)
        outputs.append(out)
    model = Model(inputs=[X, a0, c0], outputs=outputs)
    return model
""",
    "a Lambda that binds the number": """
from keras.layers import Lambda
def djmodel(Tx, n_a, n_values):
    X = Input(shape=(Tx, n_values))
    a0, c0 = Input(shape=(n_a,), name="a0"), Input(shape=(n_a,), name="c0")
    a, c, outputs = a0, c0, []
    for t in range(Tx):
        x = Lambda(lambda x, t=t: x[:, t, :])(X)
        a, _, c = LSTM_cell(reshapor(x), initial_state=[a, c])
        outputs += [densor(a)]
    return Model([X, a0, c0], outputs)
""",
    "a Lambda with arguments, Reshape in the loop": """
from keras.layers import Lambda, Reshape
def djmodel(Tx, n_a, n_values):
    X = Input((Tx, n_values))
    a0, c0 = Input((n_a,)), Input((n_a,))
    a, c, outputs = a0, c0, []
    for t in range(Tx):
        x = Lambda(lambda z, step: z[:, step, :], arguments={"step": t})(X)
        x = Reshape((1, n_values))(x)
        _, a, c = LSTM_cell(x, initial_state=[a, c])
        outputs.append(densor(a))
    return Model(inputs=(X, a0, c0), outputs=outputs)
""",
    "RepeatVector in place of Reshape": """
import keras
def djmodel(Tx, n_a, n_values):
    X, a0, c0 = keras.Input((Tx, n_values)), keras.Input((n_a,)), keras.Input((n_a,))
    state, outputs = [a0, c0], []
    for t in range(Tx):
        x = keras.layers.RepeatVector(1)(X[:, t])
        _, *state = LSTM_cell(x, initial_state=state)
        outputs.append(densor(state[0]))
    return keras.Model([X, a0, c0], outputs)
""",
    "slices that keep their axis": """
def djmodel(Tx, n_a, n_values):
    X, a0, c0 = Input((Tx, n_values)), Input((n_a,)), Input((n_a,))
    a, c, outputs = a0, c0, []
    for t in range(Tx):
        _, a, c = LSTM_cell(X[:, t : t + 1, :], initial_state=(a, c))
        outputs.append(densor(a))
    return Model([X, a0, c0], outputs)
""",
    "ops.unstack": """
from keras import ops
def djmodel(Tx, n_a, n_values):
    X, a0, c0 = Input((Tx, n_values)), Input((n_a,)), Input((n_a,))
    a, c, outputs = a0, c0, []
    for x in ops.unstack(X, Tx, axis=1):
        a, _, c = LSTM_cell(ops.expand_dims(x, 1), initial_state=[a, c])
        outputs.append(densor(a))
    return Model([X, a0, c0], outputs)
""",
    "the whole sequence, by the cell of the layer": """
from keras.layers import RNN
def djmodel(Tx, n_a, n_values):
    X, a0, c0 = Input((Tx, n_values)), Input((n_a,)), Input((n_a,))
    LSTM_cell.build((None, 1, n_values))
    states = RNN(LSTM_cell.cell, return_sequences=True)(X, initial_state=[a0, c0])
    return Model([X, a0, c0], [densor(states[:, t]) for t in range(Tx)])
""",
}

MUSIC_INFERENCE_MODEL = {
    "the document's lines, with a Lambda of one_hot": """
from keras.layers import Lambda
def music_inference_model(LSTM_cell, densor, n_values=90, n_a=64, Ty=100):
    x0 = Input(shape=(1, n_values))
    a0 = Input(shape=(n_a,), name="a0")
    c0 = Input(shape=(n_a,), name="c0")
    a = a0
    c = c0
    x = x0
    outputs = []
    for t in range(Ty):
        a, _, c = LSTM_cell(x, initial_state=[a, c])
        out = densor(a)
        outputs.append(out)
        x = Lambda(one_hot)(out)
    inference_model = Model(inputs=[x0, a0, c0], outputs=outputs)
    return inference_model
""",
    "RepeatVector": """
import keras
from keras.layers import RepeatVector
def music_inference_model(LSTM_cell, densor, n_values, n_a, Ty=100):
    x0, a0, c0 = Input((1, n_values)), Input((n_a,)), Input((n_a,))
    x, state, outputs = x0, [a0, c0], []
    for t in range(Ty):
        out, *state = LSTM_cell(x, initial_state=state)
        outputs.append(densor(out))
        index = keras.ops.argmax(outputs[-1], axis=-1)
        x = RepeatVector(1)(keras.ops.one_hot(index, n_values))
    return Model([x0, a0, c0], outputs)
""",
    "a Lambda that compares with the largest": """
from keras.layers import Lambda, Reshape
import keras
def music_inference_model(LSTM_cell, densor, n_values, n_a, Ty=100):
    largest = Lambda(lambda p: keras.ops.cast(p >= keras.ops.max(p, axis=-1, keepdims=True), "float32"))
    reshape = Reshape((1, n_values))
    x0, a0, c0 = Input((1, n_values)), Input((n_a,)), Input((n_a,))
    a, c = a0, c0
    outputs = [None] * Ty
    for t in range(Ty):
        x = x0 if t == 0 else reshape(largest(outputs[t - 1]))
        a, _, c = LSTM_cell(x, initial_state=[a, c])
        outputs[t] = densor(a)
    return Model([x0, a0, c0], outputs)
""",
    "rows of an identity matrix": """
import numpy as np
from keras import ops
def music_inference_model(LSTM_cell, densor, n_values, n_a, Ty=100):
    x0, a0, c0 = Input((1, n_values)), Input((n_a,)), Input((n_a,))
    vectors = np.eye(n_values, dtype="float32")
    def go_on(x, a, c, steps):
        if not steps:
            return []
        a, _, c = LSTM_cell(x, initial_state=[a, c])
        out = densor(a)
        x = ops.take(vectors, ops.argmax(out, axis=-1), axis=0)[:, None]
        return [out, *go_on(x, a, c, steps - 1)]
    return Model([x0, a0, c0], go_on(x0, a0, c0, Ty))
""",
}

PREDICT_AND_SAMPLE = {
    "the model is called": """
from keras import ops
def predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer):
    pred = inference_model([x_initializer, a_initializer, c_initializer])
    pred = np.array([ops.convert_to_numpy(out) for out in pred])
    indices = pred.argmax(axis=2)
    return np.eye(pred.shape[2])[indices.ravel()], indices
""",
    "predict_on_batch, one step after the other": """
def predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer):
    n_values = x_initializer.shape[-1]
    results, indices = [], []
    for out in inference_model.predict_on_batch([x_initializer, a_initializer, c_initializer]):
        k = int(np.argmax(out[0]))
        indices.append([k])
        results.append([float(j == k) for j in range(n_values)])
    return np.array(results), np.array(indices)
""",
    "with a progress bar and float32": """
from keras.utils import to_categorical
def predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer):
    pred = inference_model.predict((x_initializer, a_initializer, c_initializer))
    indices = np.argmax(np.concatenate(pred), axis=1)[:, np.newaxis]
    results = to_categorical(indices, num_classes=x_initializer.shape[2]).astype("float32")
    return results, indices
""",
    "torch's way": """
import keras
def predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer):
    pred = keras.ops.stack(inference_model([x_initializer, a_initializer, c_initializer], training=False))
    indices = keras.ops.argmax(pred, axis=-1)
    results = keras.ops.one_hot(indices[:, 0], x_initializer.shape[2])
    return keras.ops.convert_to_numpy(results), keras.ops.convert_to_numpy(indices)
""",
}

answers = {
    "djmodel": DJMODEL,
    "music_inference_model": MUSIC_INFERENCE_MODEL,
    "predict_and_sample": PREDICT_AND_SAMPLE,
}
