"""What grading remembers of each submission, under .seqlab/<lab>/results/: one JSON file a student."""

import contextlib
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder.errors import UsageError
from autograder.lab.course import Course
from autograder.results import Result

__all__ = ["changes", "digest", "load", "load_all", "path_of", "save", "was_graded"]

MAX_NAME = 200
"""Longest quoted id that names a record as it is."""
LARGE = 64 << 20
"""Files of more bytes are known by size and time, and so are those that cannot be read."""


def save(course: Course, result: Result, seed: int, submission: str) -> None:
    """Write the record of one submission, at once whole.

    ``seed`` is that of the hidden cases, ``submission`` the `digest` of what was graded.
    """
    path = path_of(course, result.lab, result.student)
    new = path.with_suffix(".new")
    record = {
        "seed": seed,
        "submission": submission,
        "result": result.to_json(),
        "before": _scores(path),
    }
    new.write_text(json.dumps(record, indent=1), "utf-8")
    new.replace(path)


def changes(course: Course, lab: str, students: Iterable[str]) -> dict[str, str]:
    """Return what the last grading changed of each student's points, in words; who kept all is left out."""
    words = {}
    for student in students:
        path = path_of(course, lab, student)
        record = _read(path)
        before = record["before"]
        if before is None or record["result"].status != "graded":
            continue
        now = _scores(path) or {}
        both = {name: (before.get(name, 0.0), now.get(name, 0.0)) for name in {**before, **now}}
        moved = [f"{name} {old:g} → {new:g}" for name, (old, new) in both.items() if old != new]
        if moved:
            total = f"total {sum(before.values()):g} → {sum(now.values()):g}"
            words[student] = ", ".join([*moved, total])
    return words


def _scores(path: Path) -> dict[str, float] | None:
    """Return the points by exercise that a record's submission got when it was last graded, if it was."""
    with contextlib.suppress(UsageError, OSError):
        record = _read(path)
        if record["result"].status != "graded":
            return record["before"]
        return {verdict.name: verdict.points for verdict in record["result"].exercises}
    return None


def was_graded(course: Course, lab: str, student: str, seed: int, submission: str) -> bool:
    """Whether the very same submission was graded already, with the same cases."""
    path = path_of(course, lab, student)
    if not path.exists():
        return False
    record = _read(path)
    same = record["seed"] == seed and record["submission"] == submission
    return same and record["result"].status == "graded"


def load_all(course: Course, lab: str) -> list[Result]:
    """Return the records of a lab, by student. Raises UsageError for a file that cannot be read."""
    return [load(path) for path in sorted((course.state(lab) / "results").glob("*.json"))]


def load(path: Path) -> Result:
    """Return one record."""
    result: Result = _read(path)["result"]
    return result


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
        status = path.stat()
        found.update(f"{path.relative_to(folder)}\0{status.st_size}\0".encode("utf-8", "surrogateescape"))
        try:
            if status.st_size > LARGE:
                raise OSError("too large to read for this")
            found.update(path.read_bytes())
        except OSError:
            found.update(str(status.st_mtime_ns).encode())
    return found.hexdigest()


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text("utf-8"))
        return {
            "seed": record["seed"],
            "submission": record["submission"],
            "result": Result.from_json(record["result"]),
            "before": record.get("before"),
        }
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path} is no record of a grading: delete it and grade the student again") from None
