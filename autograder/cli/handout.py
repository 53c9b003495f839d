"""Copies released labs into a folder for students, and says which solutions they hold."""

import shutil
from pathlib import Path

from autograder.errors import UsageError
from autograder.lab.course import Course

__all__ = ["hand_out"]


def hand_out(course: Course, upto: str | None, folder: Path) -> list[str]:
    """Copy the released files of some labs into ``folder``; return a line for each lab.

    With ``upto`` these are that lab and those that it builds on, otherwise all labs. A later lab imports the
    functions of earlier ones, so its folder holds their solutions: the line says which. Files of the same
    name are replaced, others are left. Raises UsageError where a lab has not been built.
    """
    names = _with_earlier(course, upto) if upto else course.labs
    built = {name: course.root / "release" / name for name in names}
    if missing := [name for name, path in built.items() if not path.is_dir()]:
        raise UsageError(f"not built yet: {', '.join(missing)}: `seqlab build` first")
    lines = []
    for name, path in built.items():
        shutil.copytree(path, folder / name, dirs_exist_ok=True)
        solved = [f"{one}.py" for one in _with_earlier(course, name)[:-1]]
        holds = f": holds the solutions of an earlier lab ({', '.join(solved)})" if solved else ""
        lines.append(f"{folder / name}{holds}")
    return lines


def _with_earlier(course: Course, name: str) -> list[str]:
    """Return the labs that a lab builds on, the earliest first, and the lab itself."""
    found: list[str] = []
    for earlier in course.lab(name).lab.earlier:
        found += [one for one in _with_earlier(course, earlier) if one not in found]
    return [*found, name]
