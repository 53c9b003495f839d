"""Chooses the notebook in a student's folder, and recognises the lab that it belongs to."""

import re
from collections.abc import Iterable
from pathlib import Path

from nbformat import NotebookNode

from autograder.errors import BadSubmission
from autograder.lab.course import Course, LabFolder
from autograder.lab.text import in_process_tests
from autograder.submission.read import read_notebook

__all__ = [
    "ARCHIVE",
    "IGNORED",
    "check_id",
    "files_in",
    "find_notebook",
    "is_notebook",
    "notebooks_in",
    "recognise",
    "what_is_there",
]

IGNORED = ("__MACOSX", "__pycache__")
"""Folders that hold nothing of a student's; so do those whose names begin with a dot."""
MAX_READ = 20
"""Most notebooks of a folder that are read to find the lab's."""
ARCHIVE = re.compile(r"\.(zip|rar|7z|tar|tgz|gz|bz2|xz)$", re.IGNORECASE)
EXPORT = re.compile(r"\.(html?|pdf|py|docx?)$", re.IGNORECASE)


def is_notebook(path: Path) -> bool:
    """Whether a path has a notebook's name; hidden files, such as a Mac's ``._cells.ipynb``, have not."""
    return path.suffix.lower() == ".ipynb" and not path.name.startswith(".")


def files_in(folder: Path) -> Iterable[Path]:
    """Return what lies below a folder, sorted, without what computers have put there themselves."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in IGNORED:
            continue
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from files_in(path)


def check_id(student: str) -> None:
    """Raise BadSubmission if the name of a student's folder cannot be an id."""
    if not student.isprintable():
        raise BadSubmission("the folder's name has characters that cannot be an id: rename it")
    if set(student) & set("*?"):
        raise BadSubmission(
            "the folder's name has * or ?, which nbgrader takes for any characters: rename it"
        )


def notebooks_in(folder: Path) -> list[Path]:
    """Return the notebooks in a folder itself, sorted; none if there is no such folder."""
    return sorted(path for path in folder.iterdir() if is_notebook(path)) if folder.is_dir() else []


def find_notebook(folder: Path, course: Course, lab: str) -> tuple[Path, list[str]]:
    """Return the path of a lab's notebook in a student's folder, and the repairs.

    The notebook is named after the lab; failing that, the only notebook in the folder is taken, or the only
    one that is recognised as the lab's. Raises BadSubmission if there is none, or more than one such.
    """
    path = folder / f"{lab}.ipynb"
    if path.is_file():
        return path, []
    others = notebooks_in(folder)
    if not others:
        raise BadSubmission(f"there is no notebook: {what_is_there(folder, lab)}")
    chosen = others if len(others) == 1 else _recognised(others, course, lab)
    if len(chosen) > 1:
        same_name = [other for other in chosen if other.stem.lower() == lab.lower()]
        chosen = same_name if len(same_name) == 1 else chosen
    if not chosen:
        raise BadSubmission(f"there is no {lab}.ipynb, and none of {_names(others)} is of this lab")
    if len(chosen) > 1:
        raise BadSubmission(
            f"there is no {lab}.ipynb, and it is unclear which of {_names(chosen)} is meant: rename that one"
        )
    repairs = [f"the notebook is called {chosen[0].name}, not {lab}.ipynb"]
    if ignored := [other for other in others if other != chosen[0]]:
        repairs.append(f"not graded: {_names(ignored)}")
    return chosen[0], repairs


def _recognised(notebooks: list[Path], course: Course, lab: str) -> list[Path]:
    """Return the notebooks that are of a lab; of equal ones the first."""
    found: dict[bytes, Path] = {}
    for path in notebooks[:MAX_READ]:
        try:
            if recognise(course, read_notebook(path).notebook, course.lab(lab)) == lab:
                found.setdefault(path.read_bytes(), path)
        except (BadSubmission, OSError):
            continue
    return list(found.values())


def _names(paths: list[Path]) -> str:
    names = [path.name for path in paths[:5]]
    return ", ".join(names) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")


def what_is_there(folder: Path, lab: str = "") -> str:
    """Say what is in a folder in place of a lab's notebook, and what to do with it."""
    wanted = f"{lab}.ipynb" if lab else "the notebook"
    here = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".") and path.is_file()]
    for path in here:
        # A browser or a mail program adds something: cells.ipynb.txt.
        if ".ipynb" in path.name.lower() and not ARCHIVE.search(path.name):
            return f"{path.name} does not end in .ipynb: rename it to {lab or '<lab>'}.ipynb"
    below = next((path for path in files_in(folder) if is_notebook(path)), None)
    if below:
        return f"{below.relative_to(folder)} lies in a folder below: move it up, beside its files"
    for path in here:
        if ARCHIVE.search(path.name):
            return f"{path.name} is an archive: unpack it, so that {wanted} lies in this folder"
    for path in here:
        if EXPORT.search(path.name) and path.name.lower().startswith(lab.lower()):
            return f"{path.name} is an export: hand in {wanted} itself"
    return f"{wanted} is missing"


def recognise(course: Course, notebook: NotebookNode, likely: LabFolder | None = None) -> str:
    """Return the lab that a notebook belongs to, by its grade ids. Raises BadSubmission if none fits.

    Where nbgrader's metadata was lost, the lab is recognised by cell ids or by the functions defined:
    in a release both equal the grade ids. If all grade ids of ``likely`` are found, the other labs are
    not looked at.
    """
    ids = {cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells if "nbgrader" in cell.metadata}
    if likely and _grade_ids(likely) <= ids:
        return likely.name
    for cell in notebook.cells:
        ids |= {cell.id, *re.findall(r"^def (\w+)\(", cell.source, re.MULTILINE)}
    if likely and _grade_ids(likely) <= ids:
        return likely.name
    known = {name: _grade_ids(course.lab(name)) for name in course.labs}
    # Of labs that have as many of the cells, the one that lacks fewest: labs may share exercises.
    best = max(known, key=lambda name: (len(ids & known[name]), -len(known[name] - ids)), default=None)
    if best is None or not ids & known[best]:
        raise BadSubmission(
            f"it belongs to no lab of this course ({', '.join(course.labs) or 'there are none'}): "
            "its test cells are unknown"
        )
    return best


def _grade_ids(lab: LabFolder) -> set[str]:
    return {*lab.tests, *lab.tests.values(), *in_process_tests(lab.text)}
