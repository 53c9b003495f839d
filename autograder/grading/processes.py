"""Many submissions over several processes: each has a fork server and a referee of its own."""

import contextlib
import signal
from collections.abc import Generator, Sequence

from autograder.grading.grader import Grader, Outcome, Task, ungraded
from autograder.processes import Died, answers
from autograder.run import Run

__all__ = ["grade_all"]

TRIES = 2
"""How often a submission is graded, at most, whose grading process dies."""


def grade_all(run: Run, tasks: Sequence[Task]) -> Generator[Outcome, None, None]:
    """Grade all tasks; the iterator has each outcome when it is ready, in whatever order they end.

    A grading process that dies costs no other submission anything: the one that it was grading is graded
    again, and is a grader error of its own when that process dies too. Raises what keeps graders from
    starting.
    """
    _ = run.folder.reference  # read here, once for all forks
    return _outcomes(run, answers(Grader, (run,), tasks, run.jobs, TRIES))


def _outcomes(
    run: Run, answered: Generator[tuple[Task, Outcome | Died], None, None]
) -> Generator[Outcome, None, None]:
    with contextlib.closing(answered):
        for task, outcome in answered:
            if isinstance(outcome, Died):
                how = signal.Signals(-outcome.code).name if outcome.code < 0 else f"exit code {outcome.code}"
                reason = f"its grading process ended unexpectedly, {TRIES} times ({how}; out of memory?)"
                outcome = ungraded(run, task, "grader error", reason)
            yield outcome
