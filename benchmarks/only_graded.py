"""How fast a class of each lab is graded with everything run and with --only-graded, against stock nbgrader.

``python -m benchmarks.only_graded [--students N] [--stock N] [--rounds R] [LAB ...]`` prints seconds a
submission, start-up counted, and how many times as fast as stock `nbgrader autograde` that is in the same
run; then where the time goes. Stock nbgrader is slow: it grades 2 and ``--stock`` submissions, and what these
differ by is scaled to the class. Only ratios of one run mean anything.
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile
from pathlib import Path

from autograder.lab.course import Course
from benchmarks.grading import STOCK, fresh, make_class, show, spread, timed

LABS = ("cells", "sampling", "jazz", "emojify")
TARGETS = {"cells": 40, "sampling": 60, "jazz": 60, "emojify": 60}
"""How many times as fast as stock nbgrader grading only what is graded should be."""
FEW = 2
STAGES = ("read", "sanitise", "files", "start", "cells", "judge", "verdicts", "end", "write")


def make_course(root: Path, ours: str, lab: str, students: int) -> None:
    """Make a course with a class, without the submissions and grades of earlier ones."""
    here = Course.find(Path(__file__).parent)
    for name in ("assignments", "source", "release"):
        shutil.copytree(here.root / name, root / name, dirs_exist_ok=True)
    (root / "nbgrader_config.py").write_text(ours)
    shutil.rmtree(root / "submitted", ignore_errors=True)
    make_class(Course(root), students, lab)


def stages_of(root: Path, lab: str) -> dict[str, float]:
    """Return the mean milliseconds of each stage, from the log of `seqlab autograde`."""
    lines = (root / f".seqlab/{lab}/log.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line)["stages"] for line in lines]
    return {name: 1000 * statistics.mean(one.get(name, 0.0) for one in found) for name in STAGES}


def stock_seconds(root: Path, ours: str, lab: str, many: int, students: int) -> float:
    """Return the seconds that stock nbgrader takes for a class, from those for few and for ``many`` of it."""
    taken = []
    for count in (FEW, many):
        make_course(root, ours, lab, count)
        fresh(root, STOCK, ours, lab)
        taken.append(timed(root, "nbgrader", "autograde", lab))
    return taken[0] + (taken[1] - taken[0]) / (many - FEW) * (students - FEW)


def main() -> None:
    """Measure lab by lab, and print each lab's figures as soon as they are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labs", nargs="*", default=LABS)
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--stock", type=int, default=10, help="submissions that stock nbgrader grades")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    jobs = len(os.sched_getaffinity(0))
    ours = (Course.find(Path(__file__).parent).root / "nbgrader_config.py").read_text()
    for lab in options.labs:
        line = ("seqlab", "autograde", lab, "--jobs", str(jobs))
        ways = {"everything run": line, "only graded": (*line, "--only-graded")}
        ways["only graded, no figures"] = (*line, "--only-graded", "--no-figures")
        stock: list[float] = []
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        stages: dict[str, dict[str, float]] = {}
        with tempfile.TemporaryDirectory(prefix="seqlab-bench-") as folder:
            root = Path(folder)
            for _ in range(options.rounds):
                stock.append(stock_seconds(root, ours, lab, options.stock, options.students))
                make_course(root, ours, lab, options.students)
                for name, command in ways.items():
                    fresh(root, ours, ours, lab)
                    seconds[name].append(timed(root, *command))
                    stages[name] = stages_of(root, lab)
        rows = [
            ("stock nbgrader autograde, scaled", [f"{statistics.median(stock) / options.students:.3f}", "1"])
        ]
        for name, taken in seconds.items():
            ratios = [a / b for a, b in zip(stock, taken, strict=True)]
            rows.append((name, [f"{statistics.median(taken) / options.students:.3f}", spread(ratios)]))
        aim = f"target with only graded: {TARGETS[lab]} times" if lab in TARGETS else ""
        title = f"{options.students} submissions of {lab}, {jobs} jobs, {options.rounds} round(s); {aim}"
        show(title, ["s a submission", "times stock"], rows)
        cells = [(stage, [f"{found[stage]:.1f}" for found in stages.values()]) for stage in STAGES]
        show("Milliseconds by stage, mean of the last round", list(ways), cells)


if __name__ == "__main__":
    main()
