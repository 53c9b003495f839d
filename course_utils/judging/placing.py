"""Says in a visible check where a wrong function goes wrong, as the feedback of the hidden tests does.

``places.json`` beside the notebook has fingerprints of the right function's variables for two open cases.
"""

import contextlib
import copy
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from course_utils.judging.form import CORE, PUBLISHED, Form, SolvedCase
from course_utils.judging.locate import Known, locate, place
from course_utils.judging.patterns import guarded
from course_utils.judging.trace import trace

__all__ = ["PLACES", "known_places", "said_place", "traced_cases"]

PLACES = "places.json"
SECONDS = 2.0
AnyCase = TypeVar("AnyCase", bound=SolvedCase)


def known_places(folder: Path, name: str) -> Known | None:
    """Return what is known of an exercise's right function; None if there is nothing: it is optional."""
    try:
        entries: Mapping[str, Any] = json.loads((folder / PLACES).read_text(encoding="utf-8"))
        return Known.from_json(entries[name])
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None


def traced_cases(cases: Sequence[AnyCase]) -> list[AnyCase]:
    """Return the cases that are traced: the first core case and the first edge case."""
    core = [case for case in cases if case.group == CORE]
    edge = [case for case in cases if case.group not in (CORE, PUBLISHED)]
    return [*core[:1], *edge[:1]]


def said_place(
    function: Callable[..., Any],
    form: Form,
    cases: Sequence[SolvedCase],
    known: Known,
    working: Callable[[Mapping[str, str]], contextlib.AbstractContextManager[None]],
) -> str:
    """Return the sentence that names the first wrong quantity of a function; "" if nothing can be said.

    ``working`` makes the folder in which a function with files is called. NumPy's random state is restored.
    """
    state = np.random.get_state()
    try:
        for number, case in enumerate(traced_cases(cases)[: len(known.cases)]):
            inputs = copy.deepcopy(dict(case.inputs))
            if form.seeds:
                np.random.seed(case.seed)
            with working(case.files):
                found = trace(function, list(inputs.values()), SECONDS)
            if (located := guarded(None, locate, known, number, found)) is not None:
                return place(known, located, list(form.weights))
    finally:
        np.random.set_state(state)
    return ""
