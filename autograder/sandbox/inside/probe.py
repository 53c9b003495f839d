"""Calls the student's function with the referee's inputs, and sends back its outputs.

The probe runs in the student's process, so nothing it holds is secret and nothing it says is trusted:
outputs are judged outside.
"""

import linecache
import re
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.judging.files import lying_there
from course_utils.judging.form import RANDOM_NUMBERS
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
    """``__seqlab_grade__``: one call grades one exercise, if the referee has opened its session."""

    def __init__(self, names: dict[str, Any], send: Send, receive: Receive) -> None:
        self._names, self._send, self._receive = names, send, receive

    def __call__(self, exercise: str) -> None:
        """Answer the referee's cases for one exercise until there are no more."""
        self._send({"type": "begin", "exercise": str(exercise)})
        header, _ = self._receive()
        if header["type"] != "open":
            print(f"{exercise}: graded later")
            return
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
            with lying_there(header.get("files", {})):
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
                "shared": _shared(value, inputs, header["apart"]),
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


def describe(error: BaseException) -> dict[str, Any]:
    """Describe an exception and the notebook's line that led to it, as short plain text."""
    try:
        message = str(error)
    except BaseException:
        message = ""
    line, source, function, empty = 0, "", "", ""
    debugger = False
    if isinstance(error, SyntaxError) and type(error).__module__ == "builtins":
        # Of a whole cell, which has no frame; otherwise the loop below finds the line.
        message = error.msg if type(error.msg) is str else "" if error.msg is None else message
        line = error.lineno if type(error.lineno) is int else 0
        source = error.text.strip() if type(error.text) is str else ""
    for frame, number in traceback.walk_tb(error.__traceback__):
        debugger = debugger or frame.f_globals.get("__name__") == "bdb"
        # The innermost line of the notebook itself: lines of what it called help less.
        if frame.f_globals.get("__name__") == "__main__":
            line, source = number, linecache.getline(frame.f_code.co_filename, number).strip()
            function, names = frame.f_code.co_name, re.findall(r"[A-Za-z_]\w*", source)
            empty = next((name for name in names if frame.f_locals.get(name, name) is None), "")
    return {
        "error": "BdbQuit" if debugger else type(error).__name__[:80],
        "message": message[:300],
        "line": line,
        "source": source[:200],
        "function": function[:80],
        "empty": empty[:80],
        "stub": type(error) is NotImplementedError,
    }


def _arrays(value: Any, depth: int = 0) -> list[np.ndarray]:
    if isinstance(value, np.ndarray):
        return [value]
    if depth > 6:
        return []
    items = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return [array for item in items for array in _arrays(item, depth + 1)]


def _shared(value: Any, inputs: dict[str, Any], apart: list[int | str]) -> list[list[Any]]:
    """List [output, input name] for each output that shares memory with an input.

    ``apart`` names the outputs that must not: by index in a tuple, or by key in a dictionary.
    """
    outputs = value if type(value) is dict else dict(enumerate(value if type(value) is tuple else (value,)))
    found: list[list[Any]] = []
    for output in apart:
        for name, given in inputs.items() if output in outputs else ():
            pairs = ((a, b) for a in _arrays(outputs[output])[:100] for b in _arrays(given)[:100])
            if any(np.may_share_memory(a, b) for a, b in pairs):
                found.append([output, name])
    return found
