"""Grades a class into nbgrader's gradebook: many processes run and judge, this one alone writes."""

import contextlib
import glob
import logging
import tempfile
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from . import records
from .build import register
from .course import Course
from .errors import GraderError, UsageError
from .grader import Outcome
from .openbook import keep_open, one_commit, opened
from .pool import Task, grade_all
from .sandbox import Zone, copy_plain_files
from .settings import Settings, load_config
from .stages import log

__all__ = ["Class", "autograde", "find_class"]


LOG = "log.jsonl"
"""In .seqlab/<lab>/: one line for each submission that was graded, with seconds by stage."""
DONE = ("GradeInSandbox", "CheckCellMetadata")
"""Steps that were done where the notebook was run; since then no metadata has changed."""


@dataclass
class Class:
    """Who is to be graded, and who is left as they are because they are graded already."""

    tasks: list[Task] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


def find_class(
    course: Course, lab: str, seed: int, students: Sequence[str] = (), force: bool = False
) -> Class:
    """Return the submissions of a lab under submitted/, and register the lab in the gradebook.

    Raises UsageError if there is none. A submission that was graded already, as it is and with the cases
    of this seed, is left alone unless ``force``.
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
    register(course.root, lab, directory.db_url)
    found, saved = Class(), _saved(directory, lab)
    for name in sorted(students or folders):
        task = Task(name, folders[name], records.fingerprint(folders[name]))
        graded = Path(directory.format_path(directory.autograded_directory, name, lab), f"{lab}.ipynb")
        known = name in saved and graded.exists()
        if not force and known and records.was_graded(course, lab, name, seed, task.submission):
            found.done.append(name)
        else:
            found.tasks.append(task)
    return found


def _saved(directory: CourseDirectory, lab: str) -> set[str]:
    """Return the students of whom the gradebook has a submission of the lab."""
    with opened(directory.db_url, directory.course_id) as gradebook:
        try:
            return {submission.student.id for submission in gradebook.assignment_submissions(lab)}
        except MissingEntry:
            return set()


def autograde(
    course: Course,
    lab: str,
    tasks: Sequence[Task],
    settings: Settings,
    jobs: int,
    seed: int,
    zones: Sequence[Zone] = (),
) -> Generator[Outcome, None, None]:
    """Grade submissions into the gradebook; the iterator has each outcome when it is written.

    What was graded is in the gradebook, in autograded/ and among the records; a bad submission and a
    fault of the grader are among the records only, so that earlier scores stay. ``zones`` are zones that
    were started before, one for each job.
    """
    directory = _directory(course, lab)
    keep_open()
    outcomes = grade_all(course, lab, seed, settings, directory.db_url, tasks, jobs, zones)
    return _written(course, lab, seed, {task.student: task for task in tasks}, outcomes)


def _written(
    course: Course, lab: str, seed: int, tasks: Mapping[str, Task], outcomes: Generator[Outcome, None, None]
) -> Generator[Outcome, None, None]:
    with contextlib.closing(outcomes):  # at once, and not in a thread of the pool
        for outcome in outcomes:
            result, task = outcome.result, tasks[outcome.result.student]
            if outcome.notebook is not None:
                try:
                    with outcome.stages("write"):
                        _write(course, lab, task.student, task.path, outcome.notebook)
                except GraderError as error:
                    result.status, result.reason = "grader error", str(error)
            records.save(course, result, seed, task.submission)
            log(course.state(lab) / LOG, result, outcome.stages)
            yield outcome


class _Final(NotebookNode):
    """A notebook that is not changed any more and need not be copied, as the exporter does twice."""

    def __deepcopy__(self, memo: object) -> "_Final":
        return self


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
        name = resources["nbgrader"]["notebook"]
        resources["metadata"] = {"name": name, "path": str(Path(notebook_filename).parent)}
        self._sanitizing = False
        self._init_preprocessors()
        try:
            output, resources = self.exporter.from_notebook_node(self.notebook, resources)
        finally:
            self._sanitizing = True
        self.write_single_notebook(output, resources)


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
        (copy / f"{lab}.ipynb").touch()
        directory = _directory(course, lab, config)
        try:
            directory.get_existing_timestamp(str(copy))
        except Exception:  # whatever stands in a timestamp.txt: a time that cannot be read is none
            (copy / "timestamp.txt").unlink()
        directory.submitted_directory = str(Path(folder, "submitted"))
        directory.student_id = student
        converter = _Write(coursedir=directory, config=config)
        errors = _Errors()
        converter.log = errors.log
        converter.notebook, converter.force = _Final(notebook), True
        converter.autograde_preprocessors = [step for step in steps if not str(step).endswith(DONE)]
        try:
            with one_commit(directory.db_url):
                converter.start()
        except (NbGraderException, SQLAlchemyError, OSError) as error:
            reason = errors.reason or (str(error).splitlines() or [type(error).__name__])[0]
            raise GraderError(f"nbgrader could not save the grades: {reason}") from None


def _directory(course: Course, lab: str, config: Config | None = None) -> CourseDirectory:
    directory = CourseDirectory(config=config or load_config(course.root))
    directory.root, directory.assignment_id = str(course.root), lab
    return directory
