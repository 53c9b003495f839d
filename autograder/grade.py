"""Grades one submission: its cells run in the sandbox, the referee judges, verdicts become outputs."""

import contextlib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import nbbase, new_output
from nbformat.v4.rwbase import rejoin_lines
from nbformat.validator import iter_validate

from .errors import GraderError
from .judge import Judge, Referee
from .report import Detail, feedback_html, feedback_text
from .results import Verdict
from .sandbox import Ended, Sandbox, Zone, laid_over, plain_files
from .settings import Settings
from .stages import Stages

__all__ = ["Graded", "grade_notebook"]

BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


@dataclass
class Graded:
    """A notebook with its outputs, the verdicts in the lab's order, and how long it took in seconds."""

    notebook: NotebookNode
    verdicts: list[Verdict]
    seconds: float
    stages: Stages
    ended: str = ""
    left_out: list[str] = field(default_factory=list)


def grade_notebook(
    notebook: NotebookNode, files: Sequence[Path], referee: Referee | None, zone: Zone, settings: Settings
) -> Graded:
    """Run a sanitised notebook and judge it; the notebook's outputs are replaced in place.

    Parameters
    ----------
    files
        The folders whose plain files the notebook may read; of two files of one name, the later's.
    referee
        The referee of the lab; None runs a notebook that belongs to no lab, and judges nothing.
    zone
        Where its code runs.

    Raises GraderError for any fault that is not the student's.
    """
    start, stages = time.monotonic(), Stages()
    judge = referee.judge() if referee else None
    with stages("files"):
        found, left_out = _overlaid(files)
    sandbox = Sandbox(zone, settings.limits, found)
    with stages("start"):
        sandbox.__enter__()
    try:
        ended = _Run(notebook, sandbox, judge, settings, stages).all_cells()
    except GraderError:
        raise
    except Exception as error:
        raise GraderError(f"the grader failed: {type(error).__name__}: {error}") from error
    finally:
        with stages("end"):
            sandbox.close()
    verdicts = judge.final(ended or "its test cell is missing") if judge else []
    return Graded(notebook, verdicts, time.monotonic() - start, stages, ended, left_out)


def _overlaid(folders: Sequence[Path]) -> tuple[dict[str, bytes], list[str]]:
    """Read the plain files of folders; what stands in a later one's way is left out, unsaid."""
    found: dict[str, bytes] = {}
    left_out: list[str] = []
    for folder in folders:
        more, left = plain_files(folder)
        found = laid_over(found, more)
        left_out += left
    return found, left_out


class _Run:
    """One pass over the cells of a notebook."""

    def __init__(
        self,
        notebook: NotebookNode,
        sandbox: Sandbox,
        judge: Judge | None,
        settings: Settings,
        stages: Stages,
    ) -> None:
        self.notebook, self.sandbox, self.judge, self.settings = notebook, sandbox, judge, settings
        self.stages = stages
        # nbclient's own handling of messages, so that outputs are what stock execution gives.
        self.client = NotebookClient(notebook)
        self.client.reset_execution_trackers()
        self.ended = ""
        self.judged: list[tuple[NotebookNode, Verdict]] = []

    def all_cells(self) -> str:
        """Run all code cells in order; returns why the notebook ended early, or nothing."""
        for index, cell in enumerate(self.notebook.cells):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                self._cell(cell, index)
        with self.stages("verdicts"):
            self._write()
        return self.ended

    def _write(self) -> None:
        """Write the verdicts, last of all: a later cell may update what an earlier one displayed."""
        cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        sound = _all_sound([output for cell in cells for output in cell.outputs])
        for cell in cells:
            cell.outputs = [o for o in cell.outputs if (sound or _all_sound([o])) and _harmless(o)]
        rejoin_lines(self.notebook)
        for cell, verdict in self.judged:
            _write_verdict(cell, verdict, self.settings.feedback)

    def _cell(self, cell: NotebookNode, index: int) -> None:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id") if self._is_test(cell) else None
        exercise = self.judge.exercise_of(grade_id) if self.judge else None
        session = None
        if self.judge and exercise:
            with self.stages("judge"):  # it may have to start the process that lends functions
                session = self.judge.open(exercise)
        reason = ""
        if not self.ended and cell.source.strip():
            keep = _Outputs(self.client, cell, index, self.settings.limits.cell_output)
            try:
                with self.stages("cells"):
                    run = self.sandbox.run(cell.source, keep, session)
                cell.execution_count = run.count or None
                if run.timed_out:
                    reason = f"the time limit of {run.seconds:g} s was reached: does a loop never end?"
                    keep.error("CellTimeoutError", reason)
            except Ended as error:
                self.ended = str(error)
                cell.execution_count = None  # a forged message may have set it to anything
                keep.error("NotebookEnded", f"{self.ended}; the cells after this one did not run")
        if session is not None:
            with self.stages("judge"):
                self.judged.append((cell, session.close(self.ended or reason)))
        elif self._is_test(cell) and self.ended:
            _write_error(cell, "NotebookEnded", self.ended)

    @staticmethod
    def _is_test(cell: NotebookNode) -> bool:
        known = cell.metadata.get("nbgrader", {})
        return bool(known.get("grade")) and not known.get("solution")


class _Outputs:
    """Takes the output messages of one cell, up to a size, into the cell."""

    def __init__(self, client: NotebookClient, cell: NotebookNode, index: int, limit: int) -> None:
        self.client, self.cell, self.index, self.left = client, cell, index, limit
        self.limit = limit
        client.clear_before_next_output = False

    def __call__(self, msg_type: str, content: dict[str, Any]) -> None:
        """Add one message; what is malformed, or beyond the size, is dropped."""
        if msg_type not in (
            "stream",
            "display_data",
            "execute_result",
            "error",
            "clear_output",
            "update_display_data",
        ):
            return
        size = len(repr(content))
        if size > self.left:
            if self.left > 0:
                self._add("stream", {"name": "stdout", "text": f"\n... cut after {self.limit >> 10} kB\n"})
            self.left = 0
            return
        self.left -= size
        self._add(msg_type, content)

    def _add(self, msg_type: str, content: dict[str, Any]) -> None:
        message = {
            "msg_type": msg_type,
            "content": content,
            "header": {"msg_type": msg_type},
            "parent_header": {},
            "metadata": {},
        }
        with _unvalidated(), contextlib.suppress(Exception):  # whatever a forged message may break
            self.client.process_message(message, self.cell, self.index)

    def error(self, name: str, message: str) -> None:
        """Add an error of ours to the cell."""
        _write_error(self.cell, name, message, keep=True)


@contextlib.contextmanager
def _unvalidated() -> Iterator[None]:
    """Make outputs without validating each by itself: `_Run` does it for all together, at the end."""
    real, nbbase.validate = nbbase.validate, lambda *_, **__: None
    try:
        yield
    finally:
        nbbase.validate = real


def _all_sound(outputs: list[NotebookNode]) -> bool:
    """Whether outputs are what the notebook format asks for; together they take far less than singly."""
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "outputs",
        "metadata": {},
        "source": "",
        "execution_count": None,
    }
    notebook = {"cells": [{**cell, "outputs": outputs}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return next(iter_validate(notebook), None) is None


def _harmless(output: NotebookNode) -> bool:
    """Whether a picture and its sizes are no more than that: nbconvert writes both into pages as they are."""
    pictures = [text for kind, text in output.get("data", {}).items() if kind in ("image/png", "image/jpeg")]
    boxes = [box for box in output.get("metadata", {}).values() if isinstance(box, dict)]
    return all(BASE64.fullmatch("".join(text)) for text in pictures) and all(
        isinstance(size, int | float) for box in boxes for size in box.values()
    )


def _write_error(cell: NotebookNode, name: str, message: str, keep: bool = False) -> None:
    text = f"{name}: {message}"
    output = new_output("error", ename=name, evalue=message, traceback=[text])
    cell.outputs = [*(cell.outputs if keep else []), output]


def _write_verdict(cell: NotebookNode, verdict: Verdict, detail: Detail) -> None:
    """Write the verdict over a test cell's outputs: feedback, then exactly one number.

    nbgrader takes the first of stderr, error and result for its score, and an empty output for full
    marks: so there is nothing else.
    """
    count = cell.execution_count or 0
    shown = {"text/plain": feedback_text(verdict, detail), "text/html": feedback_html(verdict, detail)}
    points = {"text/plain": repr(float(verdict.points))}
    with _unvalidated():
        cell.outputs = [
            new_output("display_data", data=shown),
            new_output("execute_result", data=points, execution_count=count),
        ]
