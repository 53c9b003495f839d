"""Grades many submissions of all labs in one process and shows whether anything grows.

``python -m benchmarks.soak [--submissions N] [--jobs J]`` makes a course with N distinct submissions, grades
them lab by lab into one gradebook, and prints a table in Markdown. Each lab has two rows: its first and its
last submissions. What grows from one row to the next is not given back.
"""

import argparse
import itertools
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.cli.demo import hand_in
from autograder.gradebook.autograde import autograde, find_class
from autograder.lab.course import Course, load_config
from autograder.lab.text import reference_source
from autograder.run import Run
from autograder.settings import settings_of

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Sample:
    """What the run takes after one more submission is written; memory in MB."""

    seconds: float
    """Time to grade and write this submission, in its own process."""
    parent: float
    """Resident memory of the process that writes."""
    others: float
    """Proportional resident memory of all other processes of the run: graders, fork servers, lenders."""
    processes: int
    descriptors: int
    temporary: int
    """Files and folders in the folder for temporary files."""


def make_course(root: Path, submissions: int) -> Course:
    """Make a course with all labs; hand in right, wrong and unfinished notebooks, no two of them equal."""
    here = Course.find(Path(__file__).parent)
    for step in ("assignments", "source", "release"):
        shutil.copytree(here.root / step, root / step)
    shutil.copy(here.root / "nbgrader_config.py", root)
    course = Course(root)
    for number, lab in zip(range(submissions), itertools.cycle(course.labs), strict=False):
        hand_in(course, lab, f"student-{number:04}", dict(functions(course, lab, number // len(course.labs))))
    return course


def functions(course: Course, lab: str, number: int) -> Iterator[tuple[str, str]]:
    """Yield a submission's functions: of four, one is right, two have a mistake, one lacks a function."""
    folder = course.lab(lab)
    mistakes = [(name, mistake) for name, known in folder.mistakes.items() for mistake in known]
    wrong, mistake = mistakes[number % len(mistakes)]
    for name, source in reference_source(folder.text).items():
        if name == wrong and number % 4 in (1, 2):
            for old, new in mistake.edits:
                source = source.replace(old, new)
        if name != wrong or number % 4 != 3:
            yield name, f"{source}\n# submission {number}"


def family(process: int) -> list[int]:
    """Return the ids of all processes below this one."""
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *family(child)]
    return found


def sample(seconds: float, temporary: Path) -> Sample:
    """Measure the run as it is now."""
    descriptors, others = len(os.listdir("/proc/self/fd")), 0.0
    processes = family(os.getpid())
    for process in processes:
        try:
            descriptors += len(os.listdir(f"/proc/{process}/fd"))
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            others += int(rollup.split("Pss:")[1].split()[0]) / 1024
        except (OSError, IndexError):  # it has ended
            continue
    parent = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / (1 << 20)
    return Sample(seconds, parent, others, len(processes), descriptors, sum(1 for _ in temporary.rglob("*")))


def soak(course: Course, jobs: int, temporary: Path) -> Iterator[tuple[str, list[Sample]]]:
    """Grade the class of each lab; yield the lab and a sample for each submission."""
    config = load_config(course.root)
    for lab in course.labs:
        run = Run(course, lab, settings_of(config, course.lab(lab)), jobs)
        tasks = find_class(run).tasks
        samples = []
        for outcome in autograde(run, tasks):
            assert outcome.result.status == "graded", outcome.result
            samples.append(sample(sum(outcome.stages.values()), temporary))
        yield lab, samples


def row(title: str, samples: list[Sample]) -> str:
    """Return a line of the table: medians over some samples."""
    seconds, *rest = (statistics.median(vars(s)[name] for s in samples) for name in Sample.__annotations__)
    return "| " + " | ".join([title, f"{seconds:.2f}", *(f"{value:.0f}" for value in rest)]) + " |"


def main() -> None:
    """Soak, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seqlab-soak-") as folder:
        temporary = Path(folder, "temporary")
        temporary.mkdir()
        course = make_course(Path(folder, "course"), options.submissions)
        tempfile.tempdir, os.environ["TMPDIR"] = str(temporary), str(temporary)
        start = time.monotonic()
        print(f"# {options.submissions} submissions in one run\n")
        print(
            "Written by `make soak`: medians over the first and the last tenth of each lab's submissions.\n"
        )
        print("| | seconds each | MB writer | MB others | processes | descriptors | temporary files |")
        print("|:--|--:|--:|--:|--:|--:|--:|")
        for lab, samples in soak(course, options.jobs, temporary):
            few = max(1, len(samples) // 10)
            samples = samples[options.jobs : -options.jobs]  # processes start and end with the others
            print(row(f"{lab}, first {few}", samples[:few]), flush=True)
            print(row(f"{lab}, last {few}", samples[-few:]), flush=True)
        left = [path.name for path in temporary.rglob("*")]
        minutes = (time.monotonic() - start) / 60
        print(f"\nAfter the run: {len(family(os.getpid()))} processes, {len(left)} temporary files.")
        print(
            f"{minutes:.1f} minutes with {options.jobs} grading processes on {os.cpu_count()} cores, ", end=""
        )
        print(f"Python {platform.python_version()}, NumPy {np.__version__}.")


if __name__ == "__main__":
    main()
