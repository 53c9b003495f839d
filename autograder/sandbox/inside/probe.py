"""Calls the student's function with the referee's inputs, and sends back its outputs.

The probe runs in the student's process, so nothing it holds is secret and nothing it says is trusted:
outputs are judged outside.
"""

import contextlib
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
from course_utils.judging.values import listed

from .lent import ABSENT, Given, lent
from .wire import MOST_TRACED, WireError, pack, unpack

__all__ = ["Probe", "describe"]

Send = Callable[..., None]
Receive = Callable[[], tuple[dict[str, Any], list[bytes]]]
Answered = tuple[dict[str, Any], list[bytes]]
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
        own = {name: self._names.get(name, ABSENT) for name in header["lend"]}
        given = Given()
        right = {
            name: lent(
                name,
                own[name],
                header["parameters"][name],
                self._asked,
                seeding=name in header.get("seeding", ()),
                given=given if name in header.get("pure", ()) else None,
            )
            for name in own
        }
        own_time = _OwnTime()
        state = _get_state(legacy=False)
        try:
            while True:
                header, arrays = self._receive()
                given.forget()
                if header["type"] == "trace":
                    traced, sent = self._traced(exercise, header, arrays)
                    self._send({"type": "traced", "case": header["case"], **traced}, sent)
                    continue
                if header["type"] != "case":
                    return
                if own and header["lent"]:
                    self._names.update(right)
                    answer, sent = self._answer(exercise, header, arrays, given)
                elif own:
                    answer, sent = own_time.call(self._answer, exercise, header, arrays)
                else:
                    answer, sent = self._answer(exercise, header, arrays)
                self._send({"type": "answer", "case": header["case"], **answer}, sent)
        finally:
            _set_state(state)
            for name, value in own.items():
                if value is ABSENT:
                    self._names.pop(name, None)
                else:
                    self._names[name] = value

    def _asked(self, call: dict[str, Any], arrays: list[bytes]) -> Answered:
        self._send(call, arrays)
        return self._receive()

    def _answer(
        self, name: str, header: dict[str, Any], arrays: list[bytes], given: Given | None = None
    ) -> Answered:
        function = self._names.get(name, ABSENT)
        if function is ABSENT:
            return {"status": "missing"}, []
        if not callable(function):
            return {"status": "not callable", "kind": type(function).__name__[:80]}, []
        values = unpack(arrays)
        inputs = values(header["inputs"])
        if given is not None:
            given.take(header["case"], inputs, header["inputs"], arrays, values.received)
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
