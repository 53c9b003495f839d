"""What grading remembers of each submission, under .seqlab/<lab>/results/: one JSON file a student."""

import json
from pathlib import Path
from urllib.parse import quote

from .course import Course
from .errors import UsageError
from .results import Result

__all__ = ["load", "load_all", "path_of", "save"]


def save(course: Course, result: Result) -> None:
    """Write the record of one submission, at once whole."""
    path = path_of(course, result.lab, result.student)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(result.to_json(), indent=1), "utf-8")
    new.replace(path)


def load_all(course: Course, lab: str) -> list[Result]:
    """Return the records of a lab, by student. Raises UsageError for a file that cannot be read."""
    return [load(path) for path in sorted((course.state(lab) / "results").glob("*.json"))]


def load(path: Path) -> Result:
    """Return one record."""
    try:
        return Result.from_json(json.loads(path.read_text("utf-8")))
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path} is no record of a grading: delete it and grade the student again") from None


def path_of(course: Course, lab: str, student: str) -> Path:
    """Return the file of a student's record."""
    folder = course.state(lab) / "results"
    folder.mkdir(exist_ok=True)
    return folder / f"{quote(student, safe='')}.json"
