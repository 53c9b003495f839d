"""Grades submissions of one lab: reads, sanitises, runs, judges; one record for each, whatever happens."""

import logging
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from nbformat import NotebookNode

from .beside import Beside
from .build import register
from .course import Course
from .errors import BadSubmission, GraderError
from .grade import grade_notebook
from .intake import Handed, find_notebook, read_notebook, recognise
from .judge import Referee
from .openbook import keep_open
from .results import Result
from .sanitise import Sanitiser
from .settings import Settings
from .stages import Stages

__all__ = ["Grader", "Outcome"]

MAX_MENDED = 5
"""How many mended cells a record tells one by one."""


@dataclass
class Outcome:
    """The record of one submission and, where it was graded, the notebook with its outputs."""

    result: Result
    notebook: NotebookNode | None = None
    stages: Stages = field(default_factory=Stages)


class _Messages(logging.Handler):
    """Keeps the warnings of nbgrader's sanitisers: each says what was mended."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []
        self.log = logging.Logger("seqlab.sanitise")
        self.log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message, as one line of bounded length."""
        self.texts.append(" ".join(record.getMessage().split())[:300])


class Grader:
    """Grades submissions of one lab with one seed, in this process; a context manager.

    ``gradebook`` is the URL of a gradebook in which the lab is registered; without it a temporary one
    is made. It is read for the cells that nbgrader's sanitisers restore, and never written. ``beside`` is
    what was started before; it ends with the grader.
    """

    def __init__(
        self,
        course: Course,
        lab: str,
        seed: int,
        settings: Settings,
        gradebook: str | None = None,
        beside: Beside | None = None,
    ) -> None:
        self.course, self.lab, self.seed, self.settings = course, course.lab(lab), seed, settings
        self._gradebook, self._beside = gradebook, beside
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._mended = _Messages()

    def __enter__(self) -> "Grader":
        self._beside = self._beside or Beside.of(self.settings, self.lab)
        self._beside.begin()
        self._zone = self._beside.zone
        keep_open()
        try:
            if self._gradebook is None:
                self._folder = tempfile.TemporaryDirectory(prefix="seqlab-book-")
                self._gradebook = f"sqlite:///{self._folder.name}/gradebook.db"
                register(self.course.root, self.lab.name, self._gradebook)
            name = self.lab.name
            self._sanitise = Sanitiser(
                notebook_id=name, assignment_id=name, db_url=self._gradebook, log=self._mended.log
            )
            self._referee = Referee(self.lab, self.seed, self._beside.lender)
        except BaseException:
            self._beside.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._beside is not None
        self._beside.close()
        if self._folder is not None:
            self._folder.cleanup()

    def folder(self, folder: Path, student: str) -> Outcome:
        """Grade what lies in a student's folder."""
        try:
            if not student.isprintable():
                raise BadSubmission("the folder's name has characters that cannot be an id: rename it")
            path, repairs = find_notebook(folder, self.lab.name)
        except BadSubmission as error:
            return self._bad(folder, student, error)
        return self.file(path, student, repairs)

    def file(self, path: Path, student: str, repairs: list[str] | None = None) -> Outcome:
        """Grade one notebook file; the files beside it may be read by it."""
        start, stages = time.monotonic(), Stages()
        try:
            with stages("read"):
                handed = read_notebook(path)
                recognised = recognise(self.course, handed.notebook, likely=self.lab)
            handed.repairs = [*(repairs or []), *handed.repairs]
            if recognised != self.lab.name:
                raise BadSubmission(
                    f"{path.name} is a notebook of the lab {recognised!r}, not of {self.lab.name!r}"
                )
            outcome = self._graded(handed, student, stages)
        except BadSubmission as error:
            outcome = self._bad(path, student, error)
        except GraderError as error:
            result = Result(str(path), student, self.lab.name, "grader error", str(error))
            result.max_points = sum(self.lab.points.values())
            outcome = Outcome(result)
        outcome.result.seconds = round(time.monotonic() - start, 3)
        outcome.stages = stages
        return outcome

    def _graded(self, handed: Handed, student: str, stages: Stages) -> Outcome:
        name, mended = self.lab.name, self._mended
        mended.texts.clear()
        try:
            with stages("sanitise"):
                notebook = self._sanitise(handed.notebook)
        except Exception as error:  # nbgrader raises many kinds for a notebook that it cannot mend
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise BadSubmission(f"{handed.path.name} cannot be mended by nbgrader: {reason}") from None
        handed.repairs += mended.texts[:MAX_MENDED]
        if len(mended.texts) > MAX_MENDED:
            handed.repairs.append(f"and {len(mended.texts) - MAX_MENDED} more cells were mended")
        # Over what was handed in go the lab's own files, as nbgrader does it.
        folders = [handed.path.parent, self.course.root / "source" / name]
        graded = grade_notebook(notebook, folders, self._referee, self._zone, self.settings)
        stages.update(graded.stages)
        if graded.left_out:
            handed.repairs.append(f"files left out, as links or too large: {', '.join(graded.left_out[:5])}")
        result = Result(
            str(handed.path),
            student,
            name,
            "graded",
            reason=graded.ended,
            points=sum(verdict.points for verdict in graded.verdicts),
            max_points=sum(verdict.max_points for verdict in graded.verdicts),
            exercises=graded.verdicts,
            repairs=handed.repairs,
            isolation=self.settings.isolation,
        )
        return Outcome(result, graded.notebook)

    def _bad(self, path: Path, student: str, error: BadSubmission) -> Outcome:
        result = Result(str(path), student, self.lab.name, "bad submission", str(error))
        result.max_points = sum(self.lab.points.values())
        return Outcome(result)
