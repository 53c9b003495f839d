"""Common tools of the observers of Keras models: find the layers, set their weights, run them, differentiate.

An observer calls a student's function, puts given weights into the model that it returns, and reads arrays:

    with fresh_layers(function, {"LSTM": {"units": n_a}}):
        model = returned_model(function(Tx, n_a, n_values))
    layers = transplant(model, {"LSTM": [kernel, recurrent_kernel, bias], "Dense": [weights, biases]})
    outputs = forward(model, [X, a0, c0])

Whatever cannot be observed raises `Unfit`, with a sentence for the student. Keras is imported by the
functions, so that this module can be imported without it. They are for the backends torch, jax and
tensorflow, and all but `gradients` for numpy. Keras computes in float32; what is returned is float64.
"""

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from course_utils.judging.observed import Unfit

__all__ = [
    "check_inputs",
    "forward",
    "fresh_layers",
    "gradients",
    "layers_with_weights",
    "returned_model",
    "said",
    "set_weights",
    "transplant",
]

Array = np.ndarray


@contextmanager
def fresh_layers(
    function: Callable[..., Any],
    sizes: Mapping[str, Mapping[str, Any]],
    new: Mapping[str, Callable[[], Any]] | None = None,
) -> Iterator[dict[str, Any]]:
    """Replace the layers among a function's globals by new ones of other sizes, for the time of a call.

    ``sizes`` has for each kind of layer that is replaced what changes in its configuration, such as
    ``{"LSTM": {"units": 5}, "Reshape": {"target_shape": (1, 7)}}``. The new layers have weights of their own:
    those of the notebook, which may be trained, are not touched. ``new`` makes the layers that the notebook
    should have, by their names; they are used where there is no global of the name. Yields the new layers by
    the names of the globals; under two names for one layer there is one new layer.
    """
    import keras

    names = getattr(inspect.unwrap(function), "__globals__", {})
    found = {
        name: value
        for name, value in names.items()
        if isinstance(value, keras.Layer) and type(value).__name__ in sizes
    }
    resized = {id(layer): _resized(layer, sizes[type(layer).__name__]) for layer in found.values()}
    lacking = {name: make() for name, make in (new or {}).items() if name not in names}
    fresh = {**{name: resized[id(layer)] for name, layer in found.items()}, **lacking}
    names.update(fresh)
    try:
        yield fresh
    finally:
        names.update(found)
        for name in lacking:
            names.pop(name, None)


def _resized(layer: Any, changes: Mapping[str, Any]) -> Any:
    """Return a new layer of the same configuration, but for the changes and the name."""
    config = {**layer.get_config(), **changes}
    config.pop("name", None)  # Keras makes one up: no two layers of a model may have the same
    config.pop("build_config", None)
    return type(layer).from_config(config)


def returned_model(value: Any) -> Any:
    """Return a value if it is a Keras model. Raises Unfit for anything else."""
    import keras

    if not isinstance(value, keras.Model):
        raise Unfit(f"it returns no Keras model, but {said(value)}")
    return value


def check_inputs(model: Any, wanted: Mapping[str, Sequence[int]]) -> None:
    """Raise Unfit unless the model's inputs have these shapes, given by name and without the batch axis."""
    number = len(getattr(model, "inputs", None) or ())
    if not number:
        raise Unfit("the model has no inputs: it should be made from its inputs and outputs, by `Model`")
    if number != len(wanted):
        raise Unfit(
            f"the model has {_counted(number, 'input')}, but needs {len(wanted)}: {', '.join(wanted)}"
        )
    for number, ((name, shape), tensor) in enumerate(zip(wanted.items(), model.inputs, strict=True), start=1):
        found = tuple(tensor.shape[1:])
        fits = len(found) == len(shape) and all(
            one in (None, other) for one, other in zip(found, shape, strict=True)
        )
        if not fits:
            raise Unfit(
                f"input {number} of the model has the shape {(None, *found)}, but {name} needs "
                f"{(None, *shape)}; None stands for the number of examples"
            )


def layers_with_weights(model: Any) -> list[Any]:
    """Return the layers of a model that have weights, each once, in the order of their first use.

    A model inside the model is replaced by its layers; a wrapper, such as Bidirectional, counts as one layer.
    """
    import keras

    found: dict[int, Any] = {}
    for layer in model.layers:
        inner = layers_with_weights(layer) if isinstance(layer, keras.Model) else [layer]
        found |= {id(one): one for one in inner if one.weights}
    return list(found.values())


def transplant(model: Any, wanted: Mapping[str, Sequence[Array]], shared: str = "") -> list[Any]:
    """Set all weights of a model, and return its layers with weights, in the order of their first use.

    ``wanted`` has the arrays of each layer in this order, by what the layer is called in a message, such as
    "LSTM" or "first LSTM"; its last word is the kind. ``shared`` ends the message where a kind of layer
    is there more often than wanted, such as "the same one should be called at each step". Raises Unfit
    where number or shapes of the layers' weights are others. Layers of another class with the same weights
    are as good: RNN(LSTMCell(5)) for LSTM(5).
    """
    layers = layers_with_weights(model)
    kinds = Counter(type(layer).__name__ for layer in layers)
    needed = Counter(name.split()[-1] for name in wanted)
    if len(layers) != len(wanted):
        for kind, number in needed.items():
            if shared and kinds[kind] > number:
                raise Unfit(
                    f"the model has {kinds[kind]} {kind} layers, each with weights of its own; {shared}"
                )
        raise Unfit(f"the layers with weights are {_listed(kinds)}, but {_listed(needed)} are needed")
    for layer, (name, arrays) in zip(layers, wanted.items(), strict=True):
        set_weights(layer, arrays, name)
    return layers


def set_weights(layer: Any, arrays: Sequence[Array], name: str) -> None:
    """Set the weights of a layer. Raises Unfit, with this name for the layer, where the shapes are others."""
    found = [tuple(weight.shape) for weight in layer.weights]
    wanted = [np.shape(array) for array in arrays]
    if found != wanted:
        raise Unfit(
            f"the {name} layer should have weights of the shapes {_shapes(wanted)}; "
            f"in its place is {_article(type(layer).__name__)} with {_shapes(found)}"
        )
    layer.set_weights([np.asarray(array, dtype=np.float32) for array in arrays])


def forward(model: Any, inputs: Any) -> list[Array]:
    """Return the outputs of a model as arrays, without dropout: a list, even of one output."""
    return [_array(output) for output in _outputs(model, inputs)]


def gradients(
    model: Any, inputs: Any, loss: Callable[[list[Any]], Any], layers: Sequence[Any]
) -> list[list[Array]]:
    """Return the gradients of a loss by the weights of each of these layers, without dropout.

    ``loss`` returns one number, a tensor, from the list of the model's outputs, by means of ``keras.ops``.
    The gradient is zero by a weight on which the loss does not depend, and by one that is not trainable.
    Raises Unfit on the backend numpy, which has no gradients.
    """
    import keras

    of_backend = {"torch": _torch_gradients, "jax": _jax_gradients, "tensorflow": _tensorflow_gradients}
    backend = keras.backend.backend()
    if backend not in of_backend:
        raise Unfit(f"Keras' backend `{backend}` has no gradients: choose torch, jax or tensorflow")
    found = of_backend[backend](model, inputs, loss)
    return [
        [found.get(id(weight), np.zeros(tuple(weight.shape))) for weight in layer.weights] for layer in layers
    ]


def said(value: Any) -> str:
    """Return a few words for what a function returned in place of a model."""
    if value is None:
        return "nothing (is `return` missing?)"
    kind = type(value).__name__
    if isinstance(value, list | tuple):
        return f"a {kind} of {len(value)}"
    shape = getattr(value, "shape", None)
    return _article(kind) + ("" if shape is None else f" of shape {tuple(shape)}")


# ---------------------------------------------------------------- of each backend


def _outputs(model: Any, inputs: Any) -> list[Any]:
    """Return the outputs of a model as a list of tensors. Raises Unfit for one that computes with symbols."""
    import keras

    found = _compiled(model, inputs) if keras.backend.backend() == "jax" else model(inputs, training=False)
    if isinstance(found, Mapping):
        found = list(found.values())
    outputs = list(found) if isinstance(found, list | tuple) else [found]
    if any(isinstance(output, keras.KerasTensor) for output in outputs):
        raise Unfit(
            "the model gives no numbers: one of its layers, such as a Lambda, computes with a symbolic "
            "tensor from outside, where it should use its own argument"
        )
    return outputs


def _compiled(model: Any, inputs: Any) -> Any:
    """Return the outputs of a model in JAX, which takes longer to compile its operations one by one."""
    import jax

    weights = [
        [variable.value for variable in variables]
        for variables in (model.trainable_variables, model.non_trainable_variables)
    ]
    outputs, _ = jax.jit(lambda values, others: model.stateless_call(values, others, inputs, training=False))(
        *weights
    )
    return outputs


def _array(tensor: Any) -> Array:
    """Return a tensor of any backend as an array; floating-point numbers in float64."""
    import keras

    found: Array = keras.ops.convert_to_numpy(tensor)
    return found.astype(np.float64) if np.issubdtype(found.dtype, np.floating) else found


def _torch_gradients(model: Any, inputs: Any, loss: Callable[[list[Any]], Any]) -> dict[int, Array]:
    import torch

    weights = [weight for weight in model.trainable_weights if weight.value.requires_grad]
    with torch.enable_grad():
        total = loss(_outputs(model, inputs))
        found = torch.autograd.grad(total, [weight.value for weight in weights], allow_unused=True)
    pairs = zip(weights, found, strict=True)
    return {id(weight): _array(gradient) for weight, gradient in pairs if gradient is not None}


def _jax_gradients(model: Any, inputs: Any, loss: Callable[[list[Any]], Any]) -> dict[int, Array]:
    import jax

    weights = model.trainable_variables
    others = [variable.value for variable in model.non_trainable_variables]

    def total(values: list[Any]) -> Any:
        found, _ = model.stateless_call(values, others, inputs, training=False)
        return loss(list(found) if isinstance(found, list | tuple) else [found])

    # Compiled as a whole, as in _compiled.
    found = jax.jit(jax.grad(total))([weight.value for weight in weights])
    return {id(weight): _array(gradient) for weight, gradient in zip(weights, found, strict=True)}


def _tensorflow_gradients(model: Any, inputs: Any, loss: Callable[[list[Any]], Any]) -> dict[int, Array]:
    import tensorflow

    weights = model.trainable_weights
    with tensorflow.GradientTape() as tape:
        total = loss(_outputs(model, inputs))
    found = tape.gradient(total, [weight.value for weight in weights], unconnected_gradients="zero")
    return {
        id(weight): _array(tensorflow.convert_to_tensor(gradient))  # an embedding's is in slices
        for weight, gradient in zip(weights, found, strict=True)
    }


# ---------------------------------------------------------------- wording


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _listed(kinds: Mapping[str, int]) -> str:
    """Return for instance "1 LSTM and 2 Dense"."""
    parts = [f"{number} {kind}" for kind, number in kinds.items()]
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else "none at all"


def _shapes(shapes: Sequence[Sequence[int]]) -> str:
    return ", ".join(str(tuple(shape)) for shape in shapes) or "none"


def _article(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiouAEIOU' or noun[:4] == 'LSTM' else 'a'} {noun}"
