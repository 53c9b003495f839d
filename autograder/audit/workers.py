"""Tries mutants in processes of their own: one that never ends or eats the memory ends its process alone."""

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
"""CPU time that a mutant may take with one seed."""
MEMORY = 4 << 30
"""Address space of a process in bytes."""


def killed(
    lab: LabFolder, seeds: Sequence[int], mutants: Sequence[Mutant], jobs: int, seconds: float = SECONDS
) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant, in any order, and whether it is killed: loses points with every seed, or dies.

    It dies when it takes more than ``seconds`` of CPU time with a seed, or too much memory. Raises
    GraderError when the referee fails on one.
    """
    with contextlib.closing(answers(_trying, (lab.folder, seeds, seconds), mutants, jobs)) as answered:
        for mutant, answer in answered:
            if isinstance(answer, str):
                raise GraderError(
                    f"the referee failed ({answer}) on a mutant of {mutant.exercise}:\n{mutant.diff}"
                )
            yield mutant, isinstance(answer, Died) or answer


@contextlib.contextmanager
def _trying(folder: Path, seeds: Sequence[int], seconds: float) -> Iterator[Callable[[Mutant], bool | str]]:
    """Give the function that tries one mutant, in a process that is there for nothing else."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)  # what a dying process says is of no use
    lab = LabFolder(folder)
    lab.mistakes = {}  # nobody asks what is wrong with a mutant
    referees = [Referee(lab, seed) for seed in seeds]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    yield lambda mutant: _is_killed(referees, mutant, seconds)


def _is_killed(referees: Sequence[Referee], mutant: Mutant, seconds: float) -> bool | str:
    """Return whether a mutant loses points with every seed, or in words how the referee failed."""
    for referee in referees:
        signal.setitimer(signal.ITIMER_PROF, seconds)  # whose signal ends the process
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
