"""Defines the results of grading as plain records, without rendering.

`Result.to_json` gives one entry of ``submissions`` in the JSON of ``seqlab check --json``.
"""

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

__all__ = [
    "SCHEMA",
    "CaseResult",
    "CaseStatus",
    "Finding",
    "Result",
    "ResultStatus",
    "Total",
    "Verdict",
    "made_of",
]

SCHEMA = 1
LARGEST = 1e12
"""More than any number in a result: sums and shares of such numbers are finite."""
ROUNDING = 1e-6

CaseStatus = Literal["passed", "failed", "not run"]
ResultStatus = Literal["graded", "grader error", "bad submission"]


@dataclass
class CaseResult:
    """Whether one case of one exercise passed, and if not, why."""

    name: str
    status: CaseStatus
    reason: str = ""


@dataclass
class Finding:
    """One fault of an answer: a sentence that names the outputs, and the cases in which they have it."""

    text: str
    cases: list[str]


@dataclass
class Verdict:
    """The referee's verdict on one exercise of one submission.

    ``message`` is the sentence a student reads first; empty when everything is right.
    ``findings`` are the faults of all cases, each listed once; the first may be the message.
    ``mistake`` is the name of the known mistake whose outputs the answer equals, if any.
    ``place`` is a sentence that names the first wrong quantity of the function, if it was found.
    ``note`` gives further information, such as which function was lent.
    ``seconds`` is how long the test cell took, with its hidden cases; None if that is not known.
    ``digests`` has rounded fingerprints of each wrong output, if the mistake has no name: one for each of a
    few calls that are the same for every submission, empty where it tells nothing. Equal ones make groups in
    the instructor's report; students do not see them. Nothing in them is trusted.
    """

    name: str
    points: float
    max_points: float
    cases: list[CaseResult] = field(default_factory=list)
    message: str = ""
    mistake: str | None = None
    carried_forward: bool = False
    note: str = ""
    place: str = ""
    findings: list[Finding] = field(default_factory=list)
    seconds: float | None = field(default=None, compare=False)
    digests: dict[str, list[str]] = field(default_factory=dict)

    @property
    def correct(self) -> bool:
        """Whether the exercise got all its points."""
        return self.points >= self.max_points


@dataclass(frozen=True)
class Total:
    """What stands in nbgrader's gradebook for one submission: with manual points and extra credit.

    ``penalty`` are the points that are taken away for being late.
    """

    student: str
    score: float
    max_score: float
    penalty: float = 0.0
    needs_manual_grading: bool = False

    @property
    def final(self) -> float:
        """The score that counts: without the penalty, and at least 0."""
        return max(0.0, self.score - self.penalty)


@dataclass
class Result:
    """The outcome for one submission: graded, bad submission, or grader error."""

    path: str
    student: str
    lab: str
    status: ResultStatus
    reason: str = ""
    points: float = 0.0
    max_points: float = 0.0
    seconds: float = 0.0
    exercises: list[Verdict] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    isolation: str = ""
    seed: int | None = None
    """What the hidden cases were drawn from; None where none were drawn."""
    stale: str = ""
    """Says of points that stand in the gradebook that they are of an earlier grading, if they are."""

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON types."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> "Result":
        """Rebuild a record from `to_json`. Raises KeyError, TypeError or ValueError for anything else."""
        result: Result = made_of(cls, data)
        return result


def made_of(kind: Any, data: Any) -> Any:
    """Return JSON as a dataclass, or as another type that a field of one has.

    Raises KeyError, TypeError or ValueError where fields are missing, unknown or of other types. A number is
    finite and not negative, and ``points`` are at most ``max_points``.
    """
    return _reader(kind)(data)


@functools.cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return what makes a type of JSON."""
    box, inner = get_origin(kind), get_args(kind)
    if hasattr(kind, "__dataclass_fields__"):
        return _record_reader(kind)
    if box is list:
        item = _reader(inner[0])
        return lambda data: [item(one) for one in _must(type(data) is list, data, kind)]
    if box is dict:
        item = _reader(inner[1])
        return lambda data: {key: item(one) for key, one in _must(type(data) is dict, data, kind).items()}
    if box is UnionType:
        item = _reader(inner[0])
        return lambda data: None if data is None else item(data)
    if box is Literal:
        return lambda data: _must(type(data) is str and data in inner, data, kind)
    if kind is float:
        return lambda data: _must(type(data) in (int, float) and 0 <= data < LARGEST, data, kind)
    return lambda data: _must(type(data) is kind, data, kind)


def _record_reader(kind: Any) -> Callable[[Any], Any]:
    readers = {name: _reader(of) for name, of in get_type_hints(kind).items()}

    def read(data: Any) -> Any:
        fields = _must(type(data) is dict, data, kind).items()
        made = kind(**{name: readers[name](value) for name, value in fields})
        if "max_points" in readers and made.points > made.max_points + ROUNDING:
            raise ValueError("more points than there are")
        return made

    return read


def _must(fits: bool, data: Any, kind: Any) -> Any:
    if not fits:
        raise TypeError(f"no {kind}")
    return data
