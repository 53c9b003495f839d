"""Makes digests of wrong outputs, by which equal wrong answers of a class are found.

The calls are those that are traced: the same for every submission. A digest holds nothing but what the answer
returned, rounded.
"""

from collections.abc import Sequence

from autograder.lab.course import LabFolder
from autograder.lab.exercise import Exercise
from autograder.referee.answer import Answer
from autograder.referee.cases import DrawnCase
from autograder.referee.order import rank
from course_utils.judging.fingerprints import Fingerprint, fingerprints
from course_utils.judging.outputs import WrongForm, as_outputs, faults

__all__ = ["digests"]


def digests(
    lab: LabFolder, exercise: Exercise, answers: Sequence[tuple[DrawnCase, Answer]]
) -> dict[str, list[str]]:
    """Return, for each output that is wrong in some case, a digest for each case.

    The outputs stand in the order in which the reference makes them. A digest is empty where the output is
    right, where the call returned no outputs, and where unrelated mistakes could easily give the same value.
    """
    found = [_of_case(exercise, case, answer) for case, answer in answers]
    order = rank(lab, exercise.name)
    names = sorted({name for digest in found for name in digest}, key=order.__getitem__)
    return {name: [digest.get(name, "") for digest in found] for name in names}


def _of_case(exercise: Exercise, case: DrawnCase, answer: Answer) -> dict[str, str]:
    if answer.status != "returned":
        return {}
    try:
        outputs = as_outputs(answer.value, answer.after, exercise)
    except WrongForm:
        return {}
    wrong = faults(exercise, case, outputs, answer.after)
    made = fingerprints(exercise, case, outputs, answer.random)
    return {name: _as_text(value) for name in wrong if (value := made[name]) is not None}


def _as_text(fingerprint: Fingerprint) -> str:
    """Return a fingerprint as text, its projections with ten digits."""
    form, *sums = fingerprint
    return " ".join([f"{int(form):08x}", *(f"{number:.9e}" for number in sums)])
