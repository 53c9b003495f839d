"""The hidden cases of the lab `jazz`: what is drawn, and what each output is worth."""

import numpy as np

from autograder import Exercise, Lab


def sizes(n_values, n_a):
    """The shape of each parameter."""
    shapes = {f"W{gate}": (n_a, n_a + n_values) for gate in "fico"}
    shapes |= {f"b{gate}": (n_a, 1) for gate in "fico"}
    return {**shapes, "Wy": (n_values, n_a), "by": (n_values, 1)}


def weights(rng, n_values, n_a):
    """Parameters that react to what is heard, with gates that are neither open nor shut."""
    parameters = {name: rng.standard_normal(shape) for name, shape in sizes(n_values, n_a).items()}
    for gate in "fico":
        parameters[f"W{gate}"][:, :n_a] /= n_a**0.5
        parameters[f"b{gate}"] *= 0.5
    return parameters


def lively(rng, n_values, n_a):
    """Parameters that make one value of another, so that a solo does not hang on to one."""
    parameters = weights(rng, n_values, n_a)
    parameters["Wc"][:, n_a:] *= 2
    parameters["by"] *= 0.3
    parameters["Wy"] += 1.5 * np.roll(parameters["Wc"][:, n_a:].T, 1, axis=0)
    return parameters


def in_turn(rng, n_values, n_a, turn=1):
    """Parameters that make of each value the next, and of the last the first; without a turn, the same."""
    parameters = {name: 0.3 * value for name, value in weights(rng, n_values, n_a).items()}
    codes = np.linalg.qr(rng.standard_normal((n_a, n_values)))[0]
    parameters["Wc"][:, n_a:] += 8 * codes
    parameters["bf"] -= 3.0  # little of the memory is kept
    for bias in ("bi", "bo"):
        parameters[bias] += 3.0
    parameters["Wy"] += 12 * np.roll(codes.T, turn, axis=0)
    return parameters


def states(rng, m, n_a):
    return {name: np.tanh(rng.standard_normal((m, n_a))) for name in ("a0", "c0")}


def one_hot(rng, shape, n_values):
    return np.eye(n_values)[rng.integers(0, n_values, shape)]


# ---------------------------------------------------------------- djmodel

djmodel = Exercise("djmodel", outputs={"outputs": 1})


def djmodel_inputs(rng, m, Tx, n_values, n_a):
    return {
        "X": rng.standard_normal((m, Tx, n_values)),
        **states(rng, m, n_a),
        "parameters": weights(rng, n_values, n_a),
    }


@djmodel.case
def djmodel_distinct(rng):
    """m, Tx, n_values and n_a all different"""
    return djmodel_inputs(rng, m=7, Tx=5, n_values=4, n_a=6)


@djmodel.case
def djmodel_longer(rng):
    """more steps than examples"""
    return djmodel_inputs(rng, m=3, Tx=11, n_values=8, n_a=5)


@djmodel.case
def djmodel_square(rng):
    """as many examples as steps, values and units"""
    return djmodel_inputs(rng, m=5, Tx=5, n_values=5, n_a=5)


@djmodel.case(group="edges", share=0.2)
def djmodel_one_example(rng):
    """a batch of one example (m = 1)"""
    return djmodel_inputs(rng, m=1, Tx=4, n_values=6, n_a=3)


@djmodel.case(group="edges")
def djmodel_one_step(rng):
    """a sequence of one step (Tx = 1)"""
    return djmodel_inputs(rng, m=4, Tx=1, n_values=3, n_a=7)


# ---------------------------------------------------------------- music_loss


def check_loss(outputs, Y):
    if len(outputs) > 200 or np.size(Y) > 200_000:
        raise ValueError("larger than any case of this lab")
    if np.shape(outputs) != np.shape(Y):
        raise ValueError(f"outputs has shape {np.shape(outputs)}, Y {np.shape(Y)}")


music_loss = Exercise("music_loss", outputs={"loss": 1}, loose=("loss",), check_call=check_loss)


def probabilities(rng, shape):
    powers = np.exp(rng.standard_normal(shape))
    return powers / powers.sum(axis=-1, keepdims=True)


def unlikely(row, chosen):
    """The same probabilities but for the chosen one, which is small: no bound may hide it."""
    rest = np.where(chosen, 0, row)
    return np.where(chosen, 1e-4, rest * (1 - 1e-4) / rest.sum())


def loss_inputs(rng, m, Tx, n_values):
    """Probabilities of which one that came was thought very unlikely."""
    outputs, Y = probabilities(rng, (Tx, m, n_values)), one_hot(rng, (Tx, m), n_values)
    outputs[0, 0] = unlikely(outputs[0, 0], Y[0, 0] == 1)
    return {"outputs": list(outputs), "Y": Y}


@music_loss.case
def loss_distinct(rng):
    """more examples than steps"""
    return loss_inputs(rng, m=9, Tx=4, n_values=6)


@music_loss.case
def loss_longer(rng):
    """more steps than examples"""
    return loss_inputs(rng, m=3, Tx=12, n_values=5)


@music_loss.case(group="edges", share=0.1)
def loss_one_example(rng):
    """a batch of one example (m = 1)"""
    return loss_inputs(rng, m=1, Tx=7, n_values=4)


@music_loss.case(group="edges")
def loss_one_step(rng):
    """a single step, with targets of an integer type"""
    inputs = loss_inputs(rng, m=6, Tx=1, n_values=3)
    return {**inputs, "Y": inputs["Y"].astype(int)}


@music_loss.case(group="zeros", share=0.1)
def loss_impossible(rng):
    """probabilities that are exactly 0, of values that did not come"""
    inputs = loss_inputs(rng, m=5, Tx=3, n_values=6)
    for out, y in zip(inputs["outputs"], inputs["Y"]):
        out[np.arange(5), (np.argmax(y, axis=1) + rng.integers(1, 6, 5)) % 6] = 0
        out /= out.sum(axis=1, keepdims=True)
    return inputs


# ---------------------------------------------------------------- fit

fit = Exercise("fit", outputs={"losses": 2}, effects={"parameters": 3}, calls=("music_loss",))


def fit_inputs(rng, m, Tx, n_values, n_a, **epochs):
    return {
        "X": one_hot(rng, (m, Tx), n_values),
        "Y": one_hot(rng, (Tx, m), n_values),
        **states(rng, m, n_a),
        "parameters": weights(rng, n_values, n_a),
        **epochs,
    }


@fit.case
def fit_some_epochs(rng):
    """the losses and the weights after five epochs"""
    return fit_inputs(rng, m=6, Tx=4, n_values=5, n_a=3, epochs=5)


@fit.case
def fit_longer(rng):
    """more steps than examples"""
    return fit_inputs(rng, m=2, Tx=8, n_values=4, n_a=5, epochs=3)


@fit.case(group="edges", share=0.2)
def fit_one_example(rng):
    """a batch of one example (m = 1)"""
    return fit_inputs(rng, m=1, Tx=3, n_values=6, n_a=4, epochs=4)


@fit.case(group="edges")
def fit_one_epoch(rng):
    """a single epoch, sequences of one step"""
    return fit_inputs(rng, m=4, Tx=1, n_values=3, n_a=2, epochs=1)


@fit.case(group="edges")
def fit_at_the_bottom(rng):
    """close to the smallest loss, so that steps make it larger"""
    inputs = fit_inputs(rng, m=4, Tx=1, n_values=3, n_a=4, epochs=3)
    # All examples are alike but for what comes: the best are its frequencies, which by nearly gives.
    for name in ("X", "a0", "c0"):
        inputs[name] = np.repeat(inputs[name][:1], 4, axis=0)
    came = rng.permutation([0, 1, 2, 2])
    inputs["Y"] = np.eye(3)[came][None]
    parameters = inputs["parameters"]
    parameters["Wy"] = parameters["Wy"][:1] + 0.002 * parameters["Wy"]
    away = rng.permutation([-1, 0.25, 0.75])[:, None] * rng.uniform(0.002, 0.003)
    parameters["by"] = np.log(np.bincount(came) / 4)[:, None] + away
    return inputs


# ---------------------------------------------------------------- music_inference_model


def check_inference(x0, a0, c0, parameters, Ty=100):
    m, _, n_values = x0.shape
    n_a = a0.shape[1]
    if max(m, n_values, n_a, Ty) > 200:
        raise ValueError("larger than any case of this lab")
    if x0.shape != (m, 1, n_values) or a0.shape != (m, n_a) or c0.shape != (m, n_a):
        raise ValueError("x0 must be (m, 1, n_values), and a0 and c0 (m, n_a)")
    for name, shape in sizes(n_values, n_a).items():
        if parameters[name].shape != shape:
            raise ValueError(f"{name} has shape {parameters[name].shape}")


music_inference_model = Exercise("music_inference_model", outputs={"outputs": 1}, check_call=check_inference)


def inference_inputs(rng, m, n_values, n_a, **Ty):
    return {
        "x0": one_hot(rng, (m, 1), n_values),
        **states(rng, m, n_a),
        "parameters": lively(rng, n_values, n_a),
        **Ty,
    }


@music_inference_model.case
def inference_one_solo(rng):
    """one solo of 15 values"""
    return inference_inputs(rng, m=1, n_values=9, n_a=12, Ty=15)


@music_inference_model.case
def inference_batch(rng):
    """four solos at once"""
    return inference_inputs(rng, m=4, n_values=7, n_a=10, Ty=9)


@music_inference_model.case
def inference_in_turn(rng):
    """one value after the other, each in its turn"""
    return {**inference_inputs(rng, m=2, n_values=5, n_a=9, Ty=12), "parameters": in_turn(rng, 5, 9)}


@music_inference_model.case
def inference_from_nothing(rng):
    """a first input and states of zeros, then one value again and again"""
    inputs = inference_inputs(rng, m=1, n_values=5, n_a=7, Ty=12)
    inputs |= {name: 0 * inputs[name] for name in ("x0", "a0", "c0")}
    return {**inputs, "parameters": in_turn(rng, 5, 7, turn=0)}


@music_inference_model.case(group="edges", share=0.2)
def inference_one_step(rng):
    """a single step (Ty = 1)"""
    return inference_inputs(rng, m=3, n_values=4, n_a=5, Ty=1)


@music_inference_model.case(group="edges")
def inference_default(rng):
    """a hundred steps, which is the default"""
    return inference_inputs(rng, m=1, n_values=6, n_a=8)


# ---------------------------------------------------------------- predict_and_sample

predict_and_sample = Exercise(
    "predict_and_sample", outputs={"results": 1, "indices": 1}, calls=("music_inference_model",)
)


def predict_inputs(rng, n_values, n_a, **Ty):
    drawn = inference_inputs(rng, 1, n_values, n_a)
    return {
        "parameters": drawn["parameters"],
        "x_initializer": drawn["x0"],
        "a_initializer": drawn["a0"],
        "c_initializer": 4 * drawn["c0"],  # so large that it cannot pass for a hidden state
        **Ty,
    }


@predict_and_sample.case
def predict_twenty(rng):
    """twenty values"""
    return predict_inputs(rng, n_values=11, n_a=14, Ty=20)


@predict_and_sample.case
def predict_few_values(rng):
    """more steps than values"""
    return predict_inputs(rng, n_values=4, n_a=9, Ty=14)


@predict_and_sample.case
def predict_many_values(rng):
    """many values"""
    return predict_inputs(rng, n_values=40, n_a=12, Ty=12)


@predict_and_sample.case
def predict_few_steps(rng):
    """a few steps"""
    return predict_inputs(rng, n_values=25, n_a=6, Ty=5)


@predict_and_sample.case
def predict_small_state(rng):
    """a small state"""
    return predict_inputs(rng, n_values=30, n_a=3, Ty=8)


@predict_and_sample.case
def predict_in_turn(rng):
    """one value after the other, each in its turn"""
    return {**predict_inputs(rng, n_values=7, n_a=11, Ty=16), "parameters": in_turn(rng, 7, 11)}


@predict_and_sample.case(group="edges", share=0.2)
def predict_default(rng):
    """fifty values, which is the default"""
    return predict_inputs(rng, n_values=8, n_a=10)


@predict_and_sample.case(group="edges")
def predict_one(rng):
    """a single value (Ty = 1)"""
    return predict_inputs(rng, n_values=6, n_a=4, Ty=1)


# ---------------------------------------------------------------- with_temperature

with_temperature = Exercise("with_temperature", outputs={"softened": 1})


def temperature_inputs(rng, m, n_values, low, high):
    out = probabilities(rng, (m, n_values))
    out[0] = unlikely(out[0], np.arange(n_values) == rng.integers(n_values))
    return {"out": out, "temperature": round(float(rng.uniform(low, high)), 2)}


@with_temperature.case
def temperature_hot(rng):
    """a temperature above 1"""
    return temperature_inputs(rng, m=4, n_values=7, low=1.3, high=3.0)


@with_temperature.case
def temperature_cold(rng):
    """a temperature below 1"""
    return temperature_inputs(rng, m=3, n_values=3, low=0.3, high=0.8)


@with_temperature.case(group="edges", share=0.2)
def temperature_one_row(rng):
    """a single example (m = 1)"""
    return temperature_inputs(rng, m=1, n_values=6, low=0.3, high=0.8)


@with_temperature.case(group="edges")
def temperature_one(rng):
    """a temperature of 1"""
    return {"out": probabilities(rng, (5, 4)), "temperature": 1}


lab = Lab(
    exercises=(djmodel, music_loss, fit, music_inference_model, predict_and_sample, with_temperature),
    modules=("activations", "checks", "music", "nn", "plots", "rnn_utils", "tables", "watch"),
    earlier=("cells",),
    limits={"cell_seconds": 15},
)
