"""Distributes tasks over worker processes, and replaces those that die."""

import contextlib
import ctypes
import math
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from autograder.errors import GraderError, SeqLabError
from autograder.imports import leave_out_unused

__all__ = ["Died", "Workers", "answers"]

ENDING = 10.0
"""Seconds that a process may take to end after SIGTERM; then it is killed."""
STARTS = 3
"""How many processes may die while they start; then no more are tried."""
INTERVAL = 5.0
"""Seconds between two looks at how long processes have been working."""
PR_SET_PDEATHSIG = 1

Start = Callable[..., AbstractContextManager[Callable[[Any], Any]]]
"""Called once in each process: returns a context manager whose value is the function that answers tasks."""


@dataclass(frozen=True)
class Died:
    """Stands for an answer when the process died; ``code`` is its exit code (negative: a signal's number)."""

    code: int


def answers(
    start: Start,
    arguments: tuple[Any, ...],
    tasks: Sequence[Any],
    jobs: int,
    *,
    tries: int = 1,
    seconds: float = math.inf,
) -> Generator[tuple[Any, Any], None, None]:
    """Yield each task with its answer, in the order in which answers arrive.

    ``start(*arguments)`` is entered once in each of ``jobs`` processes. One that works on a task for longer
    than ``seconds`` is killed. A process that dies is replaced; its task is tried again, up to ``tries``
    times in all, and then answered by `Died`. Exceptions of ``start`` or of a task are raised here. The
    first processes start at once, before the generator is iterated.
    """
    return Workers(start, arguments, min(jobs, len(tasks))).answers(tasks, tries=tries, seconds=seconds)


class Workers:
    """Processes that start at once, and wait for their tasks; see `answers`."""

    def __init__(self, start: Start, arguments: tuple[Any, ...], jobs: int) -> None:
        self._start, self._arguments = start, arguments
        self._workers: list[_Worker] = []
        self._ended: list[_Worker] = []
        try:
            for _ in range(jobs):
                self._add()
        except BaseException:
            self.close()
            raise

    def answers(
        self, tasks: Sequence[Any], *, tries: int = 1, seconds: float = math.inf
    ) -> Generator[tuple[Any, Any], None, None]:
        """Yield each task with its answer, as `answers` does; then the processes have ended."""
        collected = self._collected(deque((task, tries) for task in tasks), seconds)
        next(collected)  # into its try block: closed from now on, it ends the processes
        return collected

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.stop()
        for worker in (*self._ended, *self._workers):
            worker.join()
        self._ended, self._workers = [], []

    def _add(self) -> None:
        self._workers.append(_Worker(self._start, self._arguments))

    def _collected(
        self, waiting: "deque[tuple[Any, int]]", seconds: float
    ) -> Generator[tuple[Any, Any], None, None]:
        failures, workers = 0, self._workers
        try:
            yield None, None
            while workers:
                ready = wait([worker.connection for worker in workers], min(seconds, INTERVAL))
                for worker in workers:
                    if worker.connection not in ready and worker.busy() > seconds:
                        worker.kill()  # its connection ends, and it counts as dead
                for worker in [worker for worker in workers if worker.connection in ready]:
                    answer, task = worker.receive(), worker.task
                    if isinstance(answer, Died):
                        workers.remove(worker)
                        if task is None:
                            failures += 1
                            if failures >= STARTS:
                                said = f"{failures} processes ended while they started"
                                raise GraderError(f"{said} (exit code {answer.code})")
                        elif worker.tries > 1:
                            waiting.appendleft((task, worker.tries - 1))
                            task = None
                        if waiting:
                            self._add()
                    elif waiting:
                        worker.send(*waiting.popleft())
                    else:
                        workers.remove(worker)
                        self._ended.append(worker)
                        worker.stop()
                    if task is not None:
                        yield task, answer
        finally:
            self.close()


class _Worker:
    """The parent's handle on one process, which reports once that it is ready, then answers tasks."""

    def __init__(self, start: Start, arguments: tuple[Any, ...]) -> None:
        # A fork inherits all loaded modules, but is safe only while there is one thread.
        context: Any = multiprocessing.get_context("fork" if threading.active_count() == 1 else "spawn")
        # A spawned interpreter must not import from the current folder: it may hold a multiprocessing.py.
        os.environ.setdefault("PYTHONSAFEPATH", "1")
        self.connection, child_end = context.Pipe()
        self.task: Any = None
        """The current task; None until the process is ready."""
        self.tries, self._since = 0, 0.0
        work = pickle.dumps((start, arguments))  # a fresh interpreter loads it once it is set up
        self._process = context.Process(target=_serve, args=(os.getpid(), child_end, work), daemon=True)
        # Only the parent handles Ctrl-C: the process unblocks SIGINT once it ignores it.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        child_end.close()

    def busy(self) -> float:
        """Return for how many seconds it has worked on its task; 0 while it starts."""
        return 0.0 if self.task is None else time.monotonic() - self._since

    def kill(self) -> None:
        """Kill the process; `receive` then says that it died."""
        self._process.kill()

    def send(self, task: Any, tries: int) -> None:
        self.task, self.tries, self._since = task, tries, time.monotonic()
        with contextlib.suppress(OSError):  # the process has died: `receive` will report it
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

    def stop(self) -> None:
        """Ask the process to end."""
        self.connection.close()
        self._process.terminate()

    def join(self) -> None:
        """Wait until the process has ended; kill it if it takes too long."""
        self._process.join(ENDING)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(parent: int, connection: Connection, work: bytes) -> None:
    """Answer tasks until SIGTERM, or until the parent closes the connection or dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # the parent ended before prctl took effect
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    leave_out_unused()
    ready = False
    try:
        start, arguments = pickle.loads(work)  # of our own parent
        manager = start(*arguments)

        def end(*_: Any) -> None:
            # Do not raise: inside the callback of a weak reference the exception would be lost.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            try:
                manager.__exit__(None, None, None)
            finally:
                os._exit(0)

        signal.signal(signal.SIGTERM, end)
        answer = manager.__enter__()
        try:
            connection.send((None, None))
            ready = True
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
        if ready:  # of the task alone, such as an answer that takes too much memory: the process dies of it
            os._exit(1)
        failed = GraderError(f"the grader failed: {type(error).__name__}: {error}")
        connection.send((None, failed))
