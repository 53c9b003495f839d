"""How fast a class is graded, against stock `nbgrader autograde` on the same notebooks in the same run.

``python -m benchmarks.grading [--students N] [--rounds R] [--no-stock]`` prints seconds a submission and
ratios, then where the time goes, and what the sandbox and the referee cost over running the same cells in
a bare warm process. Machines drift: only ratios of one run mean anything, and their spread over the
rounds is printed.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.cli.demo import hand_in
from autograder.lab.course import Course, LabFolder, load_config
from autograder.lab.text import reference_source
from autograder.run import Run
from autograder.settings import settings_of

BIN = Path(sys.executable).parent
STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'bench'\n"
LAB = "cells"
KINDS = ("right", "one mistake", "blank")
SEQLAB = ("seqlab", "autograde", LAB)


def make_class(course: Course, students: int, lab_name: str = LAB) -> None:
    """Hand in distinct notebooks: a third right, a third with one known mistake, a third blank."""
    for student, functions in class_of(course.lab(lab_name), students):
        hand_in(course, lab_name, student, functions)


def class_of(lab: LabFolder, students: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the name of each student and the functions that are handed in."""
    right = reference_source(lab.text)
    wrong = [(name, edit.edits) for name, edits in lab.mistakes.items() for edit in edits]
    for number in range(students):
        functions = dict(right) if number % 3 < 2 else {}
        if number % 3 == 1:
            name, edits = wrong[number // 3 % len(wrong)]
            for old, new in edits:
                functions[name] = functions[name].replace(old, new)
        functions = {name: f"{source}\n# handed in by number {number}" for name, source in functions.items()}
        yield f"student-{number:03}", functions


def fresh(root: Path, config: str, ours: str, lab: str = LAB) -> None:
    """Forget all grading in a course, and register the lab as an instructor would."""
    for name in ("autograded", ".seqlab"):
        shutil.rmtree(root / name, ignore_errors=True)
    (root / "gradebook.db").unlink(missing_ok=True)
    (root / "nbgrader_config.py").write_text(ours)
    timed(root, "nbgrader", "generate_assignment", lab, "--force")
    (root / "nbgrader_config.py").write_text(config)


def timed(root: Path, *command: str) -> float:
    """Return the seconds that a command takes from the start of its process."""
    start = time.perf_counter()
    subprocess.run([str(BIN / command[0]), *command[1:]], cwd=root, check=True, capture_output=True)
    return time.perf_counter() - start


@dataclass
class Way:
    """One way to grade the class: its configuration and command, and the seconds of each round."""

    name: str
    config: str
    command: tuple[str, ...]
    seconds: list[float] = field(default_factory=list)
    stages: list[dict[str, dict[str, float]]] = field(default_factory=list)


def stages_of(root: Path) -> dict[str, dict[str, float]]:
    """Return the mean seconds of each stage by kind of submission, from the log of `seqlab autograde`."""
    path = root / f".seqlab/{LAB}/log.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    found: dict[str, dict[str, float]] = {}
    for number, kind in enumerate(KINDS):
        mine = [line["stages"] for line in lines if int(line["student"][-3:]) % 3 == number]
        found[kind] = (
            {name: statistics.mean(s.get(name, 0.0) for s in mine) for name in mine[0]} if mine else {}
        )
    return found


def overhead(root: Path, rounds: int) -> dict[str, list[float]]:
    """Return the ratios, round by round, of judged and sandboxed cells to the same cells run bare.

    Bare is one warm process that runs the cells of all notebooks one after the other, with the same
    shell and figures, judging nothing. Against it stands what a grading process spends on a submission
    between reading it and handing it over: start, cells, judging, verdicts and end.
    """
    from autograder.grading.grader import Grader, Task

    course = Course(root)
    run = Run(course, LAB, settings_of(load_config(root), course.lab(LAB)), seed=1)
    folders = sorted(p for p in (root / "submitted").iterdir())
    found: dict[str, list[float]] = {kind: [] for kind in (*KINDS, "all")}
    with Grader(run) as grader:
        grader(Task("warm-up", folders[0] / LAB))
        for _ in range(rounds):
            bare = bare_seconds(folders)
            ours = []
            for folder in folders:
                stages = grader(Task(folder.name, folder / LAB)).stages
                ours.append(sum(stages[k] for k in ("files", "start", "cells", "judge", "verdicts", "end")))
            for number, kind in enumerate(KINDS):
                found[kind].append(sum(ours[number::3]) / sum(bare[number::3]))
            found["all"].append(sum(ours) / sum(bare))
    return found


def bare_seconds(folders: list[Path]) -> list[float]:
    """Return the seconds that the cells of each notebook take in one bare warm process."""
    line = [
        sys.executable,
        "-m",
        "benchmarks.bare",
        *(str(folder / LAB / f"{LAB}.ipynb") for folder in folders),
    ]
    run = subprocess.run(line, cwd=Path(__file__).parents[1], check=True, capture_output=True, text=True)
    seconds: list[float] = json.loads(run.stdout.splitlines()[-1])
    return seconds


def show(title: str, columns: list[str], rows: list[tuple[str, list[str]]]) -> None:
    """Print a table."""
    print(f"\n{title}")
    print(f"{'':36}" + "".join(f"{column:>22}" for column in columns))
    for name, cells in rows:
        print(f"{name:36}" + "".join(f"{cell:>22}" for cell in cells))


def spread(values: list[float]) -> str:
    """Return the median of ratios and, where there are more, the smallest and the largest."""
    middle = statistics.median(values)
    return f"{middle:.2f} ({min(values):.2f}-{max(values):.2f})" if len(values) > 1 else f"{middle:.2f}"


def main() -> None:
    """Measure, round by round, and print medians with their spread."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--no-stock", action="store_true", help="leave out stock nbgrader, the slowest")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seqlab-bench-") as folder:
        root = Path(folder)
        here = Course.find(Path(__file__).parent)
        for name in ("assignments", "source", "release"):
            shutil.copytree(here.root / name / LAB, root / name / LAB)
        ours = (here.root / "nbgrader_config.py").read_text()
        (root / "nbgrader_config.py").write_text(ours)
        make_class(Course(root), options.students)
        plain = ("nbgrader", "autograde", LAB)
        ways = [
            Way("stock nbgrader autograde", STOCK, plain),
            Way("nbgrader autograde, our config", ours, plain),
            Way("seqlab autograde --jobs 1", ours, (*SEQLAB, "--jobs", "1")),
            Way("seqlab autograde --jobs 2", ours, (*SEQLAB, "--jobs", "2")),
            Way("seqlab ... --jobs 2 --no-figures", ours, (*SEQLAB, "--jobs", "2", "--no-figures")),
        ][options.no_stock :]
        for _ in range(options.rounds):
            for way in ways:
                fresh(root, way.config, ours)
                way.seconds.append(timed(root, *way.command))
                way.stages.append(stages_of(root))
        (root / "nbgrader_config.py").write_text(ours)
        costs = overhead(root, options.rounds)
    rows = []
    for way in ways:
        each = statistics.median(way.seconds) / options.students
        ratios = [a / b for a, b in zip(ways[0].seconds, way.seconds, strict=True)]
        rows.append((way.name, [f"{each:.3f}", spread(ratios)]))
    title = f"{options.students} submissions of {LAB}, {options.rounds} rounds, start-up counted"
    show(title, ["s a submission", f"times {ways[0].name.split()[0]}"], rows)
    alone = next(way for way in ways if way.name.endswith("--jobs 1")).stages[-1]
    names = list(dict.fromkeys(name for kind in KINDS for name in alone[kind]))
    cells = [(name, [f"{1000 * alone[kind].get(name, 0.0):.0f}" for kind in KINDS]) for name in names]
    show("Milliseconds by stage, --jobs 1, last round", list(KINDS), cells)
    show(
        "Times the same cells in a bare warm process", ["ratio"], [(k, [spread(v)]) for k, v in costs.items()]
    )


if __name__ == "__main__":
    main()
