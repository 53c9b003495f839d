"""Draws the open cases of a lab: those that students may see, from a public seed of their own."""

import contextlib
import functools
from collections.abc import Mapping
from pathlib import Path

from autograder.errors import LabError
from autograder.lab.course import LabFolder
from autograder.lab.exercise import Exercise
from autograder.referee.cases import draw_exercise, sensitivity
from course_utils.judging.form import PUBLISHED, Form, SolvedCase
from course_utils.judging.open_cases import OpenCases, read_text, same, text_of

__all__ = ["PUBLIC_SEED", "open_cases", "open_cases_text"]

PUBLIC_SEED = 1 << 64
"""The seed of the open cases: larger than that of any submission, so that no hidden case is open."""
TRIED = 10
"""With how many seeds a case is drawn until it is well-conditioned."""
ROUNDING = 1e-11
"""The relative difference that machines may make by rounding: then an earlier file is kept."""


@functools.lru_cache(maxsize=16)
def open_cases(lab: LabFolder) -> Mapping[str, OpenCases]:
    """Return the open cases of each exercise of a lab: one for each of its cases, all well-conditioned.

    Raises LabError where no seed gives a well-conditioned case, GraderError when the lab's code fails.
    """
    return {name: _opened(lab, exercise) for name, exercise in lab.exercises.items()}


def open_cases_text(lab: LabFolder, before: Path) -> str:
    """Return the text of open_cases.json for a lab.

    ``before`` is the path of the file of an earlier build. Versions of NumPy and of BLAS round differently:
    the earlier text is returned unchanged if its numbers agree with the new ones.
    """
    made = open_cases(lab)
    with contextlib.suppress(OSError, ValueError):
        text = before.read_text("utf-8")
        if same(read_text(text), made, ROUNDING):
            return text
    return text_of(made)


def _opened(lab: LabFolder, exercise: Exercise) -> OpenCases:
    form = Form(
        exercise.name,
        outputs=dict.fromkeys(exercise.outputs, 1.0),
        returns=exercise.returns,
        effects=dict.fromkeys(exercise.effects, 1.0),
        may_mutate=exercise.may_mutate,
        may_alias=exercise.may_alias,
        seeds=exercise.seeds,
        loose=exercise.loose,
        rtol=exercise.rtol,
    )
    cases: dict[int, SolvedCase] = {}
    for seed in range(PUBLIC_SEED, PUBLIC_SEED + TRIED):
        for number, case in enumerate(draw_exercise(lab, exercise, seed)):
            if case.group == PUBLISHED or number in cases or sensitivity(lab, exercise, case):
                continue
            cases[number] = SolvedCase(
                case.name,
                case.group,
                case.inputs,
                case.outputs,
                case.first,
                case.seed,
                case.random,
                case.files,
            )
        if len(cases) == len(exercise.cases):
            return OpenCases(form, exercise.calls, tuple(case for _, case in sorted(cases.items())))
    missing = next(case.name for number, case in enumerate(exercise.cases) if number not in cases)
    raise LabError(
        f"{lab.name}: {exercise.name}: the case {missing!r} is ill-conditioned with every public seed"
    )
