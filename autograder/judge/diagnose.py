"""Finds the known mistake that a wrong answer equals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..course import LabFolder
from ..exercise import Exercise, Mistake
from .compare import compare
from .draw import DrawnCase, call

__all__ = ["Answered", "Diagnosis", "diagnose"]


@dataclass(frozen=True)
class Answered:
    """A case that was answered with as many outputs as asked for, and the names of the wrong ones."""

    case: DrawnCase
    outputs: tuple[Any, ...]
    wrong: frozenset[str]


@dataclass(frozen=True)
class Diagnosis:
    """The known mistake, and whether it explains every wrong output."""

    mistake: Mistake
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
        weight = sum(exercise.outputs[name] for name in explained)
        if weight > most:
            most, best = weight, Diagnosis(mistake, explained == wrong)
    return best


def _explained(
    lab: LabFolder, exercise: Exercise, mistake: Mistake, answers: Sequence[Answered], wrong: frozenset[str]
) -> frozenset[str]:
    function = lab.mistaken(exercise.name, mistake)
    explained = wrong
    for answer in answers:
        try:
            with np.errstate(all="ignore"):
                outputs = call(function, answer.case.inputs, exercise)
        except Exception:  # a mistake may well crash: then no answer can equal it
            return frozenset()
        if len(outputs) != len(exercise.outputs):
            return frozenset()
        for name, got, made in zip(exercise.outputs, answer.outputs, outputs, strict=True):
            if name in explained and compare(got, made, name, exercise.rtol):
                explained -= {name}
        if not explained:
            break
    return explained
