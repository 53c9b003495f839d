"""Finds the known mistake whose outputs equal those of a wrong answer.

Zeros, other constants, and inputs or multiples of them equal many mistakes by chance: they are no evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.lab.course import LabFolder
from autograder.lab.exercise import Exercise, Mistake
from autograder.referee.call import run
from autograder.referee.cases import DrawnCase
from course_utils.judging.compare import leaves
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

    def output(self, exercise: Exercise, name: str) -> Any:
        """Return the output of a name."""
        return dict(zip((*exercise.weights, STATE), self.outputs, strict=False))[name]


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

    One of the outputs that it explains must be `_informative`. Failing that the mistake must explain all wrong
    outputs, and give the right ones too: then an informative one among these tells as much.
    """
    best: Diagnosis | None = None
    most = 0.0
    wrong = frozenset[str]().union(*(answer.wrong for answer in answers))
    computed = wrong.difference(*(answer.missing for answer in answers))  # what is None needs no name
    # Most mistakes are ruled out by the first answer: by one with small inputs they are ruled out sooner.
    answers = sorted(answers, key=lambda answer: (-len(answer.wrong), answer.case.bytes))
    told = {name for name in computed if _informative(exercise, answers, name)}
    for mistake in lab.mistakes.get(exercise.name, ()) if computed else ():
        explained = computed
        for answer in answers:
            explained = _explained(lab, exercise, mistake, answer, explained)
            if _weight(exercise, explained) <= most:
                break
        else:
            whole = explained == wrong
            if told & explained or (whole and _elsewhere(lab, exercise, mistake, answers, wrong)):
                most, best = _weight(exercise, explained), Diagnosis(mistake, explained, whole)
                if whole:
                    break
    return best


def _weight(exercise: Exercise, names: frozenset[str]) -> float:
    return sum(exercise.weights.get(name, 1e-6) for name in names)


def _informative(exercise: Exercise, answers: Sequence[Answered], name: str) -> bool:
    """Whether an output, in an answer where it is wrong, is no constant and no multiple of an input."""
    return any(
        name == STATE or not _trivial(answer.output(exercise, name), answer.case)
        for answer in answers
        if name in answer.wrong
    )


def _trivial(value: Any, case: DrawnCase) -> bool:
    """Whether all arrays in a value are constants, or inputs or multiples of inputs; text is not trivial."""
    if isinstance(value, str):
        return False
    numbers = [array for array in leaves(value) if array.dtype.kind in "biuf"]
    if sum(array.size for array in numbers) == len(numbers):  # a list of numbers is one array
        numbers = [np.array([array.item() for array in numbers])]
    given = [leaf for leaf in leaves(dict(case.inputs)) if leaf.dtype.kind in "biuf"]
    return all(_constant(array) or any(_multiple(array, one) for one in given) for array in numbers)


def _constant(array: np.ndarray) -> bool:
    """Whether all numbers of an array are one, or not finite; a single one must be 0 or 1."""
    if array.size == 1:
        return array.item() in (0, 1)
    return not array.size or bool((array == array.flat[0]).all()) or not np.isfinite(array).any()


def _multiple(array: np.ndarray, other: np.ndarray) -> bool:
    """Whether an array is a multiple of another of its shape, or of one that is transposed."""
    if array.size != other.size or array.shape not in (other.shape, other.shape[::-1]) or array.size == 1:
        return False
    with np.errstate(all="ignore"):
        one, sides = array.astype(float).ravel(), (other, other.T) if array.ndim > 1 else (other,)
        for two in (side.astype(float).ravel() for side in sides if side.shape == array.shape):
            factor = float(one @ two / (two @ two))
            if np.abs(one - factor * two).max() <= 1e-10 * np.abs(one).max():
                return True
    return False


def _elsewhere(
    lab: LabFolder, exercise: Exercise, mistake: Mistake, answers: Sequence[Answered], wrong: frozenset[str]
) -> bool:
    """Whether the right outputs of all answers are the mistake's too, and one of them is informative."""
    right = frozenset((*exercise.weights, *([STATE] if exercise.seeds else []))) - wrong
    for answer in answers:
        if _explained(lab, exercise, mistake, answer, right) != right:
            return False
    return any(
        not _trivial(answer.output(exercise, name), answer.case) for answer in answers for name in right
    )


def _explained(
    lab: LabFolder, exercise: Exercise, mistake: Mistake, answer: Answered, names: frozenset[str]
) -> frozenset[str]:
    """Return those of the outputs named that are in this answer as the mistake makes them."""
    made = answer.case.mistaken
    if mistake.name not in made:
        made[mistake.name] = _made(lab, exercise, mistake, answer.case)
    values = made[mistake.name]
    if values is None:
        return frozenset()
    given = zip((*exercise.weights, STATE), answer.outputs, values, strict=False)
    return frozenset(
        name
        for name, got, value in given
        if name in names and not differs(exercise, answer.case, name, got, value)
    )


def _made(lab: LabFolder, exercise: Exercise, mistake: Mistake, case: DrawnCase) -> tuple[Any, ...] | None:
    """Return a mistake's outputs, with STATE if the exercise seeds, or None if it fails."""
    try:
        with np.errstate(all="ignore"):
            made, random = run(lab.mistaken(exercise.name, mistake), case.inputs, exercise, case.seed)
    except Exception:  # also WrongForm: no answer can equal it
        return None
    return (*made, random) if exercise.seeds else made
