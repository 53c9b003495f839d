"""Makes the variants of a lab: the same lab with alternatives in place of some of its reference functions.

A variant is a lab itself, so whatever works on a lab works on it: its reference, its known mistakes as far as
their edits fit, and the functions that call an edited one. Without alternatives a lab is its only variant.
"""

import copy
import functools
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autograder.errors import LabError
from autograder.lab import text as labtext
from autograder.lab.course import LabFolder
from autograder.lab.exercise import Mistake

__all__ = ["MOST", "label", "rivals", "says", "variant", "variants"]

MOST = 8
"""The most variants that an answer to one exercise is compared with."""


@functools.lru_cache(maxsize=256)
def variants(lab: LabFolder, exercise: str) -> tuple[LabFolder, ...]:
    """Return the variants that an answer to an exercise may equal, the lab itself first.

    They differ in the form of the exercise and of those that it may call, itself or through others. Raises
    LabError if there are more than MOST.
    """
    choices = [
        [(name, alternative) for alternative in ("", *(one.name for one in lab.exercises[name].alternatives))]
        for name in dict.fromkeys((exercise, *_called(lab, exercise)))
        if lab.exercises[name].alternatives
    ]
    found = [variant(lab, dict(chosen)) for chosen in itertools.islice(itertools.product(*choices), MOST + 1)]
    if len(found) > MOST:
        raise LabError(
            f"{lab.name}: {exercise}, with what it calls, has too many alternatives: more than {MOST} forms"
        )
    return tuple(found)


def variant(lab: LabFolder, forms: Mapping[str, str]) -> LabFolder:
    """Return the variant with the alternatives that are named by exercise; "" stands for the reference.

    Raises KeyError for an unknown alternative.
    """
    chosen = tuple((name, forms[name]) for name in lab.exercises if forms.get(name))
    return _variant(lab, chosen) if chosen else lab


def label(lab: LabFolder) -> str:
    """Return a name for a variant among those of a lab, such as "gru: paper"; "" for the lab itself."""
    return ", ".join(f"{name}: {one.name}" for name, one in lab.forms.items())


def rivals(lab: LabFolder, one: LabFolder, exercise: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield what an alternative must differ from, in words, each with its function.

    ``one`` is the variant of the lab that has this alternative of the exercise and no other.
    """
    yield "the reference", lab.reference[exercise]
    for mistake in lab.mistakes.get(exercise, ()):
        yield f"the mistake {mistake.name!r}", lab.mistaken(exercise, mistake)
    for other in variants(lab, exercise)[1:]:
        if other is not one and other.forms.keys() == {exercise}:
            yield f"the alternative {other.forms[exercise].name!r}", other.reference[exercise]


def says(lab: LabFolder, exercise: str) -> str:
    """Return what a student is told whose answer is judged by a variant; "" for the lab itself."""
    own = [one.says for name, one in lab.forms.items() if name == exercise]
    used = [
        f"Judged with `{name}` in the form “{one.name}”."
        for name, one in lab.forms.items()
        if name != exercise
    ]
    return " ".join([*own, *used])


@functools.lru_cache(maxsize=256)
def _variant(lab: LabFolder, chosen: tuple[tuple[str, str], ...]) -> LabFolder:
    made = LabFolder(lab.folder)
    known = {name: {one.name: one for one in lab.exercises[name].alternatives} for name, _ in chosen}
    made.base, made.forms = lab, {name: known[name][form] for name, form in chosen}
    made.lab, made.published = lab.lab, lab.published
    made.reference_text = copy.deepcopy(lab.reference_text)
    made.text = made.reference_text if lab.reference_text is lab.text else lab.text
    sources = labtext.reference_source(lab.reference_text)
    cells = labtext.solution_cells(made.reference_text)
    for name, alternative in made.forms.items():
        old, new = sources[name].rstrip("\n"), lab.edited(name, alternative).rstrip("\n")
        cells[name].source = cells[name].source.replace(old, new)
    made.mistakes = {
        name: [one for one in mistakes if name not in made.forms or _fits(made, name, one)]
        for name, mistakes in lab.mistakes.items()
    }
    return made


def _fits(lab: LabFolder, exercise: str, mistake: Mistake) -> bool:
    try:
        lab.edited(exercise, mistake)
    except LabError:
        return False
    return True


def _called(lab: LabFolder, exercise: str) -> Iterator[str]:
    for name in lab.exercises[exercise].calls:
        yield name
        yield from _called(lab, name)
