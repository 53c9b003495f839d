"""Records how the local variables of one call change, line by line, as fingerprints that show no value.

A trace tells which quantity of a wrong function is the first that differs from the right one; see `.locate`.
Only the frame of the function itself is traced, not what it calls.
"""

import functools
import math
import operator
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from types import CodeType, FrameType
from typing import Any, NamedTuple

import numpy as np

from course_utils.judging.values import listed

__all__ = ["RETURNED", "Event", "Trace", "event_of", "events_of", "rows_of", "trace"]

RETURNED = "return"
"""The name of the events that are the returned value, and the parts of it: no variable can have it."""
MOST_LOOKS = 1_500
"""How many lines of the function are followed."""
MOST_CHANGES = 60
"""How many changes of one variable are kept: the first ones, and the last."""
MOST_NAMES = 60
MOST_NUMBERS = 4_096
"""How many numbers of an array make its fingerprint: of a larger one, each n-th."""
MOST_PARTS = 200
"""How many parts of a list, tuple or dictionary make its fingerprint."""
MOST_BYTES = 64 << 20
"""How many bytes are copied in all, to notice what was written in place."""
DEEPEST = 5
FEWEST = 6
"""Whole numbers with fewer different ones among them than this may be equal by chance."""
OURS = "course_utils."
"""Objects of these modules are looked into, like dictionaries of their attributes."""
UNCHANGING = (int, float, bool, str, type(None))
COLUMNS = 8
_clock, _settrace, _gettrace = time.thread_time, sys.settrace, sys.gettrace


class Event(NamedTuple):
    """A change of a local variable: its name, and a fingerprint of its new value.

    ``form`` is a hash of its structure, shapes and keys; ``size`` counts its numbers, and ``scale`` is the
    largest of them; ``sums`` are three random projections. ``tells`` is false of values that are easily
    equal by chance, such as zeros or a single number. ``line`` made the change, ``times`` says for the how
    many-th time.
    """

    name: str
    form: int
    size: int
    scale: float
    sums: tuple[float, float, float]
    tells: bool
    line: int = 0
    times: int = 0


class Trace(NamedTuple):
    """The changes in their order, and whether all were seen: the function ended, within the bounds.

    ``value`` holds what the function returned, and nothing if it did not end.
    """

    events: list[Event]
    complete: bool
    value: tuple[Any] | tuple[()] = ()


class _Over(BaseException):
    """The time of a trace is over."""


def trace(function: Callable[..., Any], arguments: Sequence[Any], seconds: float = 2.0) -> Trace:
    """Call a function and record the changes of its local variables, and what it returns.

    Arguments that are written to are recorded too, their first values are not. An exception of the function
    ends the trace, which keeps what was recorded, and so does the limit of CPU time, as soon as Python code
    runs: what is said of an answer must not change with how busy the machine is.
    KeyboardInterrupt is passed on. An earlier tracer is restored. A function without Python code of its own
    is not called.
    """
    code = _code_of(function)
    if code is None:
        return Trace([], False)
    recorder = _Recorder(code, _clock() + seconds)
    earlier, complete = _gettrace(), False
    value: tuple[Any] | tuple[()] = ()
    _settrace(recorder.call)
    try:
        returned = listed(function(*arguments))
        _settrace(earlier)
        recorder.returned(returned)
        complete, value = recorder.complete, (returned,)
    except KeyboardInterrupt:
        raise
    except BaseException:
        pass
    finally:
        _settrace(earlier)
    return Trace(recorder.events(), complete, value)


def _code_of(function: Any) -> CodeType | None:
    """Return the code of a function, under its decorators; of another object, that of its ``__call__``."""
    for _ in range(20):
        if type(function) is functools.partial:
            function = function.func
            continue
        inner = getattr(function, "__wrapped__", None) or getattr(function, "__func__", None)
        if inner is None:
            break
        function = inner
    found = getattr(function, "__code__", None)
    if found is None:
        calls = [vars(kind)["__call__"] for kind in type(function).__mro__ if "__call__" in vars(kind)]
        found = getattr(calls[0], "__code__", None) if calls else None
    return found if isinstance(found, CodeType) else None


class _Found:
    """What was found in a variable. Most lines leave most variables as they are.

    It saves two thirds of the time of a long trace (`python -m benchmarks.traces`): what cannot change is
    looked at once, and arrays, alone or in a list or dictionary, are read again without a look at their form.
    """

    def __init__(self, value: Any) -> None:
        self.numbers: list[np.ndarray] = []
        self.form = _form(value, self.numbers, [MOST_PARTS])
        self.cannot_change = _cannot_change(value)
        self._value, self._items = value, _items(value)
        self._arrays = [item for item in self._items if type(item) is np.ndarray]
        self._shapes = [array.shape for array in self._arrays]
        # Only the numbers of these are views, which show what is written into an array later.
        self._is_followed = bool(self._items) and all(array.flags.c_contiguous for array in self._arrays)

    def is_of(self, value: Any) -> bool:
        """Whether this is what would be found in a variable, but for the numbers in its arrays."""
        if value is not self._value or not self._is_followed:
            return value is self._value and self.cannot_change
        items = [value] if type(value) is np.ndarray else value.values() if type(value) is dict else value
        return (
            len(items) == len(self._items)
            and all(map(operator.is_, items, self._items))
            and [array.shape for array in self._arrays] == self._shapes
        )


def _cannot_change(value: Any) -> bool:
    return type(value) in UNCHANGING or isinstance(value, np.generic)


def _items(value: Any) -> list[Any]:
    """Return an array, or the items of a list or dictionary of arrays and numbers; of others nothing."""
    kind = type(value)
    if kind is np.ndarray:
        return [value]
    if kind not in (list, tuple, dict) or len(value) > MOST_PARTS:
        return []
    items = list(value.values() if kind is dict else value)
    return items if all(type(item) is np.ndarray or _cannot_change(item) for item in items) else []


class _Recorder:
    """The tracer of one call, and what it has seen."""

    def __init__(self, code: CodeType, end: float) -> None:
        self.complete = False
        self._code, self._end = code, end
        self._frame: FrameType | None = None
        self._names = (*code.co_varnames, *code.co_cellvars)[:MOST_NAMES]
        self._last: dict[str, tuple[str, bytes]] = {}
        self._found: dict[str, _Found] = {}
        self._kept: dict[str, list[tuple[int, Event]]] = {}
        self._latest: dict[str, tuple[int, tuple[Any, ...]]] = {}
        """Of each variable that changes often, its last change, of which an event is made at the end."""
        self._changes = self._looks = self._bytes = self._line = 0
        self._times: Counter[int] = Counter()

    def events(self) -> list[Event]:
        """Return all events in the order of the changes."""
        kept = [pair for pairs in self._kept.values() for pair in pairs]
        kept += [(number, _event(*change)) for number, change in self._latest.values()]
        return [event for _, event in sorted(kept, key=lambda pair: pair[0])]

    def call(self, frame: FrameType, event: str, _: Any) -> Any:
        """Trace the first frame of the function; for all others only look at the clock."""
        if _clock() > self._end:
            raise _Over
        if self._frame is None and frame.f_code is self._code:
            self._frame, self._line = frame, frame.f_lineno
            self._look(frame, first=True)
            return self.line
        return self.line if frame is self._frame else None  # a generator goes on

    def line(self, frame: FrameType, event: str, _: Any) -> Any:
        """Look for changes before each line, and at the end."""
        if event not in ("line", "return"):
            return self.line
        if _clock() > self._end:
            raise _Over
        self._looks += 1
        if self._looks > MOST_LOOKS or self._bytes > MOST_BYTES:
            return self.line  # only to look at the clock
        self._look(frame)
        self._line = frame.f_lineno
        self._times[self._line] += 1
        self.complete = event == "return"
        return self.line

    def returned(self, value: Any) -> None:
        """Add the returned value and its parts: the first ones, and the last."""
        found = [event for part in _parts(value) if (event := event_of(RETURNED, part)) is not None]
        found[MOST_PARTS - 1 : -1] = []
        self._kept[RETURNED] = list(enumerate(found, self._changes + 1))

    def _look(self, frame: FrameType, first: bool = False) -> None:
        values = frame.f_locals
        for name in self._names:
            if name not in values:
                continue
            value, found = values[name], self._found.get(name)
            if found is None or not found.is_of(value):
                found = self._found[name] = _Found(value)
            elif found.cannot_change:
                continue
            if found.form is None:
                continue
            content = b"".join([array.tobytes() for array in found.numbers])
            self._bytes += len(content)
            if self._last.get(name) == (found.form, content):
                continue
            self._last[name] = found.form, content
            if not first:
                self._add(name, found.form, found.numbers)

    def _add(self, name: str, form: str, numbers: list[np.ndarray]) -> None:
        self._changes += 1
        kept, line, times = self._kept.setdefault(name, []), self._line, self._times[self._line]
        if len(kept) < MOST_CHANGES - 1:
            kept.append((self._changes, _event(name, form, numbers, line, times)))
        else:
            copied = [array.copy() for array in numbers]
            self._latest[name] = self._changes, (name, form, copied, line, times)


def _parts(value: Any, depth: int = 0) -> list[Any]:
    """Return the parts of a returned value, and theirs: outputs, and what is in the cache of one step."""
    if depth > 1 or type(value) not in (list, tuple, dict) or len(value) > 20:
        return [value]
    items = value.values() if type(value) is dict else value
    return [value, *(part for item in items for part in _parts(item, depth + 1))]


def event_of(name: str, value: Any) -> Event | None:
    """Return the event of a variable that gets a value; None for a value that leaves no trace."""
    numbers: list[np.ndarray] = []
    form = _form(value, numbers, [MOST_PARTS])
    return None if form is None else _event(name, form, numbers, 0, 0)


def _form(value: Any, numbers: list[np.ndarray], room: list[int], depth: int = 0) -> str | None:
    """Return the structure of a value as text, and append its numbers; None for other objects.

    Only plain types are looked into, so that no code of a student's classes runs. ``room`` counts down the
    parts that may still be looked at.
    """
    room[0] -= 1
    kind = type(value)
    if kind is np.ndarray or kind is np.matrix:
        return _array(value, numbers)
    if kind is float or kind is int or kind is bool or isinstance(value, np.generic):
        if kind is int and abs(value) > 1 << 62:
            return f"int {hash(value)}"
        return _array(np.asarray(value), numbers)
    if value is None:
        return "None"
    if kind is str or kind is np.str_:
        return f"text {len(value)} {zlib.crc32(value[:1000].encode('utf-8', 'replace'))}"
    if str(kind.__module__).startswith(OURS) and type(inside := getattr(value, "__dict__", None)) is dict:
        value, kind = inside, dict
    if depth >= DEEPEST or kind not in (list, tuple, dict):
        return None
    if kind is dict:
        if len(value) > MOST_PARTS:
            return f"dict {len(value)}"
        keys = sorted((key for key in value if type(key) in (str, int)), key=str)
        parts = [f"{key}:{_form(value[key], numbers, room, depth + 1)}" for key in keys if room[0] > 0]
        return f"dict {len(value)} {','.join(parts)}"
    if 0 < len(value) <= MOST_NUMBERS and all(
        type(item) in (int, float, np.float64, np.int64) for item in value
    ):
        with np.errstate(all="ignore"):
            return _array(np.array([float(item) for item in value]), numbers)
    shapes = {item.shape if type(item) is np.ndarray else None for item in value[:MOST_PARTS]}
    if len(shapes) == 1 and len(value) <= MOST_PARTS and (shape := shapes.pop()) is not None:
        made = [_array(item, numbers) for item in value]  # like an array of one more axis
        whole = (len(value), *shape)
        return None if None in made else "number" if math.prod(whole) == 1 else str(whole)
    items = [_form(item, numbers, room, depth + 1) for item in value[:MOST_PARTS] if room[0] > 0]
    return f"list {len(value)} {','.join(map(str, items))}"


def _array(value: np.ndarray, numbers: list[np.ndarray]) -> str | None:
    if value.dtype.kind not in "biufc":
        return None
    flat = np.asarray(value).ravel()
    step = -(-flat.size // MOST_NUMBERS)
    numbers.append(flat[::step] if step > 1 else flat)
    return "number" if value.size == 1 else str(value.shape)


@functools.cache
def _weights() -> np.ndarray:
    return np.random.RandomState(0).random_sample((3, MOST_NUMBERS)) - 0.5


def _event(name: str, form: str, numbers: list[np.ndarray], line: int, times: int) -> Event:
    with np.errstate(all="ignore"):
        parts = [
            array.astype(np.complex128).view(np.float64)
            if array.dtype.kind == "c"
            else array.astype(np.float64)
            for array in numbers
        ]
        flat = np.concatenate(parts)[:MOST_NUMBERS] if parts else np.zeros(0)
        bad = ~(np.abs(flat) < 1e150)
        if bad.any():
            form += f" not finite {np.flatnonzero(bad)[:50]}"
            flat = np.where(bad, 0.0, flat)
        sums = _weights()[:, : flat.size] @ flat
    scale = float(np.max(np.abs(flat), initial=0.0))
    varied = flat.size > 2 and float(np.ptp(flat)) > 1e-9 * scale
    tells = varied and (len(np.unique(flat[:256])) >= FEWEST or bool((flat != np.round(flat)).any()))
    first, second, third = sums.tolist()
    return Event(
        name, zlib.crc32(form.encode()), flat.size, scale, (first, second, third), tells, line, times
    )


def rows_of(events: Sequence[Event]) -> tuple[list[str], np.ndarray]:
    """Return events as a list of names, and a table with a row of 8 numbers for each event."""
    names = list(dict.fromkeys(event.name for event in events))
    number = {name: n for n, name in enumerate(names)}
    rows = [[number[e.name], e.form, e.size, e.scale, *e.sums, e.tells] for e in events]
    return names, np.array(rows, np.float64).reshape(-1, COLUMNS)


def events_of(names: Any, rows: Any) -> list[Event]:
    """Return the events of `rows_of`. Raises ValueError for anything else: nothing in them is trusted."""
    if type(names) is not list or len(names) > MOST_NAMES or not all(type(name) is str for name in names):
        raise ValueError("no names")
    if not isinstance(rows, np.ndarray) or rows.dtype != np.float64 or rows.ndim != 2:
        raise ValueError("no table")
    if rows.shape[1] != COLUMNS or len(rows) > MOST_NAMES * MOST_CHANGES or not np.isfinite(rows).all():
        raise ValueError("no table of events")
    if len(rows) and not (rows[:, 0].min() >= 0 and rows[:, 0].max() < len(names)):
        raise ValueError("a name that is not there")
    return [
        Event(
            names[int(row[0])][:80], int(row[1]), int(row[2]), row[3], (row[4], row[5], row[6]), bool(row[7])
        )
        for row in rows.tolist()
    ]
