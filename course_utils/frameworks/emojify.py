"""The observers of the lab `keras_emojify`: they call a student's function, and return plain arrays.

Weights are drawn from a number instead of being sent: two LSTM layers of 128 units have 200,000 of them.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from course_utils.frameworks import keras_models as models
from course_utils.judging.observed import Unfit

__all__ = ["CLASSES", "UNITS", "Emojify_V2", "drawn_weights", "pretrained_embedding_layer"]

Array = np.ndarray
Vectors = Mapping[str, Array]
Numbers = Mapping[str, int]

UNITS, CLASSES = 128, 5
"""Units of each LSTM layer, and the number of emoji."""
START = 0.05
"""The numbers of a fresh Embedding lie between this and its negative."""
RAISED = {
    "expected ndim=3, found ndim=2": "an LSTM is given one vector for each sentence, where it needs one for "
    "each word: the LSTM below it should return all its states (`return_sequences`)",
    "but the layer was expecting 0 weights": "the weights are set before the layer has any: "
    "`build` comes first",
}
"""What Keras says of mistakes that keep a model from being built, and the same in words of this lab."""
DROPOUTS = ("Dropout", "SpatialDropout1D", "AlphaDropout", "GaussianDropout")


def drawn_weights(seed: int, n_x: int) -> dict[str, list[Array]]:
    """Return the weights of both LSTM layers and of the dense one, in Keras' order and shapes.

    "lstm1" and "lstm2" have kernel (n_x or 128, 512), recurrent kernel (128, 512) and bias (512,), with the
    gates i, f, c, o side by side, "dense" has (128, 5) and (5,). NumPy promises that a seed of RandomState
    gives the same numbers in all its versions.
    """
    draw = np.random.RandomState(seed).standard_normal
    made = {}
    for name, read in (("lstm1", n_x), ("lstm2", UNITS)):
        kernel = 1.5 * draw((read, 4 * UNITS)) / np.sqrt(read)
        made[name] = [kernel, draw((UNITS, 4 * UNITS)) / np.sqrt(UNITS), 0.5 * draw(4 * UNITS)]
    return {**made, "dense": [4 * draw((UNITS, CLASSES)) / np.sqrt(UNITS), 0.5 * draw(CLASSES)]}


def pretrained_embedding_layer(
    function: Callable[..., Any], word_to_vec_map: Vectors, word_to_index: Numbers, indices: Array
) -> tuple[Array, Array, bool]:
    """Return the table of the layer, the vectors of ``indices`` (m, T_x), and whether it is trained.

    Numbers beyond the table look up its last row. Raises Unfit for anything but a layer with one table.
    """
    import keras

    with _in_our_words():
        layer = function(word_to_vec_map, word_to_index)
    if not isinstance(layer, keras.Layer):
        raise Unfit(f"it returns no layer, but {models.said(layer)}")
    if not layer.built:
        layer(np.zeros((1, 1), dtype=np.int32))
    if [len(weight.shape) for weight in layer.weights] != [2]:
        kind, number = type(layer).__name__, len(layer.weights)
        raise Unfit(
            f"a layer with one table is needed, and the {kind} returned has {number} arrays of weights"
        )
    table = np.asarray(layer.get_weights()[0], dtype=np.float64)
    if _fresh(table):
        raise Unfit(
            "the table of the layer holds small random numbers, as that of a new Embedding does: "
            "`set_weights` has not put the vectors in"
        )
    vectors = layer(np.minimum(indices, len(table) - 1).astype(np.int32))
    return table, np.asarray(keras.ops.convert_to_numpy(vectors), dtype=np.float64), bool(layer.trainable)


def Emojify_V2(
    function: Callable[..., Any],
    input_shape: tuple[int, ...],
    word_to_vec_map: Vectors,
    word_to_index: Numbers,
    emb_matrix: Array,
    X_indices: Array,
    seed: int,
    G: Array,
) -> tuple[Array, dict[str, Array], int]:
    """Return the probabilities (m, 5), gradients of a loss, and how many dropouts there are, at most 2.

    The function finds a right `pretrained_embedding_layer` in its module, with the table ``emb_matrix``. The
    other weights are `drawn_weights`, dropout is off, and the loss is the sum of G (m, 5) times the
    probabilities. Its gradients are those of the biases of the LSTM layers and of the weights of the dense
    one. Raises Unfit for a model of other layers or sizes.
    """
    import keras

    with _lent(function, emb_matrix), _in_our_words():
        model = models.returned_model(function(tuple(input_shape), word_to_vec_map, word_to_index))
    X = X_indices.astype(np.int32)
    if not model.built:  # a Sequential without Input
        with _in_our_words():
            models.forward(model, X)
    if getattr(model, "inputs", None):
        models.check_inputs(model, {"input_shape": input_shape})
    weights = drawn_weights(seed, emb_matrix.shape[1])
    first, second, dense = weights.values()
    wanted = {"first LSTM": first, "second LSTM": second, "Dense": dense}
    layers = models.layers_with_weights(model)
    if [type(layer).__name__ for layer in layers[:1]] == ["Embedding"]:
        _check_table(layers[0].get_weights()[0], emb_matrix)
    _check_units(layers)
    layers = models.transplant(model, {"Embedding": [emb_matrix], **wanted})
    dropouts = min(2, sum(map(_drops, _all_layers(model))))
    model.trainable = True  # whether a layer is frozen says nothing of its gradients here
    y_hat, *others = models.forward(model, X)
    if others:
        raise Unfit(f"the model has {1 + len(others)} outputs; one is asked for, the probabilities")
    if y_hat.shape != G.shape:
        raise Unfit(_wrong_shape(y_hat.shape, X_indices.shape))

    def loss(outputs: list[Any]) -> Any:
        return keras.ops.sum(keras.ops.multiply(outputs[0], G.astype(np.float32)))

    found = models.gradients(model, X, loss, layers)
    _, (_, _, lstm1), (_, _, lstm2), (kernel, _) = found
    return y_hat, {"lstm1": lstm1, "lstm2": lstm2, "dense": kernel}, dropouts


def _fresh(table: Array) -> bool:
    """Whether a table is as Keras makes it: small random numbers."""
    return bool(table.size and 0 < np.abs(table).max() <= START)


def _check_table(table: Array, emb_matrix: Array) -> None:
    """Raise Unfit unless the Embedding of a model has the table of the layer that was lent."""
    if table.shape == emb_matrix.shape and np.allclose(table, emb_matrix, atol=1e-4):
        return
    how = "a new one, whose numbers are random" if _fresh(table) else "another one"
    raise Unfit(
        f"the Embedding in the model is not the layer of `pretrained_embedding_layer`, but {how}: its table "
        "should hold the vectors of `word_to_vec_map`"
    )


def _check_units(layers: list[Any]) -> None:
    """Raise Unfit where an LSTM layer of a model with the right kinds of layers has other units."""
    lstm = [layer for layer in layers if type(layer).__name__ == "LSTM"]
    for name, layer in zip(("first", "second"), lstm if len(lstm) == 2 else (), strict=False):
        if layer.units != UNITS:
            raise Unfit(f"the {name} LSTM has {layer.units} units, and should have {UNITS}")


def _wrong_shape(found: tuple[int, ...], given: tuple[int, ...]) -> str:
    m, T_x = given
    if found == (m, T_x, CLASSES):
        return (
            f"for {m} sentences of {T_x} numbers the model gives the shape {found}, probabilities after each "
            f"word, and should give {(m, CLASSES)}: of the second LSTM the last state alone goes on"
        )
    return f"for {m} sentences the model gives the shape {found}, and should give {(m, CLASSES)}"


def _drops(layer: Any) -> bool:
    """Whether a layer has dropout, be it as a layer of its own or in an LSTM."""
    rates = [getattr(layer, "rate", 0)] if type(layer).__name__ in DROPOUTS else []
    return any([*rates, getattr(layer, "dropout", 0), getattr(layer, "recurrent_dropout", 0)])


def _all_layers(model: Any) -> list[Any]:
    """Return the layers of a model, with those of models inside it."""
    import keras

    parts = [_all_layers(one) if isinstance(one, keras.Model) else [one] for one in model.layers]
    return [layer for part in parts for layer in part]


@contextmanager
def _lent(function: Callable[..., Any], emb_matrix: Array) -> Iterator[None]:
    """Let the function find a `pretrained_embedding_layer` that returns this table, whatever it is given."""
    import keras

    def pretrained_embedding_layer(*_: Any, **__: Any) -> Any:
        layer = keras.layers.Embedding(*emb_matrix.shape, trainable=False)
        layer.build((None,))
        models.set_weights(layer, [emb_matrix], "Embedding")
        return layer

    names = getattr(function, "__globals__", {})
    name = pretrained_embedding_layer.__name__
    kept = {name: names[name]} if name in names else {}
    names[name] = pretrained_embedding_layer
    try:
        yield
    finally:
        del names[name]
        names.update(kept)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Raise Unfit in place of an error of Keras whose message says little to a student."""
    try:
        yield
    except ValueError as error:
        for said, ours in RAISED.items():
            if said in str(error):
                raise Unfit(ours) from error
        raise
