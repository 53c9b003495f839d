"""What grading remembers of each submission, under .seqlab/<lab>/results/: one JSON file a student."""

import contextlib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from autograder.errors import UsageError
from autograder.lab.course import Course
from autograder.results import Result
from autograder.submission.files import open_plain

__all__ = ["changes", "digest", "load", "load_all", "path_of", "save", "was_graded"]

MAX_NAME = 200
"""Longest quoted id that names a record as it is."""
LARGE = 64 << 20
"""Files of more bytes are known by size and time, and so are those that cannot be read."""


@dataclass(frozen=True)
class _Record:
    """What is remembered of one submission.

    ``seed`` is that of its hidden cases, ``submission`` the `digest` of what was graded, ``before`` the
    points by exercise of the grading before, if there was one.
    """

    seed: int
    submission: str
    result: Result
    before: dict[str, float] | None = None

    @property
    def scores(self) -> dict[str, float] | None:
        """The points by exercise that the submission got when it was last graded, if it was."""
        if self.result.status != "graded":
            return self.before
        return {verdict.name: verdict.points for verdict in self.result.exercises}


def save(course: Course, result: Result, seed: int, submission: str) -> None:
    """Write the record of one submission, at once whole.

    ``seed`` is that of the hidden cases, ``submission`` the `digest` of what was graded.
    """
    path = path_of(course, result.lab, result.student)
    before = None
    with contextlib.suppress(UsageError, OSError):
        before = _read(path).scores
    new = path.with_suffix(".new")
    record = {"seed": seed, "submission": submission, "result": result.to_json(), "before": before}
    new.write_text(json.dumps(record, indent=1), "utf-8")
    new.replace(path)


def changes(course: Course, lab: str, students: Iterable[str]) -> dict[str, str]:
    """Return in words how the last grading changed each student's points; who kept all is left out."""
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


def was_graded(course: Course, lab: str, student: str, seed: int, submission: str) -> bool:
    """Whether the very same submission was graded already, with the same cases."""
    path = path_of(course, lab, student)
    if not path.exists():
        return False
    record = _read(path)
    return (record.seed, record.submission, record.result.status) == (seed, submission, "graded")


def load_all(course: Course, lab: str) -> list[Result]:
    """Return the records of a lab, by student. Raises UsageError for a file that cannot be read."""
    return [load(path) for path in sorted((course.state(lab) / "results").glob("*.json"))]


def load(path: Path) -> Result:
    """Return one record."""
    return _read(path).result


def path_of(course: Course, lab: str, student: str) -> Path:
    """Return the file of a student's record."""
    folder = course.state(lab) / "results"
    folder.mkdir(exist_ok=True)
    name = quote(student, safe="", errors="surrogateescape")
    if len(name) > MAX_NAME:  # a file system's names end at 255 bytes
        name = f"{name[:MAX_NAME]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return folder / f"{name}.json"


def digest(folder: Path) -> str:
    """Return a digest of the regular files below a folder: of their places and contents."""
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
        record = json.loads(path.read_text("utf-8"))
        result = Result.from_json(record["result"])
        return _Record(record["seed"], record["submission"], result, record.get("before"))
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path} is no record of a grading: delete it and grade the student again") from None
