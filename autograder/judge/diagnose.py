"""Finds the known mistake that a wrong answer equals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..course import LabFolder
from ..exercise import Exercise, Mistake
from .compare import compare
from .draw import DrawnCase, call

__all__ = ["Answered", "Diagnosis", "diagnose"]


@dataclass(frozen=True)
class Answered:
    """A case whose answer was compared: the outputs, and the names of those that are wrong."""

    case: DrawnCase
    outputs: tuple[Any, ...]
    wrong: frozenset[str]


@dataclass(frozen=True)
class Diagnosis:
    """The known mistake, and whether it explains every wrong output."""

    mistake: Mistake
    whole: bool


def diagnose(lab: LabFolder, exercise: Exercise, answers: Sequence[Answered]) -> Diagnosis | None:
    """Run each known mistake on the inputs of the wrong answers; return the one they equal.

    A mistake explains an output when the student's value equals the mistake's in every wrong answer
    and the mistake's differs from the right one. The mistake that explains most outputs is named;
    one that explains none is not.
    """
    best: Diagnosis | None = None
    most = 0
    wrong = frozenset().union(*(answer.wrong for answer in answers)) if answers else frozenset()
    for mistake in lab.mistakes.get(exercise.name, ()):
        explained = _explained(lab, exercise, mistake, answers)
        if len(explained) > most:
            most, best = len(explained), Diagnosis(mistake, explained == wrong)
    return best


def _explained(
    lab: LabFolder, exercise: Exercise, mistake: Mistake, answers: Sequence[Answered]
) -> frozenset[str]:
    function = lab.mistaken(exercise.name, mistake)
    explained: dict[str, bool] = {}
    for answer in answers:
        try:
            outputs = call(function, answer.case.inputs, exercise)
        except Exception:  # a mistake may well crash: then no answer can equal it
            return frozenset()
        if len(outputs) != len(exercise.outputs):
            return frozenset()
        for name, got, made in zip(exercise.outputs, answer.outputs, outputs, strict=True):
            if name in answer.wrong:
                same = compare(got, made, name, exercise.rtol) is None
                explained[name] = explained.get(name, True) and same
    return frozenset(name for name, holds in explained.items() if holds)
