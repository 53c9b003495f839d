"""The lab `keras_jazz`: which forms of an answer are right, and what is said of those that cannot be used."""

import contextlib
import io

import numpy as np
import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

import keras
from keras.layers import LSTM, Dense, Reshape

from autograder.audit.play import grade, namespace
from autograder.lab.text import reference_source

LAB = "keras_jazz"
# The document's lines, of which only the comments are gone.
DOCUMENT = """
from keras.layers import Lambda
def djmodel(Tx, n_a, n_values):
    X = Input((Tx, n_values))
    a0 = Input(shape=(n_a,),name="a0")
    c0 = Input(shape=(n_a,),name="c0")
    a = a0
    c = c0
    outputs = []
    for t in range(Tx):
        x = Lambda(lambda x:X[:, t, :])(X)
        x = reshapor(x)
        a, _, c = LSTM_cell(x, initial_state=[a, c])
        out = densor(a)
        outputs.append(out)
    model = Model(inputs=[X, a0, c0], outputs=outputs)
    return model
"""
LAMBDA = "Lambda(lambda x:X[:, t, :])(X)"
OF_DOCUMENT = {
    "LSTM_cell": lambda: LSTM(64, return_state=True),
    "densor": lambda: Dense(90, activation="softmax"),
    "reshapor": lambda: Reshape((1, 90)),
}


@pytest.fixture(scope="module")
def judged(labs, referee_of):
    """A function that grades an exercise's source, with other names in the notebook if given."""

    def judge(exercise, source, **names):
        with contextlib.redirect_stdout(io.StringIO()):
            function = namespace(labs.lab(LAB), {exercise: source})[exercise]
            function.__globals__.update(names)
            return grade(referee_of(LAB), {exercise: function}, exercise)[exercise], function.__globals__

    return judge


def test_the_solution_has_all_points(labs, referee_of):
    names = namespace(labs.lab(LAB), {})
    for name in labs.lab(LAB).exercises:
        assert grade(referee_of(LAB), names, name)[name].correct, name


def test_the_code_of_the_document_runs_but_for_its_lambda(judged):
    layers = {name: make() for name, make in OF_DOCUMENT.items()}
    verdict, _ = judged("djmodel", DOCUMENT, **layers)
    assert verdict.points == 0
    assert "gives no numbers: one of its layers, such as a Lambda" in verdict.message
    for repaired in ("X[:, t, :]", "Lambda(lambda x, t=t: x[:, t, :])(X)"):
        assert judged("djmodel", DOCUMENT.replace(LAMBDA, repaired), **layers)[0].correct
    late, _ = judged("djmodel", DOCUMENT.replace(LAMBDA, "Lambda(lambda x: x[:, t, :])(X)"), **layers)
    assert late.points == 0
    assert late.mistake == "loop-variable-read-late"


def test_layers_that_are_trained_are_left_alone(judged):
    layers = {name: make() for name, make in OF_DOCUMENT.items()}
    layers["LSTM_cell"](keras.ops.zeros((1, 1, 90)))
    before = layers["LSTM_cell"].get_weights()
    verdict, names = judged("djmodel", DOCUMENT.replace(LAMBDA, "X[:, t, :]"), **layers)
    assert verdict.correct
    assert all(names[name] is layer for name, layer in layers.items())
    for now, then in zip(layers["LSTM_cell"].get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_layers_under_other_names_are_as_good(judged):
    source = DOCUMENT.replace(LAMBDA, "X[:, t, :]")
    for old, new in {"LSTM_cell": "lstm", "densor": "dense", "reshapor": "reshape"}.items():
        source = source.replace(old, new)
    layers = {"lstm": LSTM(64, return_state=True), "dense": Dense(61, activation="softmax")}
    assert judged("djmodel", source, **layers, reshape=Reshape((1, 61)))[0].correct


@pytest.mark.parametrize(("activation", "mistake"), [(None, "no-softmax"), ("sigmoid", "sigmoid")])
def test_a_wrong_activation_of_the_notebook_s_layer_is_named(judged, activation, mistake):
    densor = Dense(90, activation=activation)
    verdict, _ = judged("djmodel", DOCUMENT.replace(LAMBDA, "X[:, t, :]"), densor=densor)
    assert verdict.mistake == mistake


STRUCTURE = {
    "djmodel": {
        "a, _, c = LSTM_cell(x": (
            "a, _, c = LSTM(n_a, return_state=True)(x",
            "the model has 4 LSTM layers, each with weights of its own; the same one should be called",
        ),
        "out = densor(a)": (
            'out = Dense(n_values, activation="softmax")(a)',
            "the model has 4 Dense layers, each with weights of its own",
        ),
        "outputs.append(out)": (
            "outputs.append(a)",
            "the layers with weights are 1 LSTM, but 1 LSTM and 1 Dense",
        ),
        "    return model": ("    return outputs", "it returns no Keras model, but a list of 4"),
        "inputs=[X, a0, c0]": (
            "inputs=[a0, X, c0]",
            "input 1 of the model has the shape (None, 3), but X needs",
        ),
        'Input((n_a,), name="a0")': (
            'Input((64,), name="a0")',
            "input 2 of the model has the shape (None, 64), but a0 needs (None, 3)",
        ),
    },
    "music_inference_model": {
        "    outputs = []\n": (
            "    outputs = []\n    LSTM_cell = LSTM(n_a, return_state=True)\n",
            "the model has a layer LSTM with weights of its own, which nobody has trained",
        ),
        "Input((1, n_values))": (
            "Input((1, 78))",
            "input 1 of the model has the shape (None, 1, 78), but x0 needs (None, 1, 7)",
        ),
        "    return inference_model": ("    inference_model", "it returns no Keras model, but nothing"),
    },
}


@pytest.mark.parametrize(
    ("exercise", "old"), [(exercise, old) for exercise, edits in STRUCTURE.items() for old in edits]
)
def test_a_structure_that_cannot_be_used_is_told(labs, judged, exercise, old):
    new, said = STRUCTURE[exercise][old]
    source = reference_source(labs.lab(LAB).text)[exercise]
    assert source.count(old) == 1
    verdict, _ = judged(exercise, "from keras.layers import LSTM, Dense\n" + source.replace(old, new))
    assert verdict.points == 0
    assert said in verdict.message
