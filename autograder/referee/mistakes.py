"""Finds the known mistake whose outputs equal those of a wrong answer.

Zeros, other constants, and inputs or multiples of them equal many mistakes by chance: they are no evidence.
"""

from collections import Counter
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
MANY = 12
"""More inputs than this of one shape are a table, such as of word vectors."""


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

    One of the outputs that it explains must be `_informative`. Failing that, the mistake must give all
    outputs of all answers, and one of those that are right must be more than a constant or a copy.
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
            # The random state alone is no evidence: any function that draws nothing leaves the same.
            evident = bool(told & explained) and (whole or explained != {STATE})
            if evident or (whole and _elsewhere(lab, exercise, mistake, answers)):
                most, best = _weight(exercise, explained), Diagnosis(mistake, explained, whole)
                if whole:
                    break
    return best


def _weight(exercise: Exercise, names: frozenset[str]) -> float:
    return sum(exercise.weights.get(name, 1e-6) for name in names)


def _informative(exercise: Exercise, answers: Sequence[Answered], name: str) -> bool:
    """Whether an output is evidence where it is wrong: neither a constant nor a copy of an input.

    Constants that differ from case to case are evidence too.
    """
    if name == STATE:
        return True
    values = [(answer.output(exercise, name), answer) for answer in answers]
    constants = {_constant(_numbers(value)) for value, _ in values} - {None}
    if len(constants) > 1:
        return True
    return any(name in answer.wrong and not _trivial(value, answer.case) for value, answer in values)


def _numbers(value: Any) -> list[np.ndarray]:
    """Return the arrays in a value; a list of numbers is one array."""
    found = [array for array in leaves(value) if array.dtype.kind in "biuf"]
    if len(found) > 1 and all(array.size == 1 for array in found):
        return [np.array([array.item() for array in found])]
    return found


def _constant(arrays: Sequence[np.ndarray]) -> float | None:
    """Return the small whole number, its inverse or nan that all numbers are; None if they are not."""
    with np.errstate(over="ignore"):  # where the numbers are of a wider type
        numbers = np.concatenate([array.ravel() for array in arrays]).astype(float) if arrays else np.zeros(1)
    if not numbers.size or not np.isfinite(numbers).any():
        return np.nan
    return float(numbers[0]) if (numbers == numbers[0]).all() and _simple(numbers[0]) else None


def _simple(number: float) -> bool:
    """Whether a number is a small whole number or the inverse of one, up to rounding."""
    with np.errstate(all="ignore"):
        return any(
            abs(one - round(one)) < 1e-9 and abs(one) < 100 for one in (number, 1 / number) if one - one == 0
        )


def _trivial(value: Any, case: DrawnCase) -> bool:
    """Whether all arrays in a value are constants, or inputs times a simple number; text is not trivial.

    One of more than MANY inputs of a shape is no copy: it had to be chosen.
    """
    if isinstance(value, str) or (
        isinstance(value, (list, tuple)) and any(isinstance(x, str) for x in value)
    ):
        return False
    given = [leaf for leaf in leaves(dict(case.inputs)) if leaf.dtype.kind in "biuf" and leaf.size > 1]
    shapes = Counter(leaf.shape for leaf in given)
    given = [leaf for leaf in given if shapes[leaf.shape] <= MANY]
    return all(
        _constant([array]) is not None or any(_multiple(array, one) for one in given)
        for array in _numbers(value)
    )


def _multiple(array: np.ndarray, other: np.ndarray) -> bool:
    """Whether an array is another one, or its transpose, times a simple number."""
    sides = {side.shape: side for side in (other.T, other)}
    if array.shape not in sides or array.size == 1:
        return False
    with np.errstate(all="ignore"):
        one, two = array.astype(float).ravel(), sides[array.shape].astype(float).ravel()
        factor = float(one @ two / (two @ two))
        return bool(np.abs(one - factor * two).max() <= 1e-10 * np.abs(one).max()) and _simple(factor)


def _elsewhere(lab: LabFolder, exercise: Exercise, mistake: Mistake, answers: Sequence[Answered]) -> bool:
    """Whether all outputs of all answers are the mistake's, and one that is right is no constant or copy."""
    names = frozenset((*exercise.weights, *([STATE] if exercise.seeds else [])))
    if any(_explained(lab, exercise, mistake, answer, names) != names for answer in answers):
        return False
    return any(
        not _trivial(answer.output(exercise, name), answer.case)
        for answer in answers
        for name in frozenset(exercise.weights) - answer.wrong
    )


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
        if name in names and not _far(got, value) and not differs(exercise, answer.case, name, got, value)
    }
    # What needs others may be the mistake's by luck while these are not, such as the class of a score.
    return frozenset(
        same - {name for name in same if (names - same).intersection(exercise.needs.get(name, ()))}
    )


def _far(got: Any, value: Any) -> bool:
    """Whether two arrays differ in their first number already by more than any tolerance: it is soon told."""
    if type(got) is tuple is type(value) and len(got) == len(value):
        return any(map(_far, got, value))
    if type(got) is not np.ndarray or type(value) is not np.ndarray or got.shape != value.shape:
        return False
    if not (got.dtype == value.dtype == np.float64 and got.size):
        return False
    one, other = got.item(0), value.item(0)
    return bool(abs(one - other) > 1e-2 * max(abs(value.max()), abs(value.min())))  # False where one is nan


def _made(lab: LabFolder, exercise: Exercise, mistake: Mistake, case: DrawnCase) -> tuple[Any, ...] | None:
    """Return a mistake's outputs, with STATE if the exercise seeds, or None if it fails."""
    try:
        with np.errstate(all="ignore"):
            made, random = run(lab.mistaken(exercise.name, mistake), case.inputs, exercise, case.seed)
    except Exception:  # also WrongForm: no answer can equal it
        return None
    return (*made, random) if exercise.seeds else made
