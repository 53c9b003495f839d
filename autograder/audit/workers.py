"""Tries mutants in processes of their own: one that never ends or eats the memory ends its process alone."""

import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

from ..course import LabFolder
from ..errors import GraderError
from ..judge import Referee
from .mutants import Mutant
from .play import judged

__all__ = ["killed"]

SECONDS = 5.0
"""CPU time that a mutant may take with one seed."""
MEMORY = 4 << 30
"""Address space of a process in bytes."""


def killed(
    lab: LabFolder, seeds: Sequence[int], mutants: Sequence[Mutant], jobs: int, seconds: float = SECONDS
) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant, in any order, and whether it is killed: loses points with every seed, or dies.

    It dies when it takes more than ``seconds`` of CPU time with a seed, or too much memory.
    """
    waiting = deque(mutants)
    workers = {_Worker(lab.folder, seeds, seconds) for _ in range(min(jobs, len(mutants)))}
    try:
        while workers:
            for ready in wait([worker.connection for worker in workers]):
                (worker,) = (worker for worker in workers if worker.connection is ready)
                mutant, dead = worker.mutant, worker.receive()
                if mutant is not None:
                    yield mutant, dead
                if not worker.alive:
                    workers.remove(worker)
                    worker.end()
                    workers |= {_Worker(lab.folder, seeds, seconds)} if waiting else set()
                elif waiting:
                    worker.send(waiting.popleft())
                else:
                    workers.remove(worker)
                    worker.end()
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """One process, as its parent sees it. It says once that it is ready, then answers mutant by mutant."""

    def __init__(self, folder: Path, seeds: Sequence[int], seconds: float) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(folder, seeds, seconds, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.mutant: Mutant | None = None
        self.alive = True

    def send(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.connection.send(mutant)

    def receive(self) -> bool:
        """Return whether the mutant is killed, as it is when the process has died of it.

        Raises GraderError when the referee failed on it, or when the process does not start.
        """
        try:
            said = self.connection.recv()
            if isinstance(said, str) and self.mutant is not None:
                diff = f"{self.mutant.exercise}:\n{self.mutant.diff}"
                raise GraderError(f"the referee failed ({said}) on a mutant of {diff}")
            return bool(said)
        except (EOFError, ConnectionError):
            self.alive = False
            if self.mutant is None:
                raise GraderError("a process that tries mutants does not start") from None
            return True

    def end(self) -> None:
        self.connection.close()
        self._process.kill()
        self._process.join()


def _work(folder: Path, seeds: Sequence[int], seconds: float, connection: Connection) -> None:
    """Answer mutants until the other side has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)  # what a dying process says is of no use
    lab = LabFolder(folder)
    lab.mistakes = {}  # nobody asks what is wrong with a mutant
    referees = [Referee(lab, seed) for seed in seeds]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    connection.send(True)
    try:
        while True:
            mutant: Mutant = connection.recv()
            connection.send(_verdict(referees, mutant, seconds))
    except (EOFError, ConnectionError):
        return


def _verdict(referees: Sequence[Referee], mutant: Mutant, seconds: float) -> bool | str:
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
