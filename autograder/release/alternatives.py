"""Refuses alternatives that no open case tells from the reference, from a mistake or from one another."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.errors import LabError
from autograder.lab.course import LabFolder
from autograder.lab.exercise import Exercise
from autograder.lab.variants import rivals, variants
from autograder.referee.call import run
from autograder.release.open_cases import open_cases
from course_utils.judging.form import SolvedCase
from course_utils.judging.outputs import differ, differs

__all__ = ["refuse_equal_alternatives"]


def refuse_equal_alternatives(lab: LabFolder) -> None:
    """Raise LabError for an alternative whose outputs are those of something else in all open cases."""
    for name, exercise in lab.exercises.items():
        for one in variants(lab, name)[1:] if exercise.alternatives else ():
            if one.forms.keys() == {name}:
                _refuse_equal(lab, one, exercise)


def _refuse_equal(lab: LabFolder, one: LabFolder, exercise: Exercise) -> None:
    name, alternative = exercise.name, one.forms[exercise.name]
    opened = open_cases(lab)[name].all()
    cases = next(form.cases for form, other in zip(opened, variants(lab, name), strict=True) if other is one)
    for other, function in rivals(lab, one, name):
        if _gives(function, exercise, cases):
            raise LabError(
                f"{lab.name}: the alternative {alternative.name!r} of {name} equals {other} in all open cases"
            )


def _gives(function: Callable[..., Any], exercise: Exercise, cases: Sequence[SolvedCase]) -> bool:
    """Whether one of our functions gives the outputs of all cases, and leaves their random state."""
    for case in cases:
        try:
            with np.errstate(all="ignore"):
                outputs, random = run(function, case.inputs, exercise, case.seed)
        except Exception:  # a mistake may raise
            return False
        pairs = zip(exercise.weights, outputs, case.outputs, strict=True)
        if any(differs(exercise, case, output, got, want) for output, got, want in pairs):
            return False
        if differ(random, case.random, "random"):
            return False
    return True
