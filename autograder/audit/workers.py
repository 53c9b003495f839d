"""Tries wrong answers in worker processes, which endless loops and memory errors may kill."""

import contextlib
import os
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.audit.mutants import Mutant
from autograder.audit.play import judged
from autograder.errors import GraderError
from autograder.lab.course import LabFolder
from autograder.processes import Died, answers
from autograder.referee import Referee
from autograder.sandbox.inside.probe import CellTimeout

__all__ = ["killed", "tried"]

SECONDS = 5.0
"""CPU seconds that a wrong answer may take with one seed."""
REPEATED = 0.5
"""CPU seconds after which a mutant that goes on is interrupted again."""
MEMORY = 4 << 30
"""Address space of a worker process in bytes."""

Try = Callable[[Sequence[Referee], Mutant], Any]


def killed(
    lab: LabFolder, seeds: Sequence[int], mutants: Sequence[Mutant], jobs: int, seconds: float = SECONDS
) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant, in any order, and whether it is killed.

    A mutant is killed when it loses points with every seed, takes more than ``seconds`` of CPU time with
    one, or runs out of memory. Raises GraderError when the referee itself fails.
    """
    for mutant, answer in tried(lab, seeds, mutants, jobs, _is_killed, named=False, seconds=seconds):
        yield mutant, answer is None or answer


def tried(
    lab: LabFolder,
    seeds: Sequence[int],
    mutants: Sequence[Mutant],
    jobs: int,
    how: Try,
    *,
    named: bool = True,
    seconds: float = SECONDS,
    prepare: Callable[[Sequence[Referee]], None] | None = None,
) -> Iterator[tuple[Mutant, Any]]:
    """Yield each mutant, in any order, with what ``how`` finds; None if it takes too long or dies.

    ``how`` is a function of a module: it is called in the worker processes, with a referee for each seed.
    ``prepare`` is called once in each, with the referees, and takes none of a mutant's time. Without
    ``named`` no known mistakes are looked up. Raises GraderError when the referee itself fails.
    """
    arguments = (lab.folder, seeds, seconds * len(seeds), how, named, prepare)
    with contextlib.closing(answers(_trying, arguments, mutants, jobs)) as answered:
        for mutant, answer in answered:
            if isinstance(answer, str):
                raise GraderError(
                    f"the referee failed ({answer}) on a mutant of {mutant.exercise}:", mutant.diff
                )
            yield mutant, None if isinstance(answer, Died) else answer


@contextlib.contextmanager
def _trying(
    folder: Path,
    seeds: Sequence[int],
    seconds: float,
    how: Try,
    named: bool,
    prepare: Callable[[Sequence[Referee]], None] | None,
) -> Iterator[Callable[[Mutant], Any]]:
    """Set up a worker process; the value is the function that tries one mutant."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)  # drop the last words of a process that is killed
    lab = LabFolder(folder)
    if not named:
        lab.mistakes = {}  # looking up known mistakes would take time for nothing
    referees = [Referee(lab, seed) for seed in seeds]
    for referee in referees:
        referee.tracing = False  # likewise
    if prepare is not None:
        prepare(referees)
    signal.signal(signal.SIGPROF, _stop)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    yield lambda mutant: _try(referees, mutant, how, seconds)


def _try(referees: Sequence[Referee], mutant: Mutant, how: Try, seconds: float) -> Any:
    """Return what ``how`` finds, None if memory runs out; a string if the referee failed."""
    signal.setitimer(signal.ITIMER_PROF, seconds, REPEATED)
    signal.setitimer(signal.ITIMER_VIRTUAL, 2 * seconds + REPEATED)  # SIGVTALRM ends the process
    try:
        return how(referees, mutant)
    except (MemoryError, CellTimeout):
        return None
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _stop(*_: object) -> None:
    """Interrupt a mutant as the sandbox does: the process lives on, and need not be set up anew."""
    raise CellTimeout


def _is_killed(referees: Sequence[Referee], mutant: Mutant) -> bool:
    """Whether a mutant loses points with every seed."""
    return not any(_correct(referee, mutant) for referee in referees)


def _correct(referee: Referee, mutant: Mutant) -> bool:
    try:
        return judged(referee, mutant.exercise, mutant.source).correct
    except MemoryError:
        return False
