"""Draws the cases of a grading run from one seed: inputs, and the reference's outputs for them."""

import copy
import inspect
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.errors import GraderError, LabError
from autograder.lab.course import LabFolder
from autograder.lab.earlier import importable
from autograder.lab.exercise import CORE, Exercise
from autograder.referee.call import WrongForm, call, run, silence
from autograder.referee.compare import ABSENT, Fault, compare, leaves
from autograder.sandbox.inside.wire import pack

__all__ = ["PUBLISHED", "DrawnCase", "differs", "draw", "published_inputs"]

PUBLISHED = "published"
"""The group of the case that a source document prints: it can take points away, never earn them."""

DRAWS = 5
"""How often a case is drawn at most until it is well-conditioned: a sum may be near zero by chance."""


@dataclass(frozen=True)
class DrawnCase:
    """One call: the inputs in the order of the function's parameters, and the right outputs.

    ``outputs`` are in the order of the exercise's weights. If the exercise seeds, NumPy's global random
    state is set from ``seed`` before the call, and ``random`` are the numbers that it gives after it.
    """

    name: str
    group: str
    inputs: Mapping[str, Any]
    outputs: tuple[Any, ...]
    packed: tuple[dict[str, Any], list[bytes]] = field(repr=False)
    """The inputs as they are sent to the probe: packed once for all students."""
    sent: tuple[np.ndarray, ...] = field(repr=False, compare=False)
    """The arrays of the inputs, in the order of their numbers in ``packed``."""
    first: Mapping[str, int] = field(default_factory=dict)
    """The number of leading entries that are compared, of outputs that are not compared whole."""
    seed: int | None = None
    random: np.ndarray | None = None
    mistaken: dict[str, tuple[Any, ...] | None] = field(default_factory=dict, repr=False, compare=False)
    """The outputs of known mistakes, cached by name; None if the mistake fails on these inputs."""


def draw(lab: LabFolder, seed: int) -> dict[str, list[DrawnCase]]:
    """Return the cases of each exercise of a lab. The same seed gives the same cases.

    A case is drawn again if it is ill-conditioned: if a change of the inputs in the last digit changes the
    right outputs by more than a tenth of the tolerance. Raises GraderError when the lab's own code fails,
    LabError when a case is ill-conditioned in every draw.
    """
    try:
        return {name: _draw_exercise(lab, exercise, seed) for name, exercise in lab.exercises.items()}
    except (LabError, GraderError):
        raise
    except Exception as error:
        raise GraderError(
            f"{lab.name}: its cases cannot be drawn: {type(error).__name__}: {error}"
        ) from error


def differs(exercise: Exercise, case: DrawnCase, name: str, got: Any, want: Any) -> Fault | None:
    """Compare one output as the exercise and the case say; return its fault, if any."""
    count, path = case.first.get(name), name
    if count is not None:
        got, want, path = _cut(got, count), _cut(want, count), f"{name}[:{count}]"
    return compare(got, want, path, exercise.rtol, loose=name in exercise.loose)


def _cut(value: Any, count: int) -> Any:
    if type(value) in (list, tuple) or (isinstance(value, np.ndarray) and value.ndim):
        return value[:count]
    return value


def _draw_exercise(lab: LabFolder, exercise: Exercise, seed: int) -> list[DrawnCase]:
    reference = lab.reference[exercise.name]
    parameters = list(inspect.signature(reference).parameters)
    _check(lab, exercise)
    cases = []
    for case in exercise.cases:
        for attempt in range(DRAWS):
            rng = _generator(seed, exercise, f"{case.name}/{attempt}" if attempt else case.name)
            inputs = dict(case.draw(rng))
            if list(inputs) != parameters[: len(inputs)]:
                raise LabError(
                    f"{exercise.name}: the case {case.name!r} draws {', '.join(inputs)}; "
                    f"the function takes {', '.join(parameters)}"
                )
            drawn = _drawn(case.name, case.group, reference, inputs, exercise, case.compare, rng)
            if _is_conditioned(reference, drawn, exercise):
                break
        else:
            raise LabError(
                f"{exercise.name}: the case {case.name!r} is ill-conditioned; draw smaller or fewer values"
            )
        cases.append(drawn)
    if exercise.name in lab.published:
        name = "the published example"
        first = lab.published[exercise.name].get("compare", {})
        inputs, rng = published_inputs(lab, exercise), _generator(seed, exercise, name)
        cases.append(_drawn(name, PUBLISHED, reference, inputs, exercise, first, rng))
    if not any(case.group == CORE for case in cases):
        raise LabError(f"{lab.name}: {exercise.name} has no case in the group {CORE!r}")
    return cases


def _check(lab: LabFolder, exercise: Exercise) -> None:
    """Raise LabError where an exercise contradicts itself."""
    groups = {case.group for case in exercise.cases} - {CORE}
    if groups != exercise.shares.keys() or not 0 < exercise.share(CORE) <= 1:
        raise LabError(
            f"{lab.name}: each group of cases of {exercise.name} but {CORE!r} needs a share, "
            "and the shares together must be less than 1"
        )
    if exercise.outputs.keys() & exercise.effects.keys():
        raise LabError(f"{lab.name}: {exercise.name} has an output and an effect of one name")
    published = lab.published.get(exercise.name, {}).get("compare", {})
    named = {*exercise.loose, *published, *(name for case in exercise.cases for name in case.compare)}
    if unknown := named - exercise.weights.keys():
        raise LabError(f"{lab.name}: {exercise.name} has no output {', '.join(sorted(unknown))}")


def _generator(seed: int, exercise: Exercise, case: str) -> np.random.Generator:
    # Seeded by name, so that adding a case leaves the others as they are.
    return np.random.default_rng([seed, zlib.crc32(f"{exercise.name}/{case}".encode())])


def _drawn(
    name: str,
    group: str,
    reference: Callable[..., Any],
    inputs: Mapping[str, Any],
    exercise: Exercise,
    first: Mapping[str, int],
    rng: np.random.Generator,
) -> DrawnCase:
    seed = int(rng.integers(1 << 32)) if exercise.seeds else None
    try:
        outputs, random = run(reference, inputs, exercise, seed)
    except WrongForm as error:
        raise LabError(f"{exercise.name} and exercises.py disagree: {error}") from None
    if any(output is ABSENT for output in outputs):
        raise LabError(f"{exercise.name}: its reference lacks outputs that exercises.py names")
    packed = pack()
    node = packed(dict(inputs))
    sent = tuple(np.asarray(array) for array in packed.sent)
    return DrawnCase(name, group, inputs, outputs, (node, packed.arrays), sent, first, seed, random)


def published_inputs(lab: LabFolder, exercise: Exercise) -> dict[str, Any]:
    """Run the recipe of the published example; return the inputs of its call of the function.

    Raises LabError unless there is exactly one call.
    """
    reference = lab.reference[exercise.name]
    seen: list[tuple[Any, ...]] = []

    def recorder(*args: Any) -> Any:
        seen.append(copy.deepcopy(args))
        return reference(*args)

    state = np.random.get_state()
    try:
        recipe = "\n".join(lab.published[exercise.name]["inputs"])
        with importable(lab.folder.parent), silence():
            exec(recipe, {**lab.reference, "np": np, exercise.name: recorder})  # our own file
    finally:
        np.random.set_state(state)
    if len(seen) != 1:
        raise LabError(
            f"{lab.name}: the published recipe of {exercise.name} calls it {len(seen)} times, not once"
        )
    return dict(zip(inspect.signature(reference).parameters, seen[0], strict=False))


def _is_conditioned(reference: Callable[..., Any], case: DrawnCase, exercise: Exercise) -> bool:
    """Whether the right outputs stay well within the tolerance when inputs change in the last digit."""
    perturbed = copy.deepcopy(dict(case.inputs))
    rng = np.random.default_rng(0)
    for leaf in leaves(perturbed):
        if leaf.dtype.kind == "f" and leaf.ndim:
            leaf *= 1 + 1e-15 * rng.choice((-1.0, 1.0), leaf.shape)
    others = call(reference, perturbed, exercise, case.seed)
    strict = replace(exercise, rtol=0.1 * exercise.rtol)
    pairs = zip(exercise.weights, case.outputs, others, strict=True)
    return not any(differs(strict, case, name, other, right) for name, right, other in pairs)
