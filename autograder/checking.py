"""Grades notebook files without a gradebook: each is recognised by its grade ids."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .build import register
from .course import Course
from .errors import BadSubmission, UsageError
from .grader import Outcome
from .intake import read_notebook, recognise
from .pool import Task, grade_all
from .results import Result
from .sandbox import Isolation
from .settings import load_config, require_isolation, settings_of

__all__ = ["check_files", "expand"]


def expand(paths: Sequence[Path]) -> list[Path]:
    """Return the notebook files that paths name; a folder stands for all notebooks below it.

    Raises UsageError for a path that does not exist and for a folder without notebooks.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = sorted(p for p in path.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
            if not below:
                raise UsageError(f"{path} holds no notebooks")
            found += below
        elif path.exists() or path.is_symlink():
            found.append(path)
        else:
            raise UsageError(f"{path} does not exist")
    return list(dict.fromkeys(found))


def check_files(
    course: Course,
    paths: Sequence[Path],
    seed: int,
    jobs: int,
    isolation: Isolation | None = None,
    figures: bool = True,
) -> Iterator[Outcome]:
    """Grade notebook files of any labs of a course; yield each outcome when it is ready."""
    by_lab: dict[str, list[Task]] = {}
    for path in paths:
        try:
            lab = recognise(course, read_notebook(path).notebook)
        except BadSubmission as error:
            yield Outcome(Result(str(path), _student(path), "", "bad submission", str(error)))
            continue
        by_lab.setdefault(lab, []).append(Task(_student(path), path))
    config = load_config(course.root)
    for lab, tasks in by_lab.items():
        settings = settings_of(config, course.lab(lab), isolation, figures)
        require_isolation(settings)
        with tempfile.TemporaryDirectory(prefix="seqlab-check-") as folder:
            gradebook = f"sqlite:///{folder}/gradebook.db"
            register(course.root, lab, gradebook)
            yield from grade_all(course, lab, seed, settings, gradebook, tasks, jobs)


def _student(path: Path) -> str:
    """Return who handed a file in, as far as its path tells: .../<student>/<lab>/<lab>.ipynb."""
    absolute = path.absolute()
    if absolute.parent.name == absolute.stem and absolute.parent.parent.name:
        return absolute.parent.parent.name
    return path.stem
