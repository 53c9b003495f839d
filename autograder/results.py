"""What grading says: plain records, free of rendering.

`Result.to_json` gives one entry of ``submissions`` in the JSON of ``seqlab check --json``.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

__all__ = ["SCHEMA", "CaseResult", "CaseStatus", "Finding", "Result", "ResultStatus", "Verdict"]

SCHEMA = 1

CaseStatus = Literal["passed", "failed", "not run"]
ResultStatus = Literal["graded", "grader error", "bad submission"]


@dataclass
class CaseResult:
    """One case of one exercise: did the answer hold, and if not, why."""

    name: str
    status: CaseStatus
    reason: str = ""


@dataclass
class Finding:
    """One fault of an answer, said once: a sentence that names the outputs, and the cases it holds for."""

    text: str
    cases: list[str]


@dataclass
class Verdict:
    """What the referee says of one exercise of one submission.

    ``message`` is the sentence a student reads first: empty when all is right.
    ``findings`` are the reasons of all cases, each once; the first may be the message.
    ``mistake`` is the name of the known mistake that the answer equals, if any.
    ``note`` says what else matters, such as which function was lent.
    """

    name: str
    points: float
    max_points: float
    cases: list[CaseResult] = field(default_factory=list)
    message: str = ""
    mistake: str | None = None
    carried_forward: bool = False
    note: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def correct(self) -> bool:
        """Whether the exercise got all its points."""
        return self.points >= self.max_points


@dataclass
class Result:
    """The outcome for one submission: graded, bad, or a fault of the grader."""

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
    def from_json(cls, data: dict[str, Any]) -> "Result":
        """Rebuild a record from `to_json`; raises KeyError or TypeError on a wrong shape."""
        exercises = []
        for verdict in data["exercises"]:
            cases = [CaseResult(**case) for case in verdict["cases"]]
            findings = [Finding(**finding) for finding in verdict.get("findings", [])]
            exercises.append(Verdict(**{**verdict, "cases": cases, "findings": findings}))
        return cls(**{**data, "exercises": exercises})
