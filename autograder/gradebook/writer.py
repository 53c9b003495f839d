"""Writes graded submissions through nbgrader: the gradebook's rows, and the folders in autograded/."""

import contextlib
import json
import logging
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path, PurePath
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4.rwbase import strip_transient
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files, parse_utc, rmtree
from traitlets import TraitError
from traitlets.config import Config

from autograder.errors import GraderError, StorageError, UsageError
from autograder.gradebook.register import register_before_autograde
from autograder.gradebook.session import OpenGradebook
from autograder.gradebook.storage import storing
from autograder.lab.course import CONFIG, Course, load_config
from autograder.submission.files import laid_over, plain_files
from autograder.submission.timestamp import TIMESTAMP, read_timestamp

__all__ = ["Writer", "directory_of"]

DONE = ("GradeInSandbox", "CheckCellMetadata")
"""Preprocessors that have done their work in the grading process: the metadata has not changed since."""


def directory_of(course: Course, lab: str, config: Config | None = None) -> CourseDirectory:
    """Return nbgrader's view of a course's folders, for one lab."""
    directory = CourseDirectory(config=config or load_config(course.root))
    directory.root, directory.assignment_id = str(course.root), lab
    return directory


class Writer(Autograde):
    """nbgrader's Autograde for notebooks that are restored, run and judged already; one for a class.

    It uses the settings, preprocessors and hooks of ``c.Autograde``, but always writes a notebook, copies and
    validates only once, and replaces a student's whole folder in autograded/. Raises UsageError if a
    preprocessor cannot be loaded.
    """

    def __init__(self, course: Course, lab: str) -> None:
        config = load_config(course.root)
        try:
            super().__init__(coursedir=directory_of(course, lab, config), config=config)
            self.lab, self.log = lab, logging.Logger("seqlab.nbgrader", logging.CRITICAL)
            steps = list(self.autograde_preprocessors)  # type: ignore[has-type]
            self.autograde_preprocessors = [step for step in steps if not _name(step).endswith(DONE)]
            self.exporter = self.exporter_class(parent=self, config=config)
            self._sanitizing = False
            self._init_preprocessors()
        except (ImportError, TraitError) as error:
            raise UsageError(f"{CONFIG}, c.Autograde: {error}") from None
        self._own = self._files_of_lab()
        self._gradebook = OpenGradebook(self.coursedir.db_url, self.coursedir.course_id)

    def _files_of_lab(self) -> dict[str, bytes]:
        """Return the lab's own files by relative path; like nbgrader, we let them replace submitted ones."""
        source = self.coursedir.format_path(self.coursedir.source_directory, ".", self.lab)
        paths = map(Path, find_all_files(source, [*self.coursedir.ignore, "*.ipynb"]))
        found = {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}
        return {place: found[place] for place in found.keys() - self.exclude_overwriting.get(self.lab, ())}

    def save(self, student: str, handed_in: Path, notebook: NotebookNode) -> None:
        """Write one graded submission completely or, raising GraderError, not at all.

        It is a StorageError where no other submission could be written either. ``handed_in`` is the submitted
        notebook's file; the files beside it are copied too. The preprocessors may change ``notebook``.
        """
        try:
            with (
                contextlib.chdir(self.coursedir.root),
                storing(Path(self.coursedir.root), self.coursedir.db_url),
            ):
                self._save(student, handed_in, notebook)
        except StorageError:
            raise
        except Exception as error:  # from nbgrader, its database, the system, or a course's own preprocessor
            reason = (str(error).splitlines() or [""])[0]
            kind = type(error).__name__
            raise GraderError(f"nbgrader could not save the grades: {kind}: {reason}") from error

    def _save(self, student: str, handed_in: Path, notebook: NotebookNode) -> None:
        self.coursedir.student_id = student
        self.notebooks = [str(handed_in)]
        if self.pre_convert_hook is not register_before_autograde:  # the lab is registered already
            self.run_pre_convert_hook()
        target = Path(self._format_dest(self.lab, student))
        new, old = (target.with_name(f".{self.lab}.{end}") for end in ("new", "old"))
        if old.exists() and not target.exists():  # a run was killed between two renames
            old.rename(target)
        _remove(new, old)
        new.mkdir(parents=True)
        try:
            timestamp = self._copy_files(handed_in.parent, new)
            with self._gradebook.transaction():
                self._add_rows(student, timestamp)
                text = self._with_steps(student, notebook, target)
                (new / f"{self.lab}.ipynb").write_text(text, "utf-8")
                if target.exists():
                    target.rename(old)
        except BaseException:
            if old.exists():
                old.rename(target)
            _remove(new)
            raise
        new.rename(target)
        _remove(old)
        self.set_permissions(self.lab, student)
        self.run_post_convert_hook()

    def _copy_files(self, handed_in: Path, new: Path) -> datetime | None:
        """Copy a submission's files, replaced by the lab's own where names clash; return its timestamp.

        A timestamp.txt that holds no valid time is not copied, and the timestamp is None.
        """
        theirs, _ = plain_files(handed_in)
        timestamp: datetime | None = None
        try:
            timestamp = read_timestamp(theirs[TIMESTAMP])
            if not _is_read_by_nbgrader(theirs[TIMESTAMP], timestamp):
                theirs[TIMESTAMP] = f"{timestamp:%Y-%m-%d %H:%M:%S.%f} UTC".encode()
        except KeyError:
            pass
        except ValueError:
            del theirs[TIMESTAMP]
        for place, content in laid_over(theirs, self._own).items():
            if not self._is_ignored(place):
                (new / place).parent.mkdir(parents=True, exist_ok=True)
                (new / place).write_bytes(content)
        return timestamp

    def _is_ignored(self, place: str) -> bool:
        patterns = self.coursedir.ignore
        return any(fnmatch(part, pattern) for part in PurePath(place).parts for pattern in patterns)

    def _add_rows(self, student: str, timestamp: datetime | None) -> None:
        """Add the student and the submission to the gradebook if they are missing."""
        times = {"timestamp": timestamp} if timestamp else {}
        if self.create_student:
            self._gradebook.update_or_create_student(student)
        self._gradebook.update_or_create_submission(self.lab, student, **times)

    def _with_steps(self, student: str, notebook: NotebookNode, target: Path) -> str:
        """Run nbgrader's preprocessors, which save the grades; return the notebook as text."""
        who = {
            "student": student,
            "assignment": self.lab,
            "notebook": self.lab,
            "db_url": self.coursedir.db_url,
        }
        resources = ResourcesDict(unique_key=self.lab, nbgrader=who, output_extension=".ipynb")
        resources["metadata"] = ResourcesDict(name=self.lab, path=str(target))
        self._init_preprocessors()  # new ones, as in nbgrader: a course's own may keep state
        for step in self.exporter._preprocessors:
            notebook, resources = step(notebook, resources)
        nbformat.validate(notebook)
        return _text(notebook)


def _is_read_by_nbgrader(content: bytes, timestamp: datetime) -> bool:
    """Whether nbgrader reads the same time."""
    try:
        return bool(parse_utc(content.decode().strip()) == timestamp)
    except Exception:  # dateutil raises several kinds
        return False


def _name(step: Any) -> str:
    """Return the name of one of nbgrader's steps, which may be given by name or as a class."""
    return step if isinstance(step, str) else str(getattr(step, "__name__", step))


def _remove(*places: Path) -> None:
    for place in places:
        if place.is_dir() and not place.is_symlink():
            rmtree(str(place))
        else:
            place.unlink(missing_ok=True)


def _text(notebook: NotebookNode) -> str:
    """Return a notebook as JSON, one line for each cell: indented JSON needs Python's slow encoder."""
    encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
    top = dict(strip_transient(notebook))
    cells = ",\n".join(encode(cell) for cell in top.pop("cells"))
    return f'{{"cells": [\n{cells}\n],\n{encode(top)[1:]}\n'
