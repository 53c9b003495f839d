"""Grades submissions in several processes, each with its own fork server and referee."""

import contextlib
import resource
import signal
from collections.abc import Generator, Sequence

from autograder.errors import UsageError
from autograder.grading.grader import Grader, Outcome, Task, ungraded
from autograder.processes import Died, Workers
from autograder.referee import Lender
from autograder.run import Run
from autograder.sandbox import remove_left_groups
from autograder.sandbox.mounted_files import mounted_modules
from autograder.scratch import remove_left

__all__ = ["BoundGrader", "begin", "clear_up", "grade_all"]

MEMORY = 4 << 30
"""Address space of a grading process, in bytes. What exceeds it is a grader error of the submission."""
GRACE = 120.0
"""Seconds that grading a submission may take beyond its sandbox's own limits; then the process is killed."""
TRIES = 2
"""How often a submission is tried, at most, when its grading process dies."""


def begin(run: Run, submissions: int) -> Workers:
    """Start the processes of this machine that will grade so many submissions, which `grade_all` takes.

    They warm up while the gradebook is read: that and ending side by side save a tenth of the time of a class
    of 100 `cells` notebooks (`python -m benchmarks.only_graded cells`).
    """
    _ = run.folder.reference, mounted_modules(run.folder.lab.modules)  # before the forks, which share it
    return Workers(BoundGrader, (run,), min(run.jobs, submissions))


def grade_all(
    run: Run, tasks: Sequence[Task], begun: Workers | None = None
) -> Generator[Outcome, None, None]:
    """Grade all tasks; yield each outcome when it is ready, in any order.

    ``begun`` are the processes that grade, if they are started already.
    Processes of this machine grade, or those of a cluster where the run has a scheduler. If a process of this
    machine dies, its submission is graded again in a new one; if that dies too, it is a grader
    error. Other submissions are not affected. Raises SeqLabError if graders cannot start.
    """
    limits = run.settings.limits
    seconds = limits.start_seconds + limits.notebook_seconds + GRACE
    if run.scheduler:
        try:
            from autograder.grading.cluster.driver import grade_on_cluster
        except ModuleNotFoundError as error:
            raise UsageError(f"`--scheduler` needs Dask ({error}): pip install 'seqlab[dask]'") from None
        return grade_on_cluster(run, tasks, seconds)
    begun = begun or begin(run, len(tasks))
    return _outcomes(run, begun.answers(tasks, tries=TRIES, seconds=seconds))


class BoundGrader(Grader):
    """A grader in a process of its own, whose memory is bounded once it has started what it needs."""

    def __enter__(self) -> Grader:
        lender = Lender(self.run.folder)
        lender.fork()  # first: no submission is read, no case is drawn, and nothing has started threads
        super().__enter__()
        self._referee.lender = lender
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        return self


def _outcomes(
    run: Run, answered: Generator[tuple[Task, Outcome | Died], None, None]
) -> Generator[Outcome, None, None]:
    with contextlib.ExitStack() as ending:
        ending.callback(clear_up)
        ending.enter_context(contextlib.closing(answered))
        for task, outcome in answered:
            if isinstance(outcome, Died):
                how = signal.Signals(-outcome.code).name if outcome.code < 0 else f"exit code {outcome.code}"
                reason = f"its grading process ended unexpectedly, {TRIES} times ({how}; out of memory?)"
                outcome = ungraded(task, "grader error", reason, run)
            yield outcome


def clear_up() -> None:
    """Remove what grading processes have left that were killed, in this run or in an earlier one."""
    remove_left()
    remove_left_groups()
