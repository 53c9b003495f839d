"""Grades notebook files without a gradebook, recognising the lab of each by its grade ids."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from autograder.errors import BadSubmission, UsageError
from autograder.grading.grader import Outcome, Task, ungraded
from autograder.grading.processes import grade_all
from autograder.lab.course import Course
from autograder.run import Run
from autograder.settings import require_isolation
from autograder.submission.choose import recognise
from autograder.submission.read import read_notebook

__all__ = ["check_files", "expand"]


def expand(paths: Sequence[Path]) -> list[Path]:
    """Return the notebook files at paths; a folder stands for all notebooks below it.

    Raises UsageError for a path that does not exist and for a folder without notebooks.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            inside = (p for p in path.rglob("*") if ".ipynb_checkpoints" not in p.parts)
            # A link to a folder is not followed: it becomes a bad submission, and is not passed over.
            below = sorted(p for p in inside if p.suffix == ".ipynb" or (p.is_symlink() and p.is_dir()))
            if not below:
                raise UsageError(f"{path} holds no notebooks")
            found += below
        elif path.exists() or path.is_symlink():
            found.append(path)
        else:
            raise UsageError(f"{path} does not exist")
    return list(dict.fromkeys(found))


def check_files(course: Course, paths: Sequence[Path], run_of: Callable[[str], Run]) -> Iterator[Outcome]:
    """Grade notebook files of any labs of a course; yield each outcome when it is ready.

    ``run_of`` gives the run for a lab by its name.
    """
    by_lab: dict[str, list[Task]] = {}
    for path in paths:
        task = Task(_student(path), path)
        try:
            lab = recognise(course, read_notebook(path).notebook)
        except BadSubmission as error:
            yield ungraded(task, "bad submission", str(error))
            continue
        by_lab.setdefault(lab, []).append(task)
    for lab, tasks in by_lab.items():
        run = run_of(lab)
        require_isolation(run.settings)
        yield from grade_all(run, tasks)


def _student(path: Path) -> str:
    """Return the student whom a path names, <student>/<lab>/<lab>.ipynb, else the file's name."""
    absolute = path.absolute()
    if absolute.parent.name == absolute.stem and absolute.parent.parent.name:
        return absolute.parent.parent.name
    return path.stem
