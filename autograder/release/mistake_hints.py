"""Makes hints.json, by which the visible checks recognise known mistakes.

`hints` runs each known mistake of a lab on the published example, as a student's notebook would, and keeps
its help and a fingerprint of each wrong output. The file holds no code, no right output and no hidden case.
"""

import contextlib
import io
import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import LabError
from autograder.lab.course import LabFolder
from autograder.lab.earlier import importable
from autograder.lab.exercise import Exercise
from course_utils.checks import CheckFailed, agree, fingerprint, run_recipe
from course_utils.judging.compare import leaves

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
    """Return the hints of each exercise: the help of each known mistake, and expression -> fingerprint.

    A mistake is left out if it gives the right outputs, raises, or gives only wrong numbers that change
    when the inputs are perturbed in a late digit.
    """
    return {
        name: known
        for name, exercise in lab.exercises.items()
        if name in lab.published and (known := _exercise_hints(lab, exercise))
    }


def _exercise_hints(lab: LabFolder, exercise: Exercise) -> list[dict[str, Any]]:
    entry = lab.published[exercise.name]
    names = _expressions(exercise, entry)
    right = _run(lab, exercise, lab.reference[exercise.name], names)
    if not right:
        raise LabError(f"{lab.name}: the published recipe of {exercise.name} does not run by itself")
    known = []
    for mistake in lab.mistakes.get(exercise.name, ()):
        function = lab.mistaken(exercise.name, mistake)
        made = _run(lab, exercise, function, names)
        wrong = {
            name for name in made if made[name] and right[name] and not agree(made[name], right[name], APART)
        }
        rng = np.random.default_rng(0)
        for _ in range(MOVES if wrong else 0):
            other = _run(lab, exercise, _perturbed(function, rng), names)
            wrong &= {name for name in wrong if agree(made[name], other.get(name), 0.1 * APART)}
        outputs = {name: _rounded(made[name]) for name in names if name in wrong}
        if outputs:
            known.append({"help": mistake.help, "outputs": outputs})
    return known


def _expressions(exercise: Exercise, entry: Mapping[str, Any]) -> list[str]:
    """Return the expression of each compared value, as `fingerprint` evaluates it."""
    first = entry.get("compare", {})
    if exercise.returns is dict:
        named = {name: f'{entry["outputs"][0]}["{name}"]' for name in exercise.outputs}
    else:
        named = dict(zip(exercise.outputs, entry["outputs"], strict=True))
    named |= {name: name for name in exercise.effects}
    named |= {name: f"np.squeeze({named[name]})" for name in exercise.loose}
    named |= {name: f"{named[name]}[:{count}]" for name, count in first.items()}
    # Draws may be equal by chance, but not together with the generator's state after them.
    return [f"[{expression}, _random]" if exercise.seeds else expression for expression in named.values()]


def _run(
    lab: LabFolder, exercise: Exercise, function: Callable[..., Any], expressions: list[str]
) -> dict[str, Any]:
    """Run the published example with a function; return its fingerprints, none if it fails."""
    with _quiet(), importable(lab.folder.parent):
        try:
            values = run_recipe(function, exercise.name, lab.published[exercise.name])
        except CheckFailed:
            return {}
        return {expression: fingerprint(expression, values) for expression in expressions}


def _perturbed(function: Callable[..., Any], rng: np.random.Generator) -> Callable[..., Any]:
    """Return a function that slightly perturbs its inputs and then calls ``function``."""

    def called(*args: Any, **kwargs: Any) -> Any:
        for leaf in leaves([*args, kwargs]):
            if leaf.dtype.kind == "f" and leaf.ndim:
                leaf *= 1 + SHIFT * rng.standard_normal(leaf.shape)
        return function(*args, **kwargs)

    return called


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Suppress output, warnings and floating-point errors of mistakes."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


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
        one["help"] == other["help"]
        and list(one["outputs"]) == list(other["outputs"])
        and all(agree(one["outputs"][name], other["outputs"][name]) for name in other["outputs"])
        for one, other in pairs
    )
