"""Finds the known mistake that a wrong answer equals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..course import LabFolder
from ..exercise import Exercise, Mistake
from .draw import DrawnCase, differs, run

__all__ = ["STATE", "Answered", "Diagnosis", "diagnose"]


STATE = "random state"
"""What a mistake may have wrong beside the outputs: the random numbers that come after the call."""


@dataclass(frozen=True)
class Answered:
    """A case that was answered with all outputs asked for, and the names of what is wrong.

    Where the exercise seeds, the last output is what shows NumPy's global random state, named STATE.
    """

    case: DrawnCase
    outputs: tuple[Any, ...]
    wrong: frozenset[str]


@dataclass(frozen=True)
class Diagnosis:
    """The known mistake, the wrong outputs that it explains, and whether these are all."""

    mistake: Mistake
    explained: frozenset[str]
    whole: bool


def diagnose(lab: LabFolder, exercise: Exercise, answers: Sequence[Answered]) -> Diagnosis | None:
    """Run each known mistake on the inputs of all answers; return the one that a wrong answer equals.

    A mistake explains an output that is wrong in some answer when the student's value equals the
    mistake's in every answer, the right ones too. The mistake is named that explains the outputs of
    most weight; one that explains none is not.
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
    function = lab.mistaken(exercise.name, mistake)
    explained = wrong
    for answer in answers:
        try:
            with np.errstate(all="ignore"):
                made, random = run(function, answer.case.inputs, exercise, answer.case.seed)
        except Exception:  # a mistake may well crash, or return another form: then no answer can equal it
            return frozenset()
        values = (*made, random) if exercise.seeds else made
        for name, got, value in zip((*exercise.weights, STATE), answer.outputs, values, strict=False):
            if name in explained and differs(exercise, answer.case, name, got, value):
                explained -= {name}
        if not explained:
            break
    return explained
