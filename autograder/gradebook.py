"""Grades a class into nbgrader's gradebook: many processes run and judge, this one alone writes."""

import glob
import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from . import records
from .build import load_config, register
from .course import Course
from .errors import GraderError, UsageError
from .grade import Settings
from .pool import Task, grade_all
from .results import Result
from .sandbox import copy_plain_files

__all__ = ["Class", "autograde", "find_class"]


@dataclass
class Class:
    """Who is to be graded, and who is left as they are because they are graded already."""

    tasks: list[Task] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


def find_class(course: Course, lab: str, students: Sequence[str] = (), force: bool = False) -> Class:
    """Return the submissions of a lab under submitted/. Raises UsageError if there is none.

    A submission is left as it is when it was graded after it was last changed, unless ``force``.
    """
    directory = _directory(course, lab)
    step = directory.submitted_directory
    # A null stands in no path: it parts what comes before the student's id from what comes after.
    before, after = directory.format_path(step, "\0", lab).split("\0")
    folders = {}
    for path in glob.glob(f"{glob.escape(before)}*{glob.escape(after)}"):
        folder = Path(path)
        if folder.is_dir() and not folder.is_symlink():
            folders[path[len(before) : len(path) - len(after)]] = folder
    if unknown := [name for name in students if name not in folders]:
        raise UsageError(
            f"nothing was handed in by {unknown[0]!r} for {lab}: {step}/{unknown[0]}/{lab} is missing"
        )
    if not folders:
        raise UsageError(
            f"nothing was handed in for {lab}: put submissions into {step}/<student>/{lab}/{lab}.ipynb"
        )
    found = Class()
    for name in sorted(students or folders):
        if not force and _is_done(course, directory, lab, name, folders[name]):
            found.done.append(name)
        else:
            found.tasks.append(Task(name, folders[name]))
    return found


def autograde(
    course: Course, lab: str, tasks: Sequence[Task], settings: Settings, jobs: int, seed: int
) -> Iterator[Result]:
    """Grade submissions into the gradebook, and yield each record when it is written.

    What was graded is in the gradebook, in autograded/ and among the records; a bad submission and a
    fault of the grader are among the records only, so that earlier scores stay.
    """
    directory = _directory(course, lab)
    register(course.root, lab, directory.db_url)
    for outcome in grade_all(course, lab, seed, settings, directory.db_url, tasks, jobs):
        result = outcome.result
        if outcome.notebook is not None:
            source = next(task.path for task in tasks if task.student == result.student)
            try:
                _write(course, lab, result.student, source, outcome.notebook)
            except GraderError as error:
                result.status, result.reason = "grader error", str(error)
        records.save(course, result)
        yield result


class _Write(Autograde):
    """nbgrader's autograding of a notebook that has been sanitised, run and judged already."""

    notebook: NotebookNode

    def init_notebooks(self) -> None:
        """Name the one notebook: nbgrader would take an id with brackets or stars for a pattern."""
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.assignments = {folder: [str(Path(folder, f"{self.coursedir.assignment_id}.ipynb"))]}
        self.notebooks: list[str] = []

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Save the finished notebook and its grades, with nbgrader's own preprocessors."""
        resources = self.init_single_notebook_resources(notebook_filename)
        target = self._format_dest(resources["nbgrader"]["assignment"], resources["nbgrader"]["student"])
        path = Path(target, Path(notebook_filename).name)
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(self.notebook, path)
        self._sanitizing = False
        self._init_preprocessors()
        try:
            BaseConverter.convert_single_notebook(self, str(path))
        finally:
            self._sanitizing = True


class _Errors(logging.Handler):
    """Keeps the last exception that nbgrader logs: its converters swallow what stopped them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.reason = ""
        self.log = logging.Logger("seqlab.nbgrader", logging.ERROR)
        self.log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line of a traceback that names the exception."""
        first, *lines = record.getMessage().splitlines() or [""]
        if first.startswith("Traceback"):
            self.reason = next((line for line in lines if line and not line.startswith(" ")), self.reason)


def _write(course: Course, lab: str, student: str, source: Path, notebook: NotebookNode) -> None:
    """Write one graded submission through nbgrader, from a clean copy of what was handed in."""
    config = load_config(course.root)
    steps = config.Autograde.get("autograde_preprocessors", Autograde.autograde_preprocessors.default())
    with tempfile.TemporaryDirectory(prefix="seqlab-submitted-") as folder:
        copy = Path(folder, "submitted", student, lab)
        copy.mkdir(parents=True)
        copy_plain_files(source, copy)
        nbformat.write(notebook, copy / f"{lab}.ipynb")
        directory = _directory(course, lab, config)
        directory.submitted_directory = str(Path(folder, "submitted"))
        directory.student_id = student
        converter = _Write(coursedir=directory, config=config)
        errors = _Errors()
        converter.log = errors.log
        converter.notebook, converter.force = notebook, True
        converter.autograde_preprocessors = [
            step for step in steps if not str(step).endswith("GradeInSandbox")
        ]
        try:
            converter.start()
        except (NbGraderException, SQLAlchemyError, OSError) as error:
            reason = errors.reason or (str(error).splitlines() or [type(error).__name__])[0]
            raise GraderError(f"nbgrader could not save the grades: {reason}") from None


def _directory(course: Course, lab: str, config: Config | None = None) -> CourseDirectory:
    directory = CourseDirectory(config=config or load_config(course.root))
    directory.root, directory.assignment_id = str(course.root), lab
    return directory


def _is_done(course: Course, directory: CourseDirectory, lab: str, student: str, folder: Path) -> bool:
    """Whether the record, which is written last, and the graded notebook are newer than the submission."""
    graded = Path(directory.format_path(directory.autograded_directory, student, lab), f"{lab}.ipynb")
    record = records.path_of(course, lab, student)
    if not graded.exists() or not record.exists():
        return False
    newest = max(p.lstat().st_mtime for p in (folder, *folder.rglob("*")))
    return newest <= record.stat().st_mtime and records.load(record).status == "graded"
