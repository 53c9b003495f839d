"""The hidden cases of the lab `keras_poetry`: what is drawn, and what each output is worth."""

import numpy as np

from autograder import Exercise, Lab

NEAR = 1e-4
"""How near a result of Keras must be: it computes in single precision."""


def lstm_parameters(rng, n_x, n_a):
    """Parameters of an LSTM layer in the layout of the labs, gates neither open nor shut."""
    parameters = {f"W{gate}": rng.standard_normal((n_a, n_a + n_x)) for gate in "fico"}
    for W in parameters.values():
        W[:, :n_a] /= n_a**0.5
        W[:, n_a:] *= 2
    return parameters | {f"b{gate}": 0.5 * rng.standard_normal((n_a, 1)) for gate in "fico"}


def network(rng, n_x, first, second):
    """Parameters of the three layers, as those of the lab `poetry`."""
    return {
        "lstm1": lstm_parameters(rng, n_x, first),
        "lstm2": lstm_parameters(rng, first, second),
        "dense": {"Wy": 2 * rng.standard_normal((n_x, second)), "by": rng.standard_normal((n_x, 1))},
    }


def shapes(n_x, first, second):
    """The shapes of a Keras model's weights."""
    layers = [shape for n, n_a in ((n_x, first), (first, second)) for shape in lstm_shapes(n, n_a)]
    return [*layers, (second, n_x), (n_x,)]


def lstm_shapes(n_x, n_a):
    return [(n_x, 4 * n_a), (n_a, 4 * n_a), (4 * n_a,)]


def keras_weights(rng, n_x, first, second):
    """Weights of a Keras model, of order 1, that make different windows differ."""
    weights = [rng.standard_normal(shape) for shape in shapes(n_x, first, second)]
    for layer in (0, 3):
        weights[layer] *= 2
        weights[layer + 1] /= len(weights[layer + 1]) ** 0.5
        weights[layer + 2] *= 0.5
    weights[6] *= 2
    return weights


def windows(rng, m, Tx, n_x):
    return np.eye(n_x)[rng.integers(0, n_x, (m, Tx))]


# ---------------------------------------------------------------- lstm_weights


def check_lstm(parameters):
    n_a, both = np.shape(parameters["Wf"])
    if not 0 < n_a < both <= 512:
        raise ValueError(f"Wf has shape {(n_a, both)}")
    for gate in "fico":
        if np.shape(parameters[f"W{gate}"]) != (n_a, both) or np.shape(parameters[f"b{gate}"]) != (n_a, 1):
            raise ValueError(f"W{gate} or b{gate} has another shape")


lstm_weights = Exercise(
    "lstm_weights", outputs={"kernel": 2, "recurrent_kernel": 2, "bias": 1}, check_call=check_lstm
)


@lstm_weights.case
def lstm_distinct(rng):
    """n_x and n_a different"""
    return {"parameters": lstm_parameters(rng, n_x=7, n_a=4)}


@lstm_weights.case
def lstm_larger(rng):
    """more units than characters, and large weights"""
    parameters = lstm_parameters(rng, n_x=3, n_a=8)
    return {"parameters": {name: 10 * value for name, value in parameters.items()}}


@lstm_weights.case
def lstm_square(rng):
    """as many units as characters"""
    return {"parameters": lstm_parameters(rng, n_x=5, n_a=5)}


@lstm_weights.case(group="edges", share=0.2)
def lstm_one(rng):
    """one unit that reads one number"""
    return {"parameters": lstm_parameters(rng, n_x=1, n_a=1)}


@lstm_weights.case(group="edges")
def lstm_order(rng):
    """the dictionary in another order, as float32"""
    parameters = lstm_parameters(rng, n_x=6, n_a=3)
    names = list(parameters)
    rng.shuffle(names)
    return {"parameters": {name: parameters[name].astype(np.float32) for name in names}}


# ---------------------------------------------------------------- poetry_model

poetry_model = Exercise(
    "poetry_model",
    observer="frameworks.poetry.poetry_model",
    outputs={"preds": 4, "gradients": 1},
    rtol=NEAR,
)


def model_inputs(rng, m, Tx, n_x, n_a):
    return {
        "Tx": Tx,
        "n_x": n_x,
        "n_a": n_a,
        "weights": keras_weights(rng, n_x, n_a, n_a),
        "x": windows(rng, m, Tx, n_x),
        "slopes": rng.standard_normal((m, n_x)),
        "directions": [rng.standard_normal(shape) for shape in shapes(n_x, n_a, n_a)],
    }


@poetry_model.case
def model_distinct(rng):
    """m, Tx, n_x and n_a all different"""
    return model_inputs(rng, m=3, Tx=5, n_x=6, n_a=4)


@poetry_model.case
def model_longer(rng):
    """longer windows, more units than characters"""
    return model_inputs(rng, m=2, Tx=8, n_x=3, n_a=5)


@poetry_model.case
def model_square(rng):
    """as many units as characters"""
    return model_inputs(rng, m=2, Tx=3, n_x=4, n_a=4)


@poetry_model.case(group="edges", share=0.2)
def model_one_step(rng):
    """windows of one character (Tx = 1)"""
    return model_inputs(rng, m=4, Tx=1, n_x=5, n_a=3)


@poetry_model.case(group="edges")
def model_short_beginning(rng):
    """windows that begin with steps of zeros, where nothing stands"""
    inputs = model_inputs(rng, m=3, Tx=6, n_x=4, n_a=5)
    for number in range(1, 3):
        inputs["x"][number, : 2 * number] = 0
    return inputs


# ---------------------------------------------------------------- transplant

transplant = Exercise(
    "transplant",
    observer="frameworks.poetry.transplant",
    outputs={"lstm1": 1, "lstm2": 1, "dense": 1, "preds": 1},
    rtol=NEAR,
    calls=("lstm_weights",),
)


def transplant_inputs(rng, m, Tx, n_x, n_a, dropout=True):
    return {
        "parameters": network(rng, n_x, *n_a),
        "dropout": dropout,
        "x": windows(rng, m, Tx, n_x),
    }


@transplant.case
def transplant_distinct(rng):
    """layers of different sizes"""
    return transplant_inputs(rng, m=3, Tx=5, n_x=6, n_a=(4, 2))


@transplant.case
def transplant_larger(rng):
    """the second layer is larger"""
    return transplant_inputs(rng, m=2, Tx=4, n_x=5, n_a=(3, 7))


@transplant.case
def transplant_square(rng):
    """as many units in each layer as characters"""
    return transplant_inputs(rng, m=2, Tx=3, n_x=4, n_a=(4, 4))


@transplant.case(group="edges", share=0.2)
def transplant_no_dropout(rng):
    """a model without dropout, with the softmax in its dense layer"""
    return transplant_inputs(rng, m=2, Tx=3, n_x=5, n_a=(3, 3), dropout=False)


# ---------------------------------------------------------------- generate_output

# Keras computes in single precision: a drawn number that lies within 1e-7 of the border between two characters
# would give another text. A text draws one for each letter of the alphabet and each character, so both are few.

generate_output = Exercise(
    "generate_output",
    observer="frameworks.poetry.generate_output",
    outputs={"generated": 1},
    seeds=True,
)


def generate_inputs(rng, usr_input, Tx, length, temperature, letters="abcde ", n_a=(4, 4)):
    weights = keras_weights(rng, len(letters), *n_a)
    for bias, units in ((weights[2], n_a[0]), (weights[5], n_a[1])):
        bias[units : 2 * units] += 2.0  # what was read long ago still matters
    return {
        "chars": list(letters),
        "usr_input": usr_input,
        "Tx": Tx,
        "length": length,
        "temperature": temperature,
        "weights": weights,
    }


def typed(rng, count, letters="abcde "):
    return "".join(rng.choice(list(letters), count))


@generate_output.case
def generate_short(rng):
    """a beginning shorter than the window"""
    return generate_inputs(rng, typed(rng, 2), Tx=22, length=20, temperature=1.5)


@generate_output.case
def generate_long(rng):
    """a beginning longer than the window"""
    return generate_inputs(rng, typed(rng, 11), Tx=4, length=20, temperature=1.6)


@generate_output.case
def generate_cold(rng):
    """a low temperature"""
    return generate_inputs(rng, typed(rng, 5), Tx=5, length=20, temperature=0.4)


@generate_output.case(group="edges", share=0.3)
def generate_capitals(rng):
    """capitals in the beginning, which stay in what is returned"""
    return generate_inputs(rng, "A Bad " + typed(rng, 2).upper(), Tx=10, length=12, temperature=1.0)


@generate_output.case(group="edges")
def generate_other_alphabet(rng):
    """another alphabet, in another order"""
    letters = "".join(rng.permutation(list("zyxwe ")))
    return generate_inputs(rng, "we", 6, 12, 0.8, letters, n_a=(5, 3))


@generate_output.case
def generate_nothing_typed(rng):
    """nothing was typed"""
    return generate_inputs(rng, "", Tx=20, length=20, temperature=2.0)


@generate_output.case(group="edges")
def generate_nothing_added(rng):
    """nothing is to be added (length = 0)"""
    return generate_inputs(rng, "Dead", Tx=6, length=0, temperature=1.0)


# ---------------------------------------------------------------- diary_callback

diary_callback = Exercise(
    "diary_callback",
    observer="frameworks.poetry.diary_callback",
    outputs={"epochs": 1, "bits": 1, "poems": 2},
)


def diary_inputs(rng, epochs, usr_input, length, temperature):
    return {
        "chars": list("abcde "),
        "usr_input": usr_input,
        "length": length,
        "temperature": temperature,
        "losses": np.sort(rng.uniform(0.5, 3.5, epochs))[::-1].copy(),
    }


@diary_callback.case
def diary_some(rng):
    """three epochs"""
    return diary_inputs(rng, 3, "a bad ", int(rng.integers(20, 90)), 0.7)


@diary_callback.case
def diary_more(rng):
    """five epochs"""
    return diary_inputs(rng, 5, "dead", int(rng.integers(20, 90)), 1.5)


@diary_callback.case(group="edges", share=0.2)
def diary_one(rng):
    """one epoch"""
    return diary_inputs(rng, 1, "", int(rng.integers(20, 90)), 1.0)


lab = Lab(
    exercises=(lstm_weights, poetry_model, transplant, generate_output, diary_callback),
    modules=("checks", "explore", "frameworks", "nn", "plots", "poetry", "tables", "watch"),
    earlier=("poetry",),
    preload=("course_utils.frameworks.warm_keras",),
    limits={"cell_seconds": 15},
    extra="keras",
)
