"""The hidden cases of the lab `cells`: what is drawn, and what each output is worth."""

import numpy as np

from autograder import Exercise, Lab


def rnn_parameters(rng, n_x, n_a, n_y):
    """Weights scaled so that tanh is neither linear nor saturated."""
    return {
        "Wax": rng.standard_normal((n_a, n_x)) / n_x**0.5,
        "Waa": rng.standard_normal((n_a, n_a)) / n_a**0.5,
        "Wya": rng.standard_normal((n_y, n_a)),
        "ba": rng.standard_normal((n_a, 1)),
        "by": rng.standard_normal((n_y, 1)),
    }


def lstm_parameters(rng, n_x, n_a, n_y):
    parameters = {}
    for gate in "fico":
        parameters[f"W{gate}"] = rng.standard_normal((n_a, n_a + n_x)) / (n_a + n_x) ** 0.5
        parameters[f"b{gate}"] = rng.standard_normal((n_a, 1))
    parameters["Wy"] = rng.standard_normal((n_y, n_a))
    parameters["by"] = rng.standard_normal((n_y, 1))
    return parameters


def one_hot(rng, n_x, *columns):
    """Integer one-hot columns: a single 1 in each, at a random place."""
    return np.moveaxis(np.eye(n_x, dtype=int)[rng.integers(n_x, size=columns)], -1, 0)


def far_apart(rng, inputs, biases):
    """Move sums to about 1000 and -1000 in two units, and scores to 800 and -800, two classes being alike.

    A tanh, a sigmoid or a softmax whose exponentials overflow gives nan there.
    """
    parameters = inputs["parameters"]
    for name in biases:
        parameters[name][:2] = rng.uniform(900.0, 1100.0) * np.array([[1.0], [-1.0]])
    parameters["by"][:3] += [[800.0], [800.0], [-800.0]]
    return inputs


def check_shapes(xt, states, parameters, Wy, widths):
    """Raise ValueError when a lent cell's arguments do not fit together."""
    n_y, n_a = parameters[Wy].shape
    n_x, m = xt.shape
    if max(n_x, n_a, n_y) > 200 or m > 500:
        raise ValueError("larger than any case of this lab")
    for state in states:
        if state.shape != (n_a, m):
            raise ValueError(f"the state has shape {state.shape}, expected {(n_a, m)}")
    if parameters["by"].shape != (n_y, 1):
        raise ValueError(f"by has shape {parameters['by'].shape}")
    for name, width in widths.items():
        if parameters[name].shape != (n_a, {"x": n_x, "a": n_a, "ax": n_a + n_x, "1": 1}[width]):
            raise ValueError(f"{name} has shape {parameters[name].shape}")


def check_rnn_cell(xt, a_prev, parameters):
    check_shapes(xt, [a_prev], parameters, "Wya", {"Wax": "x", "Waa": "a", "ba": "1"})


def check_lstm_cell(xt, a_prev, c_prev, parameters):
    shapes = {name: "ax" for name in ("Wf", "Wi", "Wc", "Wo")} | {
        name: "1" for name in ("bf", "bi", "bc", "bo")
    }
    check_shapes(xt, [a_prev, c_prev], parameters, "Wy", shapes)


# What is the same in the RNN and the LSTM is worth the same share: the states (with the memories), the
# predictions, the caches.

# ---------------------------------------------------------------- the simple RNN, one step

rnn_cell = Exercise(
    "rnn_cell_forward",
    outputs={"a_next": 6, "yt_pred": 3, "cache": 1},
    may_alias=("cache",),
    check_call=check_rnn_cell,
)


def rnn_cell_inputs(rng, n_x, n_a, n_y, m):
    return {
        "xt": rng.standard_normal((n_x, m)),
        "a_prev": rng.standard_normal((n_a, m)),
        "parameters": rnn_parameters(rng, n_x, n_a, n_y),
    }


@rnn_cell.case
def rnn_cell_distinct(rng):
    """n_x, n_a, n_y and m all different"""
    return rnn_cell_inputs(rng, n_x=4, n_a=6, n_y=3, m=7)


@rnn_cell.case
def rnn_cell_wide(rng):
    """more inputs than hidden units"""
    return rnn_cell_inputs(rng, n_x=9, n_a=3, n_y=5, m=4)


@rnn_cell.case(group="edges", share=0.2)
def rnn_cell_one_example(rng):
    """a batch of one example (m = 1), with a one-hot input of whole numbers"""
    inputs = rnn_cell_inputs(rng, n_x=3, n_a=5, n_y=2, m=1)
    inputs["parameters"]["ba"][0] = 5.0  # at least one sum is positive
    return {**inputs, "xt": one_hot(rng, 3, 1)}


@rnn_cell.case(group="edges")
def rnn_cell_large_scores(rng):
    """sums and scores so large and so far apart that a careless tanh or softmax overflows"""
    return far_apart(rng, rnn_cell_inputs(rng, n_x=3, n_a=4, n_y=4, m=5), ["ba"])


# ---------------------------------------------------------------- the simple RNN, a sequence

rnn = Exercise(
    "rnn_forward",
    outputs={"a": 5, "y_pred": 3, "caches": 2},
    calls=("rnn_cell_forward",),
    may_alias=("caches",),
)


def rnn_inputs(rng, n_x, n_a, n_y, m, T_x):
    return {
        "x": rng.standard_normal((n_x, m, T_x)),
        "a0": rng.standard_normal((n_a, m)),
        "parameters": rnn_parameters(rng, n_x, n_a, n_y),
    }


@rnn.case
def rnn_distinct(rng):
    """n_x, n_a, n_y, m and T_x all different"""
    return rnn_inputs(rng, n_x=4, n_a=6, n_y=3, m=7, T_x=5)


@rnn.case
def rnn_longer(rng):
    """more steps than examples, more inputs than hidden units"""
    return rnn_inputs(rng, n_x=5, n_a=4, n_y=2, m=3, T_x=12)


@rnn.case(group="edges", share=0.2)
def rnn_one_example(rng):
    """a batch of one example (m = 1), with one-hot inputs of whole numbers"""
    return {**rnn_inputs(rng, n_x=3, n_a=5, n_y=2, m=1, T_x=4), "x": one_hot(rng, 3, 1, 4)}


@rnn.case(group="edges")
def rnn_one_step(rng):
    """a sequence of one step (T_x = 1)"""
    return rnn_inputs(rng, n_x=3, n_a=5, n_y=2, m=4, T_x=1)


# ---------------------------------------------------------------- the LSTM, one step

lstm_cell = Exercise(
    "lstm_cell_forward",
    outputs={"a_next": 3, "c_next": 3, "yt_pred": 3, "cache": 1},
    may_alias=("cache",),
    check_call=check_lstm_cell,
)


def lstm_cell_inputs(rng, n_x, n_a, n_y, m):
    return {
        "xt": rng.standard_normal((n_x, m)),
        "a_prev": rng.standard_normal((n_a, m)),
        "c_prev": rng.standard_normal((n_a, m)),
        "parameters": lstm_parameters(rng, n_x, n_a, n_y),
    }


@lstm_cell.case
def lstm_cell_distinct(rng):
    """n_x, n_a, n_y and m all different"""
    return lstm_cell_inputs(rng, n_x=4, n_a=6, n_y=3, m=7)


@lstm_cell.case
def lstm_cell_square(rng):
    """as many inputs as hidden units (n_x = n_a), some of them large"""
    inputs = lstm_cell_inputs(rng, n_x=5, n_a=5, n_y=2, m=3)
    inputs["xt"][0] = [6.5, -7.5, 8.5]  # nor an input beyond -5 to 5
    return {**inputs, "c_prev": 4.0 * inputs["c_prev"]}  # no bound may hide a memory beyond -1 to 1


@lstm_cell.case(group="edges", share=0.2)
def lstm_cell_one_example(rng):
    """a batch of one example (m = 1), with a one-hot input of whole numbers"""
    return {**lstm_cell_inputs(rng, n_x=3, n_a=5, n_y=2, m=1), "xt": one_hot(rng, 3, 1)}


@lstm_cell.case(group="edges")
def lstm_cell_large_memory(rng):
    """memories of 1000, sums and scores so large and so far apart that a careless activation overflows"""
    inputs = far_apart(rng, lstm_cell_inputs(rng, n_x=6, n_a=4, n_y=4, m=5), ["bf", "bi", "bc", "bo"])
    # The first unit keeps its memory, the second forgets it.
    memories = [[1.0, -1.0, 1.0, -1.0, 1.0]] * rng.uniform(900.0, 1100.0, (2, 5))
    return {**inputs, "c_prev": np.concatenate((memories, inputs["c_prev"][2:]))}


# ---------------------------------------------------------------- the LSTM, a sequence

lstm = Exercise(
    "lstm_forward",
    outputs={"a": 2.5, "y": 3, "c": 2.5, "caches": 2},
    calls=("lstm_cell_forward",),
    may_alias=("caches",),
)


def lstm_inputs(rng, n_x, n_a, n_y, m, T_x):
    return {
        "x": rng.standard_normal((n_x, m, T_x)),
        "a0": rng.standard_normal((n_a, m)),
        "parameters": lstm_parameters(rng, n_x, n_a, n_y),
    }


@lstm.case
def lstm_distinct(rng):
    """n_x, n_a, n_y, m and T_x all different"""
    return lstm_inputs(rng, n_x=4, n_a=6, n_y=3, m=7, T_x=5)


@lstm.case
def lstm_longer(rng):
    """more steps than examples, more inputs than hidden units"""
    return lstm_inputs(rng, n_x=5, n_a=4, n_y=2, m=3, T_x=12)


@lstm.case(group="edges", share=0.2)
def lstm_one_example(rng):
    """a batch of one example (m = 1), with one-hot inputs of whole numbers"""
    return {**lstm_inputs(rng, n_x=3, n_a=5, n_y=2, m=1, T_x=4), "x": one_hot(rng, 3, 1, 4)}


@lstm.case(group="edges")
def lstm_one_step(rng):
    """a sequence of one step (T_x = 1)"""
    return lstm_inputs(rng, n_x=3, n_a=5, n_y=2, m=4, T_x=1)


lab = Lab(
    exercises=(rnn_cell, rnn, lstm_cell, lstm),
    modules=("activations", "break_it", "checks", "explore", "plots", "rnn_utils", "tables"),
    # The whole notebook takes a second or two: a cell that needs ten does not end.
    limits={"cell_seconds": 10},
)
