"""Draws the cases of a submission from its seed: inputs, and the reference's outputs for them."""

import copy
import functools
import inspect
import itertools
import math
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.errors import GraderError, LabError
from autograder.lab.course import LabFolder
from autograder.lab.earlier import importable
from autograder.lab.exercise import CORE, Case, Exercise
from autograder.lab.variants import label
from autograder.referee.call import call, run, silence
from autograder.sandbox.inside.wire import pack
from course_utils.judging.compare import ABSENT, leaves
from course_utils.judging.form import PUBLISHED, SolvedCase
from course_utils.judging.outputs import WrongForm, differs

__all__ = [
    "DrawnCase",
    "draw",
    "draw_exercise",
    "excused",
    "published_inputs",
    "refuse_ill_conditioned",
    "sensitivity",
    "varied",
]

MOVED = 1e-15
"""The relative change of the inputs by which the conditioning of a case is measured: their last digit."""
SHARE = 0.1
"""A case is ill-conditioned where moved inputs move a right output by this share of the tolerance."""
TRIED = 5
"""The seeds with which a case is tried: one that is ill-conditioned with all is refused."""
SLACK, LARGEST = 30.0, 1e-4
"""An ill-conditioned output may be off by SLACK times as much as it moves, and at most by LARGEST."""


Solution = tuple[tuple[Any, ...], np.ndarray | None]
"""The right outputs of a case, effects included, and the random numbers drawn after the call."""


@dataclass(frozen=True)
class DrawnCase(SolvedCase):
    """A case as the referee has it: with its packed inputs, and what has been found out of it.

    It is solved when its outputs are first asked for: not at all where the answer has no value, as for a
    function that is not written. Solving raises GraderError when the lab's own code fails, LabError when it
    does not return what the exercise says.
    """

    outputs: tuple[Any, ...] = field(init=False, repr=False, compare=False)
    random: np.ndarray | None = field(init=False, repr=False, compare=False)
    solve: Callable[[], Solution] = field(kw_only=True, repr=False, compare=False)
    packed: tuple[dict[str, Any], list[bytes]] = field(default=({}, []), repr=False)
    """The inputs as they are sent to the probe: packed once."""
    sent: tuple[np.ndarray, ...] = field(default=(), repr=False, compare=False)
    """The arrays of the inputs, in the order of their numbers in ``packed``."""
    measured: list[dict[str, tuple[float, Any]]] = field(default_factory=list, repr=False, compare=False)
    mistaken: dict[str, tuple[Any, ...] | None] = field(default_factory=dict, repr=False, compare=False)
    """The outputs of known mistakes, cached by name; None if the mistake fails on these inputs."""

    def __getattr__(self, name: str) -> Any:
        """Solve the case: called where it has no outputs yet."""
        if name not in ("outputs", "random"):
            raise AttributeError(name)
        solution = self.solve()
        for known, value in zip(("outputs", "random"), solution, strict=True):
            object.__setattr__(self, known, value)
        return self.__dict__[name]

    @property
    def bytes(self) -> int:
        """The size of the input arrays."""
        return sum(array.nbytes for array in self.sent)

    @property
    def moves(self) -> dict[str, tuple[float, Any]] | None:
        """The `sensitivity` of the case, once it has been measured."""
        return self.measured[0] if self.measured else None


def draw(lab: LabFolder, seed: int) -> dict[str, list[DrawnCase]]:
    """Return the cases of each exercise of a lab. The same seed gives the same cases.

    Raises GraderError when the lab's own code fails, LabError when an exercise contradicts itself.
    """
    return {name: draw_exercise(lab, exercise, seed) for name, exercise in lab.exercises.items()}


def draw_exercise(lab: LabFolder, exercise: Exercise, seed: int) -> list[DrawnCase]:
    """Return the cases of one exercise: those drawn from the seed, then the published example.

    Raises GraderError when the lab's own code fails, LabError when the exercise contradicts itself.
    """
    try:
        published = _published(lab, exercise.name)  # first: it checks the exercise
        return [*(_draw(lab, exercise, case, seed) for case in exercise.cases), *published]
    except (LabError, GraderError):
        raise
    except Exception as error:
        raise _failed(lab, error) from error


def varied(lab: LabFolder, exercise: Exercise, cases: Iterable[DrawnCase]) -> list[DrawnCase]:
    """Return cases of a lab with the outputs of a variant; the inputs stay, whatever an answer equals.

    Raises GraderError when the variant's code fails, LabError when it does not return what the exercise says.
    """
    return [_varied(lab, exercise, case) for case in cases]


def _varied(lab: LabFolder, exercise: Exercise, case: DrawnCase) -> DrawnCase:
    def solve() -> Solution:
        what = f"{lab.name}: {exercise.name} with {label(lab)}"
        try:
            return run(lab.reference[exercise.name], case.inputs, exercise, case.seed)
        except WrongForm as error:
            raise LabError(f"{what}: {error}") from None
        except Exception as error:
            raise GraderError(f"{what} fails: {type(error).__name__}: {error}") from error

    return replace(case, solve=solve, measured=[], mistaken={})


def _draw(lab: LabFolder, exercise: Exercise, case: Case, seed: int) -> DrawnCase:
    reference = lab.reference[exercise.name]
    rng = _generator(seed, exercise, case.name)
    inputs = dict(case.draw(rng))
    parameters = list(inspect.signature(reference).parameters)
    if list(inputs) != parameters[: len(inputs)]:
        raise LabError(
            f"{exercise.name}: the case {case.name!r} draws {', '.join(inputs)}; "
            f"the function takes {', '.join(parameters)}"
        )
    return _drawn(lab, case.name, case.group, reference, inputs, exercise, case.compare, rng)


@functools.lru_cache(maxsize=256)
def _published(lab: LabFolder, name: str) -> tuple[DrawnCase, ...]:
    """Return the published example of an exercise, if there is one; it is the same for every seed."""
    exercise = lab.exercises[name]
    _check(lab, exercise)
    if name not in lab.published:
        return ()
    title, first = "the published example", lab.published[name].get("compare", {})
    inputs, rng = published_inputs(lab, exercise), _generator(0, exercise, title)
    return (_drawn(lab, title, PUBLISHED, lab.reference[name], inputs, exercise, first, rng),)


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
    if not any(case.group == CORE for case in exercise.cases):
        raise LabError(f"{lab.name}: {exercise.name} has no case in the group {CORE!r}")
    published = lab.published.get(exercise.name, {}).get("compare", {})
    needs = {*exercise.needs, *itertools.chain(*exercise.needs.values())}
    named = {*exercise.loose, *needs, *published, *(name for case in exercise.cases for name in case.compare)}
    if unknown := named - exercise.weights.keys():
        raise LabError(f"{lab.name}: {exercise.name} has no output {', '.join(sorted(unknown))}")


def _generator(seed: int, exercise: Exercise, case: str) -> np.random.Generator:
    # Seeded by name, so that adding a case leaves the others as they are.
    return np.random.default_rng([seed, zlib.crc32(f"{exercise.name}/{case}".encode())])


def _drawn(
    lab: LabFolder,
    name: str,
    group: str,
    reference: Callable[..., Any],
    inputs: Mapping[str, Any],
    exercise: Exercise,
    first: Mapping[str, int],
    rng: np.random.Generator,
) -> DrawnCase:
    seed = int(rng.integers(1 << 32)) if exercise.seeds else None

    def solve() -> Solution:
        try:
            outputs, random = run(reference, inputs, exercise, seed)
        except WrongForm as error:
            raise LabError(f"{exercise.name} and exercises.py disagree: {error}") from None
        except Exception as error:
            raise _failed(lab, error) from error
        if any(output is ABSENT for output in outputs):
            raise LabError(f"{exercise.name}: its reference lacks outputs that exercises.py names")
        return outputs, random

    packed = pack()
    node = packed(dict(inputs))
    sent = tuple(np.asarray(array) for array in packed.sent)
    files = exercise.files(inputs) if exercise.files else {}
    return DrawnCase(name, group, inputs, first, seed, files, (node, packed.arrays), sent, solve=solve)


def _failed(lab: LabFolder, error: Exception) -> GraderError:
    return GraderError(f"{lab.name}: its cases cannot be drawn: {type(error).__name__}: {error}")


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
    recipe = "\n".join(lab.published[exercise.name]["inputs"])
    try:
        with importable(lab.folder.parent), silence():
            exec(recipe, {**lab.reference, "np": np, exercise.name: recorder})  # our own file
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise LabError(f"{lab.name}: the published recipe of {exercise.name} does not run: {said}") from None
    finally:
        np.random.set_state(state)
    if len(seen) != 1:
        raise LabError(
            f"{lab.name}: the published recipe of {exercise.name} calls it {len(seen)} times, not once"
        )
    return dict(zip(inspect.signature(reference).parameters, seen[0], strict=False))


def sensitivity(lab: LabFolder, exercise: Exercise, case: DrawnCase) -> dict[str, tuple[float, Any]]:
    """Return how far, and to what, ill-conditioned outputs move when inputs move in the last digit.

    The move is relative to the largest value of the output; infinite where it is no matter of size, as for
    whole numbers. Chance may make a case ill-conditioned: a sum near zero, or two values nearly equal.
    """
    outputs = case.outputs  # first: it says what is wrong where the lab is at fault
    perturbed = copy.deepcopy(dict(case.inputs))
    rng = np.random.default_rng(0)
    for leaf in leaves(perturbed):
        if leaf.dtype.kind == "f" and leaf.ndim:
            leaf *= 1 + MOVED * rng.choice((-1.0, 1.0), leaf.shape)
    others = call(lab.reference[exercise.name], perturbed, exercise, case.seed)
    found = {}
    for name, right, other in zip(exercise.weights, outputs, others, strict=True):
        if _within(exercise, case, name, other, right, SHARE * exercise.rtol):
            continue
        sizes = (10.0**power * exercise.rtol for power in range(7))
        within = (size for size in sizes if _within(exercise, case, name, other, right, size))
        found[name] = next(within, math.inf), other
    return found


@functools.lru_cache(maxsize=64)
def refuse_ill_conditioned(lab: LabFolder) -> None:
    """Raise LabError for a case of a lab that is ill-conditioned with each of a few seeds.

    Once for a lab: what is ill-conditioned by chance, with some seeds, is judged less strictly (`excused`).
    """
    for exercise in lab.exercises.values():
        for number, case in enumerate(exercise.cases):
            drawn = (draw_exercise(lab, exercise, seed)[number] for seed in range(TRIED))
            if all(sensitivity(lab, exercise, one) for one in drawn):
                said = f"{exercise.name}: the case {case.name!r} is ill-conditioned"
                raise LabError(f"{said}; draw smaller or fewer values")


def excused(lab: LabFolder, exercise: Exercise, case: DrawnCase, name: str, got: Any, right: Any) -> bool:
    """Whether a wrong output is no more wrong than a right function's may be, the case being ill-conditioned.

    It is measured only when an output is wrong: for right answers it makes no difference.
    """
    if case.group == PUBLISHED:  # its lab says how far it is compared
        return False
    if case.moves is None:
        case.measured.append(sensitivity(lab, exercise, case))
    moves, other = (case.moves or {}).get(name, (0.0, None))
    if math.isinf(moves):
        return _within(exercise, case, name, got, other, exercise.rtol)
    return moves > 0 and _within(exercise, case, name, got, right, min(LARGEST, SLACK * moves))


def _within(exercise: Exercise, case: DrawnCase, name: str, got: Any, right: Any, rtol: float) -> bool:
    return differs(exercise, case, name, got, right, rtol) is None
