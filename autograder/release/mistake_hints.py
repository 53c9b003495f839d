"""Makes hints.json, by which the visible checks recognise known mistakes.

`hints` runs each known mistake of a lab on its open cases, and keeps its help, the cases in which it fails,
and a fingerprint of each output that is wrong in one of them. The file holds no code and no hidden case.
"""

import contextlib
import copy
import json
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import numpy as np

from autograder.lab.course import LabFolder
from autograder.lab.exercise import Exercise, Mistake
from autograder.lab.variants import variants
from autograder.referee.call import run
from autograder.release.open_cases import open_cases
from course_utils.judging.compare import leaves
from course_utils.judging.fingerprints import agree, fingerprints
from course_utils.judging.form import SolvedCase
from course_utils.judging.open_cases import entry_of
from course_utils.judging.outputs import differ, differs

__all__ = ["hints", "hints_text"]

Known = dict[str, list[dict[str, Any]]]
Made = Mapping[str, Any]
"""Fingerprints by the name of the output."""

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
        helps = {mistake.help for group in lab.mistakes.values() for mistake in group}
        if _same(json.loads(text), made, helps):
            return text
    functions = [f" {json.dumps(name)}: [\n  {_lines(known)}\n ]" for name, known in made.items()]
    return "{\n" + ",\n".join(functions) + "\n}\n" if functions else ""


def hints(lab: LabFolder) -> Known:
    """Return the hints of each exercise, a list with an entry for each known mistake.

    Other right forms of an exercise have entries of their own (`entry_of`). An entry has its help, the
    numbers of the open cases in which it fails, and for one of them, ``case``, the fingerprint of each wrong
    output: the one in which the fewest other mistakes give the same. A mistake is left out if it passes all
    open cases, raises in all, or gives only wrong numbers that change when the inputs are perturbed in a late
    digit.
    """
    return {
        entry_of(name, form.label): known
        for name, exercise in lab.exercises.items()
        for one, form in zip(variants(lab, name), open_cases(lab)[name].all(), strict=True)
        if (known := _exercise_hints(one, exercise, form.cases))
    }


def _exercise_hints(lab: LabFolder, exercise: Exercise, cases: Sequence[SolvedCase]) -> list[dict[str, Any]]:
    mistakes = lab.mistakes.get(exercise.name, ())
    tried = {mistake: [_tried(lab, exercise, mistake, case) for case in cases] for mistake in mistakes}
    known = []
    for mistake, mine in tried.items():
        others = [theirs for other, theirs in tried.items() if other.help != mistake.help]
        alike = [sum(_alike(wrong, theirs[n][1]) for theirs in others) for n, (_, wrong) in enumerate(mine)]
        fails = [number for number, (failed, _) in enumerate(mine) if failed]
        for number in sorted(range(len(cases)), key=alike.__getitem__):
            wrong = mine[number][1]
            if wrong and (stable := _stable(lab, exercise, mistake, cases[number], wrong)):
                known.append({"help": mistake.help, "case": number, "fails": fails, "outputs": stable})
                break
    return known


def _alike(one: Made, other: Made) -> bool:
    return all(agree(numbers, other.get(name)) for name, numbers in one.items())


def _tried(lab: LabFolder, exercise: Exercise, mistake: Mistake, case: SolvedCase) -> tuple[bool, Made]:
    """Return whether a mistake fails in a case, and the fingerprints of the outputs that it gets wrong."""
    answer = _answer(lab, exercise, mistake, case, case.inputs)
    if answer is None:
        return True, {}
    right = fingerprints(exercise, case, case.outputs, case.random)
    made = fingerprints(exercise, case, *answer)
    wrong = {name: f for name, f in made.items() if f and not agree(f, right[name], APART)}
    pairs = zip(exercise.weights, answer[0], case.outputs, strict=True)
    failed = any(differs(exercise, case, name, got, want) for name, got, want in pairs)
    return failed or differ(answer[1], case.random, "random"), wrong


def _stable(
    lab: LabFolder, exercise: Exercise, mistake: Mistake, case: SolvedCase, made: Made
) -> dict[str, list[float]]:
    """Return, rounded, those of a mistake's fingerprints that stay when the inputs are perturbed."""
    wrong, rng = set(made), np.random.default_rng(0)
    for _ in range(MOVES):
        answer = _answer(lab, exercise, mistake, case, _perturbed(case.inputs, rng))
        other = fingerprints(exercise, case, *answer) if answer else {}
        wrong &= {name for name in wrong if agree(made[name], other.get(name), 0.1 * APART)}
    return {name: _rounded(numbers) for name, numbers in made.items() if name in wrong}


def _answer(
    lab: LabFolder, exercise: Exercise, mistake: Mistake, case: SolvedCase, inputs: Mapping[str, Any]
) -> tuple[tuple[Any, ...], Any] | None:
    """Return a mistake's outputs and the random numbers after it; None if it fails."""
    try:
        with np.errstate(all="ignore"):
            return run(lab.mistaken(exercise.name, mistake), inputs, exercise, case.seed)
    except Exception:  # whatever a mistake raises
        return None


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


def _same(before: Known, made: Known, helps: Set[str]) -> bool:
    """Whether two sets of hints agree up to rounding.

    A hint that is missing now is no difference while its mistake is known: whether its numbers change in a
    late digit may depend on the version of NumPy.
    """
    if list(before) != list(made):
        return False
    return all(_kept(before[name], made[name], helps) for name in made)


def _kept(before: list[dict[str, Any]], made: list[dict[str, Any]], helps: Set[str]) -> bool:
    left = iter(before)
    for other in made:
        for one in left:
            if _equal(one, other):
                break
            if one["help"] not in helps:
                return False
        else:
            return False
    return all(one["help"] in helps for one in left)


def _equal(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (
        all(one[key] == other[key] for key in ("help", "case", "fails"))
        and list(one["outputs"]) == list(other["outputs"])
        and all(agree(one["outputs"][name], other["outputs"][name]) for name in other["outputs"])
    )
