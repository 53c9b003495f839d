"""Observers of the lab `keras_jazz`: they turn the models that its functions build into arrays."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.frameworks.keras_models import (
    check_inputs,
    forward,
    fresh_layers,
    gradients,
    layers_with_weights,
    returned_model,
    set_weights,
    transplant,
)
from course_utils.judging.observed import Unfit

__all__ = ["djmodel", "music_inference_model", "predict_and_sample"]

Array = np.ndarray
Function = Callable[..., Any]

NAMES = ("LSTM_cell kernel", "LSTM_cell recurrent_kernel", "LSTM_cell bias", "densor kernel", "densor bias")


def djmodel(
    function: Function,
    Tx: int,
    n_a: int,
    n_values: int,
    weights: Sequence[Array],
    X: Array,
    a0: Array,
    c0: Array,
    Y: Array,
) -> tuple[list[Array], dict[str, Array], dict[str, Array]]:
    """Observe the model that ``djmodel(Tx, n_a, n_values)`` returns.

    ``weights`` are kernel (n_values, 4 n_a), recurrent kernel (n_a, 4 n_a) and bias (4 n_a,) of the LSTM,
    then kernel (n_a, n_values) and bias (n_values,) of the dense layer. X has shape (m, Tx, n_values), a0 and
    c0 (m, n_a), Y (Tx, m, n_values). Returns the outputs, a list; the gradients of half the squared distance
    of the outputs from Y by each weight; and the weights that the notebook's own layers now have, zeros where
    the model has others. While the function runs, the layers of the notebook are replaced by new ones of
    these sizes. Raises Unfit for a model of another structure.
    """
    import keras

    new: dict[str, Callable[[], Any]] = {
        "reshapor": lambda: keras.layers.Reshape((1, n_values)),
        "LSTM_cell": lambda: keras.layers.LSTM(**_of_size(n_a), return_state=True),
        "densor": lambda: keras.layers.Dense(n_values, activation="softmax"),
    }
    sizes: dict[str, dict[str, Any]] = {
        "Reshape": {"target_shape": (1, n_values)},
        "LSTM": _of_size(n_a),
        "Dense": {"units": n_values},
    }
    with fresh_layers(function, sizes, new) as fresh:
        model = returned_model(function(Tx, n_a, n_values))
    check_inputs(model, {"X": (Tx, n_values), "a0": (n_a,), "c0": (n_a,)})
    layers = transplant(
        model,
        {"LSTM": weights[:3], "Dense": weights[3:]},
        "the same one should be called at every step",
    )
    outputs = forward(model, [X, a0, c0])

    def distance(outputs: list[Any]) -> Any:
        pairs = zip(outputs, keras.ops.convert_to_tensor(Y, "float32"), strict=False)
        return sum(keras.ops.sum((out - y) ** 2) for out, y in pairs) / 2

    found = gradients(model, [X, a0, c0], distance, layers)
    own = {id(weight) for layer in fresh.values() for weight in layer.weights}
    used = [weight for layer in layers for weight in layer.weights]
    trained = [array * (id(weight) in own) for array, weight in zip(weights, used, strict=True)]
    named = dict(zip(NAMES, [gradient for layer in found for gradient in layer], strict=True))
    return outputs, named, dict(zip(NAMES, trained, strict=True))


def music_inference_model(
    function: Function,
    n_values: int,
    n_a: int,
    Ty: int,
    weights: Sequence[Array],
    x0: Array,
    a0: Array,
    c0: Array,
) -> list[Array]:
    """Observe the model that ``music_inference_model(LSTM_cell, densor, n_values, n_a, Ty)`` returns.

    ``weights`` are as for `djmodel`; x0 has shape (m, 1, n_values), a0 and c0 (m, n_a). Returns the outputs.
    Raises Unfit for a model of another structure.
    """
    import keras

    LSTM_cell = keras.layers.LSTM(**_of_size(n_a), return_state=True)
    densor = keras.layers.Dense(n_values, activation="softmax")
    LSTM_cell.build((None, 1, n_values))
    densor.build((None, n_a))
    set_weights(LSTM_cell, weights[:3], "LSTM")
    set_weights(densor, weights[3:], "Dense")
    model = returned_model(function(LSTM_cell, densor, n_values, n_a, Ty))
    check_inputs(model, {"x0": (1, n_values), "a0": (n_a,), "c0": (n_a,)})
    for layer in layers_with_weights(model):
        if layer is not LSTM_cell and layer is not densor:
            raise Unfit(
                f"the model has a layer {type(layer).__name__} with weights of its own, which nobody has "
                "trained; only `LSTM_cell` and `densor`, as they are given, should have weights"
            )
    return forward(model, [x0, a0, c0])


def predict_and_sample(
    function: Function, weights: Array, x_initializer: Array, a_initializer: Array, c_initializer: Array
) -> Any:
    """Observe ``predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer)``.

    The model that it is given has the inputs and outputs of an inference model, but is simpler: output t is
    the softmax of the three inputs, side by side, times ``weights[t]``; weights has the shape
    (Ty, n_values + 2 n_a, n_values). Returns what the function returns.
    """
    import keras

    _, n_inputs, n_values = weights.shape
    n_a = (n_inputs - n_values) // 2
    inputs = [keras.Input((1, n_values)), keras.Input((n_a,)), keras.Input((n_a,))]
    heard = keras.layers.Concatenate()([keras.layers.Flatten()(inputs[0]), *inputs[1:]])
    steps = [keras.layers.Dense(n_values, activation="softmax", use_bias=False) for _ in weights]
    model = keras.Model(inputs, [step(heard) for step in steps])
    for step, kernel in zip(steps, weights, strict=True):
        set_weights(step, [kernel], "Dense")
    return function(model, x_initializer, a_initializer, c_initializer)


def _of_size(n_a: int) -> dict[str, Any]:
    """Return how an LSTM is made that is called for one step at a time, and gets its weights later.

    JAX takes seconds to compile a loop of one step, so there it is unrolled, and each kind of random numbers.
    """
    import keras

    zeros = dict.fromkeys(("kernel_initializer", "recurrent_initializer", "bias_initializer"), "zeros")
    return {"units": n_a, "unroll": keras.backend.backend() == "jax", **zeros}
