"""The common tools of observers of Keras models."""

import numpy as np
import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

import keras
from keras import Model
from keras.layers import LSTM, Dense, Dropout, Embedding, Input, Lambda, Reshape

from course_utils import plots
from course_utils.frameworks.drawing import draw_calls
from course_utils.frameworks.keras_models import (
    check_inputs,
    forward,
    fresh_layers,
    gradients,
    layers_with_weights,
    returned_model,
    transplant,
)
from course_utils.judging.observed import Unfit
from course_utils.nn import lstm_layer, lstm_parameters


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def test_layers_with_weights_come_once_each_in_the_order_of_their_use():
    second, first = Dense(3), Dense(3)
    x = Input((3,))
    inner = keras.Sequential([first, Dropout(0.5)])
    model = Model(x, second(second(inner(x))))
    assert layers_with_weights(model) == [first, second]


def test_a_transplanted_lstm_is_the_one_of_the_labs(rng):
    parameters = lstm_parameters(4, 3, rng)
    parameters["bo"] += 0.5
    x = rng.standard_normal((2, 5, 4))
    tensor = Input((5, 4))
    model = Model(tensor, LSTM(3, return_sequences=True)(tensor))
    columns = np.concatenate([parameters[f"W{gate}"] for gate in "ifco"]).T
    bias = np.concatenate([parameters[f"b{gate}"] for gate in "ifco"])[:, 0]
    transplant(model, {"LSTM": [columns[3:], columns[:3], bias]})
    np.testing.assert_allclose(forward(model, x)[0], lstm_layer(x, parameters)[0], atol=1e-6)


def test_layers_that_should_be_shared_are_counted():
    x = Input((2, 3))
    model = Model(x, [LSTM(4)(x), LSTM(4)(x), LSTM(4)(x)])
    weights = [np.zeros((3, 16)), np.zeros((4, 16)), np.zeros(16)]
    with pytest.raises(Unfit, match="has 3 LSTM layers, each with weights of its own; share it"):
        transplant(model, {"LSTM": weights}, "share it")
    with pytest.raises(Unfit, match="the layers with weights are 3 LSTM, but 1 LSTM and 1 Dense are needed"):
        transplant(model, {"LSTM": weights, "Dense": []})


def test_weights_of_another_shape_are_told():
    x = Input((3,))
    with pytest.raises(Unfit, match=r"of the shapes \(3, 4\), \(4,\); in its place is a Dense with \(3, 5\)"):
        transplant(Model(x, Dense(5)(x)), {"Dense": [np.zeros((3, 4)), np.zeros(4)]})


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, r"nothing \(is `return` missing\?\)"),
        ([1, 2], "a list of 2"),
        (np.zeros((2, 3)), r"a ndarray of shape \(2, 3\)"),
    ],
)
def test_what_is_no_model_is_told(value, said):
    with pytest.raises(Unfit, match=f"it returns no Keras model, but {said}"):
        returned_model(value)


def test_inputs_of_another_number_or_shape_are_told():
    x, y = Input((2, 3)), Input((None, 3))
    model = Model([x, y], [x + y])
    check_inputs(model, {"X": (2, 3), "Z": (7, 3)})  # of any length
    with pytest.raises(Unfit, match="has 2 inputs, but needs 1: X"):
        check_inputs(model, {"X": (2, 3)})
    with pytest.raises(Unfit, match=r"input 1 .* shape \(None, 2, 3\), but X needs \(None, 2, 4\)"):
        check_inputs(model, {"X": (2, 4), "Z": (2, 3)})
    with pytest.raises(Unfit, match="has no inputs"):
        check_inputs(type("Own", (Model,), {})(), {"X": (2, 3)})


def test_gradients_are_those_of_differences_and_zero_where_nothing_is_trained(rng):
    index, x = Input((2,), dtype="int32"), Input((3,))
    frozen, dense, unused = Embedding(5, 3, trainable=False), Dense(2, activation="tanh"), Dense(4)
    sums = Lambda(lambda z: keras.ops.sum(z, axis=1), output_shape=(3,))(frozen(index))
    model = Model([index, x], [dense(sums * x), unused(x)])
    layers = transplant(
        model,
        {
            "Embedding": [rng.standard_normal((5, 3))],
            "first Dense": [rng.standard_normal((3, 2)), rng.standard_normal(2)],
            "second Dense": [rng.standard_normal((3, 4)), rng.standard_normal(4)],
        },
    )
    inputs = [np.array([[0, 4], [1, 1]]), rng.standard_normal((2, 3))]

    def loss(outputs):
        return keras.ops.sum(outputs[0] ** 2)

    table, found, none = gradients(model, inputs, loss, layers)
    assert not table[0].any()
    assert not none[0].any()
    W, b = dense.get_weights()
    for array, gradient in ((W, found[0]), (b, found[1])):
        for at in np.ndindex(array.shape):
            sides = []
            for step in (1e-3, -1e-3):
                array[at] += step
                dense.set_weights([W, b])
                sides.append((forward(model, inputs)[0] ** 2).sum())
                array[at] -= step
            assert gradient[at] == pytest.approx((sides[0] - sides[1]) / 2e-3, abs=2e-3)


def test_dropout_is_off():
    x = Input((50,))
    np.testing.assert_array_equal(forward(Model(x, Dropout(0.5)(x)), np.ones((1, 50)))[0], np.ones((1, 50)))


def test_a_function_sees_new_layers_and_the_notebook_keeps_its_own():
    names = {"cell": LSTM(6, return_state=True), "reshape": Reshape((1, 6)), "keras": keras}
    names["same"] = names["cell"]
    kept = dict(names)
    exec("def build():\n    return cell, same, reshape, extra", names)
    function = names["build"]
    sizes = {"LSTM": {"units": 2}, "Reshape": {"target_shape": (1, 3)}}
    with fresh_layers(function, sizes, {"extra": lambda: Dense(1), "cell": lambda: Dense(2)}) as fresh:
        cell, same, reshape, extra = function()
    assert cell is same is fresh["cell"]
    assert (cell.units, cell.return_state, kept["cell"].units) == (2, True, 6)
    assert reshape.target_shape == (1, 3)
    assert type(extra) is Dense
    assert {name: names[name] for name in kept} == kept
    assert "extra" not in names


def test_a_layer_that_computes_with_symbols_from_outside_is_told():
    x = Input((2, 3))
    model = Model(x, Lambda(lambda z: x[:, 0])(x))
    with pytest.raises(Unfit, match="gives no numbers: one of its layers, such as a Lambda"):
        forward(model, np.zeros((1, 2, 3)))


def unrolled(*cells):
    x, a0 = Input((2, 3)), Input((4,), name="a0")
    a, c, outputs, dense = a0, a0, [], Dense(5)
    for t, cell in enumerate(cells):
        a, _, c = cell(x[:, t : t + 1], initial_state=[a, c])
        outputs.append(dense(a))
    return Model([x, a0], outputs)


def test_the_picture_of_calls_tells_a_shared_layer_from_two(capsys):
    cell = LSTM(4, return_state=True)
    draw_calls(unrolled(cell, cell))
    assert capsys.readouterr().out == (
        "8 calls of the layers of the model. "
        "Those with weights: LSTM with 128 weights, called 2 times; Dense with 25 weights, called 2 times.\n"
    )
    draw_calls(unrolled(cell, LSTM(4, return_state=True)))
    assert capsys.readouterr().out.count("LSTM with 128 weights, called 1 time") == 2


def test_calls_that_feed_back_are_drawn(monkeypatch):
    shown = []
    monkeypatch.setattr(plots, "in_ipython", lambda: True)
    monkeypatch.setattr(plots, "display", shown.append)
    x, dense = Input((3,)), Dense(3)
    hot = keras.ops.one_hot(keras.ops.argmax(dense(x), axis=-1), 3)
    draw_calls(Model(x, dense(hot)))
    assert "data:image/png" in shown[0]["text/html"]
    assert shown[0]["text/plain"].startswith("5 calls of the layers")
