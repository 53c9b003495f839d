"""What each shortcut of the grader saves, measured with and without it in the same run.

``python -m benchmarks.switches [--rounds R] [--no-figures]`` prints, for each switch, the median time with
the shortcut and without it, and the median and spread of their ratio over the rounds. Machines drift, so
that only the ratios of one run mean anything. How submissions are written has no switch: here the steps of
nbgrader take its place.
"""

import argparse
import contextlib
import copy
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from nbformat import NotebookNode

from autograder.cli.demo import hand_in
from autograder.gradebook import writer as writer_module
from autograder.gradebook.register import register
from autograder.gradebook.session import OpenGradebook, Submission
from autograder.gradebook.writer import Writer, directory_of
from autograder.grading.grader import Grader, Task
from autograder.lab.course import Course, load_config
from autograder.lab.text import reference_source
from autograder.processes import answers
from autograder.referee import Lender
from autograder.run import Run
from autograder.settings import settings_of

LAB = "cells"
IMPORT = "from autograder.imports import leave_out_unused; leave_out_unused(); import nbgrader.converters"
REPEATS = 5
"""How often each notebook is graded in a round; the fastest time counts."""
WRITTEN = 30
"""How often a notebook is written in a round; the median counts."""
ROWS = "SEQLAB_BENCHMARK_ROWS"
"""Tells this benchmark alone to let nbgrader's steps write."""


@contextlib.contextmanager
def environment(name: str, value: str | None) -> Iterator[None]:
    """Set or, for None, remove an environment variable while the block runs."""
    before = os.environ.pop(name, None)
    if value is not None:
        os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name, None)
        if before is not None:
            os.environ[name] = before


def make_course(root: Path, *, figures: bool) -> Run:
    """Make a course with a solved and a blank notebook; return a run over it."""
    here = Course.find(Path(__file__).parent)
    for step in ("assignments", "source", "release"):
        shutil.copytree(here.root / step / LAB, root / step / LAB)
    shutil.copy(here.root / "nbgrader_config.py", root)
    course = Course(root)
    hand_in(course, LAB, "solved", reference_source(course.lab(LAB).text))
    hand_in(course, LAB, "blank", {})
    return Run(course, LAB, settings_of(load_config(root), course.lab(LAB), figures=figures), seed=1)


def import_seconds() -> dict[str, float]:
    """Return the CPU seconds of a process that imports nbgrader."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", IMPORT], cwd=Path(__file__).parents[1], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"CPU time": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def cell_seconds(run: Run) -> dict[str, float]:
    """Return the seconds of the stage "cells" of each notebook, with a fork server of its own."""
    found: dict[str, list[float]] = {"solved": [], "blank": []}
    with Grader(run) as grader:
        for _ in range(REPEATS):
            for name, seconds in found.items():
                seconds.append(grader(Task(name, run.course.root / "submitted" / name / LAB)).stages["cells"])
    return {f"cells, {name} notebook": min(seconds) for name, seconds in found.items()}


def write_seconds(run: Run, notebook: NotebookNode, handed_in: Path) -> dict[str, float]:
    """Return the CPU seconds that a graded notebook takes to be written for a new student."""
    with rows_of_nbgrader() if os.environ.get(ROWS) == "1" else contextlib.nullcontext():
        writer, seconds = Writer(run.course, LAB), []
        for _ in range(WRITTEN):  # the first one compiles statements
            fresh = copy.deepcopy(notebook)
            start = time.process_time()
            writer.save(f"student-{uuid4()}", handed_in, fresh)
            seconds.append(time.process_time() - start)
    return {"write, CPU time": statistics.median(seconds)}


@contextlib.contextmanager
def rows_of_nbgrader() -> Iterator[None]:
    """Have nbgrader's own steps make and fill the rows, and validate all cells, while the block runs."""

    def open_submission(book: OpenGradebook, lab: str, student: str, *_: Any, **__: Any) -> Submission:
        book.update_or_create_student(student)
        book.update_or_create_submission(lab, student)
        return Submission("", student, 0, False, {}, {})

    with (
        patch.object(writer_module, "SaveAutoGrades", None),
        patch.object(writer_module, "AssignLatePenalties", None),
        patch.object(writer_module, "sha256", lambda _: SimpleNamespace(digest=uuid4)),
        patch.object(OpenGradebook, "open_submission", open_submission),
    ):
        yield


class _Lending:
    """A process that, like a grading process, has read the lab; it starts the lender."""

    def __init__(self, run: Run) -> None:
        self.lender = Lender(run.folder)

    def __enter__(self) -> Callable[[None], None]:
        self.lender.fork()
        return lambda _: self.lender.start()

    def __exit__(self, *_: object) -> None:
        self.lender.close()


def lender_seconds(run: Run) -> dict[str, float]:
    """Return the CPU seconds of a forked process that starts a lender, with the lender's own."""
    _ = run.folder.reference
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    list(answers(_Lending, (run,), [None], 1))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"CPU time, lender": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def measure(name: str, off: str, what: Callable[[], dict[str, float]], rounds: int) -> None:
    """Print what is measured with a shortcut and with its switch set to ``off``, in turns."""
    with_it: dict[str, list[float]] = {}
    without: dict[str, list[float]] = {}
    for _ in range(rounds):
        for value, into in ((None, with_it), (off, without)):
            with environment(name, value):
                for stage, seconds in what().items():
                    into.setdefault(stage, []).append(1000 * seconds)
    for stage, ours in with_it.items():
        ratios = [one / other for one, other in zip(ours, without[stage], strict=True)]
        times = f"{statistics.median(ours):8.0f} ms{statistics.median(without[stage]):9.0f} ms"
        spread = f"{statistics.median(ratios):8.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
        print(f"{f'{name}={off}':28}{stage:24}{times}{spread}")


def main() -> None:
    """Measure one switch after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-figures", action="store_true", help="draw no figures in the cells")
    options = parser.parse_args()
    rounds = options.rounds
    print(f"{'switch':28}{'what is measured':24}{'shortcut':>11}{'without':>12}{'ratio':>8}")
    measure("SEQLAB_ALL_IMPORTS", "1", import_seconds, rounds)
    with tempfile.TemporaryDirectory(prefix="seqlab-switches-") as folder:
        run = make_course(Path(folder).resolve(), figures=not options.no_figures)
        measure("SEQLAB_FRESH_LENDER", "1", lambda: lender_seconds(run), rounds)
        for name, off in (("SEQLAB_WARM_UP", "off"), ("SEQLAB_TRACEBACKS", "Context")):
            measure(name, off, lambda: cell_seconds(run), rounds)
        register(run.course.root, LAB, directory_of(run.course, LAB).db_url)
        task = Task("solved", run.course.root / "submitted" / "solved" / LAB)
        with Grader(run) as grader:
            outcome = grader(task)
        assert outcome.notebook is not None
        notebook, path = outcome.notebook, Path(outcome.result.path)
        measure(ROWS, "1", lambda: write_seconds(run, notebook, path), rounds)


if __name__ == "__main__":
    main()
