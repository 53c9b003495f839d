"""Writes graded submissions through nbgrader: the gradebook's rows, and the folders in autograded/."""

import contextlib
import json
import logging
import os
from datetime import datetime
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat import NotebookNode
from nbformat.v4.rwbase import strip_transient
from nbgrader import utils
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, IgnorePattern, LimitOutput, SaveAutoGrades
from nbgrader.utils import find_all_files, parse_utc, rmtree
from traitlets import TraitError
from traitlets.config import Config

from autograder.errors import GraderError, StorageError, UsageError
from autograder.gradebook.register import register_before_autograde
from autograder.gradebook.session import OpenGradebook, Submission
from autograder.gradebook.storage import storing
from autograder.lab.course import CONFIG, Course, load_config
from autograder.submission.files import laid_over, plain_files
from autograder.submission.restore import EXECUTES
from autograder.submission.timestamp import TIMESTAMP, read_timestamp

__all__ = ["Writer", "directory_of"]

DONE = ("GradeInSandbox", "CheckCellMetadata")
"""Preprocessors that have done their work in the grading process: the metadata has not changed since."""

STATELESS = {AssignLatePenalties, ClearMetadataPreprocessor, IgnorePattern, LimitOutput, SaveAutoGrades}
"""nbgrader's own preprocessors, which remember nothing of a notebook: one of each is made for a class."""


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
            names = [_name(step).rpartition(".")[2] for step in steps]
            first = names.index(EXECUTES) + 1 if EXECUTES in names else 0  # those before it are done too
            self.autograde_preprocessors = [step for step in steps[first:] if not _name(step).endswith(DONE)]
            self.exporter = self.exporter_class(parent=self, config=config)
            self._sanitizing = False
            self._init_preprocessors()
        except (ImportError, TraitError) as error:
            raise UsageError(f"{CONFIG}, c.Autograde: {error}") from None
        self._stateless = {type(step) for step in self.exporter._preprocessors} <= STATELESS
        self._valid: set[bytes] = set()
        """Digests of cells that have been validated."""
        self._own = self._files_of_lab()
        self._gradebook = OpenGradebook(self.coursedir.db_url, self.coursedir.course_id)

    def _files_of_lab(self) -> dict[str, bytes]:
        """Return the lab's own files by relative path; like nbgrader, we let them replace submitted ones."""
        source = self.coursedir.format_path(self.coursedir.source_directory, ".", self.lab)
        paths = map(Path, find_all_files(source, [*self.coursedir.ignore, "*.ipynb"]))
        found = {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}
        kept = found.keys() - self.exclude_overwriting.get(self.lab, ())
        return {place: found[place] for place in kept if not self._is_ignored(place)}

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
                submission = self._gradebook.open_submission(
                    self.lab, student, timestamp, add_student=self.create_student
                )
                text = self._text(self._with_steps(submission, notebook, target))
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
        mine = {place: theirs[place] for place in theirs.keys() - self._own.keys()}
        files = laid_over(mine, self._own) if mine else self._own
        kept = [place for place in files if place in self._own or not self._is_ignored(place)]
        for folder in {os.path.dirname(place) for place in kept}:
            (new / folder).mkdir(parents=True, exist_ok=True)
        for place in kept:
            (new / place).write_bytes(files[place])
        return timestamp

    def _is_ignored(self, place: str) -> bool:
        patterns = self.coursedir.ignore
        return any(fnmatch(part, pattern) for part in PurePath(place).parts for pattern in patterns)

    def _with_steps(self, submission: Submission, notebook: NotebookNode, target: Path) -> NotebookNode:
        """Run the preprocessors that are left, which save the grades; return the notebook."""
        who = {
            "student": submission.student,
            "assignment": self.lab,
            "notebook": self.lab,
            "db_url": self.coursedir.db_url,
        }
        resources = ResourcesDict(unique_key=self.lab, nbgrader=who, output_extension=".ipynb")
        resources["metadata"] = ResourcesDict(name=self.lab, path=str(target))
        if not self._stateless:
            self._init_preprocessors()  # new ones, as in nbgrader: a course's own may keep state
        # A step of the course's own may have changed by how much it is late.
        in_time = self._stateless and not submission.seconds_late
        for step in self.exporter._preprocessors:
            if type(step) is SaveAutoGrades and step.enabled:
                self._gradebook.save_grades(submission, self.lab, *_grades(notebook, self.log))
            elif type(step) is AssignLatePenalties and step.enabled and in_time:
                if not submission.is_new:
                    self._gradebook.take_no_penalty(submission, self.lab)
            else:
                notebook, resources = step(notebook, resources)
        return notebook

    def _text(self, notebook: NotebookNode) -> str:
        """Return a notebook as JSON, one line for each cell: indented JSON needs Python's slow encoder.

        Raises ValidationError for what is no notebook. A cell is validated unless an equal one was before:
        most cells of a class are the lab's own.
        """
        strip_transient(notebook)
        if not _has_ids(notebook):
            nbformat.validate(notebook)  # which adds them
        encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
        top = dict(notebook)
        cells = top.pop("cells")
        lines = [encode(cell) for cell in cells]
        format = f"{notebook.nbformat}.{notebook.nbformat_minor}"
        digests = [sha256(f"{format} {line}".encode()).digest() for line in lines]
        new = [cell for cell, digest in zip(cells, digests, strict=True) if digest not in self._valid]
        nbformat.validate({**top, "cells": new})
        self._valid.update(digests)
        joined = ",\n".join(lines)
        return f'{{"cells": [\n{joined}\n],\n{encode(top)[1:]}\n'


def _grades(
    notebook: NotebookNode, log: logging.Logger
) -> tuple[dict[str, float | None], dict[str, str | None]]:
    """Return the automatic scores and comments of a notebook by cell, as `SaveAutoGrades` determines them."""
    scores: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for cell in notebook.cells:
        known = cell["metadata"].get("nbgrader")
        if known is None:
            continue
        if utils.is_grade(cell):
            scores[known["grade_id"]], _ = utils.determine_grade(cell, log)
        if (task := utils.is_task(cell)) or utils.is_solution(cell):
            same = known.get("checksum") == utils.compute_checksum(cell)
            comments[known["grade_id"]] = "No response." if same and not task else None
    return scores, comments


def _has_ids(notebook: NotebookNode) -> bool:
    """Whether each cell has an id of its own, where the notebook's format has ids."""
    ids = {cell.get("id") for cell in notebook.cells} - {None}
    return (notebook.nbformat, notebook.nbformat_minor) < (4, 5) or len(ids) == len(notebook.cells)


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
