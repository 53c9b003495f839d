"""Work shared out over processes, any of which may die: each answers one task at a time."""

import contextlib
import ctypes
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from autograder.errors import GraderError, SeqLabError
from autograder.imports import leave_out_unused

__all__ = ["Died", "answers"]

ENDING = 10.0
"""Seconds for a process to end when it is told to; then it is killed."""
PR_SET_PDEATHSIG = 1

Start = Callable[..., AbstractContextManager[Callable[[Any], Any]]]
"""What a process calls first: it gives a context manager whose value answers tasks."""


@dataclass(frozen=True)
class Died:
    """Stands for an answer: the process died, with this exit code (negative: a signal's number)."""

    code: int


def answers(
    start: Start, arguments: tuple[Any, ...], tasks: Sequence[Any], jobs: int, tries: int = 1
) -> Generator[tuple[Any, Any], None, None]:
    """Yield each task with its answer, in whatever order they come.

    ``start(*arguments)`` is entered once in each of ``jobs`` processes. A process that dies is replaced; its
    task is given out again, up to ``tries`` times in all, and then answered by `Died`. What ``start`` or a
    task raises is raised here. The first processes start at once; the generator only collects.
    """
    waiting = deque((task, tries) for task in tasks)
    workers = [_Worker(start, arguments) for _ in range(min(jobs, len(tasks)))]
    return _collected(start, arguments, waiting, workers)


def _collected(
    start: Start, arguments: tuple[Any, ...], waiting: "deque[tuple[Any, int]]", workers: "list[_Worker]"
) -> Generator[tuple[Any, Any], None, None]:
    try:
        while workers:
            ready = wait([worker.connection for worker in workers])
            for worker in [worker for worker in workers if worker.connection in ready]:
                answer, task = worker.receive(), worker.task
                if isinstance(answer, Died):
                    workers.remove(worker)
                    if task is None:
                        raise GraderError(f"a process ended while it started (exit code {answer.code})")
                    if worker.tries > 1:
                        waiting.appendleft((task, worker.tries - 1))
                        task = None
                    if waiting:
                        workers.append(_Worker(start, arguments))
                elif waiting:
                    worker.send(*waiting.popleft())
                else:
                    workers.remove(worker)
                    worker.end()
                if task is not None:
                    yield task, answer
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """One process, as its parent sees it. It says once that it is ready, then answers task by task."""

    def __init__(self, start: Start, arguments: tuple[Any, ...]) -> None:
        # A fork has all that is loaded, but is safe only while there is one thread.
        context: Any = multiprocessing.get_context("fork" if threading.active_count() == 1 else "spawn")
        # A fresh interpreter must not look into the current folder, where a multiprocessing.py may lie.
        os.environ.setdefault("PYTHONSAFEPATH", "1")
        self.connection, theirs = context.Pipe()
        self.task: Any = None
        """What it works on; None while it starts."""
        self.tries = 0
        work = pickle.dumps((start, arguments))  # a fresh interpreter loads it once it is set up
        self._process = context.Process(target=_serve, args=(os.getpid(), theirs, work), daemon=True)
        # Ctrl-C is the parent's: the process unblocks the signal once it ignores it.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        theirs.close()

    def send(self, task: Any, tries: int) -> None:
        self.task, self.tries = task, tries
        with contextlib.suppress(OSError):  # it has died: `receive` will say so
            self.connection.send(task)

    def receive(self) -> Any:
        """Return the answer, or `Died`; raises what the process raised."""
        try:
            answer, error = self.connection.recv()
        except (EOFError, OSError):
            self._process.join()
            self.connection.close()
            return Died(self._process.exitcode or 0)
        if error is not None:
            raise error
        return answer

    def end(self) -> None:
        """End the process."""
        self.connection.close()
        self._process.terminate()
        self._process.join(ENDING)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(parent: int, connection: Connection, work: bytes) -> None:
    """Answer tasks until a signal ends the process, or its parent's end does."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before this was set
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    leave_out_unused()
    try:
        start, arguments = pickle.loads(work)  # of our own parent
        manager = start(*arguments)

        def end(*_: Any) -> None:
            # No exception: in the callback of a weak reference it would be lost.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            try:
                manager.__exit__(None, None, None)
            finally:
                os._exit(0)

        signal.signal(signal.SIGTERM, end)
        answer = manager.__enter__()
        try:
            connection.send((None, None))
            while True:
                connection.send((answer(connection.recv()), None))
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            manager.__exit__(None, None, None)
    except SeqLabError as error:
        connection.send((None, error))
    except (EOFError, ConnectionError):
        pass
    except Exception as error:
        failed = GraderError(f"the grader failed: {type(error).__name__}: {error}")
        connection.send((None, failed))
