"""Says in a visible check where a wrong function goes wrong, as the feedback of the hidden tests does.

``places.json`` beside the notebook has fingerprints of the right function's variables for a few open cases.
"""

import contextlib
import copy
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from course_utils.judging.form import CORE, PUBLISHED, Form, SolvedCase
from course_utils.judging.locate import Known, Located, locate
from course_utils.judging.patterns import guarded
from course_utils.judging.trace import trace

__all__ = ["PLACES", "first_wrong", "known_places", "place", "traced_cases"]

PLACES = "places.json"
SECONDS = 2.0
MOST_TRACED = 3
"""With how many cases a wrong function is traced."""
MOST_LISTED = 4
"""How many right quantities a sentence lists: the last ones before the wrong one."""
AnyCase = TypeVar("AnyCase", bound=SolvedCase)


def known_places(folder: Path, name: str) -> Known | None:
    """Return what is known of an exercise's right function; None if there is nothing: it is optional."""
    try:
        entries: Mapping[str, Any] = json.loads((folder / PLACES).read_text(encoding="utf-8"))
        return Known.from_json(entries[name])
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None


def traced_cases(cases: Sequence[AnyCase]) -> list[AnyCase]:
    """Return the cases that are traced: the first of each group, core cases before others.

    If there are fewer groups than `MOST_TRACED`, further core cases are traced too.
    """
    core = [case for case in cases if case.group == CORE]
    others: dict[str, AnyCase] = {}
    for case in cases:
        if case.group not in (CORE, PUBLISHED):
            others.setdefault(case.group, case)
    first = list(others.values())[: MOST_TRACED - 1]
    return [*core[: MOST_TRACED - len(first)], *first]


def first_wrong(
    function: Callable[..., Any],
    form: Form,
    cases: Sequence[SolvedCase],
    known: Known,
    working: Callable[[Mapping[str, str]], contextlib.AbstractContextManager[None]],
) -> Located | None:
    """Return the first wrong quantity of a function; None if nothing can be said.

    ``working`` makes the folder in which a function with files is called. NumPy's random state is restored.
    """
    state = np.random.get_state()
    try:
        chosen = traced_cases(cases)
        for number in known.order()[: len(chosen)]:
            case = chosen[number]
            inputs = copy.deepcopy(dict(case.inputs))
            if form.seeds:
                np.random.seed(case.seed)
            with working(case.files):
                found = trace(function, list(inputs.values()), SECONDS)
            if (located := guarded(None, locate, known, number, found)) is not None:
                return located
    finally:
        np.random.set_state(state)
    return None


def place(known: Known, located: Located, outputs: Sequence[str] = ()) -> str:
    """Return one sentence that names the first wrong quantity; "" if it would only repeat that an output is.

    ``outputs`` are the names of the outputs.
    """
    name, step = located.name, located.step
    before = list(located.right)[-MOST_LISTED:]
    quoted = [f"`{one}`" for one in before]
    listed = f"{_and(quoted)} {'is' if len(before) == 1 else 'are'} right; " if before else ""
    counter = known.counters.get(name, "")
    word = "step" if counter == "t" else "pass"
    if counter == name:
        return _of_counter(located)
    if listed and located.later:
        return f"{_and(quoted)} {'is' if len(before) == 1 else 'are'} still right when `{name}` goes wrong."
    if step > 1:
        return f"`{name}` {_steps(step, word, located.backward)}."
    if step == 1 and (listed or name not in outputs):
        where = f"already after the {'last' if located.backward else 'first'} {word}"
        first = "first that is not" if listed else "first quantity that is not right"
        return f"{listed}`{name}` is the {first}, {where}."
    if listed:
        return f"{listed}`{name}` is the first that is not."
    return "" if name in outputs else f"`{name}` is the first quantity that is not right."


def _of_counter(located: Located) -> str:
    name = f"`{located.name}`"
    if located.missing:
        return f"The loop over {name} ends too early."
    if not located.step:
        return f"The loop over {name} takes other values than it should."
    if located.step == 1:
        return f"The loop over {name} begins with another value than it should."
    return f"The loop over {name} takes other values than it should, from pass {located.step} on."


def _steps(step: int, word: str, backward: bool) -> str:
    """Say in which passes of a loop a quantity is right, and in which it is first wrong: not the first."""
    if backward:
        if step == 2:
            return f"is right after the last {word}, wrong after the one before"
        return f"is right after the last {step - 1} {_many(word)}, wrong after the one before"
    if step == 2:
        return f"is right after {word} 1, wrong after {word} 2"
    until = f"1 and {step - 1}" if step == 3 else f"1 to {step - 1}"
    return f"is right after {_many(word)} {until}, wrong after {word} {step}"


def _many(word: str) -> str:
    return f"{word}es" if word == "pass" else f"{word}s"


def _and(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
