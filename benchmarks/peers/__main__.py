"""Grades one class with SeqLab and with its peers, in one run: speed, memory, and what attacks earn.

``python -m benchmarks.peers [--students N] [--rounds R] [--only NAME ...] [--page]`` prints notebooks per
hour, peak memory and the points that each attack earns, and keeps all figures in build/peers/run.json.
``--page`` writes docs/benchmarks.md and its plot from them, from the text in page.md; ``--from FILE`` does so
from the figures of an earlier run. The peers are installed into build/peers at first, from the pinned lists
beside this file.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.grading import class_of
from benchmarks.peers.assignment import LAB, Question, lean_course, questions
from benchmarks.peers.attacks import ATTACKS, cells, endless
from benchmarks.peers.graders import CELL_SECONDS, GRADERS, JOBS, PEERS, Grader, SeqLab
from benchmarks.peers.page import MIB, spread, write_page

LIMIT = 75.0
"""Seconds after which this program ends a grader that is still busy with one student's notebook."""


def timed_class(graders: list[Grader], course_lab: Any, students: int, rounds: int) -> dict[str, Any]:
    """Hand in the class to each grader, grade it in turn, and return the figures of each by its name.

    Raises SystemExit when a grader pays a right notebook less than full marks, or a blank one anything.
    """
    found: dict[str, Any] = {}
    handed_in = dict(class_of(course_lab, students))
    for grader in graders:
        if not any(grader.root == other.root for other in graders[: graders.index(grader)]):
            for student, functions in handed_in.items():
                grader.hand_in(student, functions)
    for number in range(rounds):
        for grader in graders if number % 2 == 0 else graders[::-1]:  # in turn, since machines drift
            grader.forget()
            measured = grader.grade(60 + 30.0 * students)
            scores = grader.scores()
            for place, student in enumerate(handed_in):
                wanted = {0: 100.0, 2: 0.0}.get(place % 3)
                if student not in scores or (wanted is not None and scores[student] != wanted):
                    sys.exit(
                        f"{grader.name} gave {student} {scores.get(student)}, expected {wanted}:\n"
                        f"{measured.output[-3000:]}"
                    )
            entry = found.setdefault(grader.name, {"seconds": [], "peak": []})
            entry["seconds"].append(measured.seconds)
            entry["peak"].append(measured.peak)
            entry["one mistake"] = statistics.mean(scores[s] for s in list(handed_in)[1::3])
            print(f"{grader.name}: {measured.seconds:.1f} s, {measured.peak / MIB:.0f} MiB", flush=True)
    return found


def attacked(kind: type[Grader], root: Path, asked: list[Question]) -> dict[str, Any]:
    """Hand in all attacks to a fresh course of one grader; return the points of each, None for no verdict.

    The notebook with the endless loop is graded alone: what becomes of it, and after how many seconds.
    """
    shutil.rmtree(root / "submitted", ignore_errors=True)
    grader = kind(root, asked)
    for name, attack in ATTACKS.items():
        grader.hand_in(f"attack-{name}", cells(attack, asked))
    grader.forget()
    grader.grade(60 + LIMIT * len(ATTACKS))
    scores = grader.scores()
    earned: dict[str, Any] = {name: scores.get(f"attack-{name}") for name in ATTACKS}
    if not grader.timed:  # an endless loop fares as in the same grader without the option
        return earned
    grader.withdraw()
    grader.hand_in("endless", endless(asked))
    grader.forget()
    measured = grader.grade(LIMIT)
    earned["endless"] = grader.scores().get("endless")
    earned["endless seconds"] = None if measured.stopped else measured.seconds
    print(f"{kind.name}: {earned}", flush=True)
    return earned


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    model = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")),
        platform.machine(),
    )  # fmt: skip
    return {
        "cores": len(os.sched_getaffinity(0)),
        "model": model,
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "date": date.today().isoformat(),
    }


def main() -> None:
    """Install, measure, print, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", help="some of: " + ", ".join(g.name for g in GRADERS)
    )
    parser.add_argument("--page", action="store_true", help="write docs/benchmarks.md from this run")
    parser.add_argument(
        "--from", dest="earlier", type=Path, help="figures of an earlier run: measure nothing"
    )
    options = parser.parse_args()
    if options.earlier:
        write_page(json.loads(options.earlier.read_text("utf-8")))
        return
    kinds = [kind for kind in GRADERS if not options.only or kind.name in options.only]
    figures: dict[str, Any] = {"machine": machine(), "students": options.students, "rounds": options.rounds}
    with tempfile.TemporaryDirectory(prefix="seqlab-peers-") as folder:
        course = lean_course(Path(folder) / "seqlab")
        asked = questions(course)
        figures["versions"] = {}
        for kind in kinds:
            kind.install()
            figures["versions"][kind.name] = kind.version()
        graders = [
            kind(course.root if issubclass(kind, SeqLab) else Path(folder) / kind.__name__, asked)
            for kind in kinds
            if kind.timed
        ]
        figures["class"] = timed_class(graders, course.lab(LAB), options.students, options.rounds)
        figures["attacks"] = {}
        for kind in kinds:
            if kind.attacked:
                root = course.root if kind is SeqLab else Path(folder) / f"{kind.__name__}-attacked"
                figures["attacks"][kind.name] = attacked(kind, root, asked)
    PEERS.mkdir(parents=True, exist_ok=True)
    (PEERS / "run.json").write_text(json.dumps(figures, indent=1), "utf-8")
    show(figures)
    if options.page:
        write_page(figures)


def show(figures: dict[str, Any]) -> None:
    """Print the tables."""
    students = figures["students"]
    cores, rounds = figures["machine"]["cores"], figures["rounds"]
    print(f"\n{students} notebooks, {rounds} rounds, {cores} cores, {JOBS} jobs")
    for name, entry in figures["class"].items():
        rates = [3600 * students / seconds for seconds in entry["seconds"]]
        print(f"{name:24}{spread(rates):>28} an hour {max(entry['peak']) / MIB:8.0f} MiB")
    print(f"\npoints of 100; a cell may take {CELL_SECONDS} s")
    print(f"{'':24}" + "".join(f"{name:>12}" for name in (*ATTACKS, "endless")))
    for name, earned in figures["attacks"].items():
        row = ("none" if earned.get(a) is None else f"{earned[a]:g}" for a in (*ATTACKS, "endless"))
        print(f"{name:24}" + "".join(f"{cell:>12}" for cell in row))


if __name__ == "__main__":
    main()
