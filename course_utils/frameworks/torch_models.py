"""Looks into PyTorch models, sets their weights and reads what they return: for the observers of labs.

What does not fit raises `Unfit`, with a sentence for the student. Numbers come back as float64 arrays.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from course_utils.judging.observed import Unfit

__all__ = [
    "array",
    "described",
    "finished",
    "loaded",
    "module_of",
    "only",
    "same_every_time",
    "tensor",
    "whole_state",
    "with_weights",
]

Array = np.ndarray


def with_weights(
    layer: nn.Module, weight_ih: Array, weight_hh: Array, bias_ih: Array, bias_hh: Array
) -> nn.Module:
    """Copy arrays into a recurrent layer of one layer and one direction; return it, in float64.

    Raises ValueError if an array is none, or has another shape than the parameter of its name.
    """
    layer.double()
    arrays = {"weight_ih": weight_ih, "weight_hh": weight_hh, "bias_ih": bias_ih, "bias_hh": bias_hh}
    with torch.no_grad():
        for name, values in arrays.items():
            own = layer.get_parameter(f"{name}_l0")
            if not isinstance(values, np.ndarray) or values.shape != tuple(own.shape):
                found = f"the shape {values.shape}" if isinstance(values, np.ndarray) else described(values)
                raise ValueError(f"{name} should be an array of the shape {tuple(own.shape)}, and is {found}")
            own.copy_(torch.from_numpy(values))
    return layer


def tensor(values: Any, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Return a copy of an array as a tensor."""
    return torch.tensor(np.asarray(values), dtype=dtype)


def array(value: Any, what: str) -> Array:
    """Return a tensor as an array; raises Unfit if it is none. ``what`` names it."""
    if not isinstance(value, torch.Tensor):
        raise Unfit(f"{what} should be a tensor, and is {described(value)}")
    return np.asarray(value.detach().cpu().double().numpy())


def described(value: Any) -> str:
    """Return what a value is, in a few words."""
    if value is None:
        return "None"
    if isinstance(value, nn.Module):
        return f"a model of the class {type(value).__name__}"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return f"of the type {type(value).__name__}"


def module_of(value: Any) -> nn.Module:
    """Return a model that a function returned, with its dropout off; raises Unfit if it is none."""
    if isinstance(value, type) and issubclass(value, nn.Module):
        raise Unfit("it returns a class; return a model, which calling the class makes")
    if not isinstance(value, nn.Module):
        raise Unfit(f"it should return a model, an nn.Module, and what it returns is {described(value)}")
    return value.eval()


def only(
    model: nn.Module, kinds: type[nn.Module] | tuple[type[nn.Module], ...], what: str, besides: Any = None
) -> Any:
    """Return the one layer of some kinds in a model; raises Unfit if there are none or several.

    ``what`` names the kind. Layers inside of ``besides``, another layer, do not count.
    """
    passed = set(besides.modules()) if besides is not None else set()
    found = [layer for layer in model.modules() if isinstance(layer, kinds) and layer not in passed]
    if len(found) != 1:
        number = len(found) or "no"
        raise Unfit(f"the model has {number} {what} layer{'s' * (len(found) != 1)}; it should have one")
    return found[0]


def finished(model: nn.Module, layers: Iterable[nn.Module]) -> None:
    """Raise Unfit if a model has parameters besides those of some layers."""
    known = {id(parameter) for layer in layers for parameter in layer.parameters()}
    if odd := [name for name, parameter in model.named_parameters() if id(parameter) not in known]:
        raise Unfit(f"the model has parameters that it should not need: {', '.join(odd[:4])}")


def loaded(layer: nn.Module, weights: Mapping[str, Any], what: str) -> None:
    """Copy arrays into the parameters of a layer; raises Unfit if names or shapes differ.

    ``what`` names the layer. The parameters' gradients are wanted afterwards.
    """
    own = dict(layer.named_parameters())
    for name in [*weights, *own]:
        if name not in own or name not in weights:
            state = (
                f"no {name}, which it should have" if name in weights else f"{name}, which it should not have"
            )
            raise Unfit(f"{what} has {state}")
        if tuple(own[name].shape) != np.shape(weights[name]):
            raise Unfit(
                f"{name} of {what} has the shape {tuple(own[name].shape)}; "
                f"for these arguments it should be {np.shape(weights[name])}"
            )
    for name, parameter in own.items():
        with torch.no_grad():
            parameter.copy_(tensor(weights[name], parameter.dtype))
        parameter.requires_grad_(True)


def same_every_time(make: Callable[[], nn.Module]) -> nn.Module:
    """Return a module that is made twice, with other random numbers each time; PyTorch's state is kept.

    Raises Unfit if its parameters differ: then some still have what PyTorch drew.
    """
    made = []
    for seed in (1, 2):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            made.append(make())
    first, second = (module.state_dict() for module in made)
    drawn = [name for name in first if name in second and not torch.equal(first[name], second[name])]
    if drawn:
        has = "have" if drawn[1:] else "has"
        raise Unfit(f"{' and '.join(drawn)} still {has} the random numbers that PyTorch drew")
    return made[0]


def whole_state(state: Any, names: Sequence[str]) -> tuple[Array, ...]:
    """Return the state of a layer as a tuple of arrays, one for each name; raises Unfit if it has others."""
    parts = state if isinstance(state, tuple | list) else (state,)
    if len(parts) != len(names):
        raise Unfit(f"the state should be {' and '.join(names)}, and is {described(state)}")
    return tuple(array(part, f"{name} of the state") for part, name in zip(parts, names, strict=True))
