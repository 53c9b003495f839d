"""The hidden cases of the lab `poetry`: what is drawn, and what each output is worth."""

import numpy as np

from autograder import Exercise, Lab

LETTERS = "\n !',-.:;?abcdefghijklmnopqrstuvwxyz"
"""The 36 characters of the notebook, in the order of their numbers."""


def sizes(n_x, n_a):
    """The shape of each parameter; the second layer may have other units than the first."""
    first, second = n_a
    layers = {}
    for layer, read, units in (("lstm1", n_x, first), ("lstm2", first, second)):
        layers[layer] = {f"W{gate}": (units, units + read) for gate in "fico"}
        layers[layer] |= {f"b{gate}": (units, 1) for gate in "fico"}
    return {**layers, "dense": {"Wy": (n_x, second), "by": (n_x, 1)}}


def weights(rng, n_x, n_a):
    """Parameters that react to what is read, with gates that are neither open nor shut."""
    parameters = {
        layer: {name: rng.standard_normal(shape) for name, shape in own.items()}
        for layer, own in sizes(n_x, n_a).items()
    }
    for layer, units in zip(("lstm1", "lstm2"), n_a, strict=True):
        for gate in "fico":
            parameters[layer][f"W{gate}"][:, :units] /= units**0.5
            parameters[layer][f"b{gate}"] *= 0.5
        parameters[layer]["Wc"][:, units:] *= 1.5
    return parameters


def check_weights(parameters):
    if set(parameters) < {"lstm1", "lstm2", "dense"}:
        raise ValueError("parameters has lstm1, lstm2 and dense")
    n_x, second = np.shape(parameters["dense"]["Wy"])
    first = len(parameters["lstm1"]["Wf"])
    if max(n_x, first, second) > 256:
        raise ValueError("larger than any case of this lab")
    for layer, own in sizes(n_x, (first, second)).items():
        for name, shape in own.items():
            if np.shape(parameters[layer][name]) != shape:
                raise ValueError(f"{name} of {layer} has shape {np.shape(parameters[layer][name])}")
    return n_x


def numbered(letters):
    return {letter: number for number, letter in enumerate(letters)}


def verse(rng, letters, length):
    """A text in which all letters occur, each pair of neighbours different."""
    steps = rng.integers(1, len(letters), length)
    places = np.cumsum(steps) % len(letters)
    return "".join(letters[place] for place in places)


# ---------------------------------------------------------------- build_data


def check_build(text, Tx=40, stride=3):
    if len(text) > 20_000 or not 1 <= Tx <= 200 or stride < 1:
        raise ValueError("text, Tx or stride is out of range")


build_data = Exercise("build_data", outputs={"X": 1, "Y": 1}, check_call=check_build)


@build_data.case
def build_rest(rng):
    """a stride of 3; some characters at the end are left over"""
    length = 6 * int(rng.integers(8, 12)) + 2  # the last window ends before the last two characters
    return {"text": verse(rng, LETTERS, length), "Tx": 12, "stride": 3}


@build_data.case
def build_exact(rng):
    """the last character is the last target"""
    count = int(rng.integers(9, 15))
    return {"text": verse(rng, LETTERS, 7 + 4 * count + 1), "Tx": 7, "stride": 4}


@build_data.case
def build_no_target(rng):
    """one window more would fit, but not its target"""
    count = int(rng.integers(5, 9))
    return {"text": verse(rng, LETTERS, 9 + 4 * count), "Tx": 9, "stride": 4}


@build_data.case
def build_default(rng):
    """windows of 40, stride 3: the defaults"""
    return {"text": verse(rng, LETTERS, 42 + 3 * int(rng.integers(8, 15)))}


@build_data.case(group="edges", share=0.3)
def build_every(rng):
    """a stride of 1"""
    return {"text": verse(rng, LETTERS, 30), "Tx": 5, "stride": 1}


@build_data.case(group="edges")
def build_apart(rng):
    """windows that do not overlap: a stride larger than Tx"""
    return {"text": verse(rng, LETTERS, 47), "Tx": 3, "stride": 5}


@build_data.case(group="edges")
def build_one(rng):
    """a text with room for one window"""
    return {"text": verse(rng, LETTERS, 12), "Tx": 11, "stride": 2}


@build_data.case(group="edges")
def build_none(rng):
    """a text as long as a window: no target is left"""
    return {"text": verse(rng, LETTERS, 8), "Tx": 8, "stride": 1}


# ---------------------------------------------------------------- vectorization


def check_vectorization(X, Y, n_x, char_indices, Tx=40):
    if len(X) > 600 or len(Y) != len(X) or not 1 <= n_x <= 200 or not 1 <= Tx <= 200:
        raise ValueError("larger than any case of this lab, or X and Y of different lengths")
    if any(len(window) != Tx for window in X) or any(number >= n_x for number in char_indices.values()):
        raise ValueError("a window or a number does not fit")


vectorization = Exercise("vectorization", outputs={"x": 3, "y": 2}, check_call=check_vectorization)


def vectorization_inputs(rng, m, letters, n_x=None, **Tx):
    length = Tx.get("Tx", 40)
    shuffled = {letter: int(k) for letter, k in zip(letters, rng.permutation(len(letters)), strict=True)}
    return {
        "X": [verse(rng, letters, length) for _ in range(m)],
        "Y": [letters[k] for k in rng.integers(0, len(letters), m)],
        "n_x": n_x or len(letters),
        "char_indices": shuffled,
        **Tx,
    }


@vectorization.case
def vectorization_distinct(rng):
    """m, Tx and n_x all different"""
    return vectorization_inputs(rng, m=5, letters="abcdefg hi\n", Tx=9)


@vectorization.case
def vectorization_many(rng):
    """more windows than characters"""
    return vectorization_inputs(rng, m=17, letters="rhyme", Tx=6)


@vectorization.case
def vectorization_default(rng):
    """windows of 40 in the notebook's alphabet"""
    return vectorization_inputs(rng, m=6, letters=LETTERS)


@vectorization.case(group="edges", share=0.2)
def vectorization_one(rng):
    """one window of one character"""
    return vectorization_inputs(rng, m=1, letters="abc", Tx=1)


@vectorization.case(group="edges")
def vectorization_more_numbers(rng):
    """more characters than the windows have (n_x is larger)"""
    return vectorization_inputs(rng, m=4, letters="abcd", n_x=9, Tx=5)


# ---------------------------------------------------------------- predict


def check_predict(x, parameters):
    n_x = check_weights(parameters)
    if np.ndim(x) != 3 or np.shape(x)[2] != n_x or np.size(x) > 400_000:
        raise ValueError(f"x has shape {np.shape(x)}")


predict = Exercise("predict", outputs={"preds": 1}, check_call=check_predict)


def windows(rng, m, Tx, n_x):
    return np.eye(n_x, dtype=bool)[rng.integers(0, n_x, (m, Tx))]


def predict_inputs(rng, m, Tx, n_x, n_a):
    return {"x": windows(rng, m, Tx, n_x), "parameters": weights(rng, n_x, n_a)}


@predict.case
def predict_distinct(rng):
    """m, Tx, n_x and n_a all different; the second layer is larger"""
    return predict_inputs(rng, m=7, Tx=5, n_x=6, n_a=(3, 4))


@predict.case
def predict_longer(rng):
    """longer windows; the first layer is larger"""
    return predict_inputs(rng, m=3, Tx=12, n_x=8, n_a=(6, 4))


@predict.case
def predict_same_units(rng):
    """both layers of one size, and as many characters as units"""
    return predict_inputs(rng, m=4, Tx=9, n_x=5, n_a=(5, 5))


@predict.case(group="edges", share=0.2)
def predict_one(rng):
    """one window (m = 1), as numbers instead of True and False, with steps of zeros"""
    inputs = predict_inputs(rng, m=1, Tx=8, n_x=5, n_a=(4, 3))
    x = inputs["x"].astype(float)
    x[:, :3] = 0
    return {**inputs, "x": x}


@predict.case(group="edges")
def predict_one_step(rng):
    """windows of one character (Tx = 1)"""
    return predict_inputs(rng, m=6, Tx=1, n_x=4, n_a=(3, 5))


# ---------------------------------------------------------------- fit

fit = Exercise("fit", outputs={"losses": 2}, effects={"parameters": 3})


def fit_inputs(rng, m, Tx, n_x, n_a, **settings):
    return {
        "x": windows(rng, m, Tx, n_x),
        "y": np.eye(n_x, dtype=bool)[rng.integers(0, n_x, m)],
        "parameters": weights(rng, n_x, n_a),
        **settings,
    }


def some_seed(rng):
    return int(rng.integers(1, 1000))


@fit.case
def fit_some(rng):
    """two epochs, with a smaller last batch"""
    settings = {"batch_size": 4, "epochs": 2, "learning_rate": 0.01, "rate": 0.3, "seed": some_seed(rng)}
    return fit_inputs(rng, 10, 5, 6, (8, 7), **settings)


@fit.case
def fit_longer(rng):
    """longer windows, and half of the states dropped"""
    settings = {"batch_size": 3, "epochs": 2, "learning_rate": 0.02, "rate": 0.5, "seed": some_seed(rng)}
    return fit_inputs(rng, 6, 11, 4, (9, 12), **settings)


@fit.case(group="edges", share=0.3)
def fit_no_dropout(rng):
    """no dropout, one window at a time"""
    settings = {"batch_size": 1, "epochs": 1, "learning_rate": 0.01, "rate": 0.0, "seed": some_seed(rng)}
    return fit_inputs(rng, 5, 4, 5, (4, 3), **settings)


@fit.case(group="edges")
def fit_default(rng):
    """all settings by default: one batch, one epoch"""
    return fit_inputs(rng, 9, 6, 7, (5, 6))


# ---------------------------------------------------------------- sample

# A draw is one number: cases are such that wrong probabilities give another one with almost every seed,
# and there are enough of them that none is right in all by chance.


def check_sample(preds, temperature=1.0):
    if np.ndim(preds) != 1 or not 1 <= len(preds) <= 256 or not temperature > 0:
        raise ValueError(f"preds has shape {np.shape(preds)}, the temperature is {temperature}")
    if not np.all(np.asarray(preds) >= 0) or not abs(np.sum(preds) - 1) < 1e-3:
        raise ValueError("preds are no probabilities")


sample = Exercise("sample", outputs={"out": 1}, seeds=True, check_call=check_sample)


def spread(rng, among, peak, others):
    """Probabilities of 36 characters: one has a large one, some share the rest, all others have 0."""
    places = rng.permutation(36)
    preds = np.zeros(36)
    share = rng.uniform(0.6, 1.4, among)
    preds[places[1 : among + 1]] = others * share / share.sum()
    preds[places[0]] = peak
    return preds


def sample_hot(rng):
    return {"preds": spread(rng, 35, 0.9, 0.1), "temperature": 5.0}


def sample_even(rng):
    return {"preds": spread(rng, 35, 1 / 36, 35 / 36), "temperature": 1.0}


def sample_cold(rng):
    return {"preds": spread(rng, 35, 0.08, 0.92), "temperature": 0.05}


def sample_cool(rng):
    return {"preds": spread(rng, 35, 0.05, 0.95), "temperature": 0.5}


def sample_warm(rng):
    return {"preds": spread(rng, 30, 0.7, 0.3), "temperature": 2.0}


NAMES = {
    sample_hot: "at temperature 5 the likely are hardly likelier",
    sample_even: "all about equally likely, at temperature 1",
    sample_cold: "at temperature 0.05 one is left",
    sample_cool: "a temperature below 1",
    sample_warm: "a temperature above 1, some characters impossible",
}
for draw, name in NAMES.items():
    for number in ("", ", again", ", a third time"):

        def case(rng, draw=draw):
            return draw(rng)

        case.__doc__ = name + number
        sample.case(case)


@sample.case(group="cold", share=0.1)
def sample_freezing(rng):
    """at temperature 0.001, where exponentials underflow"""
    return {"preds": spread(rng, 35, 0.1, 0.9), "temperature": 0.001}


@sample.case(group="edges", share=0.2)
def sample_default(rng):
    """the temperature by default, as float32"""
    return {"preds": spread(rng, 35, 0.1, 0.9).astype(np.float32)}


@sample.case(group="edges")
def sample_certain(rng):
    """only one character is possible, and preds is a list"""
    return {"preds": spread(rng, 1, 1.0, 0.0).tolist(), "temperature": 5.0}


@sample.case(group="edges")
def sample_impossible(rng):
    """at temperature 5, what is impossible stays impossible"""
    return {"preds": spread(rng, 1, 0.5, 0.5), "temperature": 5.0}


# ---------------------------------------------------------------- generate_output

generate_output = Exercise(
    "generate_output", outputs={"generated": 1}, seeds=True, calls=("predict", "sample")
)


def generate_inputs(rng, usr_input, letters=LETTERS, n_a=(8, 8), **settings):
    parameters = weights(rng, len(letters), n_a)
    parameters["dense"]["Wy"] *= 2
    for layer in ("lstm1", "lstm2"):
        parameters[layer]["bf"] += 1.5  # what was read long ago still matters
    return {"parameters": parameters, "chars": list(letters), "usr_input": usr_input, **settings}


@generate_output.case
def generate_short(rng):
    """a beginning shorter than the window"""
    return generate_inputs(rng, verse(rng, LETTERS, 2), Tx=40, length=30)


@generate_output.case
def generate_long(rng):
    """a beginning longer than the window"""
    return generate_inputs(rng, verse(rng, LETTERS, 21), Tx=3, length=30, temperature=1.5)


@generate_output.case
def generate_cold(rng):
    """a low temperature"""
    return generate_inputs(rng, verse(rng, LETTERS, 6), Tx=6, length=40, temperature=0.3)


@generate_output.case(group="edges", share=0.3)
def generate_capitals(rng):
    """capitals in the beginning, which stay in what is returned"""
    return generate_inputs(rng, "O Night, " + verse(rng, LETTERS, 4).upper(), Tx=10, length=20)


@generate_output.case(group="edges")
def generate_other_alphabet(rng):
    """another alphabet, in another order"""
    letters = "".join(rng.permutation(list("zyxwvuedcba ")))
    return generate_inputs(rng, "a cab", letters, n_a=(5, 4), Tx=7, length=25, temperature=0.8)


@generate_output.case(group="edges")
def generate_nothing_typed(rng):
    """nothing was typed"""
    return generate_inputs(rng, "", Tx=5, length=15)


@generate_output.case(group="edges")
def generate_nothing_added(rng):
    """nothing is to be added (length = 0)"""
    return generate_inputs(rng, "Exeunt", Tx=9, length=0)


# ---------------------------------------------------------------- bits_per_character

bits_per_character = Exercise(
    "bits_per_character",
    outputs={"bits": 1},
    loose=("bits",),
    calls=("build_data", "vectorization", "predict"),
)


def bits_inputs(rng, length, letters="abcdefgh", n_a=(4, 5), **settings):
    return {
        "text": verse(rng, letters, length),
        "parameters": weights(rng, len(letters), n_a),
        "char_indices": numbered(letters),
        **settings,
    }


@bits_per_character.case
def bits_smaller_batch(rng):
    """several batches, the last one smaller"""
    return bits_inputs(rng, 45, Tx=6, batch_size=16)


@bits_per_character.case
def bits_other_alphabet(rng):
    """another alphabet, one batch"""
    return bits_inputs(rng, 40, "zebra ", n_a=(5, 3), Tx=9, batch_size=64)


@bits_per_character.case
def bits_default(rng):
    """windows of 40 characters, the batch size by default"""
    return bits_inputs(rng, 60)


@bits_per_character.case(group="edges", share=0.2)
def bits_one(rng):
    """a text with one character to predict"""
    return bits_inputs(rng, 8, Tx=7, batch_size=4)


@bits_per_character.case(group="edges")
def bits_single(rng):
    """one window at a time"""
    return bits_inputs(rng, 16, Tx=5, batch_size=1)


lab = Lab(
    exercises=(build_data, vectorization, predict, fit, sample, generate_output, bits_per_character),
    modules=("checks", "explore", "nn", "plots", "poetry", "tables", "watch"),
    limits={"cell_seconds": 15},
)
