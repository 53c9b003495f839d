"""Writes graded submissions through nbgrader: rows of the gradebook, and what stands in autograded/."""

import contextlib
import json
import logging
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path, PurePath

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4.rwbase import strip_transient
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files, parse_utc, rmtree
from traitlets import TraitError
from traitlets.config import Config

from autograder.errors import GraderError, UsageError
from autograder.gradebook.register import register_before_autograde
from autograder.gradebook.session import OpenGradebook
from autograder.lab.course import CONFIG, Course, load_config
from autograder.submission.files import laid_over, plain_files

__all__ = ["Writer", "directory_of"]

DONE = ("GradeInSandbox", "CheckCellMetadata")
"""Steps that were done where the notebook was run; since then no metadata has changed."""
LONGEST_TIME = 100
"""Most bytes of a timestamp.txt: to look for a time in a long text takes for ever."""


def directory_of(course: Course, lab: str, config: Config | None = None) -> CourseDirectory:
    """Return nbgrader's view of a course's folders, for one lab."""
    directory = CourseDirectory(config=config or load_config(course.root))
    directory.root, directory.assignment_id = str(course.root), lab
    return directory


class Writer(Autograde):
    """nbgrader's autograding of notebooks that have been sanitised, run and judged already.

    One for a class. It has the settings, steps and hooks of ``c.Autograde``, but always writes a notebook,
    copies and validates nothing twice, and puts a whole new folder in the place of a student's earlier one
    in autograded/. Raises UsageError for steps that cannot be made.
    """

    def __init__(self, course: Course, lab: str) -> None:
        config = load_config(course.root)
        try:
            super().__init__(coursedir=directory_of(course, lab, config), config=config)
            self.lab, self.log = lab, logging.Logger("seqlab.nbgrader", logging.CRITICAL)
            steps = list(self.autograde_preprocessors)  # type: ignore[has-type]
            self.autograde_preprocessors = [step for step in steps if not str(step).endswith(DONE)]
            self.exporter = self.exporter_class(parent=self, config=config)
            self._sanitizing = False
            self._init_preprocessors()
        except (ImportError, TraitError) as error:
            raise UsageError(f"{CONFIG}, c.Autograde: {error}") from None
        self._own = self._files_of_lab()
        self._gradebook = OpenGradebook(self.coursedir.db_url, self.coursedir.course_id)

    def _files_of_lab(self) -> dict[str, bytes]:
        """Return the lab's own files by place, as nbgrader lays them over what was handed in."""
        source = self.coursedir.format_path(self.coursedir.source_directory, ".", self.lab)
        paths = map(Path, find_all_files(source, [*self.coursedir.ignore, "*.ipynb"]))
        found = {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}
        return {place: found[place] for place in found.keys() - self.exclude_overwriting.get(self.lab, ())}

    def save(self, student: str, handed_in: Path, notebook: NotebookNode) -> None:
        """Write one graded submission, whole or not at all; the notebook may be changed on the way.

        ``handed_in`` is the notebook's file as it was handed in; the files beside it go along. Raises
        GraderError.
        """
        try:
            with contextlib.chdir(self.coursedir.root):
                self._save(student, handed_in, notebook)
        except Exception as error:  # of nbgrader, its database, the system, or a course's own step
            reason = (str(error).splitlines() or [""])[0]
            kind = type(error).__name__
            raise GraderError(f"nbgrader could not save the grades: {kind}: {reason}") from error

    def _save(self, student: str, handed_in: Path, notebook: NotebookNode) -> None:
        self.coursedir.student_id = student
        self.notebooks = [str(handed_in)]
        if self.pre_convert_hook is not register_before_autograde:  # that was done for the class
            self.run_pre_convert_hook()
        target = Path(self._format_dest(self.lab, student))
        new, old = (target.with_name(f".{self.lab}.{end}") for end in ("new", "old"))
        if old.exists() and not target.exists():  # a run was killed between two renamings
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
        """Copy the files of a submission, and over them the lab's own; returns when it was handed in.

        What cannot be read as a time, in a timestamp.txt, is none, and left out.
        """
        theirs, _ = plain_files(handed_in)
        timestamp: datetime | None = None
        try:
            if len(theirs["timestamp.txt"]) > LONGEST_TIME:
                raise ValueError("no time")
            timestamp = parse_utc(theirs["timestamp.txt"].decode().strip())
        except Exception:
            theirs.pop("timestamp.txt", None)
        for place, content in laid_over(theirs, self._own).items():
            if not self._is_ignored(place):
                (new / place).parent.mkdir(parents=True, exist_ok=True)
                (new / place).write_bytes(content)
        return timestamp

    def _is_ignored(self, place: str) -> bool:
        patterns = self.coursedir.ignore
        return any(fnmatch(part, pattern) for part in PurePath(place).parts for pattern in patterns)

    def _add_rows(self, student: str, timestamp: datetime | None) -> None:
        """Add the student and the submission to the gradebook where they are missing."""
        times = {"timestamp": timestamp} if timestamp else {}
        if self.create_student:
            self._gradebook.update_or_create_student(student)
        self._gradebook.update_or_create_submission(self.lab, student, **times)

    def _with_steps(self, student: str, notebook: NotebookNode, target: Path) -> str:
        """Let nbgrader's steps work on a notebook, and save its grades; returns it as text."""
        who = {
            "student": student,
            "assignment": self.lab,
            "notebook": self.lab,
            "db_url": self.coursedir.db_url,
        }
        resources = ResourcesDict(unique_key=self.lab, nbgrader=who, output_extension=".ipynb")
        resources["metadata"] = ResourcesDict(name=self.lab, path=str(target))
        self._init_preprocessors()  # anew, as nbgrader does: a course's own may remember what they saw
        for step in self.exporter._preprocessors:
            notebook, resources = step(notebook, resources)
        nbformat.validate(notebook)
        return _text(notebook)


def _remove(*places: Path) -> None:
    for place in places:
        if place.is_dir() and not place.is_symlink():
            rmtree(str(place))
        else:
            place.unlink(missing_ok=True)


def _text(notebook: NotebookNode) -> str:
    """Return a notebook as JSON, a line for each cell: an indented form takes Python's slow encoder."""
    encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
    top = dict(strip_transient(notebook))
    cells = ",\n".join(encode(cell) for cell in top.pop("cells"))
    return f'{{"cells": [\n{cells}\n],\n{encode(top)[1:]}\n'
