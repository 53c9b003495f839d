"""Many submissions over several processes: each has its own referee and sandboxes."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from .beside import Beside
from .course import Course
from .errors import GraderError, SeqLabError
from .grader import Grader, Outcome
from .settings import Settings

__all__ = ["Task", "grade_all"]

AGAIN = 0.3
"""Seconds after which a grading process that was told to end is told again."""


@dataclass(frozen=True)
class Task:
    """One submission to grade: a notebook file, or a student's folder."""

    student: str
    path: Path
    submission: str = ""
    """The fingerprint of what was handed in, where it is recorded."""


_grader: Grader | SeqLabError
"""This process's grader, or why it has none."""


def grade_all(
    course: Course,
    lab: str,
    seed: int,
    settings: Settings,
    gradebook: str,
    tasks: Sequence[Task],
    jobs: int,
    beside: Sequence[Beside] = (),
) -> Generator[Outcome, None, None]:
    """Grade all tasks; the iterator has each outcome when it is ready, in whatever order they end.

    With one job all is done in this process. ``beside`` is what was started before, for each job. Raises
    GraderError when a grading process dies.
    """
    arguments = (course, lab, seed, settings, gradebook)
    if jobs <= 1 or len(tasks) <= 1:
        return _one_by_one(Grader(*arguments, *beside[:1]), tasks)
    _ = course.lab(lab).reference  # read here, once for all
    # A fork takes over all that is loaded, but is safe only while there is one thread.
    alone = threading.active_count() == 1
    context = multiprocessing.get_context("fork" if alone else "forkserver")
    # A fresh interpreter is not to look into the current folder, where a multiprocessing.py may lie.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    shared = (os.getpid() if alone else 0, context.Value("i", 0), list(beside) if alone else [])
    pool = ProcessPoolExecutor(
        min(jobs, len(tasks)), context, initializer=_start, initargs=(shared, arguments)
    )
    return _side_by_side(pool, [pool.submit(_run, task) for task in tasks])


def _one_by_one(grader: Grader, tasks: Sequence[Task]) -> Generator[Outcome, None, None]:
    with grader:
        for task in tasks:
            yield _grade(grader, task)


def _side_by_side(
    pool: ProcessPoolExecutor, futures: list[Future[Outcome]]
) -> Generator[Outcome, None, None]:
    try:
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool:
        raise GraderError(
            "a grading process ended unexpectedly; run the same command again to go on"
        ) from None
    except (KeyboardInterrupt, GeneratorExit):
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _grade(grader: Grader, task: Task) -> Outcome:
    return (
        grader.folder(task.path, task.student) if task.path.is_dir() else grader.file(task.path, task.student)
    )


def _start(shared: tuple[int, Any, list[Beside]], arguments: tuple[Course, str, int, Settings, str]) -> None:
    """Make this process's grader. The process ends with its parent, and leaves Ctrl-C to it."""
    global _grader
    parent, taken, beside = shared
    with taken.get_lock():
        number, taken.value = taken.value, taken.value + 1
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
    if parent and os.getppid() != parent:  # it ended before this was set
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGALRM, _end)
    try:
        _grader = Grader(*arguments, *beside[number : number + 1]).__enter__()
        Finalize(_grader, _close, (_grader,), exitpriority=1)  # when the process ends
    except SeqLabError as error:
        _grader = error
    except Exception as error:
        _grader = GraderError(f"the grader failed: {type(error).__name__}: {error}")


def _run(task: Task) -> Outcome:
    if isinstance(_grader, SeqLabError):
        raise _grader
    try:
        return _grade(_grader, task)
    except SystemExit:  # ended by `grade_all`; the pool may ask a second time
        try:
            _close(_grader)
        finally:
            os._exit(1)


def _end(*_: Any) -> None:
    """End what is being done; soon once more: in the callback of a weak reference an exception is lost."""
    signal.setitimer(signal.ITIMER_REAL, AGAIN)
    sys.exit(1)


def _close(grader: Grader) -> None:
    """End a grader's sandboxes, undisturbed."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    grader.__exit__(None, None, None)
