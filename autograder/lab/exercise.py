"""Defines exercises, cases and mistakes, with which a lab's exercises.py and mistakes.py are written.

exercises.py makes one `Exercise` for each graded function and decorates the functions that draw
its inputs; a `Mistake` is a set of edits of the reference solution's source::

    mean = Exercise("mean_and_spread", outputs={"mean": 2, "spread": 1})

    @mean.case
    def ordinary_sizes(rng):
        \"\"\"a hundred numbers\"\"\"
        return {"values": rng.standard_normal(100)}

    @mean.case(group="edges", share=0.2)
    def one_number(rng):
        \"\"\"a single number\"\"\"
        return {"values": rng.standard_normal(1)}

A case's docstring is its name in what students read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_utils.judging.form import CORE, Form

__all__ = ["CORE", "Alternative", "Case", "Exercise", "Lab", "Mistake"]

Draw = Callable[[np.random.Generator], Mapping[str, Any]]


@dataclass(frozen=True)
class Case:
    """Draws the inputs of one call; the exercise's share of its ``group`` says what it can earn.

    ``compare`` maps an output to the number of leading entries, along its first axis, that are compared:
    a chaotic case is compared only as far as it is well-conditioned.
    """

    name: str
    draw: Draw
    group: str = CORE
    compare: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Mistake:
    """A known wrong version of an exercise, as edits of the reference's source.

    ``edits`` are (old, new) pairs; each old text occurs exactly once in the reference.
    ``help`` names the symbol and the idea, never the code to write.
    ``credit`` is the share of the points that exactly this mistake still earns, from 0 to 1.
    ``written`` is the mistake as edits of the text's solution, where reference.py has the reference.
    """

    name: str
    edits: tuple[tuple[str, str], ...]
    help: str
    credit: float = 0.0
    written: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Alternative:
    """Another right form of an exercise, as edits of the reference's source: its outputs differ, and count.

    ``edits`` and ``written`` are those of a `Mistake`. ``says`` is the sentence that tells a student which
    form was written.
    """

    name: str
    edits: tuple[tuple[str, str], ...]
    says: str
    written: tuple[tuple[str, str], ...] = ()


@dataclass
class Exercise(Form):
    """One graded function: its form, and how it is graded.

    Parameters
    ----------
    needs
        For an output, the names of others without which it earns nothing: it says little by itself. The
        class of the largest score, for instance, may be right although the scores are wrong.
    calls
        Earlier exercises that this one may call: if one is wrong, a right one is lent (carry forward).
    check_call
        For a function that may be lent: raises ValueError when arguments do not fit the exercise.
    files
        Returns, from the inputs of a call, the text files that a solution may read, by name.
    alternatives
        Other right forms: an answer that equals one of them in all cases is right.

    The others are those of `course_utils.judging.form.Form`.
    """

    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calls: tuple[str, ...] = ()
    check_call: Callable[..., None] | None = None
    files: Callable[[Mapping[str, Any]], Mapping[str, str]] | None = None
    alternatives: tuple[Alternative, ...] = ()
    cases: list[Case] = field(default_factory=list)
    shares: dict[str, float] = field(default_factory=dict)

    def case(
        self,
        draw: Draw | None = None,
        *,
        group: str = CORE,
        share: float | None = None,
        compare: Mapping[str, int] | None = None,
    ) -> Any:
        """Register a function that draws inputs as a case; a decorator with or without arguments.

        ``share`` is the share of the points that the group earns; the core group earns the rest.
        ``compare`` is as in `Case`. Raises ValueError if the function has no docstring.
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
        """Return the share of the points that a group of cases earns, from 0 to 1."""
        if group == CORE:
            return 1.0 - sum(self.shares.values())
        return self.shares[group]


@dataclass(frozen=True)
class Lab:
    """What exercises.py exports as ``lab``: the exercises in order, and the modules it may use.

    ``modules`` are the modules of ``course_utils`` that the sandbox offers while this lab is graded;
    ``earlier`` are the labs whose functions its notebook imports by the lab's name (``from cells import
    ...``); ``preload`` are packages that take long to import, such as a framework: the fork server
    imports them. ``limits`` overrides some of `autograder.sandbox.Limits`. ``extra`` is the extra of this
    package, such as ``keras``, that running the lab needs.
    """

    exercises: tuple[Exercise, ...]
    modules: tuple[str, ...]
    earlier: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    extra: str = ""
