"""Grades submissions in several processes, each with its own fork server and referee."""

import contextlib
import signal
from collections.abc import Generator, Sequence

from autograder.grading.grader import Grader, Outcome, Task, ungraded
from autograder.processes import Died, answers
from autograder.run import Run

__all__ = ["grade_all"]

TRIES = 2
"""How often a submission is tried, at most, when its grading process dies."""


def grade_all(run: Run, tasks: Sequence[Task]) -> Generator[Outcome, None, None]:
    """Grade all tasks; yield each outcome when it is ready, in any order.

    If a grading process dies, its submission is graded again in a new one; if that dies too, it is a grader
    error. Other submissions are not affected. Raises SeqLabError if graders cannot start.
    """
    _ = run.folder.reference  # loaded before the forks, which share it
    return _outcomes(run, answers(Grader, (run,), tasks, run.jobs, TRIES))


def _outcomes(
    run: Run, answered: Generator[tuple[Task, Outcome | Died], None, None]
) -> Generator[Outcome, None, None]:
    with contextlib.closing(answered):
        for task, outcome in answered:
            if isinstance(outcome, Died):
                how = signal.Signals(-outcome.code).name if outcome.code < 0 else f"exit code {outcome.code}"
                reason = f"its grading process ended unexpectedly, {TRIES} times ({how}; out of memory?)"
                outcome = ungraded(task, "grader error", reason, run)
            yield outcome
