"""Curves that follow sliders: a forget bias, a weight, or any other numbers that a function takes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.explore.panel import Explorer, sliders
from course_utils.explore.picture import Array, curves, described
from course_utils.plots import plot_curves

__all__ = ["explore_curves"]


def explore_curves(
    function: Callable[..., Mapping[str, Any]],
    *,
    xlabel: str = "time step",
    ylabel: str = "",
    title: str = "",
    limits: tuple[float, float] | None = None,
    **ranges: Sequence[float],
) -> None:
    """Draw the curves that ``function`` returns, anew whenever a slider moves.

    Each further argument is a slider, named like an argument of ``function``: a tuple (low, high, step, first
    value). ``function`` returns a dictionary of sequences of numbers, over steps 1, 2, ... ``limits`` are the
    ends of the vertical axis; without them it fits the curves. Raises ValueError for a wrong slider.
    """

    def lines(values: Mapping[str, Any]) -> dict[str, Array]:
        return {name: np.ravel(np.asarray(line, dtype=float)) for name, line in function(**values).items()}

    def words(values: Mapping[str, Any]) -> str:
        return _described(lines(values), values, title)

    def picture(values: Mapping[str, Any]) -> str:
        drawn = lines(values)
        return curves(drawn, _described(drawn, values, title), xlabel, ylabel, title, limits)

    def figure(values: Mapping[str, Any]) -> None:
        plot_curves(lines(values), xlabel, ylabel, f"{title}, {_chosen(values)}")

    Explorer(sliders(ranges), picture, words, figure).show()


def _described(lines: Mapping[str, Array], values: Mapping[str, Any], title: str) -> str:
    return f"{title}, {_chosen(values)}: {described(lines)}."


def _chosen(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in values.items())
