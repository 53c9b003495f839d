"""The words in which a lab says what it grades: what assignments/<lab>/exercises.py is written in.

A lab's file makes one `Exercise` for each graded function and decorates functions that draw
inputs; a `Mistake` is an edit of the reference solution's source::

    mean = Exercise("mean_and_spread", outputs={"mean": 2, "spread": 1})

    @mean.case
    def ordinary_sizes(rng):
        \"\"\"a hundred numbers\"\"\"
        return {"values": rng.standard_normal(100)}

    @mean.case(group="edges", share=0.2)
    def one_number(rng):
        \"\"\"a single number\"\"\"
        return {"values": rng.standard_normal(1)}

The docstring of a case is the name that a student reads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["CORE", "Case", "Exercise", "Lab", "Mistake"]

CORE = "core"
"""The group of cases that must hold before any other group can earn points."""

Draw = Callable[[np.random.Generator], Mapping[str, Any]]


@dataclass(frozen=True)
class Case:
    """A way to draw the inputs of one call; ``group`` and its ``share`` say what it can earn.

    ``compare`` maps an output to the number of its first entries that are compared: a chaotic case is
    compared only as far as it is conditioned.
    """

    name: str
    draw: Draw
    group: str = CORE
    compare: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Mistake:
    """A known wrong version of an exercise, as edits of the reference's source.

    ``edits`` are (old, new) pairs; each old text stands exactly once in the reference.
    ``help`` names the symbol and the idea, never the line to type.
    ``credit`` is the share of the points that this very mistake still earns.
    """

    name: str
    edits: tuple[tuple[str, str], ...]
    help: str
    credit: float = 0.0


@dataclass
class Exercise:
    """One graded function.

    Parameters
    ----------
    name
        The function's name, which is also the grade id of the cell that defines it.
    outputs
        The names of what it returns, in order, each with its weight in the points.
        A function that returns one value has one output.
    returns
        ``dict`` for a function that returns one dictionary: the outputs are its keys, in any order.
    effects
        Names of inputs that the function is there to change, each with its weight: what they hold
        after the call is compared like an output. They may be written to.
    calls
        Earlier exercises that this one may call: a wrong one is lent to it (carry forward).
    may_mutate, may_alias
        Names of the inputs it may write to, and of the outputs that may share memory with inputs.
    seeds
        Whether NumPy's global random state after the call counts: it is set before each case.
    loose
        Names of the outputs whose axes of length 1 are of no account: a scalar, (1,) and (1, 1) are equal.
    rtol
        Largest relative error of a right answer, as a share of the largest expected value.
    check_call
        For a function that is lent: raises ValueError when arguments do not fit the exercise.
    """

    name: str
    outputs: Mapping[str, float]
    returns: type = tuple
    effects: Mapping[str, float] = field(default_factory=dict)
    calls: tuple[str, ...] = ()
    may_mutate: tuple[str, ...] = ()
    may_alias: tuple[str, ...] = ()
    seeds: bool = False
    loose: tuple[str, ...] = ()
    rtol: float = 1e-10
    check_call: Callable[..., None] | None = None
    cases: list[Case] = field(default_factory=list)
    shares: dict[str, float] = field(default_factory=dict)

    @property
    def weights(self) -> Mapping[str, float]:
        """The weight of all that is compared: of each output, then of each effect."""
        return {**self.outputs, **self.effects}

    @property
    def writes(self) -> frozenset[str]:
        """The names of the inputs that the function may write to."""
        return frozenset((*self.may_mutate, *self.effects))

    def case(
        self,
        draw: Draw | None = None,
        *,
        group: str = CORE,
        share: float | None = None,
        compare: Mapping[str, int] | None = None,
    ) -> Any:
        """Register a function that draws inputs as a case; usable bare or with arguments.

        ``share`` is the part of the points that the group earns; the core group has the rest.
        Of an output in ``compare`` only so many first entries are compared, along its first axis.
        """
        if draw is None:
            return lambda function: self.case(function, group=group, share=share, compare=compare)
        if not draw.__doc__:
            raise ValueError(f"case {draw.__name__} of {self.name} needs a docstring: students read it")
        if share is not None:
            self.shares[group] = share
        self.cases.append(Case(draw.__doc__.strip().splitlines()[0], draw, group, compare or {}))
        return draw

    def share(self, group: str) -> float:
        """Return the part of the points that a group of cases earns."""
        if group == CORE:
            return 1.0 - sum(self.shares.values())
        return self.shares[group]


@dataclass(frozen=True)
class Lab:
    """What exercises.py exports as ``lab``: the exercises in order, and the modules it may use.

    ``modules`` are the modules of ``course_utils`` that the sandbox offers while this lab is graded,
    ``earlier`` the labs whose functions its notebook imports by the lab's name (``from cells import
    ...``), ``preload`` the packages that take long to import, such as a framework: a warm sandbox has
    them ready. ``limits`` changes some of `autograder.sandbox.Limits` for it.
    """

    exercises: tuple[Exercise, ...]
    modules: tuple[str, ...]
    earlier: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
