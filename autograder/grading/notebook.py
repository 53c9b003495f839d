"""Grades one restored notebook: runs its cells in the sandbox and writes the referee's verdicts into it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.errors import GraderError
from autograder.feedback import Detail, feedback_html, feedback_text
from autograder.grading.outputs import NotebookOutputs, new_error, new_output
from autograder.grading.timing import Stages
from autograder.lab.demonstrations import unneeded
from autograder.referee import Judge, Referee
from autograder.results import Result, Verdict
from autograder.sandbox import Ended, ForkServer, Sandbox
from autograder.settings import Settings
from autograder.submission.timestamp import TIMESTAMP

__all__ = ["Graded", "grade_notebook", "write_verdict"]

NOT_PROTECTED = "not protected, tested in the student's process"
"""Said of test cells that the referee does not judge: students can read what they expect, and forge it."""
NOT_RUN = "Not run while grading: a demonstration.\n"
"""Said in the place of a demonstration's outputs."""
SeedFor = Callable[[NotebookNode, Mapping[str, bytes]], int]


@dataclass
class Graded:
    """A graded notebook with its outputs and verdicts.

    ``verdicts`` are in the lab's order. ``seed`` is the seed of the hidden cases, if there are any. ``ended``
    says why the notebook ended early, if it did. ``notes`` are lines for the student and the instructor.
    """

    notebook: NotebookNode
    verdicts: list[Verdict]
    seconds: float
    stages: Stages
    seed: int | None = None
    ended: str = ""
    notes: list[str] = field(default_factory=list)

    def result(self, path: Path, student: str, lab: str, settings: Settings) -> Result:
        """Return the result of this grading."""
        return Result(
            str(path),
            student,
            lab,
            "graded",
            reason="; ".join(filter(None, [self.ended, *self.notes])),
            points=sum(verdict.points for verdict in self.verdicts),
            max_points=sum(verdict.max_points for verdict in self.verdicts),
            seconds=round(self.seconds, 3),
            exercises=self.verdicts,
            isolation=settings.isolation,
            seed=self.seed,
        )


def grade_notebook(
    notebook: NotebookNode,
    files: Mapping[str, bytes],
    referee: Referee | None,
    server: ForkServer,
    settings: Settings,
    seed_for: SeedFor | None = None,
) -> Graded:
    """Run a restored notebook and judge it; the notebook's outputs are replaced in place.

    Parameters
    ----------
    files
        The files that the notebook may read, by relative path.
    referee
        The referee of the lab; None for a notebook that belongs to no lab, which is run and not judged.
    server
        Forks the process in which the notebook's code runs.
    seed_for
        Gives the seed of the notebook's hidden cases; without it the referee's own seed is used.

    If the fork server is killed from outside meanwhile, the notebook is graded once more, by the same cases.
    Raises GraderError for any fault that is not the student's.
    """
    arguments = notebook, files, referee, server, settings, seed_for
    try:
        graded = _graded(*arguments)
    except GraderError:
        if not server.lost:
            raise
    else:
        if not server.lost:
            return graded
    return _graded(*arguments)


def _graded(
    notebook: NotebookNode,
    files: Mapping[str, bytes],
    referee: Referee | None,
    server: ForkServer,
    settings: Settings,
    seed_for: SeedFor | None,
) -> Graded:
    start, stages = time.monotonic(), Stages()
    # When it was collected is no matter of the work.
    files = {place: content for place, content in files.items() if place != TIMESTAMP}
    with stages("judge"):
        seed = seed_for(notebook, files) if seed_for else None
        judge = referee.judge(seed) if referee else None
    sandbox = Sandbox(server, settings.limits, files)
    with stages("start"):
        sandbox.__enter__()
    try:
        ended = _Pass(notebook, sandbox, judge, settings, stages).all_cells()
    except GraderError:
        raise
    except Exception as error:
        raise GraderError(f"the grader failed: {type(error).__name__}: {error}") from error
    finally:
        with stages("end"):
            sandbox.close()
    verdicts = judge.final(ended or "its test cell is missing") if judge else []
    plain = [_in_process(cell) for cell in notebook.cells if judge and _is_plain(cell, judge)]
    notes = [f"{NOT_PROTECTED}: {', '.join(verdict.name for verdict in plain)}"] if plain else []
    seconds = time.monotonic() - start
    return Graded(notebook, [*verdicts, *plain], seconds, stages, seed, ended, notes)


class _Pass:
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
        self.outputs = NotebookOutputs(settings.limits)
        self.ended = ""
        self.judged: list[tuple[NotebookNode, Verdict]] = []
        self.left_out: set[int] = set()
        """The positions of cells that are not run."""
        if judge and not settings.demonstrations:
            self.left_out = unneeded(notebook.cells, judge.referee.lab.text)

    def all_cells(self) -> str:
        """Run all code cells in order; return why the notebook ended early, empty if it did not."""
        for position, cell in enumerate(self.notebook.cells):
            if cell.cell_type == "code":
                self.outputs.begin(cell)
                if position in self.left_out:
                    cell.outputs.append(new_output("stream", name="stdout", text=NOT_RUN))
                else:
                    self._cell(cell, self.notebook.cells[position + 1 :])
        with self.stages("verdicts"):  # last of all: a later cell may update what an earlier one displayed
            for cell, verdict in self.judged:
                write_verdict(cell, verdict, self.settings.feedback)
        return self.ended

    def _cell(self, cell: NotebookNode, below: list[NotebookNode]) -> None:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id") if _is_test(cell) else None
        exercise = self.judge.exercise_of(grade_id) if self.judge else None
        session = None
        if self.judge and exercise:
            with self.stages("judge"):  # it may have to start the lender
                session = self.judge.open(exercise)
                self.judge.cells.below = [one.source for one in below if one.cell_type == "code"]
        reason, start = "", time.monotonic()
        if begins := not self.ended and bool(cell.source.strip()):
            try:
                with self.stages("cells"):
                    run = self.sandbox.run(cell.source, self.outputs, session)
                cell.execution_count = run.count or None
                if self.judge:
                    self.judge.cells.add(cell.source, run.error, run.message, run.line)
                if run.timed_out:
                    reason = f"the time limit of {run.seconds:g} s was reached: does a loop never end?"
                    cell.outputs.append(new_error("CellTimeoutError", reason))
            except Ended as error:
                self.ended = f"{error}, in {_place(cell)}"
                cell.execution_count = None  # a forged message may have set it to anything
                message = f"{self.ended}; the cells after this one did not run"
                cell.outputs.append(new_error("NotebookEnded", message))
        if session is not None:
            with self.stages("judge"):
                verdict = session.close(self.ended or reason)
            if begins and verdict.seconds is None:  # it ran, and is no copy of an earlier test cell
                verdict.seconds = round(time.monotonic() - start, 3)
            self.judged.append((cell, verdict))
        elif _is_test(cell) and self.ended:
            cell.outputs = [new_error("NotebookEnded", self.ended)]


def _is_test(cell: NotebookNode) -> bool:
    known = cell.metadata.get("nbgrader", {})
    return bool(known.get("grade")) and not known.get("solution")


def _place(cell: NotebookNode) -> str:
    """Name a cell: a test cell by its grade id, another by its first line of code."""
    if _is_test(cell):
        return f"the test cell `{cell.metadata.nbgrader.grade_id}`"
    lines = (line.strip() for line in cell.source.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return f"the cell that begins with `{first[:60].replace('`', chr(39))}`"


def _is_plain(cell: NotebookNode, judge: Judge) -> bool:
    """Whether a cell is a test cell that nbgrader scores by its outputs."""
    return (
        cell.cell_type == "code" and _is_test(cell) and not judge.exercise_of(cell.metadata.nbgrader.grade_id)
    )


def _in_process(cell: NotebookNode) -> Verdict:
    """Return the verdict on a test cell that ran in the student's process: nbgrader's own score of it.

    Outputs that nbgrader refuses, such as more points than there are, become an error, which scores 0.
    """
    try:
        points, most = determine_grade(cell)
    except (ValueError, KeyError, TypeError) as error:
        cell.outputs = [new_error("InvalidScore", str(error))]
        points, most = determine_grade(cell)
    message = "" if points == most else "this test failed in the student's process"
    return Verdict(cell.metadata.nbgrader.grade_id, points, most, message=message, note=NOT_PROTECTED)


def write_verdict(cell: NotebookNode, verdict: Verdict, detail: Detail) -> None:
    """Replace a test cell's outputs with feedback and exactly one number, the points.

    Nothing else may be there: nbgrader takes the score from the first of stderr, error and result, and an
    empty output for full marks.
    """
    shown = {"text/plain": feedback_text(verdict, detail), "text/html": feedback_html(verdict, detail)}
    # nbgrader reads the number; pages show the HTML, which is empty, for the feedback has said it.
    points = {"text/plain": repr(float(verdict.points)), "text/html": "<span></span>"}
    count = cell.execution_count or 0
    cell.outputs = [
        new_output("display_data", data=shown),
        new_output("execute_result", data=points, execution_count=count),
    ]
