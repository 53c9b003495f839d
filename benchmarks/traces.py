"""What looking at unchanged variables only once saves of the traces of wrong answers.

``python -m benchmarks.traces [LAB ...]`` traces each known mistake of the labs as the hidden tests do, with
and without it, in turns, and prints the CPU time of a wrong answer and the ratio.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from autograder.lab.course import Course, LabFolder
from autograder.referee.places import known_places, traced
from benchmarks.grading import show
from course_utils.judging import trace

LABS = ("cells", "sampling", "jazz", "emojify")
ROUNDS = 3


def mistaken(lab: LabFolder) -> Iterator[tuple[str, object]]:
    """Yield the exercise and the function of each known mistake of a lab."""
    for name, mistakes in lab.mistakes.items():
        for mistake in mistakes:
            yield name, lab.mistaken(name, mistake)


def seconds(lab: LabFolder) -> tuple[float, int]:
    """Return the CPU time of the traces of all known mistakes, and their number."""
    functions = list(mistaken(lab))
    begun = time.thread_time()
    for name, function in functions:
        known = known_places(lab, name)
        for case in known.cases:
            traced(function, case, known.exercise)
    return time.thread_time() - begun, len(functions)


def main() -> None:
    """Measure lab by lab."""
    course = Course.find(Path(__file__).parent)
    rows = []
    for name in sys.argv[1:] or LABS:
        lab = course.lab(name)
        _, count = seconds(lab)  # the first time, what is kept is worked out
        with_it, without = [], []
        for _ in range(ROUNDS):
            with_it.append(seconds(lab)[0])
            with mock.patch.object(trace._Found, "is_of", return_value=False):
                without.append(seconds(lab)[0])
        ratios = sorted(a / b for a, b in zip(with_it, without, strict=True))
        cells = [f"{1000 * min(taken) / count:.1f}" for taken in (without, with_it)]
        rows.append((name, [*cells, f"{ratios[0]:.2f} to {ratios[-1]:.2f}"]))
    show("Traces of a wrong answer", ["ms without", "ms with", "ratio"], rows)


if __name__ == "__main__":
    main()
