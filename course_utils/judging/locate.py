"""Finds the first quantity of a wrong function that differs from the right one, and says which it is.

The traces of both are compared by fingerprint: no right value is needed, and none is shown.
"""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from course_utils.judging.trace import RETURNED, Event, Trace, events_of, rows_of

__all__ = ["Known", "KnownCase", "Located", "locate", "suspected"]

MOST_COMPARED = 400_000
"""How many values are compared: a forged trace could have very many that are alike."""


@dataclass(frozen=True)
class KnownCase:
    """The trace of the right function for one case.

    ``passes`` says for each event in how many-th pass of a loop it came, 0 if it was in no loop or in an
    inner one. ``backward`` names the loops' counters that run from the last step to the first.
    """

    trace: Trace
    passes: tuple[int, ...]
    backward: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """What is known of a right function, to compare traces with.

    Parameters
    ----------
    cases
        Its trace for each case.
    claimed
        The names that may be called wrong where the student uses them too: all other right answers that do
        agree on their values.
    alike
        Those of them that are called wrong only if the value has the shape of the right one: other right
        answers use the name for something of another shape.
    reshaped
        Those of them that are not called wrong for the same numbers in another shape: other right answers
        have them so.
    present
        Those of them that are called wrong only for a value that they take, not for one that never comes:
        other right answers take fewer values.
    held
        The names that may be called wrong where the student uses other names, and no variable has their
        value: in all other right answers some variable has.
    shown
        The names that a sentence may list as right: those that the student has to fill in.
    uses
        For each name, those that it is made from.
    counters
        The counter of each loop: for a name, that of the loop in which it is set; for a counter, itself.
    rtol
        The largest error of a right value, relative to the largest number in it.
    """

    cases: tuple[KnownCase, ...]
    claimed: frozenset[str] = frozenset()
    alike: frozenset[str] = frozenset()
    reshaped: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    uses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    counters: Mapping[str, str] = field(default_factory=dict)
    rtol: float = 1e-10

    def order(self) -> list[int]:
        """Return the numbers of the cases as they are compared: first those whose trace is not cut off."""
        return sorted(range(len(self.cases)), key=lambda number: not self.cases[number].trace.complete)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON, from which no value can be told.

        Variables of less than four numbers are left out, unless these are whole; of the largest number only
        the power of two above it is kept.
        """
        cases = []
        for case in self.cases:
            events = case.trace.events
            secret = {event.name for event in events if not _may_be_released(event)}
            kept = [
                number
                for number, event in enumerate(events)
                if event.name not in secret or (event.name == RETURNED and _may_be_released(event))
            ]
            names, rows = rows_of([events[n]._replace(scale=_power(events[n].scale)) for n in kept])
            numbers = [[float(f"{number:.11g}") for number in row] for row in rows.tolist()]
            passes = [case.passes[n] for n in kept]
            cases.append(
                {
                    "names": names,
                    "rows": numbers,
                    "passes": passes,
                    "complete": case.trace.complete,
                    "backward": sorted(case.backward),
                }
            )
        return {
            "cases": cases,
            "claimed": sorted(self.claimed),
            "alike": sorted(self.alike),
            "reshaped": sorted(self.reshaped),
            "present": sorted(self.present),
            "held": sorted(self.held),
            "shown": sorted(self.shown),
            "uses": {name: sorted(made_from) for name, made_from in self.uses.items()},
            "counters": dict(self.counters),
            "rtol": max(self.rtol, 1e-9),  # other versions of NumPy and its libraries round differently
        }

    @classmethod
    def from_json(cls, data: Any) -> "Known":
        """Return what `to_json` gave; raises ValueError, KeyError, TypeError or AttributeError otherwise."""
        cases = tuple(
            KnownCase(
                Trace(
                    events_of(
                        case["names"], np.array(case["rows"], np.float64).reshape(len(case["rows"]), -1)
                    ),
                    bool(case["complete"]),
                ),
                tuple(map(int, case["passes"])),
                frozenset(case["backward"]),
            )
            for case in data["cases"]
        )
        if any(len(case.passes) != len(case.trace.events) for case in cases):
            raise ValueError("each event needs its pass")
        return cls(
            cases,
            frozenset(map(str, data["claimed"])),
            frozenset(map(str, data["alike"])),
            frozenset(map(str, data["reshaped"])),
            frozenset(map(str, data["present"])),
            frozenset(map(str, data["held"])),
            frozenset(map(str, data["shown"])),
            {str(name): frozenset(map(str, made_from)) for name, made_from in data["uses"].items()},
            {str(name): str(counter) for name, counter in data["counters"].items()},
            float(data["rtol"]),
        )


def _may_be_released(event: Event) -> bool:
    """Whether a fingerprint gives no number away: of four, three sums tell none."""
    return event.size == 0 or event.size > 3 or event.scale.is_integer()


def _power(scale: float) -> float:
    """Return the least power of two that is no smaller."""
    return 2.0 ** math.ceil(math.log2(scale)) if scale else 0.0


class Located(NamedTuple):
    """The first wrong quantity: by its name in the reference, where it is wrong, and what is right before it.

    ``step`` is the pass of the loop that first gives a wrong value, 0 if it is not known. ``by_name`` is
    false if the student uses other names. ``missing`` says that there are fewer values than there should be.
    """

    name: str
    step: int
    right: tuple[str, ...]
    by_name: bool
    missing: bool = False
    backward: bool = False
    alike: bool = True
    """Whether the wrong value has the shape of the right one."""
    later: bool = False
    """Whether some of those that are right before it are wrong later, in a pass that is not known."""


def locate(known: Known, number: int, got: Trace) -> Located | None:
    """Compare a trace with that of the right function for the same case; None where nothing can be said.

    Raises ValueError if there is too much to compare.
    """
    return _Comparison(known, known.cases[number], got).located()


def suspected(known: Known, number: int, got: Trace) -> Located | None:
    """Return the quantity that `locate` would call wrong, if something were right before it."""
    return _Comparison(known, known.cases[number], got).first()


class _Wrong(NamedTuple):
    """Where a quantity is first wrong: the number of the right value, and the time in the student's trace.

    ``reliable`` says that the pass of the loop is sure, ``missing`` that a value never came, ``alike`` that
    it has the shape of the right one.
    """

    number: int
    time: float
    reliable: bool = False
    missing: bool = False
    alike: bool = True


class _Comparison:
    """The two traces of one case."""

    def __init__(self, known: Known, case: KnownCase, got: Trace) -> None:
        self.known, self.case, self.got = known, case, got
        self._compared = 0
        self.complete = case.trace.complete and got.complete
        self.right: dict[str, list[tuple[int, Event]]] = {}
        for index, event in enumerate(case.trace.events):
            if event.name != RETURNED:
                self.right.setdefault(event.name, []).append((index, event))
        self.yours: dict[str, list[Event]] = {}
        self.by_form: dict[int, list[Event]] = {}
        self.times: dict[str, list[int]] = {}
        for time, event in enumerate(got.events):
            self.yours.setdefault(event.name, []).append(event)
            self.times.setdefault(event.name, []).append(time)
            self.by_form.setdefault(event.form, []).append(event)

        self.when = {
            index: self.times[name][number]
            for name, events in self.right.items()
            for number, (index, _) in enumerate(events[: len(self.times.get(name, ()))])
        }
        """For the index of a right value, when the student's variable of that name took its value."""

    def located(self) -> Located | None:
        """Return the wrong quantity that comes first in the order of the reference.

        With other names than the reference's, something must be right before it: else nothing was recognised.
        """
        found = self.first()
        return found if found is not None and (found.by_name or found.right) else None

    def first(self) -> Located | None:
        """Return the first wrong quantity that may be called so; None if one before it may not.

        A loop's counter that may not is passed over: others count in another way.
        """
        wrong = {name: found for name in self.right if (found := self._first_wrong(name)) is not None}
        for name in [name for name in wrong if self._disproved(name, wrong)]:
            del wrong[name]
        seen = [name for name in wrong if name in self.yours or name in self.known.held]
        seen = [name for name in seen if name in self.known.claimed or not self._counts(name)]
        if not seen:
            return None
        name = min(seen, key=lambda one: (wrong[one].time, wrong[one].number))
        at = wrong[name]
        by_name = name in self.yours
        if by_name and (name not in self.known.claimed or (name in self.known.alike and not at.alike)):
            return None
        right = self._right_before(at.number, {name} if at.reliable else {name, *wrong})
        counter = self.known.counters.get(name, "")
        step = self.case.passes[at.number] if at.reliable and by_name else 0
        backward = counter in self.case.backward
        later = not step and not wrong.keys().isdisjoint(right)
        return Located(name, step, tuple(right), by_name, at.missing, backward, at.alike, later)

    def _same(self, right: Event, yours: Event) -> bool:
        self._compared += 1
        if self._compared > MOST_COMPARED:
            raise ValueError("too much to compare")
        reshaped = right.name == yours.name and right.name in self.known.reshaped
        if (right.form != yours.form and not reshaped) or right.size != yours.size:
            return False
        bound = self.known.rtol * (right.scale or 1.0) * max(1.0, math.sqrt(right.size))
        return all(abs(a - b) <= bound for a, b in zip(right.sums, yours.sums, strict=True))

    def _held(self, event: Event, but: Set[str] = frozenset(), among: Sequence[Event] | None = None) -> bool:
        """Whether some variable of the student's, of another name than those, has a value at some time."""
        pool = self.by_form.get(event.form, ()) if among is None else among
        return event.tells and any(self._same(event, yours) for yours in pool if yours.name not in but)

    def _first_wrong(self, name: str) -> "_Wrong | None":
        """Return where a quantity is first wrong; None if it is right, or nothing can be said."""
        right = self.right[name]
        if self._held(right[-1][1], among=self.yours.get(RETURNED, ())):
            return None  # what came before is no matter: another rhythm, or another use of the name
        if name not in self.yours:
            missed = next((index for index, event in right if event.tells and not self._held(event)), None)
            return None if missed is None or not self.complete else _Wrong(missed, self._time(missed))
        found = self._first_unlike(name)
        if found is None:
            return None
        position, reliable, missing = found
        index, event = right[position]
        if self._held(event, self.right.keys() | {name}):  # it has another name there
            return None
        yours = self.yours[name]
        if missing:
            if name in self.known.present:
                return None
            return _Wrong(index, self._time(index), reliable, missing=True)
        over = self._same(event, yours[position])  # all values are right, but others come after them
        time = self.times[name][len(right) if over else position]
        return _Wrong(index, time, reliable, alike=yours[position].form == event.form)

    def _time(self, index: int) -> float:
        """Return when a right value should have come in the student's trace: after those before it."""
        before = [self.when[n] for n in range(index) if n in self.when]
        return max(before, default=-1) + 0.5

    def _first_unlike(self, name: str) -> tuple[int, bool, bool] | None:
        """Compare the successive values of a variable that both have.

        Returns the position of the first right value that the student's does not take, whether it takes its
        values in the same rhythm, and whether all that it takes are right, but some never come.
        """
        right, yours = [event for _, event in self.right[name]], self.yours[name]
        pairs = zip(right, yours, strict=False)
        unlike = next((n for n, (a, b) in enumerate(pairs) if not self._same(a, b)), None)
        if unlike is None:
            if len(yours) >= len(right):
                counts = self.known.counters.get(name) == name  # one that `while` counts ends beyond
                over = len(yours) > len(right) + counts and self.complete
                if over and (counts or not self._same(right[-1], yours[-1])):
                    return len(right) - 1, False, False
                return None
            return (len(yours), True, True) if self.complete else None
        if self.known.counters.get(name) != name and self.complete:
            if right[-1].tells and self._same(right[-1], yours[-1]):  # in another rhythm
                return None
            if self._in_order(right, yours):
                return None
        elif self._in_order(right, yours) or (not self.complete and self._so_far(right, yours)):
            return None
        if not self.complete and len(yours) == 1 < len(right):  # the others may have been cut off
            return None
        counts, left = self.known.counters.get(name) == name, iter(right)
        missing = not counts and all(any(self._same(event, one) for event in left) for one in yours)
        return unlike, len(yours) > 1 or len(right) == 1, missing

    def _in_order(self, right: Sequence[Event], yours: Sequence[Event]) -> bool:
        """Whether all right values come in their order, with others between them, and the last at the end."""
        left = iter(yours)
        return (
            all(any(self._same(event, one) for one in left) for event in right) and next(left, None) is None
        )

    def _so_far(self, right: Sequence[Event], yours: Sequence[Event]) -> bool:
        """Whether the values of a trace that was cut off have the right ones among them, in their order."""
        left = iter(yours)
        found = sum(1 for event in right if any(self._same(event, one) for one in left))
        return found > 1 and found * 3 >= len(yours)

    def _disproved(self, name: str, wrong: Mapping[str, _Wrong]) -> bool:
        """Whether what is made from a wrong quantity is right: then it is used for something else."""
        if self._counts(name):
            return False
        at = wrong[name]
        made = [other for other, made_from in self.known.uses.items() if name in made_from]
        later = {
            other: [
                event
                for index, event in self.right[other]
                if index > at.number and self.when.get(index, math.inf) > at.time
            ]
            for other in made
            if other in self.right and other != name
        }
        told = [event for events in later.values() for event in events if event.tells]
        return bool(told) and not wrong.keys() & later.keys() and all(map(self._held, told))

    def _counts(self, name: str) -> bool:
        return self.known.counters.get(name) == name

    def _right_before(self, index: int, but: Set[str]) -> list[str]:
        """Return the shown names that are right up to an index, and tell something, in their order."""
        last: dict[str, int] = {}
        for name, events in self.right.items():
            before = [(n, event) for n, event in events if n < index]
            if name in but or name not in self.known.shown or not any(event.tells for _, event in before):
                continue
            pool = self.yours.get(name)
            if pool is None:
                good = all(self._held(event) for _, event in before if event.tells)
            else:
                good = all(any(self._same(event, one) for one in pool) for _, event in before if event.tells)
            if good:
                last[name] = before[-1][0]
        return sorted(last, key=lambda name: last[name])
