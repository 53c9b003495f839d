"""Grades submissions of one lab in this process, and returns an outcome for each, whatever happens."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType

from nbformat import NotebookNode

from autograder.errors import BadSubmission, GraderError, UsageError
from autograder.grading.notebook import grade_notebook
from autograder.grading.notes import show_notes
from autograder.grading.timing import Stages
from autograder.lab.course import load_config
from autograder.referee import Referee
from autograder.release.generate import registered_cells
from autograder.release.source_edits import notebook_path
from autograder.release.source_edits import read_notebook as read_source
from autograder.results import Result, ResultStatus
from autograder.run import Run
from autograder.submission.beside import notes_beside
from autograder.submission.choose import check_id, find_notebook, recognise
from autograder.submission.files import laid_over, plain_files
from autograder.submission.read import Handed, read_notebook
from autograder.submission.restore import Sanitiser

__all__ = ["Grader", "Outcome", "Task", "left_out", "ungraded"]

MAX_REPAIRS = 5
"""How many repairs by nbgrader's sanitisers a result lists; the rest are counted."""


@dataclass(frozen=True)
class Task:
    """One submission to grade: a notebook file, or a student's folder."""

    student: str
    path: Path
    digest: str = ""
    """The digest of the submitted files, where a record is kept."""
    refused: str = ""
    """Why it is a bad submission, if that is known before it is read."""
    note: str = ""
    """What is to be said of it, graded or not."""


@dataclass
class Outcome:
    """The result of one submission and, if it was graded, the notebook with its outputs.

    ``kept`` if the result is from the cache.
    """

    result: Result
    notebook: NotebookNode | None = None
    stages: Stages = field(default_factory=Stages)
    kept: bool = False


def ungraded(task: Task, status: ResultStatus, reason: str, run: Run | None = None) -> Outcome:
    """Return the outcome of a submission without verdicts; without a run its lab is not known."""
    reason = "; ".join(filter(None, [reason, task.note]))
    lab, points = (run.lab, sum(run.folder.points.values())) if run else ("", 0.0)
    return Outcome(Result(str(task.path), task.student, lab, status, reason, max_points=points))


def left_out(names: Sequence[str]) -> str:
    """Return the line that names the files of a submission that were left out."""
    return f"files left out, as links or too large: {', '.join(names[:5])}"


class _Messages(logging.Handler):
    """Collects the warnings of nbgrader's sanitisers, each of which names a repair."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []
        self.log = logging.Logger("seqlab.sanitise")
        self.log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message as one line of at most 300 characters."""
        self.texts.append(" ".join(record.getMessage().split())[:300])


class Grader:
    """Grades the submissions of a run, with its own fork server and referee.

    A context manager; call it with a task to grade one submission.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._messages = _Messages()
        self._server = run.fork_server()

    def __enter__(self) -> "Grader":
        run = self.run
        try:
            self._server.start()  # it warms up while the cases are drawn
            path = notebook_path(run.course.root, run.lab)
            if not path.is_file():
                raise UsageError(
                    f"source/{run.lab}/{run.lab}.ipynb: no such file; run `seqlab build {run.lab}`"
                )
            source = read_source(path)
            self._own, self._left = plain_files(path.parent)
            config = load_config(run.course.root)
            self._cells = cells = registered_cells(source, config, run.lab)
            kernelspec = source.metadata.get("kernelspec", {})
            self._sanitise = Sanitiser(run.lab, cells, kernelspec, self._messages.log, config)
            self._referee = Referee(run.folder)
        except BaseException:
            self._server.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the fork server and the lender."""
        self._server.close()
        if hasattr(self, "_referee"):
            self._referee.close()

    def __call__(self, task: Task) -> Outcome:
        """Grade one submission; any unexpected exception becomes its grader error."""
        start, stages = time.monotonic(), Stages()
        try:
            outcome = self._graded(task, stages)
        except BadSubmission as error:
            outcome = ungraded(task, "bad submission", str(error), self.run)
        except GraderError as error:
            outcome = ungraded(task, "grader error", str(error), self.run)
        except Exception as error:
            reason = f"the grader failed: {type(error).__name__}: {error}"
            outcome = ungraded(task, "grader error", reason, self.run)
        outcome.result.seconds = round(time.monotonic() - start, 3)
        outcome.stages = stages
        return outcome

    def _graded(self, task: Task, stages: Stages) -> Outcome:
        run, messages = self.run, self._messages
        with stages("read"):
            handed = self._read(task)
        messages.texts.clear()
        try:
            with stages("sanitise"):
                notebook = self._sanitise(handed.notebook)
        except Exception as error:  # nbgrader raises many kinds for a notebook that it cannot repair
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise BadSubmission(f"{handed.path.name} cannot be repaired by nbgrader: {reason}") from None
        repairs = [*handed.repairs, *messages.texts[:MAX_REPAIRS]]
        if len(messages.texts) > MAX_REPAIRS:
            repairs.append(f"and {len(messages.texts) - MAX_REPAIRS} more cells were repaired")
        with stages("files"):
            theirs, left = plain_files(handed.path.parent)
            # The lab's own files replace submitted ones of the same name, as in nbgrader.
            files = laid_over(theirs, self._own)
        seed_for = partial(run.seed_for, task.student)
        graded = grade_notebook(notebook, files, self._referee, self._server, run.settings, seed_for)
        stages.update(graded.stages)
        if left := [*left, *self._left]:
            repairs.append(left_out(left))
        cells = (lambda: self._cells) if task.path.is_dir() else None
        graded.notes += notes_beside(handed.path, notebook, cells)
        show_notes(graded.notebook, graded.notes)
        graded.notes += filter(None, [task.note])
        result = graded.result(handed.path, task.student, run.lab, run.settings)
        result.repairs = repairs
        return Outcome(result, graded.notebook)

    def _read(self, task: Task) -> Handed:
        """Read the notebook of a task. Raises BadSubmission if it belongs to another lab."""
        if task.refused:
            raise BadSubmission(task.refused)
        lab, path = self.run.lab, task.path
        repairs: list[str] = []
        if path.is_dir():
            check_id(task.student)
            path, repairs = find_notebook(path, self.run.course, lab)
        handed = read_notebook(path)
        recognised = recognise(self.run.course, handed.notebook, likely=self.run.folder)
        if recognised != lab:
            raise BadSubmission(f"{path.name} is a notebook of the lab {recognised!r}, not of {lab!r}")
        handed.repairs = [*repairs, *handed.repairs]
        return handed
