"""Chooses by which variant of its lab an answer is judged: one must hold throughout all cases.

The points are the best that one variant gives; nothing is put together from several. Where neither the
exercise nor what it calls has alternatives there is nothing to choose.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from autograder.lab.course import LabFolder
from autograder.lab.exercise import Exercise
from autograder.lab.variants import says
from autograder.referee.cases import DrawnCase
from autograder.referee.points import AMONG, Answers, is_right, score
from autograder.results import Verdict

__all__ = ["Fitted", "best"]


class Fitted(NamedTuple):
    """A verdict, and the variants that it may stand for: the one that fits best, and others as good."""

    verdict: Verdict
    labs: tuple[LabFolder, ...]


def best(
    labs: Sequence[LabFolder],
    cases_of: Callable[[LabFolder], Sequence[DrawnCase]],
    exercise: Exercise,
    given: Answers,
    points: float,
    reason: str,
) -> Fitted:
    """Return the verdict by the variant that fits best; of those that fit as well, by the first.

    ``cases_of`` returns the cases with a variant's outputs. A right answer is judged by the variant that it
    equals alone. ``reason`` says why cases were not answered.
    """
    if not given.cases:
        labs = labs[:1]
    elif len(labs) > 1:
        labs = [lab for lab in labs if is_right(lab, exercise, cases_of(lab), given)][:1] or labs
    verdicts = [score(lab, exercise, cases_of(lab), given, points, reason) for lab in labs]
    fits = [_fit(verdict) for verdict in verdicts]
    equal = [number for number, fit in enumerate(fits) if fit == max(fits)]
    chosen = Fitted(verdicts[equal[0]], tuple(labs[number] for number in equal))
    if said := says(chosen.labs[0], exercise.name):
        if chosen.verdict.correct:
            chosen.verdict.message = said
        elif len(equal) < len(labs):  # else nothing tells that it was meant
            chosen.verdict.note = said
    return chosen


def _fit(verdict: Verdict) -> tuple[float, int, int]:
    """Return how well a variant fits: by points, then by a mistake that explains all, then by cases."""
    named = 0 if verdict.mistake is None else 1 if verdict.message.startswith(AMONG) else 2
    return verdict.points, named, sum(case.status == "passed" for case in verdict.cases)
