"""Tries a student's function on solved cases in this process, as the hidden tests do in the sandbox."""

import builtins
import contextlib
import copy
import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_utils.judging.compare import Fault
from course_utils.judging.files import lying_there
from course_utils.judging.findings import Findings
from course_utils.judging.form import CORE, RANDOM_NUMBERS, Form, SolvedCase
from course_utils.judging.locate import Known, Located
from course_utils.judging.observed import watched
from course_utils.judging.open_cases import OpenCases
from course_utils.judging.outputs import WrongForm, as_outputs, faults
from course_utils.judging.placing import first_wrong, place
from course_utils.judging.properties import AGAIN, Call, broken, properties_of
from course_utils.judging.raised import tell
from course_utils.judging.shared import shared
from course_utils.judging.values import Plain, Unreadable, listed
from course_utils.judging.wording import without_value

__all__ = ["Attempt", "Tried", "attempt", "nobody_answers", "try_cases", "where"]


@dataclass(frozen=True)
class Attempt:
    """What came of one case: the call, if it returned, and the faults by output name.

    ``call.outputs`` is None where the function did not return what its form says.
    """

    case: SolvedCase
    call: Call | None
    faults: Mapping[str, Fault]


@dataclass(frozen=True)
class Tried:
    """What came of all cases of a function.

    ``broken`` are the properties that do not hold, with reasons; ``properties`` are all that were looked at,
    none if no call returned.
    """

    attempts: Sequence[Attempt]
    properties: Sequence[str] = ()
    broken: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether all cases passed, and all properties hold."""
        return not self.broken and not any(attempt.faults for attempt in self.attempts)

    def findings(self) -> list[tuple[str, list[str]]]:
        """Return a sentence for each fault, and the names of the cases that have it."""
        found = Findings()
        for one in self.attempts:
            found.add(one.case.name, one.faults)
        for name, reason in self.broken.items():
            found.add(name, {"": Fault("property", "", reason)})
        return found.all()


def try_cases(
    function: Callable[..., Any], form: Form, cases: Sequence[SolvedCase], quiet: bool = True
) -> Tried:
    """Call a function with the inputs of each case, and the first core case again; judge what it returned.

    NumPy's random state and the working folder are restored. What the function prints is dropped.
    """
    state = np.random.get_state()
    with _silence() if quiet else contextlib.nullcontext(), nobody_answers():
        try:
            attempts = [attempt(function, form, case) for case in cases]
            calls = [one.call for one in attempts if one.call is not None]
            if not calls:
                return Tried(attempts)
            first = next((one for one in attempts if one.case.group == CORE), attempts[0])
            if first.call is not None and (again := attempt(function, form, first.case).call):
                calls.append(again)
        finally:
            np.random.set_state(state)
    properties = list(dict.fromkeys([*properties_of(form), AGAIN]))
    return Tried(attempts, properties, broken(form, calls))


def where(function: Callable[..., Any], opened: OpenCases, *known: Known | None) -> str:
    """Return the sentence that says where a wrong function goes wrong; "" if nothing can be said.

    ``known`` is what is known of each form that the function may be meant as: that one is meant of which the
    most is right before the first wrong quantity.
    """
    told: list[tuple[Known, Located]] = []
    with _silence(), nobody_answers(), np.errstate(all="ignore"):
        for one in filter(None, known):
            if located := first_wrong(function, opened.form, opened.cases, one, lying_there):
                told.append((one, located))
    if not told:
        return ""
    one, located = max(told, key=lambda pair: len(pair[1].right))
    return place(one, located, list(opened.form.weights))


def attempt(function: Callable[..., Any], form: Form, case: SolvedCase) -> Attempt:
    """Call a function once, with copies of a case's inputs, and judge what it returned."""
    inputs = copy.deepcopy(dict(case.inputs))
    try:
        if form.seeds:
            np.random.seed(case.seed)
        with lying_there(case.files):
            value = listed(watched(function, form.observer)(*inputs.values()))
    except (Exception, SystemExit) as error:
        reason = without_value(form.name, "raised", tell(error, function))
        return Attempt(case, None, dict.fromkeys(form.weights, Fault("raised", form.name, reason)))
    plain = Plain()
    try:
        random = plain(np.random.random(RANDOM_NUMBERS)) if form.seeds else None
        after, given = plain(inputs), plain(value)
    except Unreadable as error:
        reason = without_value(form.name, "unsendable", {"reason": str(error)})
        return Attempt(case, None, dict.fromkeys(form.weights, Fault("unsendable", form.name, reason)))
    pairs = [(output, name) for output, name in shared(value, inputs, form.apart, len(form.outputs))]
    try:
        outputs = as_outputs(given, after, form)
    except WrongForm as error:
        wrong = Fault("returned", form.name, str(error))
        return Attempt(case, Call(case, None, after, pairs, random), dict.fromkeys(form.weights, wrong))
    return Attempt(case, Call(case, outputs, after, pairs, random), faults(form, case, outputs, after))


@contextlib.contextmanager
def nobody_answers() -> Iterator[None]:
    """Let `input()` and debuggers raise as they do while grading, and `breakpoint()` do nothing."""

    class StdinNotImplementedError(RuntimeError):
        """Nobody answers."""

    def ask(*_: object, **__: object) -> str:
        raise StdinNotImplementedError("no one answers while a function is tested")

    asking, hook, tracer = builtins.input, sys.breakpointhook, sys.gettrace()
    builtins.input, sys.breakpointhook = ask, lambda *_, **__: None
    try:
        yield
    finally:
        builtins.input, sys.breakpointhook = asking, hook
        if sys.gettrace() is not tracer:
            sys.settrace(tracer)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Drop what is printed, and in IPython what is displayed."""
    if "IPython" in sys.modules:
        from IPython.core.getipython import get_ipython
        from IPython.utils.capture import capture_output

        if get_ipython():
            with capture_output():
                yield
            return
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
