"""The size of a gradient at each time step, for two backward passes: before and after a mistake is mended."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.checks import check_shape
from course_utils.explore.panel import Choice, Explorer, sliders
from course_utils.explore.picture import Array, curves
from course_utils.plots import plot_curves

__all__ = ["explore_gradients", "gradient_sizes"]

LAST, EVERY = "the last state", "every state"
LOWEST = -8
"""The power of ten at the lower end of the axis."""


def explore_gradients(
    backwards: Mapping[str, Callable[..., Mapping[str, Array]]],
    run: Callable[..., tuple[Array, Any]],
    **ranges: Sequence[float],
) -> None:
    """Draw the length of dx at each step on a logarithmic axis, one curve for each backward pass.

    ``run`` takes the values of the sliders and returns the states a, of shape (n_a, m, T_x), and the caches
    of a forward pass. A backward pass is called with da and the caches, and returns a dictionary with dx.
    A control chooses whether the loss looks at the last state (da is 1 there) or at every state. A slider
    is a tuple (low, high, step, first value); a wrong one raises ValueError.
    """

    def sizes(values: Mapping[str, Any]) -> dict[str, Array]:
        chosen = {name: value for name, value in values.items() if name != "the loss sees"}
        a, caches = run(**chosen)
        da = np.zeros(a.shape)
        da[:, :, -1 if values["the loss sees"] == LAST else slice(None)] = 1
        return {name: gradient_sizes(backward, da, caches) for name, backward in backwards.items()}

    def title(values: Mapping[str, Any]) -> str:
        chosen = [f"{name} = {value:g}" for name, value in values.items() if name != "the loss sees"]
        return ", ".join([f"The loss sees {values['the loss sees']}", *chosen])

    def described(found: Mapping[str, Array], values: Mapping[str, Any]) -> str:
        ends = (
            f"{name}: {line[0]:.2e} at the first step, {line[-1]:.2e} at the last"
            for name, line in found.items()
        )
        return f"Length of dx. {title(values)}. {'; '.join(ends)}."

    def words(values: Mapping[str, Any]) -> str:
        return described(sizes(values), values)

    def picture(values: Mapping[str, Any]) -> str:
        found = sizes(values)
        most = max((float(line[np.isfinite(line)].max(initial=0)) for line in found.values()), default=1.0)
        high = float(np.ceil(np.log10(max(most, 1.0)) + 0.1))
        drawn = curves(
            found,
            described(found, values),
            "time step",
            "length of dx",
            title(values),
            (LOWEST, high),
            log=True,
        )
        below = [f"{name}: {np.sum(line < 10.0**LOWEST)}" for name, line in found.items()]
        note = f"Steps with a gradient of zero, or below the axis: {', '.join(below)}."
        return f'{drawn}<div style="line-height:1.4">{note}</div>'

    def figure(values: Mapping[str, Any]) -> None:
        found = sizes(values)
        powers = {name: np.log10(np.maximum(line, 10.0**LOWEST)) for name, line in found.items()}
        plot_curves(powers, ylabel="length of dx, power of ten", title=title(values))
        print(described(found, values))

    controls = {"the loss sees": Choice((LAST, EVERY)), **sliders(ranges)}
    Explorer(controls, picture, words, figure).show()


def gradient_sizes(backward: Callable[..., Mapping[str, Array]], da: Array, caches: Any) -> Array:
    """Return the Euclidean length of dx at each step, over inputs and examples together: shape (T_x,)."""
    dx = backward(da, caches)["dx"]
    check_shape("dx", dx, (np.shape(dx)[0] if np.ndim(dx) else 0, *da.shape[1:]))
    lengths: Array = np.linalg.norm(dx, axis=(0, 1))
    return lengths
