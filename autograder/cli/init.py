"""Makes a new course, and a small lab in a course, from the files in ``starter/``."""

import importlib.util
import keyword
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.errors import UsageError
from autograder.lab.course import CONFIG, Course

__all__ = ["init_course", "new_lab"]

STARTER = Path(__file__).parent / "starter"
COURSE = {
    "nbgrader_config.py": "nbgrader_config.py",
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "requirements": "requirements.txt",
    "regrade.yml": ".github/workflows/regrade.yml",
}
"""Files of a new course, from starter/course/ (each with .txt behind its name) -> their places."""
FOLDERS = ("assignments", "source", "release")
"""Folders of a new course, each with an empty file, since git keeps no empty folder."""
RESERVED = (*FOLDERS, "submitted", "autograded", "feedback", "course_utils", "autograder")
"""Names that no lab may have: nbgrader's folders, and what notebooks and labs import."""
LAB = ("exercises.py", "mistakes.py", "answers.py", "published.json")
"""Files of a new lab besides its text, from starter/lab/."""


def init_course(folder: Path) -> list[Path]:
    """Make a course in a folder, which is made if it is missing; return the files, as paths.

    The course's id is the folder's name. Nothing is overwritten: raises UsageError, and writes nothing, if
    one of the files exists, or if the folder lies in another course.
    """
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file: name a folder")
    for place in (folder, *folder.parents):
        if (place / CONFIG).exists() and (place / "assignments").is_dir():
            where = "is a course already" if place == folder else f"lies in the course {place}"
            raise UsageError(f"{folder} {where}: name another folder, or add a lab with `seqlab new LAB`")
    course_id = re.sub(r"\W+", "-", folder.name).strip("-") or "course"
    try:
        installed = version("seqlab")
    except PackageNotFoundError:  # run from a copy of the repository
        installed = "0"
    words = {"COURSE_ID": course_id, "seqlab==VERSION": f"seqlab=={installed}"}
    texts = {place: _template("course", name, words) for name, place in COURSE.items()}
    texts |= {f"{name}/.gitkeep": "" for name in FOLDERS}
    return _write(folder, texts)


def new_lab(course: Course, name: str) -> list[Path]:
    """Make a small lab in a course; return its files, as paths.

    It has one exercise, a step of exponential smoothing, to be replaced by one's own. Raises UsageError if
    the name cannot be a lab's, or if there is such a lab.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise UsageError(
            f"{name!r} cannot be a lab's name: use lower-case letters, digits and '_', a letter first"
        )
    if name in RESERVED or _is_installed(name):
        raise UsageError(f"{name!r} is the name of a Python package or of a folder of courses: use another")
    folder = course.root / "assignments" / name
    if folder.exists():
        raise UsageError(f"{folder} exists already: nothing was changed; use another name, or remove it")
    texts = {f"{name}.py": _template("lab", "lab.py", {"LAB": name})}
    texts |= {file: _template("lab", file, {"`LAB`": f"`{name}`"}) for file in LAB}
    return _write(folder, texts)


def _is_installed(name: str) -> bool:
    """Whether Python has a module or a package of this name; a mere folder is none."""
    spec = importlib.util.find_spec(name)
    return spec is not None and spec.origin is not None


def _template(kind: str, name: str, words: dict[str, str]) -> str:
    """Return the text of a template, with some words replaced."""
    text = (STARTER / kind / f"{name}.txt").read_text("utf-8")
    for word, replacement in words.items():
        text = text.replace(word, replacement)
    return text


def _write(folder: Path, texts: dict[str, str]) -> list[Path]:
    """Write new files below a folder. Raises UsageError, before anything is written, if one exists."""
    if there := [place for place in texts if (folder / place).exists()]:
        raise UsageError(f"{folder / there[0]} exists already: nothing was changed")
    for place, text in texts.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "x", encoding="utf-8", newline="") as file:
            file.write(text)
    return [folder / place for place in texts]
