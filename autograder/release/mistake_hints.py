"""What the visible checks know of mistakes: what each gives on the published example, in a few numbers.

`hints` runs each known mistake of a lab as a student's notebook would run it, and keeps its help and, for
each output that it has wrong, a fingerprint. No code, no right output and no hidden case is in the text.
"""

import contextlib
import io
import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.checks import CheckFailed, agree, fingerprint, run_recipe

from autograder.lab.course import LabFolder
from autograder.lab.earlier import importable
from autograder.errors import LabError
from autograder.lab.exercise import Exercise
from autograder.referee.compare import leaves

__all__ = ["hints", "hints_text"]

Known = dict[str, list[dict[str, Any]]]

DIGITS = 8
"""Significant digits of a fingerprint: within the tolerance of a comparison."""
APART = 1e-6
"""A wrong output differs from the right one by more than this, ten times what a comparison forgives."""
MOVES, SHIFT = 3, 1e-14
"""How often the inputs are changed, and by how much: ten times what machines differ in rounding."""


def hints_text(lab: LabFolder, before: Path) -> str:
    """Return the text of hints.json for a lab, empty where there is nothing to say.

    Another version of NumPy may round another way: a text that is there ``before`` is returned as it
    is, when its numbers agree with those found now.
    """
    made = hints(lab)
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        text = before.read_text("utf-8")
        if _same(json.loads(text), made):
            return text
    functions = [f" {json.dumps(name)}: [\n  {_lines(known)}\n ]" for name, known in made.items()]
    return "{\n" + ",\n".join(functions) + "\n}\n" if functions else ""


def hints(lab: LabFolder) -> Known:
    """Return what is known of each exercise's mistakes: their help, and expression -> fingerprint.

    A mistake that gives the right outputs, raises, or gives no numbers that stay when inputs change
    in a late digit, is left out.
    """
    return {
        name: known
        for name, exercise in lab.exercises.items()
        if name in lab.published and (known := _of_exercise(lab, exercise))
    }


def _of_exercise(lab: LabFolder, exercise: Exercise) -> list[dict[str, Any]]:
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
            other = _run(lab, exercise, _moved(function, rng), names)
            wrong &= {name for name in wrong if agree(made[name], other.get(name), 0.1 * APART)}
        outputs = {name: _rounded(made[name]) for name in names if name in wrong}
        if outputs:
            known.append({"help": mistake.help, "outputs": outputs})
    return known


def _expressions(exercise: Exercise, entry: Mapping[str, Any]) -> list[str]:
    """Return the expression of each thing that is compared, as `fingerprint` evaluates it."""
    first = entry.get("compare", {})
    if exercise.returns is dict:
        named = {name: f'{entry["outputs"][0]}["{name}"]' for name in exercise.outputs}
    else:
        named = dict(zip(exercise.outputs, entry["outputs"], strict=True))
    named |= {name: name for name in exercise.effects}
    named |= {name: f"np.squeeze({named[name]})" for name in exercise.loose}
    named |= {name: f"{named[name]}[:{count}]" for name, count in first.items()}
    # What is drawn may be the same by chance, but not together with the state of the generator.
    return [f"[{expression}, _random]" if exercise.seeds else expression for expression in named.values()]


def _run(
    lab: LabFolder, exercise: Exercise, function: Callable[..., Any], expressions: list[str]
) -> dict[str, Any]:
    """Run the published example with a function; returns the fingerprints, none at all if it fails."""
    with _quiet(), importable(lab.folder.parent):
        try:
            values = run_recipe(function, exercise.name, lab.published[exercise.name])
        except CheckFailed:
            return {}
        return {expression: fingerprint(expression, values) for expression in expressions}


def _moved(function: Callable[..., Any], rng: np.random.Generator) -> Callable[..., Any]:
    """Return a function that is called with its inputs changed a little."""

    def called(*args: Any, **kwargs: Any) -> Any:
        for leaf in leaves([*args, kwargs]):
            if leaf.dtype.kind == "f" and leaf.ndim:
                leaf *= 1 + SHIFT * rng.standard_normal(leaf.shape)
        return function(*args, **kwargs)

    return called


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Let mistakes print, overflow and warn unheard."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _rounded(numbers: Any) -> list[float]:
    return [numbers[0], *(float(f"{number:.{DIGITS}g}") for number in numbers[1:])]


def _lines(known: list[dict[str, Any]]) -> str:
    return ",\n  ".join(json.dumps(mistake, ensure_ascii=False) for mistake in known)


def _same(before: Known, made: Known) -> bool:
    """Whether two texts say the same, but for the rounding of numbers."""
    if list(before) != list(made):
        return False
    pairs = [(one, other) for name in made for one, other in zip(before[name], made[name], strict=True)]
    return all(
        one["help"] == other["help"]
        and list(one["outputs"]) == list(other["outputs"])
        and all(agree(one["outputs"][name], other["outputs"][name]) for name in other["outputs"])
        for one, other in pairs
    )
