"""Keeps a record of each graded submission: a JSON file for each student in .seqlab/<lab>/results/."""

import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version as version_of
from pathlib import Path
from urllib.parse import quote

from autograder.errors import UsageError
from autograder.lab.course import Course
from autograder.results import Result, made_of
from autograder.run import Run
from autograder.submission.files import open_plain

__all__ = [
    "begin_again",
    "changes",
    "digest",
    "from_before",
    "load",
    "load_all",
    "path_of",
    "save",
    "was_graded",
]

VERSION = version_of("seqlab")
GENERATION = "generation"
"""The file in .seqlab/<lab>/ that counts the runs with ``--force``."""
MAX_NAME = 200
"""The longest quoted id, in characters, that is used as a file name in full."""
LARGE = 64 << 20
"""Larger files (in bytes), and unreadable ones, enter a digest by size and time instead of content."""


@dataclass(frozen=True)
class _Record:
    """The record of one submission.

    ``cases`` says where its hidden cases come from (`Run.cases`), ``submission`` is the `digest` of the files
    that were graded, and ``before`` has the points by exercise of the previous grading, if any. ``made_of``
    is that of the `Run`, ``grader`` the version of SeqLab; ``generation`` counts the runs with ``--force``.
    """

    cases: str
    submission: str
    result: Result
    before: dict[str, float] | None = None
    made_of: dict[str, str] = field(default_factory=dict)
    grader: str = ""
    generation: int = 0

    @property
    def scores(self) -> dict[str, float] | None:
        """The points by exercise of the last successful grading; None if there was none."""
        if self.result.status != "graded":
            return self.before
        return {verdict.name: verdict.points for verdict in self.result.exercises}


def save(run: Run, result: Result, submission: str) -> None:
    """Write the record of one submission, atomically.

    ``submission`` is the `digest` of the submitted files. If nothing was graded now but the gradebook holds
    points of an earlier grading, the result is marked as stale.
    """
    path = path_of(run.course, result.lab, result.student)
    before = None
    with contextlib.suppress(UsageError, OSError):
        before = _read(path).scores
    if result.status != "graded" and before is not None:
        result.stale = f"the {sum(before.values()):g} points in the gradebook are of an earlier grading"
    new = path.with_suffix(".new")
    record = {
        "cases": run.cases,
        "submission": submission,
        "result": result.to_json(),
        "before": before,
        "made_of": run.made_of,
        "grader": VERSION,
        "generation": _generation(run.course, run.lab),
    }
    new.write_text(json.dumps(record, indent=1), "utf-8")
    new.replace(path)


def changes(course: Course, lab: str, students: Iterable[str]) -> dict[str, str]:
    """Return, for each student whose points the last grading changed, a line that says how."""
    words = {}
    for student in students:
        record = _read(path_of(course, lab, student))
        before, now = record.before, record.scores or {}
        if before is None or record.result.status != "graded":
            continue
        both = {name: (before.get(name, 0.0), now.get(name, 0.0)) for name in {**before, **now}}
        moved = [f"{name} {old:g} → {new:g}" for name, (old, new) in both.items() if old != new]
        if moved:
            total = f"total {sum(before.values()):g} → {sum(now.values()):g}"
            words[student] = ", ".join([*moved, total])
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
    return same and not _changed(run, record)


def begin_again(run: Run) -> None:
    """Make all records count as not graded, unless a forced run was cut off: then that one goes on."""
    now = _generation(run.course, run.lab)
    graded = [record for record in _all(run.course, run.lab) if record.result.status == "graded"]
    if any(record.generation < now for record in graded):
        return
    path = run.course.state(run.lab) / GENERATION
    new = path.with_suffix(".new")
    new.write_text(f"{now + 1}\n", "ascii")
    new.replace(path)


def from_before(run: Run) -> list[str]:
    """Return lines that say how many scores of a lab are of an earlier lab, configuration, run or version."""
    graded = [record for record in _all(run.course, run.lab) if record.scores is not None]
    again, lines = f"`seqlab autograde {run.lab}` grades them again", []
    counts = Counter(reason for record in graded if (reason := _changed(run, record)))
    for reason, count in counts.items():
        lines.append(f"{count} of {len(graded)} scores are from before {reason}: {again}")
    others = Counter(record.grader for record in graded if record.grader != VERSION)
    for version, count in others.items():
        said = f"{count} of {len(graded)} scores are by SeqLab {version or 'before 0.2'}, not {VERSION}"
        lines.append(f"{said}: `seqlab autograde {run.lab} --force` grades all again")
    return lines


def _changed(run: Run, record: _Record) -> str:
    """Return what has changed since a record was made, in words; an empty string if nothing has."""
    if record.made_of != (now := run.made_of):
        same = {key for key in now if record.made_of.get(key) == now[key]}
        return "the configuration changed" if "lab" in same and "settings" not in same else "the lab changed"
    if record.generation < _generation(run.course, run.lab):
        return "the last `--force`"
    return ""


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


def digest(folder: Path) -> str:
    """Return the SHA-256 digest of the regular files below a folder: relative paths, sizes, contents."""
    found = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
        try:
            status = path.lstat()
        except OSError:  # it went meanwhile
            continue
        found.update(f"{path.relative_to(folder)}\0{status.st_size}\0".encode("utf-8", "surrogateescape"))
        try:
            if status.st_size > LARGE:
                raise OSError("too large to read for this")
            with open_plain(path) as file:
                found.update(file.read(LARGE))
        except OSError:
            found.update(str(status.st_mtime_ns).encode())
    return found.hexdigest()


def _read(path: Path) -> _Record:
    try:
        record: _Record = made_of(_Record, {"cases": "", **json.loads(path.read_text("utf-8"))})
        return record
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{path} is no record of a grading: delete it and grade the student again") from None
