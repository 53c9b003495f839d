"""Keeps a record of each graded submission: a JSON file for each student in .seqlab/<lab>/results/."""

import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder.errors import UsageError
from autograder.lab.course import Course
from autograder.results import Result, made_of
from autograder.run import Run

__all__ = [
    "begin_again",
    "changes",
    "from_before",
    "graded_before",
    "in_words",
    "load",
    "load_all",
    "path_of",
    "save",
    "save_again",
    "scores",
    "was_graded",
    "was_graded_again",
]

VERSION = version_of("seqlab")
GENERATION = "generation"
"""The file in .seqlab/<lab>/ that counts the runs with ``--force``."""
MAX_NAME = 200
"""The longest quoted id, in characters, that is used as a file name in full."""


@dataclass(frozen=True)
class _Record:
    """The record of one submission.

    ``cases`` says where its hidden cases come from (`Run.cases`), ``submission`` is the `folder_digest` of
    the files that were graded, and ``before`` has the points by exercise of the previous grading, if any.
    ``made_of`` is that of the `Run`, ``grader`` the version of SeqLab; ``generation`` counts the runs with
    ``--force``. All these are of the last grading of the whole submission. ``again`` has the same, by name,
    of the exercises that alone were graded since.
    """

    cases: str
    submission: str
    result: Result
    before: dict[str, float] | None = None
    made_of: dict[str, str] = field(default_factory=dict)
    grader: str = ""
    generation: int = 0
    again: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def scores(self) -> dict[str, float] | None:
        """The points by exercise of the last successful grading; None if there was none."""
        if self.result.status != "graded":
            return self.before
        return {verdict.name: verdict.points for verdict in self.result.exercises}


def save(run: Run, result: Result, submission: str, made_of: Mapping[str, str] | None = None) -> None:
    """Write the record of one submission, atomically.

    ``submission`` is the `folder_digest` of the submitted files, and ``made_of`` that of the run as it was
    when grading began; without it, that of now. If nothing was graded now but the gradebook
    holds points of an earlier grading, the result is marked as stale.
    """
    path = path_of(run.course, result.lab, result.student)
    before = None
    with contextlib.suppress(UsageError, OSError):
        before = _read(path).scores
    if result.status != "graded" and before is not None:
        result.stale = f"the {sum(before.values()):g} points in the gradebook are of an earlier grading"
    record = {
        "cases": run.cases,
        "submission": submission,
        "result": result,
        "before": before,
        "made_of": run.made_of if made_of is None else made_of,
        "grader": VERSION,
        "generation": _generation(run.course, run.lab),
    }
    _write(path, record)


def _write(path: Path, record: dict[str, Any]) -> None:
    new = path.with_suffix(".new")
    # A line for each field, and no copy of the result: indented JSON needs Python's slow encoder.
    lines = ",\n".join(
        f"{json.dumps(key)}: {json.dumps(value, default=vars)}" for key, value in record.items()
    )
    new.write_text(f"{{{lines}}}\n", "utf-8")
    new.replace(path)


def save_again(run: Run, result: Result, exercises: Iterable[str]) -> None:
    """Write the result of a submission of which only these exercises were graded again, atomically.

    What the other exercises were made of stays in the record.
    """
    path = path_of(run.course, run.lab, result.student)
    old = _read(path)
    made = _made(run)
    _write(
        path,
        {
            **json.loads(path.read_text("utf-8")),
            "result": result,
            "before": old.scores,
            "again": {**old.again, **{name: made for name in exercises}},
        },
    )


def graded_before(run: Run, student: str, submission: str) -> Result | None:
    """Return the last result of a submission with this digest; None if it was not graded, or others were."""
    path = path_of(run.course, run.lab, student)
    record = _read(path) if path.exists() else None
    if not record or record.submission != submission or record.result.status != "graded":
        return None
    return record.result


def was_graded_again(run: Run, student: str, exercises: Iterable[str]) -> bool:
    """Whether these exercises of a student's last graded submission are of this lab, cases and settings."""
    record = _read(path_of(run.course, run.lab, student))
    made = _made(run)
    return was_graded(run, student, record.submission) or all(
        record.again.get(name) == made for name in exercises
    )


def _made(run: Run) -> dict[str, str]:
    """Return what an exercise that is graded now is made of."""
    generation = str(_generation(run.course, run.lab))
    return {**run.made_of, "cases": run.cases, "grader": VERSION, "generation": generation}


def scores(course: Course, lab: str, student: str) -> dict[str, float] | None:
    """Return a student's points by exercise in the gradebook, as far as grading gave them; None if none."""
    path = path_of(course, lab, student)
    return _read(path).scores if path.exists() else None


def in_words(before: Mapping[str, float], now: Mapping[str, float]) -> str:
    """Say which exercises have other points, from what to what, and the totals; empty if none has."""
    both = {name: (before.get(name, 0.0), now.get(name, 0.0)) for name in {**before, **now}}
    moved = [f"{name} {old:g} → {new:g}" for name, (old, new) in both.items() if old != new]
    total = f"total {sum(before.values()):g} → {sum(now.values()):g}"
    return ", ".join([*moved, total]) if moved else ""


def changes(course: Course, lab: str, students: Iterable[str]) -> dict[str, str]:
    """Return, for each student whose points the last grading changed, a line that says how."""
    words = {}
    for student in students:
        record = _read(path_of(course, lab, student))
        before, now = record.before, record.scores or {}
        if before is None or record.result.status != "graded":
            continue
        if said := in_words(before, now):
            words[student] = said
    return words


def was_graded(run: Run, student: str, submission: str) -> bool:
    """Whether a submission with this digest was graded already: with the same cases, lab and settings.

    What was graded before the last run with ``--force`` was not.
    """
    path = path_of(run.course, run.lab, student)
    if not path.exists():
        return False
    record = _read(path)
    same = (record.cases, record.submission, record.result.status) == (run.cases, submission, "graded")
    return same and not _changed(run, record, run.made_of)


def begin_again(run: Run, there: Container[str]) -> None:
    """Make all records count as not graded, unless a forced run was cut off: then that one goes on.

    ``there`` are the students whose submission can be graded: a record of anybody else stays as it is, and
    says nothing of a run.
    """
    now = _generation(run.course, run.lab)
    graded = [record for record in _all(run.course, run.lab) if record.result.status == "graded"]
    if any(record.generation < now and record.result.student in there for record in graded):
        return
    path = run.course.state(run.lab) / GENERATION
    new = path.with_suffix(".new")
    new.write_text(f"{now + 1}\n", "ascii")
    new.replace(path)


def from_before(run: Run, there: Container[str]) -> list[str]:
    """Return lines that say how many scores of a lab are of an earlier lab, configuration, run or version.

    ``there`` are the students whose submission can be graded again; of anybody else it is said that it
    cannot.
    """
    held = [record for record in _all(run.course, run.lab) if record.scores is not None]
    graded = [record for record in held if not _all_again(run, record)]
    here = [record for record in graded if record.result.student in there]
    again, lines = f"`seqlab autograde {run.lab}` grades", []
    now = run.made_of
    counts = Counter(
        f"{reason}{_but_for(run, record)}" for record in here if (reason := _changed(run, record, now))
    )
    for reason, count in counts.items():
        them = "it" if count == 1 else "them"
        lines.append(f"{_scores(count, held)} from before {reason}: {again} {them} again")
    for version, count in Counter(record.grader for record in here if record.grader != VERSION).items():
        said = f"{_scores(count, held)} by SeqLab {version or 'before 0.2'}, not {VERSION}"
        lines.append(f"{said}: `seqlab autograde {run.lab} --force` grades all again")
    gone = [record for record in graded if record.result.student not in there]
    if count := sum(record.grader != VERSION or bool(_changed(run, record, now)) for record in gone):
        whose = "the submission is" if count == 1 else "the submissions are"
        lines.append(
            f"{_scores(count, held)} out of date and cannot be graded again: {whose} no longer in submitted/"
        )
    return lines


def _scores(count: int, of: Sequence[object]) -> str:
    return f"{count} of {len(of)} scores {'is' if count == 1 else 'are'}"


def _changed(run: Run, record: _Record, now: Mapping[str, str]) -> str:
    """Return what has changed since a record was made, in words; an empty string if nothing has.

    ``now`` is what the run is made of.
    """
    if record.made_of != now:
        same = {key for key in now if record.made_of.get(key) == now[key]}
        return "the configuration changed" if "lab" in same and "settings" not in same else "the lab changed"
    if record.generation < _generation(run.course, run.lab):
        return "the last `--force`"
    return ""


def _all_again(run: Run, record: _Record) -> bool:
    """Whether each exercise of a record was graded again with this lab, cases, settings and version."""
    made = _made(run) if record.again else {}
    return bool(made) and all(record.again.get(verdict.name) == made for verdict in record.result.exercises)


def _but_for(run: Run, record: _Record) -> str:
    """Name the exercises of a record that were graded again since the lab or the configuration changed."""
    names = [name for name, made in record.again.items() if made == _made(run)]
    return f", but for {', '.join(names)}" if names else ""


def _generation(course: Course, lab: str) -> int:
    """Return the number of runs with ``--force``; 0 where the file is missing or holds no number."""
    try:
        return int((course.state(lab) / GENERATION).read_text("ascii"))
    except (OSError, ValueError):
        return 0


def load_all(course: Course, lab: str) -> list[Result]:
    """Return the results of a lab, sorted by file name. Raises UsageError for a malformed record."""
    return [record.result for record in _all(course, lab)]


def _all(course: Course, lab: str) -> list[_Record]:
    return [_read(path) for path in sorted((course.state(lab) / "results").glob("*.json"))]


def load(path: Path) -> Result:
    """Return the result in one record. Raises UsageError for a malformed one."""
    return _read(path).result


def path_of(course: Course, lab: str, student: str) -> Path:
    """Return the file of a student's record."""
    folder = course.state(lab) / "results"
    folder.mkdir(exist_ok=True)
    name = quote(student, safe="", errors="surrogateescape")
    if len(name) > MAX_NAME:  # file systems allow 255 bytes
        name = f"{name[:MAX_NAME]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return folder / f"{name}.json"


def _read(path: Path) -> _Record:
    try:
        record: _Record = made_of(_Record, {"cases": "", **json.loads(path.read_text("utf-8"))})
        return record
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{path} is no record of a grading: delete it and grade the student again") from None
