"""Calls the student's function with the referee's inputs, and sends back its outputs.

The probe runs in the student's process, so nothing it holds is secret and nothing it says is trusted:
outputs are judged outside.
"""

import contextlib
import inspect
import io
import signal
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.judging.files import lying_there
from course_utils.judging.form import RANDOM_NUMBERS
from course_utils.judging.observed import watched
from course_utils.judging.raised import describe
from course_utils.judging.shared import shared
from course_utils.judging.trace import rows_of, trace
from course_utils.judging.values import Other, listed

from .wire import MOST_TRACED, WireError, pack, random_state, set_random_state, unpack

__all__ = ["Probe", "describe"]

Send = Callable[..., None]
Receive = Callable[[], tuple[dict[str, Any], list[bytes]]]
Answered = tuple[dict[str, Any], list[bytes]]
_ABSENT = object()
_seed, _random = np.random.seed, np.random.random
_get_state, _set_state = np.random.get_state, np.random.set_state
_get_timer, _set_timer, _now = signal.getitimer, signal.setitimer, time.monotonic

OWN_SHARE = 0.25
"""The share of a cell's time that calls with the notebook's own functions may take, where others are lent."""
TRACE_SECONDS, TRACE_WAITS = 5.0, 10.0
"""CPU time and time that a trace may take: a multiple of what any takes, so that a busy machine drops none.

A verdict must say the same each time. The slowest trace of a known mistake takes 0.4 s of CPU time.
"""
REPEATED = 0.5
"""Seconds after which a time limit is told again: student code may catch the first exception."""
EFFECTS, MOST_ANSWERED = {"written", "args", "state"}, 500
"""Fields of a lent call's result that tell of effects; how many results without are kept."""


class CellTimeout(KeyboardInterrupt):
    """The cell's time limit is over. A KeyboardInterrupt, which `except Exception` does not catch."""


class Probe:
    """``__seqlab_grade__``: one call grades one exercise, if the referee has opened its session.

    ``graded`` has the exercises whose visible check comes next: it would repeat what has just been done,
    and its output is thrown away, so it returns at once.
    """

    def __init__(self, names: dict[str, Any], send: Send, receive: Receive) -> None:
        self._names, self._send, self._receive = names, send, receive
        self.graded: set[str] = set()

    def __call__(self, exercise: str) -> None:
        """Answer the referee's cases for one exercise until there are no more."""
        self._send({"type": "begin", "exercise": str(exercise)})
        header, _ = self._receive()
        if header["type"] != "open":
            print(f"{exercise}: graded later")
            return
        self.graded.add(exercise)
        own = {name: self._names.get(name, _ABSENT) for name in header["lend"]}
        lent = {
            name: _lent(
                name,
                own[name],
                header["parameters"][name],
                name in header.get("seeding", ()),
                self._send,
                self._receive,
            )
            for name in own
        }
        own_time = _OwnTime()
        state = _get_state(legacy=False)
        try:
            while True:
                header, arrays = self._receive()
                if header["type"] == "trace":
                    traced, sent = self._traced(exercise, header, arrays)
                    self._send({"type": "traced", "case": header["case"], **traced}, sent)
                    continue
                if header["type"] != "case":
                    return
                if own and header["lent"]:
                    self._names.update(lent)
                    answer, sent = self._answer(exercise, header, arrays)
                elif own:
                    answer, sent = own_time.call(self._answer, exercise, header, arrays)
                else:
                    answer, sent = self._answer(exercise, header, arrays)
                self._send({"type": "answer", "case": header["case"], **answer}, sent)
        finally:
            _set_state(state)
            for name, value in own.items():
                if value is _ABSENT:
                    self._names.pop(name, None)
                else:
                    self._names[name] = value

    def _answer(self, name: str, header: dict[str, Any], arrays: list[bytes]) -> Answered:
        function = self._names.get(name, _ABSENT)
        if function is _ABSENT:
            return {"status": "missing"}, []
        if not callable(function):
            return {"status": "not callable", "kind": type(function).__name__[:80]}, []
        inputs = unpack(arrays)(header["inputs"])
        if "seed" in header:
            _seed(header["seed"])
        try:
            with lying_there(header.get("files", {})):
                value = listed(watched(function, header.get("observer", ""))(*inputs.values()))
        except CellTimeout:
            raise
        except BaseException as error:
            return {"status": "raised", **describe(error)}, []
        try:
            returned, sent = _returned(value, inputs, header, arrays)
            together = shared(value, inputs, header["apart"], header.get("outputs", 1))
            return {"status": "returned", **returned, "shared": together}, sent
        except WireError as error:
            return {"status": "unsendable", "reason": str(error)}, []

    def _traced(self, name: str, header: dict[str, Any], arrays: list[bytes]) -> Answered:
        """Call the function once more and record its variables; nothing that happens here costs points.

        It is dropped if it takes long, or half of the time that the cell has left.
        """
        dropped: Answered = {"status": "dropped"}, []
        left, begun = _get_timer(signal.ITIMER_REAL)[0], _now()
        try:
            if left:
                _set_timer(signal.ITIMER_REAL, min(TRACE_WAITS, left / 2), REPEATED)
            inputs = unpack(arrays)(header["inputs"])
            if "seed" in header:
                _seed(header["seed"])
            quiet = contextlib.redirect_stdout(_Nowhere()), contextlib.redirect_stderr(_Nowhere())
            with quiet[0], quiet[1], lying_there(header.get("files", {})):
                found = trace(self._names[name], list(inputs.values()), TRACE_SECONDS)
            names, rows = rows_of(found.events)
            answer: Answered = {}, []
            with contextlib.suppress(WireError):  # then it is not told what came of the call
                for value in found.value:
                    answer = _returned(value, inputs, header, arrays)
            if sum(map(len, answer[1])) > MOST_TRACED:
                answer = {}, []
            packed = pack()
            table = packed(rows)
            return {
                "status": "traced",
                "names": names,
                "rows": table,
                "complete": found.complete,
                "answer": answer[0],
            }, [*packed.arrays, *answer[1]]
        except CellTimeout:
            if left and _now() >= begun + left:
                raise
            return dropped
        except BaseException:
            return dropped
        finally:
            if left:
                _set_timer(signal.ITIMER_REAL, max(begun + left - _now(), 1e-3), REPEATED)


def _returned(value: Any, inputs: dict[str, Any], header: dict[str, Any], arrays: list[bytes]) -> Answered:
    """Return what a call returned and left in its inputs, packed; raises WireError if it is too large.

    ``header`` and ``arrays`` are the frame that asked for the call. Where its inputs have not changed, the
    numbers of the arrays continue theirs.
    """
    packed = pack()
    after = {"inputs": packed(inputs)}
    if packed.arrays == arrays and repr(after["inputs"]) == repr(header["inputs"]):
        after, packed = {}, pack(known=packed.sent)  # unchanged: the referee has them
    random = {"random": packed(_random(RANDOM_NUMBERS))} if "seed" in header else {}
    return {**random, "value": packed(value), **after}, packed.arrays


class _Nowhere(io.TextIOBase):
    """Drops what is printed."""

    def write(self, text: str) -> int:
        return len(text)


class _OwnTime:
    """Ends calls with the notebook's own functions early, so that time is left for those with lent ones."""

    def __init__(self) -> None:
        left = _get_timer(signal.ITIMER_REAL)[0]
        self._limited = left > 0
        self._cell_end = _now() + left
        self._end = _now() + OWN_SHARE * left

    def call(self, answer: Callable[..., Answered], *args: Any) -> Answered:
        """Return ``answer(*args)``, or say that it took too long."""
        if not self._limited:
            return answer(*args)
        try:
            left = self._end - _now()
            if left <= 0:
                raise CellTimeout
            _set_timer(signal.ITIMER_REAL, left, REPEATED)
            return answer(*args)
        except CellTimeout:
            if _now() >= self._cell_end:
                raise
            late = {"error": "TimeoutError", "message": "it takes too long"}
            return {"status": "raised", **late}, []
        finally:
            _set_timer(signal.ITIMER_REAL, max(self._cell_end - _now(), 1e-3), REPEATED)


def _lent(
    name: str, own: Any, parameters: list[str], seeding: bool, send: Send, receive: Receive
) -> Callable[..., Any]:
    """Return what replaces a student's wrong function: the referee answers its calls (carry forward).

    What the function writes into its arguments is written into the caller's own. If it is ``seeding``,
    NumPy's global random state is sent with the call and set from its result. Where a call has no such
    effects, an equal one gets the same answer without asking again: a loop over epochs averages the same
    sentences each time. That saves two fifths of the calls in a class of `emojify`
    (`python -m benchmarks.only_graded`).
    """
    answered: dict[Any, tuple[dict[str, Any], list[bytes]]] = {}

    def function(*args: Any, **kwargs: Any) -> Any:
        packed, given = pack(), list(passed_on(own, parameters, args, kwargs))
        call = {"type": "call", "function": name, "args": packed(given)}
        if seeding:
            call["state"] = packed(random_state())
        key = repr(call), *packed.arrays
        header, arrays = answered.get(key) or _asked(call, packed.arrays, send, receive)
        if header["type"] != "result":
            raise RuntimeError(f"{name}: {header.get('reason', 'no answer')}")
        if not EFFECTS & header.keys() and len(answered) < MOST_ANSWERED:
            answered[key] = header, arrays
        values = unpack(arrays, known=packed.sent)
        for number, node in header.get("written", ()):
            packed.sent[number][...] = values(node)
        if "args" in header:
            _updated(given, values(header["args"]))
        if "state" in header:
            set_random_state(values(header["state"]))
        return values(header["value"])

    function.__name__ = function.__qualname__ = name  # students may read them
    function.__module__ = "__main__"
    return function


def _asked(call: dict[str, Any], arrays: list[bytes], send: Send, receive: Receive) -> Answered:
    send(call, arrays)
    return receive()


def passed_on(
    own: Any, parameters: list[str], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Return the arguments of a call of a student's function as the reference takes them.

    Parameters of ``own`` that have a name of the reference's are passed on by that name; others, which were
    renamed, take the names that are left, in order. What is beyond those is dropped. A call that does not fit
    ``own`` stays as it is: it may fit the reference.
    """
    try:
        signature = inspect.signature(own)
        bound = signature.bind(*args, **kwargs).arguments
    except Exception:
        return list(args), kwargs
    values: dict[str, Any] = {}
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            values |= {f"*{name}{n}": value for n, value in enumerate(bound.get(name, ()))}
        elif parameter.kind is parameter.VAR_KEYWORD:
            values |= bound.get(name, {})
        else:
            values[name] = bound.get(name, _ABSENT)
    left = [name for name in parameters if name not in values]
    renamed = dict(zip((name for name in values if name not in parameters), left, strict=False))
    called = {renamed.get(name, name): value for name, value in values.items()}
    return [], {name: called[name] for name in parameters if called.get(name, _ABSENT) is not _ABSENT}


def _updated(own: Any, after: Any) -> Any:
    """Update lists and dictionaries to what a lent function left in them; return the updated value."""
    if type(own) is not type(after):
        return own if isinstance(after, Other) else after
    if type(own) is dict:
        for key in own.keys() - after.keys():
            del own[key]
        own.update({key: _updated(own.get(key), item) for key, item in after.items()})
    elif type(own) is list:
        own[:] = [_updated(*pair) for pair in zip(own, after, strict=False)] + after[len(own) :]
    else:
        return after
    return own
