"""Grades what is handed in without a gradebook: finds students and labs in folders of any layout."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from autograder.errors import BadSubmission, UsageError
from autograder.grading.cache import Cache, grade_changed
from autograder.grading.grader import Outcome, Task, ungraded
from autograder.lab.course import Course
from autograder.run import Run
from autograder.submission.choose import (
    IGNORED,
    files_in,
    is_notebook,
    notebooks_in,
    recognise,
    what_is_there,
)
from autograder.submission.read import read_notebook

__all__ = ["Handed", "check_files", "expand"]

Handed = tuple[str, Task]
"""What was handed in: a lab's name, empty if it is to be recognised, and the task."""
NOBODY = "it lies in no student's folder: whose is it?"


def expand(course: Course, paths: Sequence[Path]) -> list[Handed]:
    """Return what was handed in at paths, each submission once.

    A folder named after a lab is a submission of that lab, and the folder above it names the student, as in
    ``submitted/<student>/<lab>/``. Any other folder with notebooks is one student's, and names them: learning
    platforms give such folders. A folder without a notebook is a submission too, a bad one. Notebooks that
    lie together in the folder that was given are named after their files.

    Raises UsageError for a path that does not exist, and for a folder without any notebooks if it is the only
    path.
    """
    found: dict[tuple[str, Path], Handed] = {}
    labs = course.labs
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            handed = list(_in_folder(course, labs, path, given=True))
            if not handed and len(paths) == 1:
                raise UsageError(f"{path} holds no notebooks")
            handed = handed or [("", Task(path.absolute().name, path))]
        elif path.exists() or path.is_symlink():
            handed = [_of_file(labs, path)]
        else:
            raise UsageError(f"{path} does not exist")
        for lab, task in handed:
            found.setdefault((lab, task.path.absolute()), (lab, task))
    return list(found.values())


def _of_file(labs: Sequence[str], path: Path) -> Handed:
    """Return a notebook that was named itself: its student is its folder, if file or folder is named so."""
    above = path.absolute().parent
    lab = _named_after(labs, above)
    if lab and above.parent.name:
        only = path.name == f"{lab}.ipynb" or [other.name for other in notebooks_in(above)] == [path.name]
        return lab, Task(above.parent.name, path.parent if only else path)
    return "", Task(above.name if _is_copy_of_lab(labs, path) and above.name else path.stem, path)


def _in_folder(course: Course, labs: Sequence[str], folder: Path, *, given: bool = False) -> Iterator[Handed]:
    """Find the submissions in a folder; ``given`` if it is one that was named itself."""
    name, lab = folder.absolute().name, _named_after(labs, folder)
    entries = sorted(folder.iterdir())
    here = [path for path in entries if _counts(path)]
    folders = [p for p in entries if not p.name.startswith(".") and p.name not in IGNORED]
    folders = [p for p in folders if p.is_dir() and not p.is_symlink()]
    of_labs = [path for path in folders if _named_after(labs, path)]
    full = [path for path in folders if any(_counts(inside) for inside in files_in(path))]
    flat = given and len(here) > 1 and not any(_is_copy_of_lab(labs, path) for path in here)
    if lab and not flat and (here or not full or full == of_labs):
        yield lab, Task(folder.absolute().parent.name, folder)
    elif here and not given:
        yield from _of_student(course, folder, here)
        for path in of_labs:
            yield from _in_folder(course, labs, path)
    elif here and not full and not of_labs and not flat and _is_copy_of_lab(labs, here[0]):
        yield from _of_student(course, folder, here)
    elif here or full or of_labs:
        for path in here:
            nobody = _is_copy_of_lab(labs, path)
            yield "", Task(path.stem, path, note=NOBODY if nobody else "")
        for path in folders if full or (of_labs and not here) else ():
            if path in full or path in of_labs or not of_labs:  # beside labs, other folders hold data
                yield from _in_folder(course, labs, path)
    elif not given:
        yield "", Task(name, folder)


def _named_after(labs: Sequence[str], folder: Path) -> str:
    """Return the lab after which a folder is named, in any case; empty if there is none."""
    name = folder.absolute().name.lower()
    return next((lab for lab in labs if lab.lower() == name), "")


def _is_copy_of_lab(labs: Sequence[str], path: Path) -> bool:
    """Whether a file has a lab's name, or that of a copy: ``cells (1).ipynb``, ``cells-Copy1.ipynb``."""
    stem = path.stem.lower()
    return any(
        stem == lab or stem.startswith((f"{lab} (", f"{lab}(", f"{lab}-copy")) for lab in map(str.lower, labs)
    )


def _counts(path: Path) -> bool:
    """Whether a path is a notebook, or a link to a folder: that is not followed, but not passed over."""
    return is_notebook(path) or (path.is_symlink() and path.is_dir())


def _of_student(course: Course, folder: Path, notebooks: Sequence[Path]) -> Iterator[Handed]:
    """Return a student's folder once for each lab of which a notebook lies in it."""
    name, labs = folder.absolute().name, set()
    for path in notebooks:
        try:
            labs.add(recognise(course, read_notebook(path).notebook))
        except BadSubmission:
            continue
    for lab in sorted(labs):
        yield lab, Task(name, folder)
    if not labs:
        yield "", Task(name, notebooks[0] if len(notebooks) == 1 else folder)


def check_files(
    course: Course,
    handed_in: Sequence[Handed],
    run_of: Callable[[str], Run],
    cache_of: Callable[[Run], Cache | None] = lambda _: None,
) -> Iterator[Outcome]:
    """Grade what was handed in for any labs of a course; yield each outcome when it is ready.

    ``run_of`` gives the run for a lab by its name, ``cache_of`` the results that are kept for a run.
    """
    by_lab: dict[str, list[Task]] = {}
    for lab, task in handed_in:
        try:
            by_lab.setdefault(lab or _recognised(course, task.path), []).append(task)
        except BadSubmission as error:
            yield ungraded(task, "bad submission", str(error))
    for lab, tasks in by_lab.items():
        run = run_of(lab)
        yield from grade_changed(run, tasks, cache_of(run))


def _recognised(course: Course, path: Path) -> str:
    """Return the lab of a notebook. Raises BadSubmission if there is none, as in a folder without a lab's."""
    if path.is_dir() and not path.is_symlink() and not is_notebook(path):
        if others := notebooks_in(path):
            raise BadSubmission(f"none of {', '.join(p.name for p in others[:5])} belongs to a lab")
        raise BadSubmission(f"there is no notebook: {what_is_there(path)}")
    return recognise(course, read_notebook(path).notebook)
