"""Recurrent layers put together: one over the other, and one each way through time.

Both take a layer's own functions, such as `gru_layer` and `gru_layer_backward`, and parameters in nested
dictionaries; gradients come back under the same keys, as the optimisers take them. They may be nested too:
``stack(partial(bidirectional, gru_layer), x, layers)`` is a deep bidirectional network.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["bidirectional", "bidirectional_backward", "stack", "stack_backward"]

Array = np.ndarray
Layer = Callable[..., tuple[Array, Any]]
Backward = Callable[..., dict[str, Any]]


def stack(layer: Layer, x: Array, layers: Mapping[str, Mapping[str, Any]]) -> tuple[Array, Any]:
    """Run layers of one kind, each over the states of the one below (Graves et al. 2013).

    ``layers`` has the parameters of each layer under a name, the lowest first. Returns the hidden states of
    the uppermost, (m, T_x, n_a), and a cache.
    """
    a, caches = x, {}
    for name, parameters in layers.items():
        a, caches[name] = layer(a, parameters)
    return a, caches


def stack_backward(backward: Backward, da: Array, cache: Any, dx: bool = True) -> dict[str, Any]:
    """Return the gradients of each layer of `stack` under its name, and ``dx`` unless it is not wanted.

    ``da`` is the gradient of the uppermost states, in a shape that ``backward`` takes.
    """
    gradients: dict[str, Any] = {}
    lowest = next(iter(cache))
    for name in reversed(cache):
        gradients[name] = backward(da, cache[name], dx=dx or name != lowest)
        da = gradients[name].get("dx")
    return {**gradients, "dx": da} if dx else gradients


def bidirectional(layer: Layer, x: Array, parameters: Mapping[str, Any]) -> tuple[Array, Any]:
    """Run one layer forward in time and another backward (Schuster and Paliwal 1997).

    ``parameters`` has those of the two layers under "forward" and "backward". Returns (m, T_x, 2 n_a): for
    each step the state of the first layer, which has seen the steps up to it, then that of the second, which
    has seen it and all later ones; and a cache.
    """
    forward, first = layer(x, parameters["forward"])
    backward, second = layer(x[:, ::-1], parameters["backward"])
    return np.concatenate((forward, backward[:, ::-1]), axis=2), (first, second)


def bidirectional_backward(backward: Backward, da: Array, cache: Any, dx: bool = True) -> dict[str, Any]:
    """Return the gradients of both layers under "forward" and "backward", and ``dx`` unless not wanted.

    ``da`` has shape (m, T_x, 2 n_a). Raises ValueError when it has not three axes.
    """
    if np.ndim(da) != 3:
        raise ValueError(
            f"bidirectional_backward: da has shape {np.shape(da)}, expected (m, T_x, 2 n_a): "
            "the layer that runs backward in time ends at the first step"
        )
    n_a = da.shape[2] // 2
    first = backward(da[:, :, :n_a], cache[0], dx=dx)
    second = backward(da[:, ::-1, n_a:], cache[1], dx=dx)
    both = {"forward": first, "backward": second}
    return {**both, "dx": first["dx"] + second["dx"][:, ::-1]} if dx else both
