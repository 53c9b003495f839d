"""Says what a graded function returns and may do besides, and holds cases with their right outputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["CORE", "PUBLISHED", "RANDOM_NUMBERS", "Form", "SolvedCase"]

CORE = "core"
"""The group of cases that must pass before any other group can earn points."""
PUBLISHED = "published"
"""The group of the case that a source document prints: it can take points away, never earn them."""
RANDOM_NUMBERS = 4
"""How many random numbers are enough to identify a state of NumPy's global generator."""


@dataclass
class Form:
    """What one graded function returns, and what it may do besides.

    Parameters
    ----------
    name
        The function's name, which is also the grade id of the cell that defines it.
    outputs
        The names of the returned values, in order, each with its weight in the points.
        A function that returns one value has one output.
    returns
        ``dict`` for a function that returns one dictionary: the outputs are its keys, in any order.
    effects
        Names of inputs that the function must change in place, each with its weight: their values
        after the call are compared like outputs.
    may_mutate, may_alias
        Names of the inputs it may write to, and of the outputs that may share memory with inputs.
    seeds
        Whether NumPy's global random state, which is set before each case, is checked after the call.
    loose
        Names of the outputs whose axes of length 1 may be missing or added: a scalar, (1,) and (1, 1)
        are equal.
    rtol
        Largest error of a right answer, relative to the largest absolute expected value of its array.
    observer
        For a function that returns no plain values, what calls it: see `course_utils.judging.observed`. The
        inputs and outputs are then those of the observer.
    """

    name: str
    outputs: Mapping[str, float]
    returns: type = tuple
    effects: Mapping[str, float] = field(default_factory=dict)
    may_mutate: tuple[str, ...] = ()
    may_alias: tuple[str, ...] = ()
    seeds: bool = False
    loose: tuple[str, ...] = ()
    rtol: float = 1e-10
    observer: str = ""

    @property
    def weights(self) -> Mapping[str, float]:
        """The weights of everything that is compared: outputs, then effects."""
        return {**self.outputs, **self.effects}

    @property
    def writes(self) -> frozenset[str]:
        """The names of the inputs that the function may write to."""
        return frozenset((*self.may_mutate, *self.effects))

    @property
    def apart(self) -> list[int | str]:
        """The outputs that must have memory of their own: by index in a tuple, by key in a dictionary."""
        outputs: list[int | str] = list(self.outputs) if self.returns is dict else [*range(len(self.outputs))]
        named = zip(outputs, self.outputs, strict=True)
        return [output for output, name in named if name not in self.may_alias]


@dataclass(frozen=True)
class SolvedCase:
    """One call: the inputs in the order of the function's parameters, and the right outputs.

    ``outputs`` are in the order of the form's weights. ``first`` is the number of leading entries that are
    compared, of outputs that are not compared whole. If the function seeds, NumPy's global random state is
    set from ``seed`` before the call, and ``random`` are the numbers that it gives after it.
    """

    name: str
    group: str
    inputs: Mapping[str, Any]
    outputs: tuple[Any, ...]
    first: Mapping[str, int] = field(default_factory=dict)
    seed: int | None = None
    random: np.ndarray | None = field(
        default_factory=lambda: None
    )  # no attribute of the class: see DrawnCase
    files: Mapping[str, str] = field(default_factory=dict)
    """Text files that lie in the working folder during the call, by name."""
