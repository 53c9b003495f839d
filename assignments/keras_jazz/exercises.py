"""The hidden cases of the lab `keras_jazz`: what is drawn, and what each output is worth."""

import numpy as np

from autograder import Exercise, Lab

NEAR = 1e-4
"""How near a result of Keras must be: it computes in single precision."""


def shapes(n_values, n_a):
    """The shapes of kernel, recurrent kernel and bias of the LSTM, and of kernel and bias of the dense layer."""
    return [(n_values, 4 * n_a), (n_a, 4 * n_a), (4 * n_a,), (n_a, n_values), (n_values,)]


def keras_weights(rng, n_values, n_a):
    """Weights that react to what is heard, with gates that are neither open nor shut."""
    weights = [rng.standard_normal(shape) for shape in shapes(n_values, n_a)]
    weights[1] /= n_a**0.5
    weights[2] *= 0.5
    weights[3] *= 1.5
    return weights


def states(rng, m, n_a):
    """A hidden state, and a memory so large that it cannot pass for one."""
    return {"a0": np.tanh(rng.standard_normal((m, n_a))), "c0": 2 * rng.standard_normal((m, n_a))}


def one_hot(rng, shape, n_values):
    return np.eye(n_values)[rng.integers(0, n_values, shape)]


# ---------------------------------------------------------------- djmodel

djmodel = Exercise(
    "djmodel",
    outputs={"outputs": 7, "gradients": 2, "trained": 1},
    needs={"trained": ("outputs",)},
    observer="frameworks.jazz.djmodel",
    rtol=NEAR,
)


def djmodel_inputs(rng, m, Tx, n_a, n_values):
    return {
        "Tx": Tx,
        "n_a": n_a,
        "n_values": n_values,
        "weights": keras_weights(rng, n_values, n_a),
        "X": rng.standard_normal((m, Tx, n_values)),
        **states(rng, m, n_a),
        "Y": one_hot(rng, (Tx, m), n_values),
    }


@djmodel.case
def djmodel_distinct(rng):
    """m, Tx, n_a and n_values all different"""
    return djmodel_inputs(rng, m=2, Tx=4, n_a=3, n_values=5)


@djmodel.case
def djmodel_longer(rng):
    """more steps than units and values"""
    return djmodel_inputs(rng, m=3, Tx=6, n_a=2, n_values=4)


@djmodel.case
def djmodel_wider(rng):
    """more units than values"""
    return djmodel_inputs(rng, m=4, Tx=3, n_a=5, n_values=2)


@djmodel.case(group="edges", share=0.2)
def djmodel_one_example(rng):
    """a batch of one example (m = 1)"""
    return djmodel_inputs(rng, m=1, Tx=5, n_a=4, n_values=3)


@djmodel.case(group="edges")
def djmodel_two_steps(rng):
    """a sequence of two steps"""
    return djmodel_inputs(rng, m=3, Tx=2, n_a=4, n_values=5)


# ---------------------------------------------------------------- music_inference_model

music_inference_model = Exercise(
    "music_inference_model",
    outputs={"outputs": 1},
    observer="frameworks.jazz.music_inference_model",
    rtol=NEAR,
)


def lively(rng, n_values, n_a):
    """Weights that make one value of another, so that a solo does not hang on to one."""
    weights = keras_weights(rng, n_values, n_a)
    weights[0][:, 2 * n_a : 3 * n_a] *= 2
    weights[4] *= 0.3
    weights[3] += 1.5 * np.roll(weights[0][:, 2 * n_a : 3 * n_a].T, 1, axis=1)
    return weights


def in_turn(rng, n_values, n_a):
    """Weights that make of each value the next, and of the last the first."""
    weights = [0.3 * array for array in keras_weights(rng, n_values, n_a)]
    codes = np.linalg.qr(rng.standard_normal((n_a, n_values)))[0]
    i, f, g, o = (slice(gate * n_a, (gate + 1) * n_a) for gate in range(4))
    weights[0][:, g] += 8 * codes.T
    weights[2][f] -= 3.0  # little of the memory is kept
    weights[2][i] += 3.0
    weights[2][o] += 3.0
    weights[3] += 12 * np.roll(codes, 1, axis=1)
    return weights


def inference_inputs(rng, m, n_values, n_a, Ty, make=lively):
    """Inputs with which every choice of a value is clear: single precision makes the same."""
    while True:
        drawn = {
            "n_values": n_values,
            "n_a": n_a,
            "Ty": Ty,
            "weights": make(rng, n_values, n_a),
            "x0": one_hot(rng, (m, 1), n_values),
            **states(rng, m, n_a),
        }
        if margin(drawn) > 1e-3:
            return drawn


def margin(inputs):
    """The least lead of a chosen value over the next, as a ratio of their probabilities less one."""
    kernel, recurrent, bias, dense, offset = inputs["weights"]
    x, a, c = inputs["x0"][:, 0], inputs["a0"], inputs["c0"]
    leads = []
    for _ in range(inputs["Ty"]):
        i, f, g, o = np.split(x @ kernel + a @ recurrent + bias, 4, axis=1)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        a = np.tanh(c) / (1 + np.exp(-o))
        scores = a @ dense + offset
        best = np.sort(scores, axis=1)
        leads.append(np.expm1(best[:, -1] - best[:, -2]).min())
        x = np.eye(len(offset))[scores.argmax(axis=1)]
    return min(leads)


@music_inference_model.case
def inference_batch(rng):
    """three solos at once"""
    return inference_inputs(rng, m=3, n_values=7, n_a=5, Ty=6)


@music_inference_model.case
def inference_one_solo(rng):
    """one solo"""
    return inference_inputs(rng, m=1, n_values=6, n_a=8, Ty=9)


@music_inference_model.case
def inference_in_turn(rng):
    """one value after the other, each in its turn"""
    return inference_inputs(rng, m=2, n_values=4, n_a=6, Ty=7, make=in_turn)


@music_inference_model.case(group="edges", share=0.2)
def inference_from_nothing(rng):
    """a first input of zeros"""
    while True:
        inputs = inference_inputs(rng, m=2, n_values=5, n_a=4, Ty=3)
        inputs["x0"] = 0 * inputs["x0"]
        if margin(inputs) > 1e-3:
            return inputs


@music_inference_model.case(group="edges")
def inference_one_step(rng):
    """a single step (Ty = 1)"""
    return inference_inputs(rng, m=4, n_values=3, n_a=5, Ty=1)


# ---------------------------------------------------------------- predict_and_sample

predict_and_sample = Exercise(
    "predict_and_sample",
    outputs={"results": 1, "indices": 1},
    observer="frameworks.jazz.predict_and_sample",
    rtol=NEAR,
)


def predict_inputs(rng, n_values, n_a, Ty, begun=True):
    """Inputs of a model that says the last value at no step, and at each step one of the others clearly."""
    x_initializer = one_hot(rng, (1, 1), n_values)
    a_initializer, c_initializer = (begun * state for state in states(rng, 1, n_a).values())
    heard = np.concatenate((x_initializer[:, 0], a_initializer, c_initializer), axis=1)
    while True:
        weights = rng.standard_normal((Ty, n_values + 2 * n_a, n_values))
        scores = np.sort((heard @ weights)[:, 0], axis=1)
        said = (heard @ weights)[:, 0].argmax(axis=1)
        if said.max() < n_values - 1 and len(set(said)) > 1 and (scores[:, -1] - scores[:, -2]).min() > 1e-3:
            break
    return {
        "weights": weights,
        "x_initializer": x_initializer,
        "a_initializer": a_initializer,
        "c_initializer": c_initializer,
    }


@predict_and_sample.case
def predict_some(rng):
    """some steps"""
    return predict_inputs(rng, n_values=9, n_a=3, Ty=5)


@predict_and_sample.case
def predict_few_values(rng):
    """more steps than values"""
    return predict_inputs(rng, n_values=5, n_a=4, Ty=7)


@predict_and_sample.case
def predict_many_values(rng):
    """many values"""
    return predict_inputs(rng, n_values=23, n_a=2, Ty=4)


@predict_and_sample.case(group="edges", share=0.2)
def predict_from_nothing(rng):
    """hidden state and memory of zeros"""
    return predict_inputs(rng, n_values=7, n_a=3, Ty=3, begun=False)


lab = Lab(
    exercises=(djmodel, music_inference_model, predict_and_sample),
    modules=("checks", "frameworks", "music", "plots", "rnn_utils", "tables", "watch"),
    earlier=("cells",),
    preload=("course_utils.frameworks.warm_keras",),
    limits={"cell_seconds": 15},
    extra="keras",
)
