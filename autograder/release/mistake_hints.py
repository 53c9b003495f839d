"""Makes hints.json, by which the visible checks recognise known mistakes.

`hints` runs each known mistake of a lab on its open cases, and keeps its help and a fingerprint of each
output that is wrong in the first of them that shows the mistake. The file holds no code and no hidden case.
"""

import contextlib
import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.lab.course import LabFolder
from autograder.lab.exercise import Exercise, Mistake
from autograder.referee.call import run
from autograder.release.open_cases import open_cases
from course_utils.judging.compare import leaves
from course_utils.judging.fingerprints import agree, fingerprints
from course_utils.judging.form import SolvedCase

__all__ = ["hints", "hints_text"]

Known = dict[str, list[dict[str, Any]]]

DIGITS = 8
"""Significant digits of a fingerprint's numbers: enough for the tolerance of a comparison."""
APART = 1e-6
"""A wrong output differs from the right one by more than this: ten times a comparison's tolerance."""
MOVES, SHIFT = 3, 1e-14
"""How often the inputs are perturbed, and by how much: ten times the rounding differences of machines."""


def hints_text(lab: LabFolder, before: Path) -> str:
    """Return the text of hints.json for a lab, empty if there are no hints.

    ``before`` is the path of the file of an earlier build. Versions of NumPy round differently: the
    earlier text is returned unchanged if its numbers agree with the new ones.
    """
    made = hints(lab)
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        text = before.read_text("utf-8")
        if _same(json.loads(text), made):
            return text
    functions = [f" {json.dumps(name)}: [\n  {_lines(known)}\n ]" for name, known in made.items()]
    return "{\n" + ",\n".join(functions) + "\n}\n" if functions else ""


def hints(lab: LabFolder) -> Known:
    """Return the hints of each exercise: for each known mistake its help, and output -> fingerprint.

    ``case`` is the number of the open case. A mistake is left out if it gives the right outputs in all of
    them, raises, or gives only wrong numbers that change when the inputs are perturbed in a late digit.
    """
    return {
        name: known for name, exercise in lab.exercises.items() if (known := _exercise_hints(lab, exercise))
    }


def _exercise_hints(lab: LabFolder, exercise: Exercise) -> list[dict[str, Any]]:
    known = []
    for mistake in lab.mistakes.get(exercise.name, ()):
        for number, case in enumerate(open_cases(lab)[exercise.name].cases):
            if outputs := _wrong_outputs(lab, exercise, mistake, case):
                known.append({"help": mistake.help, "case": number, "outputs": outputs})
                break
    return known


def _wrong_outputs(
    lab: LabFolder, exercise: Exercise, mistake: Mistake, case: SolvedCase
) -> dict[str, list[float]]:
    """Return the fingerprints of the outputs that a mistake gets wrong in a case."""
    right = fingerprints(exercise, case, case.outputs, case.random)
    made = _made(lab, exercise, mistake, case, case.inputs)
    wrong = {name for name in made if made[name] and not agree(made[name], right[name], APART)}
    rng = np.random.default_rng(0)
    for _ in range(MOVES if wrong else 0):
        other = _made(lab, exercise, mistake, case, _perturbed(case.inputs, rng))
        wrong &= {name for name in wrong if agree(made[name], other.get(name), 0.1 * APART)}
    return {name: _rounded(made[name]) for name in made if name in wrong}


def _made(
    lab: LabFolder, exercise: Exercise, mistake: Mistake, case: SolvedCase, inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the fingerprints of a mistake's outputs, none if it fails."""
    try:
        with np.errstate(all="ignore"):
            outputs, random = run(lab.mistaken(exercise.name, mistake), inputs, exercise, case.seed)
    except Exception:  # whatever a mistake raises
        return {}
    return dict(fingerprints(exercise, case, outputs, random))


def _perturbed(inputs: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Return a copy of the inputs, slightly perturbed."""
    moved = copy.deepcopy(dict(inputs))
    for leaf in leaves(moved):
        if leaf.dtype.kind == "f" and leaf.ndim:
            leaf *= 1 + SHIFT * rng.standard_normal(leaf.shape)
    return moved


def _rounded(numbers: Any) -> list[float]:
    return [numbers[0], *(float(f"{number:.{DIGITS}g}") for number in numbers[1:])]


def _lines(known: list[dict[str, Any]]) -> str:
    return ",\n  ".join(json.dumps(mistake, ensure_ascii=False) for mistake in known)


def _same(before: Known, made: Known) -> bool:
    """Whether two sets of hints agree up to rounding."""
    if list(before) != list(made):
        return False
    pairs = [(one, other) for name in made for one, other in zip(before[name], made[name], strict=True)]
    return all(
        (one["help"], one["case"]) == (other["help"], other["case"])
        and list(one["outputs"]) == list(other["outputs"])
        and all(agree(one["outputs"][name], other["outputs"][name]) for name in other["outputs"])
        for one, other in pairs
    )
