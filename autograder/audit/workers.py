"""Tries mutants in worker processes, which endless loops and memory errors may kill."""

import contextlib
import os
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from autograder.audit.mutants import Mutant
from autograder.audit.play import judged
from autograder.errors import GraderError
from autograder.lab.course import LabFolder
from autograder.processes import Died, answers
from autograder.referee import Referee

__all__ = ["killed"]

SECONDS = 5.0
"""CPU seconds that a mutant may take with one seed."""
MEMORY = 4 << 30
"""Address space of a worker process in bytes."""


def killed(
    lab: LabFolder, seeds: Sequence[int], mutants: Sequence[Mutant], jobs: int, seconds: float = SECONDS
) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant, in any order, and whether it is killed.

    A mutant is killed when it loses points with every seed, takes more than ``seconds`` of CPU time with
    one, or runs out of memory. Raises GraderError when the referee itself fails.
    """
    with contextlib.closing(answers(_trying, (lab.folder, seeds, seconds), mutants, jobs)) as answered:
        for mutant, answer in answered:
            if isinstance(answer, str):
                raise GraderError(
                    f"the referee failed ({answer}) on a mutant of {mutant.exercise}:", mutant.diff
                )
            yield mutant, isinstance(answer, Died) or answer


@contextlib.contextmanager
def _trying(folder: Path, seeds: Sequence[int], seconds: float) -> Iterator[Callable[[Mutant], bool | str]]:
    """Set up a worker process; the value is the function that tries one mutant."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)  # drop the last words of a process that is killed
    lab = LabFolder(folder)
    lab.mistakes = {}  # looking up known mistakes would take time for nothing
    referees = [Referee(lab, seed) for seed in seeds]
    for referee in referees:
        referee.tracing = False  # likewise
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    yield lambda mutant: _is_killed(referees, mutant, seconds)


def _is_killed(referees: Sequence[Referee], mutant: Mutant, seconds: float) -> bool | str:
    """Return whether a mutant loses points with every seed; a string if the referee failed."""
    for referee in referees:
        signal.setitimer(signal.ITIMER_PROF, seconds)  # SIGPROF ends the process
        try:
            if judged(referee, mutant.exercise, mutant.source).correct:
                return False
        except MemoryError:
            continue
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    return True
