"""Calls the student's function with the referee's inputs, and sends back its outputs.

The probe runs in the student's process, so nothing it holds is secret and nothing it says is trusted:
outputs are judged outside.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.judging.form import RANDOM_NUMBERS
from course_utils.judging.raised import describe
from course_utils.judging.shared import shared
from course_utils.judging.values import Other

from .wire import WireError, pack, random_state, set_random_state, unpack

__all__ = ["Probe", "describe"]

Send = Callable[..., None]
Receive = Callable[[], tuple[dict[str, Any], list[bytes]]]
_ABSENT = object()
_seed, _random = np.random.seed, np.random.random
_get_state, _set_state = np.random.get_state, np.random.set_state


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
        for name in own:
            seeding = name in header.get("seeding", ())
            self._names[name] = _Lent(name, seeding, self._send, self._receive)
        state = _get_state(legacy=False)
        try:
            while True:
                header, arrays = self._receive()
                if header["type"] != "case":
                    return
                answer, sent = self._answer(exercise, header, arrays)
                self._send({"type": "answer", "case": header["case"], **answer}, sent)
        finally:
            _set_state(state)
            for name, value in own.items():
                if value is _ABSENT:
                    self._names.pop(name, None)
                else:
                    self._names[name] = value

    def _answer(
        self, name: str, header: dict[str, Any], arrays: list[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        function = self._names.get(name, _ABSENT)
        if function is _ABSENT:
            return {"status": "missing"}, []
        if not callable(function):
            return {"status": "not callable", "kind": type(function).__name__[:80]}, []
        inputs = unpack(arrays)(header["inputs"])
        seeded = "seed" in header
        if seeded:
            _seed(header["seed"])
        try:
            value = function(*inputs.values())
        except CellTimeout:
            raise
        except BaseException as error:
            return {"status": "raised", **describe(error)}, []
        packed = pack()
        try:
            after = {"inputs": packed(inputs)}
            if packed.arrays == arrays and repr(after["inputs"]) == repr(header["inputs"]):
                after, packed = {}, pack(known=packed.sent)  # unchanged: the referee has them
            return {
                "status": "returned",
                **({"random": packed(_random(RANDOM_NUMBERS))} if seeded else {}),
                "value": packed(value),
                **after,
                "shared": shared(value, inputs, header["apart"], header.get("outputs", 1)),
            }, packed.arrays
        except WireError as error:
            return {"status": "unsendable", "reason": str(error)}, []


class _Lent:
    """Replaces a student's wrong function: the referee answers its calls (carry forward).

    What the function writes into its arguments is written into the caller's own. If it is ``seeding``,
    NumPy's global random state is sent with the call and set from its result.
    """

    def __init__(self, name: str, seeding: bool, send: Send, receive: Receive) -> None:
        self.__name__ = name
        self._seeding, self._send, self._receive = seeding, send, receive

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        packed, given = pack(), [list(args), dict(kwargs)]
        call = {"type": "call", "function": self.__name__, "args": packed(given)}
        if self._seeding:
            call["state"] = packed(random_state())
        self._send(call, packed.arrays)
        header, arrays = self._receive()
        if header["type"] != "result":
            raise RuntimeError(f"{self.__name__}: {header.get('reason', 'no answer')}")
        values = unpack(arrays, known=packed.sent)
        for number, node in header.get("written", ()):
            packed.sent[number][...] = values(node)
        if "args" in header:
            _updated(given, values(header["args"]))
        if "state" in header:
            set_random_state(values(header["state"]))
        return values(header["value"])


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
