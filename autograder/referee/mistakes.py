"""Finds the known mistake whose outputs equal those of a wrong answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.lab.course import LabFolder
from autograder.lab.exercise import Exercise, Mistake
from autograder.referee.call import run
from autograder.referee.cases import DrawnCase
from course_utils.judging.outputs import differs

__all__ = ["STATE", "Answered", "Diagnosis", "diagnose"]


STATE = "random state"
"""Stands for one more output that a mistake may have wrong: the random numbers after the call."""


@dataclass(frozen=True)
class Answered:
    """A case that was answered, and the names of the wrong outputs, and of those left None among them.

    If the exercise seeds, the last output, named STATE, is the random numbers drawn after the call.
    """

    case: DrawnCase
    outputs: tuple[Any, ...]
    wrong: frozenset[str]
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Diagnosis:
    """The known mistake, the wrong outputs that it explains, and whether it explains all of them."""

    mistake: Mistake
    explained: frozenset[str]
    whole: bool


def diagnose(lab: LabFolder, exercise: Exercise, answers: Sequence[Answered]) -> Diagnosis | None:
    """Run known mistakes on the inputs of the answers; return the one that explains most.

    A mistake explains an output that is wrong in some answer if the student's value equals the mistake's
    in every answer, right ones included. The first mistake that explains outputs of the largest total
    weight is returned; None if no mistake explains any.
    """
    best: Diagnosis | None = None
    most = 0.0
    wrong = frozenset[str]().union(*(answer.wrong for answer in answers))
    computed = wrong.difference(*(answer.missing for answer in answers))  # what is None needs no name
    # Most mistakes are ruled out by the first answer: by one with small inputs they are ruled out sooner.
    answers = sorted(answers, key=lambda answer: (-len(answer.wrong), answer.case.bytes))
    for mistake in lab.mistakes.get(exercise.name, ()) if computed else ():
        explained = computed
        for answer in answers:
            explained = _explained(lab, exercise, mistake, answer, explained)
            if _weight(exercise, explained) <= most:
                break
        else:
            most, best = _weight(exercise, explained), Diagnosis(mistake, explained, explained == wrong)
            if best.whole:
                break
    return best


def _weight(exercise: Exercise, names: frozenset[str]) -> float:
    return sum(exercise.weights.get(name, 1e-6) for name in names)


def _explained(
    lab: LabFolder, exercise: Exercise, mistake: Mistake, answer: Answered, names: frozenset[str]
) -> frozenset[str]:
    """Return those of the outputs named that are in this answer as the mistake makes them.

    An output that needs others is left out where these are wrong in another way.
    """
    made = answer.case.mistaken
    if mistake.name not in made:
        made[mistake.name] = _made(lab, exercise, mistake, answer.case)
    values = made[mistake.name]
    if values is None:
        return frozenset()
    given = zip((*exercise.weights, STATE), answer.outputs, values, strict=False)
    same = {
        name
        for name, got, value in given
        if name in names and not differs(exercise, answer.case, name, got, value)
    }
    # What needs others may be the mistake's by luck while these are not, such as the class of a score.
    return frozenset(
        same - {name for name in same if (names - same).intersection(exercise.needs.get(name, ()))}
    )


def _made(lab: LabFolder, exercise: Exercise, mistake: Mistake, case: DrawnCase) -> tuple[Any, ...] | None:
    """Return a mistake's outputs, with STATE if the exercise seeds, or None if it fails."""
    try:
        with np.errstate(all="ignore"):
            made, random = run(lab.mistaken(exercise.name, mistake), case.inputs, exercise, case.seed)
    except Exception:  # also WrongForm: no answer can equal it
        return None
    return (*made, random) if exercise.seeds else made
