"""The observers of the lab `torch_rnn`: each calls a function of the student's, and returns plain arrays.

Weights of a layer are in the order of PyTorch: of input and state, and their biases. Layers that were moved
from NumPy and the model that is trained are run in float64, models of the student's in float32.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from course_utils.frameworks.torch_models import (
    array,
    described,
    finished,
    loaded,
    module_of,
    only,
    same_every_time,
    tensor,
    whole_state,
)
from course_utils.judging.observed import Unfit

__all__ = [
    "gru_to_torch",
    "headline_lstm",
    "image_lstm",
    "lstm_to_torch",
    "rnn_model",
    "rnn_to_torch",
    "train_step",
]

Array = np.ndarray
Function = Callable[..., Any]
LAYERS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


# ---------------------------------------------------------------- cells that move


def rnn_to_torch(function: Function, parameters: Any, X: Array, state: Any, dY: Array) -> tuple[Any, ...]:
    """Return what the layer that a function makes of parameters computes: see `_ran`."""
    return _ran(function, "rnn", parameters, np.shape(parameters["Wax"]), X, state, dY)


def lstm_to_torch(function: Function, parameters: Any, X: Array, state: Any, dY: Array) -> tuple[Any, ...]:
    """Return what the layer that a function makes of parameters computes: see `_ran`."""
    n_a, width = np.shape(parameters["Wf"])
    return _ran(function, "lstm", parameters, (n_a, width - n_a), X, state, dY)


def gru_to_torch(function: Function, params: Any, X: Array, state: Any, dY: Array) -> tuple[Any, ...]:
    """Return what the layer that a function makes of parameters computes: see `_ran`."""
    return _ran(function, "gru", params, np.shape(params[0])[::-1], X, state, dY)


def _ran(
    function: Function, kind: str, parameters: Any, sizes: Sequence[int], X: Array, state: Any, dY: Array
) -> tuple[Any, ...]:
    """Run a layer over X (steps, batch, inputs) from ``state``, a tuple with an array (batch, hidden) a part.

    ``sizes`` are those of hidden state and input. Returns the outputs of all steps, (steps, batch, hidden),
    the state after the last, and the gradients of sum(dY * outputs) by X and by the weights and the bias that
    PyTorch adds to the input's product. Raises Unfit if the function returns neither such a layer nor its
    state dictionary.
    """
    n_h, n_x = sizes
    layer = same_every_time(lambda: _layer(function(parameters), kind, n_x, n_h))
    for parameter in layer.parameters():
        parameter.requires_grad_(True)
    first = layer.batch_first

    def turned(values: torch.Tensor) -> torch.Tensor:
        return values.transpose(0, 1) if first else values

    inputs = tensor(X, torch.float64).requires_grad_(True)
    parts = tuple(tensor(part, torch.float64)[None] for part in state)
    outputs, after = layer(turned(inputs), parts if kind == "lstm" else parts[0])
    outputs = turned(outputs)
    outputs.backward(tensor(dY, torch.float64))
    by_weights = [array(getattr(layer, name).grad, name) for name in NAMES[:3]]
    names = ("h", "c")[: len(parts)]
    final = tuple(part[0] for part in whole_state(after, names))
    return array(outputs, "the output"), final, array(inputs.grad, "the gradient"), *by_weights


def _layer(made: Any, kind: str, n_x: int, n_h: int) -> Any:
    """Return what a function made as a layer in float64; raises Unfit if it is no such layer."""
    wanted = LAYERS[kind]
    name = f"nn.{wanted.__name__}"
    if isinstance(made, Mapping):
        if odd := set(NAMES) ^ set(made):
            has = "lacks" if odd <= set(NAMES) else "has other names than"
            raise Unfit(f"the state dictionary {has} {', '.join(sorted(odd & set(NAMES)) or NAMES)}")
        layer = wanted(n_x, n_h).double()
        _fitting({key: array(value, key) for key, value in made.items()}, kind, n_x, n_h)
        _in_double(made)
        layer.load_state_dict(dict(made))
        return layer
    if not isinstance(made, wanted):
        raise Unfit(
            f"it should return an {name} or its state dictionary, and what it returns is {described(made)}"
        )
    if made.num_layers != 1 or made.bidirectional:
        raise Unfit(f"the {name} should have one layer and one direction")
    if not made.bias:
        raise Unfit(f"the {name} is made without biases, and so has no place for those of the parameters")
    if (made.input_size, made.hidden_size) != (n_x, n_h):
        raise Unfit(
            f"the {name} has {made.input_size} inputs and {made.hidden_size} hidden units; "
            f"these parameters are for {n_x} and {n_h}"
        )
    _fitting(dict(made.named_parameters()), kind, n_x, n_h)
    _in_double(made.state_dict())
    return made


def _fitting(found: Mapping[str, Any], kind: str, n_x: int, n_h: int) -> None:
    """Raise Unfit unless the parameters of a layer have the shapes that they should have."""
    n = {"rnn": 1, "gru": 3, "lstm": 4}[kind] * n_h
    for name, shape in zip(NAMES, ((n, n_x), (n, n_h), (n,), (n,)), strict=True):
        if tuple(found[name].shape) != shape:
            raise Unfit(f"{name} has the shape {tuple(found[name].shape)}; it should be {shape}")


def _in_double(state: Mapping[str, torch.Tensor]) -> None:
    """Raise Unfit unless all parameters are float64."""
    if odd := [name for name, value in state.items() if value.dtype != torch.float64]:
        kind = str(state[odd[0]].dtype).removeprefix("torch.")
        raise Unfit(f"{odd[0]} is {kind}; make it float64, as NumPy computes, or digits are lost")


# ---------------------------------------------------------------- models


def image_lstm(
    function: Function,
    input_size: int,
    hidden_size: int,
    num_classes: int,
    weights: Sequence[Array],
    images: Array,
    dY: Array,
) -> tuple[Array, Array]:
    """Return the scores that a model of the student's gives images, (m, rows, columns), and a gradient.

    ``weights`` are those of an LSTM, in the order of PyTorch, then those of the linear layer. The gradient is
    that of sum(dY * scores) by the images.
    """
    model = module_of(function(input_size, hidden_size, num_classes))
    lstm, out = _lstm(model), only(model, nn.Linear, "linear")
    finished(model, (lstm, out))
    _load_lstm(lstm, weights[:4])
    loaded(out, {"weight": weights[4], "bias": weights[5]}, "the linear layer")
    X = tensor(images).requires_grad_(True)
    scores = _scores(model(X), dY)
    scores.backward(tensor(dY))
    return array(scores, "the scores"), array(X.grad, "the gradient by the images")


def headline_lstm(
    function: Function,
    vocab_size: int,
    embedding_size: int,
    hidden_size: int,
    num_classes: int,
    weights: Sequence[Array],
    tokens: Array,
    dY: Array,
) -> tuple[Array, Array]:
    """Return the scores that a model of the student's gives headlines, (m, length), and a gradient.

    ``weights`` are the embedding table, those of the LSTM and those of the linear layer. The gradient is that
    of sum(dY * scores) by the table.
    """
    model = module_of(function(vocab_size, embedding_size, hidden_size, num_classes))
    table, lstm = only(model, nn.Embedding, "embedding"), _lstm(model)
    out = only(model, nn.Linear, "linear")
    finished(model, (table, lstm, out))
    loaded(table, {"weight": weights[0]}, "the embedding table")
    _load_lstm(lstm, weights[1:5])
    loaded(out, {"weight": weights[5], "bias": weights[6]}, "the linear layer")
    scores = _scores(model(torch.tensor(tokens)), dY)
    scores.backward(tensor(dY))
    return array(scores, "the scores"), array(table.weight.grad, "the gradient by the embedding table")


def rnn_model(
    function: Function,
    kind: str,
    vocab_size: int,
    num_hiddens: int,
    num_layers: int,
    bidirectional: bool,
    weights: Sequence[Array],
    readout: Sequence[Array],
    inputs: Array,
    state: Sequence[Array] | None,
) -> tuple[Array, tuple[Array, ...]]:
    """Return the scores of a model around a recurrent layer, and its new state.

    ``weights`` are those of the layer in PyTorch's order, ``readout`` those of the linear layer, ``inputs``
    whole numbers (batch, steps). ``state`` is None, or has an array (layers, batch, hidden) for each part.
    """
    layer = LAYERS[kind](vocab_size, num_hiddens, num_layers=num_layers, bidirectional=bidirectional)
    loaded(layer, dict(zip(dict(layer.named_parameters()), weights, strict=True)), "the layer")
    model = module_of(function(layer, vocab_size))
    if layer not in set(model.modules()):
        raise Unfit(
            "the model does not hold the layer that it is made with: keep `rnn_layer` as an attribute"
        )
    dense = only(model, nn.Linear, "linear", besides=layer)
    finished(model, (layer, dense))
    loaded(dense, {"weight": readout[0], "bias": readout[1]}, "the linear layer")
    before: Any = None
    if state is not None:
        before = tuple(tensor(part) for part in state)
        before = before if kind == "lstm" else before[0]
    returned = model(torch.tensor(inputs), before)
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        raise Unfit(
            "the model should return two things, output and state, and what it returns "
            f"is {described(returned)}"
        )
    output, after = returned
    return array(output, "the output"), whole_state(after, ("h", "c") if kind == "lstm" else ("h",))


def _lstm(model: nn.Module) -> Any:
    """Return the LSTM of a model, or its LSTM cell; raises Unfit if it has another number of layers."""
    lstm = only(model, (nn.LSTM, nn.LSTMCell), "LSTM")
    if isinstance(lstm, nn.LSTM) and (lstm.num_layers != 1 or lstm.bidirectional):
        raise Unfit("the LSTM should have one layer and one direction")
    return lstm


def _load_lstm(lstm: nn.Module, weights: Sequence[Array]) -> None:
    end = "" if isinstance(lstm, nn.LSTMCell) else "_l0"
    loaded(
        lstm,
        {name.removesuffix("_l0") + end: one for name, one in zip(NAMES, weights, strict=True)},
        "the LSTM",
    )


def _scores(scores: Any, like: Array) -> torch.Tensor:
    """Return the scores of a model; raises Unfit if they have another shape than ``like``."""
    if not isinstance(scores, torch.Tensor):
        raise Unfit(
            f"the model should return a tensor with the scores, and what it returns is {described(scores)}"
        )
    if tuple(scores.shape) != np.shape(like):
        raise Unfit(
            f"the scores have the shape {tuple(scores.shape)}; "
            f"for {len(like)} examples and {np.shape(like)[1]} classes it should be {np.shape(like)}"
        )
    if scores.grad_fn is None:
        raise Unfit("the scores are cut off from the weights: no gradient can reach these")
    return scores


# ---------------------------------------------------------------- training


def train_step(
    function: Function,
    kind: str,
    params: Sequence[Array],
    windows: Sequence[tuple[Array, Array]],
    lr: float,
    clipping_theta: float,
) -> tuple[Array, list[Array], tuple[Array, ...]]:
    """Return the losses of some windows, how far each parameter moved, and the state after the last window.

    The model is a "gru" or an "lstm" with the parameters of the lab `variants`, in their order, and is
    trained by plain gradient descent. Each window is a pair (X, Y) of whole numbers (batch, steps). The state
    that the function returns is handed to its next call, at first None.
    """
    model = _Documents(kind, params)
    optimizer = torch.optim.SGD(model.parameters(), lr)
    state, losses = None, []
    for X, Y in windows:
        try:
            returned = function(model, torch.tensor(X), torch.tensor(Y), state, optimizer, clipping_theta)
        except RuntimeError as error:
            if state is not None and (
                "backward through the graph" in str(error) or "inplace operation" in str(error)
            ):
                raise Unfit(
                    "in the second window PyTorch cannot go back: the state still hangs on the graph of the "
                    "window before, and must be detached from it"
                ) from error
            raise
        if not isinstance(returned, tuple | list) or len(returned) != 2:
            raise Unfit(
                f"it should return two things, loss and state, and what it returns is {described(returned)}"
            )
        loss, state = returned
        losses.append(float(loss.detach()) if isinstance(loss, torch.Tensor) else float(loss))
    moved = [
        array(now, "a parameter") - before for now, before in zip(model.parameters(), params, strict=True)
    ]
    return np.array(losses), moved, whole_state(state, ("H", "C") if kind == "lstm" else ("H",))


class _Documents(nn.Module):
    """A GRU or an LSTM with the parameters of the lab `variants`; called like the model of the notebook."""

    def __init__(self, kind: str, params: Sequence[Array]) -> None:
        super().__init__()
        self.kind = kind
        self.params = nn.ParameterList(nn.Parameter(tensor(param, torch.float64)) for param in params)

    def forward(self, inputs: torch.Tensor, state: Any) -> tuple[torch.Tensor, Any]:
        """Return scores (steps * batch, vocabulary), time first, and the new state."""
        *gates, W, b = self.params
        zeros = W.new_zeros(len(inputs), W.shape[0])
        if state is None:
            state = (zeros, zeros) if self.kind == "lstm" else zeros
        H, C = (state[0], state[1]) if self.kind == "lstm" else (state, None)
        scores = []
        for numbers in inputs.T:
            own = [gates[k][numbers] + gates[k + 2] for k in range(0, len(gates), 3)]
            back = [H @ gates[k + 1] for k in range(0, len(gates), 3)]
            if C is None:
                Z, R = torch.sigmoid(own[0] + back[0]), torch.sigmoid(own[1] + back[1])
                H = Z * H + (1 - Z) * torch.tanh(own[2] + R * back[2])
            else:
                I, F, O = (torch.sigmoid(a + c) for a, c in zip(own[:3], back[:3], strict=True))  # noqa: E741
                C = F * C + I * torch.tanh(own[3] + back[3])
                H = O * torch.tanh(C)
            scores.append(H @ W + b)
        return torch.cat(scores), H if C is None else (H, C)
