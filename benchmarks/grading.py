"""How fast a class is graded, against stock `nbgrader autograde` on the same notebooks in the same run.

``python -m benchmarks.grading [--students N] [--rounds R]`` prints submissions per second and ratios.
Machines drift: only ratios of one run mean anything, and their spread over the rounds is printed.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.course import Course
from autograder.demo import hand_in
from autograder.labtext import reference_source

BIN = Path(sys.executable).parent
STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'bench'\n"
LAB = "cells"


def make_class(course: Course, students: int) -> None:
    """Hand in distinct notebooks: a third right, a third with one known mistake, a third blank."""
    lab = course.lab(LAB)
    right = reference_source(lab.text)
    wrong = [(name, edit.edits) for name, edits in lab.mistakes.items() for edit in edits]
    for number in range(students):
        functions = dict(right) if number % 3 < 2 else {}
        if number % 3 == 1:
            name, edits = wrong[number // 3 % len(wrong)]
            for old, new in edits:
                functions[name] = functions[name].replace(old, new)
        functions = {name: f"{source}\n# handed in by number {number}" for name, source in functions.items()}
        hand_in(course, LAB, f"student-{number:03}", functions)


def fresh(root: Path) -> None:
    """Forget all grading in a course."""
    for name in ("autograded", ".seqlab"):
        shutil.rmtree(root / name, ignore_errors=True)
    (root / "gradebook.db").unlink(missing_ok=True)


def timed(root: Path, *command: str) -> float:
    """Return the seconds that a command takes from the start of its process."""
    start = time.perf_counter()
    subprocess.run([str(BIN / command[0]), *command[1:]], cwd=root, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure, round by round, and print medians with their spread."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seqlab-bench-") as folder:
        root = Path(folder)
        here = Course.find(Path(__file__).parent)
        for name in ("assignments", "source", "release"):
            shutil.copytree(here.root / name, root / name)
        ours = (here.root / "nbgrader_config.py").read_text()
        (root / "nbgrader_config.py").write_text(ours)
        make_class(Course(root), options.students)
        ways = {
            "stock nbgrader autograde": (STOCK, ("nbgrader", "autograde", LAB)),
            "nbgrader autograde, our config": (ours, ("nbgrader", "autograde", LAB)),
            "seqlab autograde --jobs 1": (ours, ("seqlab", "autograde", LAB, "--jobs", "1")),
            "seqlab autograde --jobs 2": (ours, ("seqlab", "autograde", LAB, "--jobs", "2")),
        }
        seconds: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(options.rounds):
            for way, (config, command) in ways.items():
                fresh(root)
                (root / "nbgrader_config.py").write_text(ours)
                timed(root, "nbgrader", "generate_assignment", LAB, "--force")
                (root / "nbgrader_config.py").write_text(config)
                seconds[way].append(timed(root, *command))
    stock = next(iter(seconds.values()))
    print(f"{options.students} submissions of {LAB}, {options.rounds} rounds, start-up counted")
    print(f"{'':34}{'s/submission':>13}{'ratio to stock':>16}  (smallest to largest)")
    for way, taken in seconds.items():
        ratios = [a / b for a, b in zip(stock, taken, strict=True)]
        each = statistics.median(taken) / options.students
        spread = f"({min(ratios):.2f} to {max(ratios):.2f})"
        print(f"{way:34}{each:13.2f}{statistics.median(ratios):16.2f}  {spread}")


if __name__ == "__main__":
    main()
