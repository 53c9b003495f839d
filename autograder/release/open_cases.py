"""Draws the open cases of a lab: those that students may see, from a public seed of their own."""

import contextlib
import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from autograder.errors import LabError
from autograder.lab.course import LabFolder
from autograder.lab.earlier import importable
from autograder.lab.exercise import Exercise
from autograder.lab.variants import label, says, variants
from autograder.referee.call import silence
from autograder.referee.cases import DrawnCase, draw_exercise, sensitivity, varied
from course_utils.judging.form import PUBLISHED, Form, SolvedCase
from course_utils.judging.open_cases import OpenCases, Variant, read_text, same, text_of
from course_utils.judging.published import published_values

__all__ = ["PUBLIC_SEED", "open_cases", "open_cases_text"]

PUBLIC_SEED = 1 << 64
"""The seed of the open cases: larger than that of any submission, so that no hidden case is open."""
TRIED = 10
"""With how many seeds a case is drawn until it is well-conditioned."""
ROUNDING = 0.1
"""What share of an exercise's tolerance machines may make by rounding: then an earlier file is kept."""


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
        observer=exercise.observer,
    )
    labs = variants(lab, exercise.name)
    cases: dict[int, tuple[SolvedCase, ...]] = {}
    """For the number of a case, the case as each variant of the lab solves it."""
    for seed in range(PUBLIC_SEED, PUBLIC_SEED + TRIED):
        for number, case in enumerate(draw_exercise(lab, exercise, seed)):
            if case.group == PUBLISHED or number in cases or sensitivity(lab, exercise, case):
                continue
            others = [varied(one, exercise, [case])[0] for one in labs[1:]]
            if not any(map(sensitivity, labs[1:], [exercise] * len(others), others)):
                cases[number] = tuple(map(_solved, [case, *others]))
        if len(cases) == len(exercise.cases):
            solved, *more = zip(*(cases[number] for number in sorted(cases)), strict=True)
            forms = (_other(one, form, same) for one, same in zip(labs[1:], more, strict=True))
            return OpenCases(form, exercise.calls, solved, tuple(forms))
    missing = next(case.name for number, case in enumerate(exercise.cases) if number not in cases)
    raise LabError(
        f"{lab.name}: {exercise.name}: the case {missing!r} is ill-conditioned with every public seed"
    )


def _solved(case: DrawnCase) -> SolvedCase:
    return SolvedCase(
        case.name,
        case.group,
        case.inputs,
        case.outputs,
        case.first,
        case.seed,
        case.random,
        case.files,
    )


def _other(lab: LabFolder, form: Form, cases: tuple[SolvedCase, ...]) -> Variant:
    """Return what is open of a variant of a lab, for the exercise that a form is of."""
    published: list[float] = []
    if entry := lab.published.get(form.name):
        with importable(lab.folder.parent), silence():
            published = published_values(lab.reference[form.name], replace(form, observer=""), entry)
    return Variant(label(lab), says(lab, form.name), cases, tuple(published))
