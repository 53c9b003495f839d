"""Finds the known mistake whose outputs equal those of a wrong answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.lab.course import LabFolder
from autograder.lab.exercise import Exercise, Mistake
from autograder.referee.call import run
from autograder.referee.cases import DrawnCase, differs

__all__ = ["STATE", "Answered", "Diagnosis", "diagnose"]


STATE = "random state"
"""Stands for one more output that a mistake may have wrong: the random numbers after the call."""


@dataclass(frozen=True)
class Answered:
    """A case that was answered with all outputs, and the names of the wrong ones.

    If the exercise seeds, the last output, named STATE, is the random numbers drawn after the call.
    """

    case: DrawnCase
    outputs: tuple[Any, ...]
    wrong: frozenset[str]


@dataclass(frozen=True)
class Diagnosis:
    """The known mistake, the wrong outputs that it explains, and whether it explains all of them."""

    mistake: Mistake
    explained: frozenset[str]
    whole: bool


def diagnose(lab: LabFolder, exercise: Exercise, answers: Sequence[Answered]) -> Diagnosis | None:
    """Run each known mistake on the inputs of all answers; return the one that explains most.

    A mistake explains an output that is wrong in some answer if the student's value equals the mistake's
    in every answer, right ones included. The mistake that explains the outputs of the largest total
    weight is returned; None if no mistake explains any.
    """
    best: Diagnosis | None = None
    most = 0.0
    wrong = frozenset[str]().union(*(answer.wrong for answer in answers))
    for mistake in lab.mistakes.get(exercise.name, ()) if wrong else ():
        explained = _explained(lab, exercise, mistake, answers, wrong)
        weight = sum(exercise.weights.get(name, 1e-6) for name in explained)
        if weight > most:
            most, best = weight, Diagnosis(mistake, explained, explained == wrong)
    return best


def _explained(
    lab: LabFolder, exercise: Exercise, mistake: Mistake, answers: Sequence[Answered], wrong: frozenset[str]
) -> frozenset[str]:
    explained = wrong
    for answer in answers:
        if mistake.name not in answer.case.mistaken:  # cached: the cases are the same for the whole class
            answer.case.mistaken[mistake.name] = _made(lab, exercise, mistake, answer.case)
        values = answer.case.mistaken[mistake.name]
        if values is None:
            return frozenset()
        for name, got, value in zip((*exercise.weights, STATE), answer.outputs, values, strict=False):
            if name in explained and differs(exercise, answer.case, name, got, value):
                explained -= {name}
        if not explained:
            break
    return explained


def _made(lab: LabFolder, exercise: Exercise, mistake: Mistake, case: DrawnCase) -> tuple[Any, ...] | None:
    """Return a mistake's outputs, with STATE if the exercise seeds, or None if it fails."""
    try:
        with np.errstate(all="ignore"):
            made, random = run(lab.mistaken(exercise.name, mistake), case.inputs, exercise, case.seed)
    except Exception:  # also WrongForm: no answer can equal it
        return None
    return (*made, random) if exercise.seeds else made
