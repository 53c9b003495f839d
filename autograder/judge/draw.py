"""Draws the cases of a grading run: inputs from one seed, and what the reference makes of them."""

import copy
import inspect
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..course import LabFolder
from ..errors import GraderError, LabError
from ..exercise import CORE, Exercise
from ..sandbox.inside.wire import pack
from .compare import leaves

__all__ = ["PUBLISHED", "DrawnCase", "call", "draw"]

PUBLISHED = "published"
"""The group of the case that a source document prints: it can take points away, never give them."""


@dataclass(frozen=True)
class DrawnCase:
    """One call: the inputs in the order of the function's parameters, and the right outputs."""

    name: str
    group: str
    inputs: Mapping[str, Any]
    outputs: tuple[Any, ...]
    packed: tuple[dict[str, Any], list[bytes]] = field(repr=False)
    """The inputs as they are sent: packed once, for every student."""


def draw(lab: LabFolder, seed: int) -> dict[str, list[DrawnCase]]:
    """Return the cases of each exercise of a lab. The same seed gives the same cases.

    Raises GraderError when the lab's own code fails, LabError when a case is ill-conditioned: when a
    change of the inputs in the last digit moves the right outputs by more than the tolerance.
    """
    try:
        return {name: _draw_exercise(lab, exercise, seed) for name, exercise in lab.exercises.items()}
    except (LabError, GraderError):
        raise
    except Exception as error:
        raise GraderError(
            f"{lab.name}: its cases cannot be drawn: {type(error).__name__}: {error}"
        ) from error


def call(function: Callable[..., Any], inputs: Mapping[str, Any], exercise: Exercise) -> tuple[Any, ...]:
    """Call a function of ours on a copy of the inputs and return its outputs as a tuple."""
    value = function(*copy.deepcopy(dict(inputs)).values())
    return as_outputs(value, exercise)


def as_outputs(value: Any, exercise: Exercise) -> tuple[Any, ...]:
    """Return a function's value as the tuple of its outputs."""
    return value if len(exercise.outputs) > 1 and type(value) is tuple else (value,)


def _draw_exercise(lab: LabFolder, exercise: Exercise, seed: int) -> list[DrawnCase]:
    reference = lab.reference[exercise.name]
    parameters = list(inspect.signature(reference).parameters)
    groups = {case.group for case in exercise.cases} - {CORE}
    if groups != exercise.shares.keys() or not 0 < exercise.share(CORE) <= 1:
        raise LabError(
            f"{lab.name}: each group of cases of {exercise.name} but {CORE!r} needs a share, "
            "and the shares together must be less than 1"
        )
    cases = []
    for case in exercise.cases:
        # Seeded by name, so that adding a case leaves the others as they are.
        rng = np.random.default_rng([seed, zlib.crc32(f"{exercise.name}/{case.name}".encode())])
        inputs = dict(case.draw(rng))
        if list(inputs) != parameters[: len(inputs)]:
            raise LabError(
                f"{exercise.name}: the case {case.name!r} draws {', '.join(inputs)}; "
                f"the function takes {', '.join(parameters)}"
            )
        _require_conditioned(reference, inputs, exercise, case.name)
        cases.append(_drawn(case.name, case.group, reference, inputs, exercise))
    if exercise.name in lab.published:
        inputs = published_inputs(lab, exercise)
        cases.append(_drawn("the published example", PUBLISHED, reference, inputs, exercise))
    if not any(case.group == CORE for case in cases):
        raise LabError(f"{lab.name}: {exercise.name} has no case in the group {CORE!r}")
    return cases


def _drawn(
    name: str, group: str, reference: Callable[..., Any], inputs: Mapping[str, Any], exercise: Exercise
) -> DrawnCase:
    outputs = call(reference, inputs, exercise)
    if len(outputs) != len(exercise.outputs):
        raise LabError(
            f"{exercise.name} returns {len(outputs)} values, exercises.py names {len(exercise.outputs)}"
        )
    packed = pack()
    return DrawnCase(name, group, inputs, outputs, (packed(dict(inputs)), packed.arrays))


def published_inputs(lab: LabFolder, exercise: Exercise) -> dict[str, Any]:
    """Run the recipe of the published example and return what it calls the function with."""
    reference = lab.reference[exercise.name]
    seen: list[tuple[Any, ...]] = []

    def recorder(*args: Any) -> Any:
        seen.append(copy.deepcopy(args))
        return reference(*args)

    state = np.random.get_state()
    try:
        recipe = "\n".join(lab.published[exercise.name]["inputs"])
        exec(recipe, {**lab.reference, "np": np, exercise.name: recorder})  # our own file
    finally:
        np.random.set_state(state)
    if len(seen) != 1:
        raise LabError(
            f"{lab.name}: the published recipe of {exercise.name} calls it {len(seen)} times, not once"
        )
    return dict(zip(inspect.signature(reference).parameters, seen[0], strict=False))


def _require_conditioned(
    reference: Callable[..., Any], inputs: Mapping[str, Any], exercise: Exercise, name: str
) -> None:
    moved = copy.deepcopy(dict(inputs))
    rng = np.random.default_rng(0)
    for leaf in leaves(moved):
        if leaf.dtype.kind == "f" and leaf.ndim:
            leaf *= 1 + 1e-15 * rng.standard_normal(leaf.shape)
    pairs = zip(
        leaves(call(reference, inputs, exercise)), leaves(call(reference, moved, exercise)), strict=True
    )
    for right, other in pairs:
        if right.dtype.kind != "f" or right.size == 0:
            continue
        scale = float(np.max(np.abs(right))) or 1.0
        if float(np.max(np.abs(right - other))) > 0.1 * exercise.rtol * scale:
            raise LabError(
                f"{exercise.name}: the case {name!r} is ill-conditioned; draw smaller or fewer values"
            )
