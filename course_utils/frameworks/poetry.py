"""The observers of the lab `keras_poetry`: they call a student's function and read arrays from what it did.

``weights`` are those of a model with two LSTM layers and a dense one, as its ``get_weights`` returns them.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.frameworks import keras_models as tools
from course_utils.judging.observed import Unfit

__all__ = ["diary_callback", "generate_output", "poetry_model", "transplant"]

Array = np.ndarray
Function = Callable[..., Any]


def poetry_model(
    function: Function,
    Tx: int,
    n_x: int,
    n_a: int,
    weights: Sequence[Array],
    x: Array,
    slopes: Array,
    directions: Sequence[Array],
) -> tuple[Array, Array]:
    """Build a student's model and set its weights; return its probabilities for x, and how a sum grows.

    It is sum(slopes * probabilities), along a direction for each of the weights. Raises `Unfit` for what is
    no such model.
    """
    import keras

    model = tools.returned_model(_built(function, Tx, n_x, n_a))
    if not model.built:
        tools.forward(model, x)  # a class, or layers without an input: now they have weights
    elif getattr(model, "inputs", None):
        tools.check_inputs(model, {"x": (Tx, n_x)})
    named = {"first LSTM": weights[:3], "second LSTM": weights[3:6], "Dense": weights[6:]}
    layers = tools.transplant(model, named)
    outputs = tools.forward(model, x)
    if len(outputs) != 1:
        raise Unfit(f"the model has {len(outputs)} outputs, but needs one: the probabilities")

    def loss(found: list[Any]) -> Any:
        return keras.ops.sum(found[0] * keras.ops.convert_to_tensor(slopes, "float32"))

    if outputs[0].shape != np.shape(slopes):
        return outputs[0], np.zeros(len(weights))
    gradients = [one for layer in tools.gradients(model, x, loss, layers) for one in layer]
    return outputs[0], np.array([np.sum(g * d) for g, d in zip(gradients, directions, strict=True)])


def _built(function: Function, *sizes: int) -> Any:
    """Return what the function builds; raises `Unfit` where a layer misses the states of all steps."""
    try:
        return function(*sizes)
    except ValueError as error:
        if "lstm" in str(error).lower() and "expected ndim=3, found ndim=2" in str(error):
            raise Unfit(
                "the second LSTM layer needs a sequence, but the first hands it one state of each window: "
                "without `return_sequences` an LSTM layer returns its last state alone"
            ) from error
        raise


def transplant(
    function: Function, parameters: Mapping[str, Mapping[str, Array]], dropout: bool, x: Array
) -> tuple[list[Array], list[Array], list[Array], Array]:
    """Let the function put parameters into a model whose weights are zero; return the weights by layer.

    With ``dropout`` the model has the layers of the document, without it fewer. What comes last are its
    probabilities for x.
    """
    units = [len(parameters[layer]["Wf"]) for layer in ("lstm1", "lstm2")]
    _, Tx, n_x = np.shape(x)
    model = _model(Tx, n_x, units, dropout)
    model.set_weights([np.zeros(weight.shape) for weight in model.weights])
    function(model, parameters)
    found = [
        [np.asarray(one, float) for one in layer.get_weights()] for layer in model.layers if layer.weights
    ]
    return found[0], found[1], found[2], tools.forward(model, x)[0]


def generate_output(
    function: Function,
    chars: Sequence[str],
    usr_input: str,
    Tx: int,
    length: int,
    temperature: float,
    weights: Sequence[Array],
) -> Any:
    """Return what the function lets a model with these weights write; it draws as if no model were built."""
    state = np.random.get_state()
    model = _model(Tx, len(chars), [len(weights[1]), len(weights[4])], True)
    model.set_weights([np.asarray(one, np.float32) for one in weights])
    np.random.set_state(state)
    return function(model, chars, usr_input, Tx, length, temperature)


def diary_callback(
    function: Function,
    chars: Sequence[str],
    usr_input: str,
    length: int,
    temperature: float,
    losses: Array,
) -> tuple[Array, Array, list[str]]:
    """Call the hooks of a student's callback as a training would; return what it wrote into its diary.

    For the time of the call `generate_output` is a stand-in, which says what it was asked for and when, so
    that a wrong one costs nothing here.
    """
    import keras

    model, trained = _model(2, len(chars), [1, 1], False), 0

    def stand_in(
        asked: Any,
        chars: Any,
        usr_input: Any = "hello",
        Tx: int = 40,
        length: Any = 400,
        temperature: Any = 1.0,
    ) -> str:
        if asked is not model:
            raise Unfit(f"`generate_output` gets {tools.said(asked)} in place of `model`")
        if list(chars) != list(letters):
            raise Unfit("`generate_output` gets other characters than those of `chars`")
        return f"{usr_input}: {length} characters at {temperature}, after epoch {trained}"

    letters, diary = chars, list[Any]()
    names = getattr(inspect.unwrap(function), "__globals__", {})
    missing = object()
    before = names.get("generate_output", missing)
    names["generate_output"] = stand_in
    try:
        callback = function(model, chars, usr_input, diary, length, temperature)
        if not isinstance(callback, keras.callbacks.Callback):
            raise Unfit(f"it returns no Keras callback, but {tools.said(callback)}")
        callback.set_params({"epochs": len(losses), "steps": 1, "verbose": 0})
        callback.set_model(model)
        callback.on_train_begin({})
        for epoch, loss in enumerate(losses):
            callback.on_epoch_begin(epoch, {})
            callback.on_train_batch_begin(0, {})
            trained = epoch + 1
            callback.on_train_batch_end(0, {"loss": float(loss)})
            callback.on_epoch_end(epoch, {"loss": float(loss)})
        callback.on_train_end({"loss": float(losses[-1])})
    finally:
        names["generate_output"] = before
        if before is missing:
            del names["generate_output"]
    return _entries(diary, len(losses))


def _entries(diary: list[Any], epochs: int) -> tuple[Array, Array, list[str]]:
    """Return the columns of a diary. Raises `Unfit` for a diary that has none."""
    if not diary:
        raise Unfit(f"`diary` is still empty after {epochs} epoch{'' if epochs == 1 else 's'}")
    for entry in diary:
        if not isinstance(entry, tuple | list) or len(entry) != 3:
            raise Unfit(f"an entry of `diary` should be a tuple of three, but is {tools.said(entry)}")
        if not isinstance(entry[2], str):
            raise Unfit(f"the third of an entry of `diary` should be a text, but is {tools.said(entry[2])}")
    try:
        numbers, bits = ([float(entry[place]) for entry in diary] for place in (0, 1))
    except (TypeError, ValueError):
        raise Unfit("the first two of an entry of `diary` should be numbers") from None
    return np.array(numbers), np.array(bits), [entry[2] for entry in diary]


def _model(Tx: int, n_x: int, units: Sequence[int], dropout: bool) -> Any:
    """Return a model as the document draws it, or one without dropout whose dense layer has the softmax."""
    import keras
    from keras import layers

    first, second = units
    if not dropout:
        return keras.Sequential(
            [
                keras.Input((Tx, n_x)),
                layers.LSTM(first, return_sequences=True),
                layers.LSTM(second),
                layers.Dense(n_x, activation="softmax"),
            ]
        )
    X_input = keras.Input((Tx, n_x))
    X = layers.Dropout(0.2)(layers.LSTM(first, return_sequences=True)(X_input))
    X = layers.Dropout(0.2)(layers.LSTM(second)(X))
    return keras.Model(X_input, layers.Activation("softmax")(layers.Dense(n_x)(X)))
