"""Kills the processes of grading runs at random moments: ``make random-kills``.

A small class is graded again and again. Each time one process is killed, the same command is given again, and
the outcome is compared with that of an undisturbed run.
"""

import argparse
import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

from autograder.lab.course import Course
from autograder.lab.text import reference_source
from autograder.release.build import build
from tests.autograder.kills import postgresql
from tests.autograder.kills.class_factory import (
    GRADE,
    ROOT,
    PostgreSQL,
    Sqlite,
    db_url,
    files,
    fork_servers,
    logged,
    make_class,
    rows,
    statuses,
)

LINE = [os.path.join(os.path.dirname(sys.executable), GRADE[0]), *GRADE[1:], "--jobs", "2"]
LINE += ["--isolation", "bubblewrap"]
RUNS = 3
"""How often the command is given at most: a kill may let a run end with a grader error."""


def started(course, scratch):
    environment = {**os.environ, "TMPDIR": str(scratch)}
    with (scratch.parent / "said").open("w") as said:
        return subprocess.Popen(LINE, cwd=course.root, env=environment, stdout=said, stderr=said)


def graders(pid):
    """Return the grading processes of a run."""
    found = []
    with contextlib.suppress(psutil.NoSuchProcess):
        for process in psutil.Process(pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                found += [process] if process.cmdline()[1:2] == LINE[:1] else []
    return found


def kill(kind, run, course, chance, seconds):
    """Kill what is of a kind once some seconds have passed; return whether there was any."""
    time.sleep(seconds)
    if kind == "run":
        run.kill()
        return True
    if kind == "connection":
        postgresql.cut_connections(db_url(course))
        return True
    while run.poll() is None:
        if found := {"grader": graders, "server": fork_servers}[kind](run.pid):
            with contextlib.suppress(psutil.NoSuchProcess):
                chance.choice(found).kill()
                return True
        time.sleep(0.01)
    return False


def outcome(course):
    return rows(course), set(files(course)), logged(course), statuses(course)


def try_kind(kind, gradebooks, course, expected, seconds, moments, chance, folder):
    """Kill a kind of process at random moments; return how it went, counted."""
    counts = Counter()
    while counts["killed"] < moments:
        scratch = folder / "tmp"
        scratch.mkdir()
        copied = gradebooks.copy(course, folder / "course")
        run = started(copied, scratch)
        killed = kill(kind, run, copied, chance, chance.uniform(0, seconds))
        code = run.wait()
        counts["killed"] += killed
        counts["needed no second run"] += killed and code == 0
        for _ in range(RUNS - 1):
            if (code := started(copied, scratch).wait()) == 0:
                break
        same = code == 0 and outcome(copied) == expected and not list(scratch.iterdir())
        counts["survived"] += killed and same
        if not same:
            wrong = [(a, b) for a, b in zip(outcome(copied), expected, strict=True) if a != b]
            print((folder / "said").read_text(), code, wrong, list(scratch.iterdir()), flush=True)
        gradebooks.remove(copied)
        shutil.rmtree(scratch)
    return counts


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--moments", type=int, default=20, help="how many kills of each kind of process")
    arguments.add_argument("--seed", type=int, default=1, help="what the moments are drawn from")
    given = arguments.parse_args()
    chance, wrong = random.Random(given.seed), 0
    with tempfile.TemporaryDirectory(prefix="seqlab-kills-") as name, postgresql.started() as server:
        folder = Path(name)
        folder.chmod(0o755)
        course = Course(folder / "original")
        shutil.copytree(ROOT / "tests/files/course", course.root)
        shutil.copy(ROOT / "nbgrader_config.py", course.root)
        build(course.root)
        make_class(course, reference_source(course.lab("scaling").text), ["ann", "bob", "eve", "ida"])
        for gradebooks in (Sqlite(), PostgreSQL(server)):
            (folder / "tmp").mkdir()
            undisturbed = gradebooks.copy(course, folder / "undisturbed")
            start = time.monotonic()
            assert started(undisturbed, folder / "tmp").wait() == 0, (folder / "said").read_text()
            seconds, expected = time.monotonic() - start, outcome(undisturbed)
            gradebooks.remove(undisturbed)
            shutil.rmtree(folder / "tmp")
            for kind in ("run", "grader", "server", *(["connection"] if gradebooks.has_connections else [])):
                start = time.monotonic()
                counts = try_kind(kind, gradebooks, course, expected, seconds, given.moments, chance, folder)
                wrong += given.moments - counts["survived"]
                print(
                    f"{type(gradebooks).__name__}, {kind}: {counts['killed']} killed,"
                    f" {counts['survived']} survived, {counts['needed no second run']} without a second run;"
                    f" {time.monotonic() - start:.0f} s",
                    flush=True,
                )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
