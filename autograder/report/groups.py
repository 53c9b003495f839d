"""Groups wrong answers that no known mistake explains: by their digests, or by their exceptions."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.feedback.text import one_line
from autograder.report.summary import Column, columns
from autograder.results import Result, Verdict
from course_utils.judging.fingerprints import agree

__all__ = ["Group", "Tally", "groups", "tallies"]

TOLERANCE = 1e-6
"""The relative difference up to which two digests are equal."""
SLACK = 10 * TOLERANCE
"""By how much of their size the sums of equal digests differ at most."""
LINE = re.compile(r" \(line \d+.*", re.DOTALL)
"""What follows an exception's text in a message: whose line it is differs between students."""
DIGITS = re.compile(r"\d+")

Digest = tuple[tuple[float, ...] | None, ...]
"""The fingerprints of one output, None for a case without one."""
Member = tuple[int, Verdict]


@dataclass(frozen=True)
class Group:
    """Students with the same wrong answer to an exercise, whose mistake has no name.

    It is the same in ``outputs``, of which the reference makes the first one first, or ``raised`` says which
    exception all get. ``who`` has positions in the list of results; ``example`` is that of one of them, whose
    answer earned most. ``lost`` are the points that all of them lost with the exercise.
    """

    column: Column
    outputs: tuple[str, ...]
    raised: str
    who: tuple[int, ...]
    example: int
    lost: float

    @property
    def sentence(self) -> str:
        """The group in words, such as: 7 students give the same wrong `c_next` (and `a_next`, `cache`)."""
        if self.raised:
            return f"{len(self.who)} students get the same exception: {self.raised}"
        first, *others = [f"`{name}`" for name in self.outputs]
        more = f" (and {', '.join(others)})" if others else ""
        return f"{len(self.who)} students give the same wrong {first}{more}"


@dataclass(frozen=True)
class Tally:
    """How many answers to an exercise are wrong, have a named mistake, and are in groups."""

    column: Column
    wrong: int
    named: int
    grouped: int


def groups(results: Sequence[Result]) -> list[Group]:
    """Return the groups of two or more, the largest first, then those that lost the most points.

    Each answer is in the group of its own first wrong output, and of no other: what follows from an earlier
    mistake may equal what is a mistake by itself.
    """
    found = [group for column in columns(results) for group in _of_exercise(results, column)]
    # By the last two the numbers that are shown are the same in whatever order the results come.
    order = {column: number for number, column in enumerate(columns(results))}
    first = {group: min(results[n].student for n in group.who) for group in found}
    return sorted(found, key=lambda g: (-len(g.who), -g.lost, order[g.column], first[g]))


def tallies(results: Sequence[Result], found: Sequence[Group]) -> list[Tally]:
    """Return the tally of each exercise that some answer gets wrong; ``found`` are the results' groups."""
    grouped: dict[Column, set[int]] = {}
    for group in found:
        grouped.setdefault(group.column, set()).update(group.who)
    counts = []
    for column in columns(results):
        wrong = _wrong(results, column)
        named = sum(verdict.mistake is not None for _, verdict in wrong)
        counts.append(Tally(column, len(wrong), named, len(grouped.get(column, ()))))
    return [tally for tally in counts if tally.wrong]


def _wrong(results: Sequence[Result], column: Column) -> list[Member]:
    """Return the wrong verdicts on an exercise with the positions of their results."""
    verdicts = ((n, column.of(result)) for n, result in enumerate(results) if result.status == "graded")
    return [(n, verdict) for n, verdict in verdicts if verdict is not None and not verdict.correct]


def _of_exercise(results: Sequence[Result], column: Column) -> list[Group]:
    verdicts = {n: verdict for n, verdict in _wrong(results, column) if verdict.mistake is None}
    read = {n: _digests(verdict) for n, verdict in verdicts.items()}
    by_first: dict[str, list[tuple[int, Digest]]] = {}
    raised: dict[str, list[int]] = {}
    for n, digests in read.items():
        if digests:
            name, digest = next(iter(digests.items()))
            by_first.setdefault(name, []).append((n, digest))
        elif text := _raised(verdicts[n]):
            raised.setdefault(text, []).append(n)
    found = []
    for first, members in by_first.items():
        for who in _equal(members):
            digests, *others = (read[n] for n in who)
            same = (
                name
                for name, digest in digests.items()
                if all(name in other and _agree(digest, other[name]) for other in others)
            )
            found.append(_group(column, verdicts, who, (first, *(name for name in same if name != first))))
    found += [_group(column, verdicts, tuple(who), (), text) for text, who in raised.items() if len(who) > 1]
    return found


def _group(
    column: Column,
    verdicts: dict[int, Verdict],
    who: tuple[int, ...],
    names: tuple[str, ...],
    raised: str = "",
) -> Group:
    lost = sum(verdicts[n].max_points - verdicts[n].points for n in who)
    example = max(who, key=lambda n: (verdicts[n].points, -n))
    return Group(column, names, raised, who, example, lost)


def _equal(members: Sequence[tuple[int, Digest]]) -> list[tuple[int, ...]]:
    """Return the positions of those whose digests are equal, of two or more.

    They are sorted by the sums of their projections, and only those with nearly the same sum are compared.
    """
    ordered = sorted((*_sum(digest), n, digest) for n, digest in members)
    same: list[tuple[float, Digest, list[int]]] = []
    for total, size, n, digest in ordered:
        for other, first, who in reversed(same):
            if other < total - SLACK * size:
                same.append((total, digest, [n]))
                break
            if _agree(digest, first):
                who.append(n)
                break
        else:
            same.append((total, digest, [n]))
    return sorted(tuple(sorted(who)) for _, _, who in same if len(who) > 1)


def _sum(digest: Digest) -> tuple[float, float]:
    """Return the sum of all projections, and that of their sizes; both scaled, lest they overflow."""
    numbers = [number / 1024 for one in digest if one is not None for number in one[1:]]
    return sum(numbers), sum(map(abs, numbers))


def _agree(one: Digest, other: Digest) -> bool:
    """Whether two digests are equal up to rounding, and have a fingerprint in the same cases."""
    if len(one) != len(other):
        return False
    return all(a is b is None or agree(a, b, TOLERANCE) for a, b in zip(one, other, strict=True))


def _digests(verdict: Verdict) -> dict[str, Digest]:
    """Return the digests that can be read, by output, in the order in which the reference makes them."""
    read = {name: tuple(map(_numbers, texts)) for name, texts in verdict.digests.items()}
    return {name: digest for name, digest in read.items() if any(one is not None for one in digest)}


def _numbers(text: str) -> tuple[float, ...] | None:
    """Return a fingerprint from its text; None for any other text."""
    form, *sums = text.split()[:5] or [""]
    try:
        numbers = (float(int(form, 16)), *map(float, sums))
    except (ValueError, OverflowError):
        return None
    return numbers if len(numbers) == 4 and all(map(math.isfinite, numbers)) else None


def _raised(verdict: Verdict) -> str:
    """Return the exception of an answer as a sentence without the numbers in it; empty if it returned."""
    if verdict.digests or not verdict.message.startswith(f"`{verdict.name}` raised "):
        return ""
    return DIGITS.sub("…", one_line(LINE.sub("", verdict.message))).rstrip(".")
