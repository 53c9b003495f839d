"""A small class to grade, a process that grades it and is killed, and what is compared after that."""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import psutil
import sqlalchemy
from nbgrader.api import Base

from autograder.cli.demo import hand_in
from autograder.gradebook import records
from autograder.lab.course import Course, load_config

ROOT = Path(__file__).parents[3]
SEED = "5"
GRADE = ("seqlab", "autograde", "scaling", "--jobs", "1", "--seed", SEED, "--no-figures")
FEEDBACK = ("nbgrader", "generate_feedback", "scaling")
VOLATILE = {"gradebook.db", "log.jsonl", "lock"}
"""Files whose bytes differ between two runs."""
DIFFERING = {"id", "timestamp"}
"""Columns, by the end of their name, whose values differ between two runs."""


def make_class(course, scaling, names):
    """Hand in for students: right, an exercise wrong, an exercise missing, and so on again."""
    wrong = {**scaling, "scale": scaling["scale"].replace("y = x * w", "y = x + w")}
    for number, name in enumerate(names):
        hand_in(course, "scaling", name, (scaling, wrong, {"scale": scaling["scale"]})[number % 3])


class Victim:
    """The process of `victim`, which runs commands in forks. A context manager."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.tmp = scratch / "tmp"
        self.tmp.mkdir(parents=True)

    def __enter__(self):
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])  # of `alembic`
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.autograder.kills.victim"],
            cwd=ROOT,
            env={
                **os.environ,
                "PATH": path,
                "PYTHONPATH": str(ROOT),
                "TMPDIR": str(self.tmp),
                "OPENBLAS_NUM_THREADS": "1",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(self, folder, line, outcomes="", at=None, *, opened=False, cut=False, plan=None):
        """Run a command in a course; return its exit code, what it said, and the writes that it made.

        With ``at`` it is killed before that write, or with ``opened`` once that file is open and empty; with
        ``cut`` it goes on, but without the connection to its database. Outcomes of grading are taken from a
        file, or noted there. ``plan`` says which of its processes are killed when.
        """
        points, output = self.scratch / "points", self.scratch / "output"
        points.unlink(missing_ok=True)
        request = {
            "folder": str(folder),
            "line": line,
            "outcomes": str(outcomes),
            "at": at,
            "cut": db_url(Course(folder)) if cut else "",
            "plan": plan or {},
            "opened": opened,
            "roots": [str(folder), str(self.tmp)],
            "environment": {"COLUMNS": "200"},
            "output": str(output),
            "points": str(points),
        }
        print(json.dumps(request), file=self._process.stdin, flush=True)
        found = json.loads(self._process.stdout.readline())
        return found["code"], output.read_text("utf-8"), found["writes"]


def copy(course, folder, gradebook=""):
    """Copy a course; with a URL, its gradebook lies there."""
    shutil.copytree(course.root, folder, symlinks=True)
    if gradebook:
        with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
            config.write(f"\nc.CourseDirectory.db_url = {gradebook!r}\n")
    return Course(folder)


class Sqlite:
    """Gradebooks in SQLite: a file of the course, copied with it."""

    has_connections = False

    def copy(self, course, folder):
        return copy(course, folder)

    def remove(self, course):
        shutil.rmtree(course.root)


class PostgreSQL:
    """Gradebooks in a server of PostgreSQL: a database for each copy of a course."""

    has_connections = True

    def __init__(self, server):
        self.server = server

    def copy(self, course, folder):
        url = db_url(course)
        return copy(course, folder, self.server.database("" if url.startswith("sqlite") else url))

    def remove(self, course):
        self.server.drop(db_url(course))
        shutil.rmtree(course.root)


def db_url(course):
    """Return the URL of a course's gradebook."""
    configured = load_config(course.root).CourseDirectory.get("db_url", "")
    return (
        configured if isinstance(configured, str) and configured else f"sqlite:///{course.root}/gradebook.db"
    )


def rows(course):
    """Return all rows of a gradebook by table, without what differs between two runs; order is lost."""
    engine = sqlalchemy.create_engine(db_url(course), poolclass=sqlalchemy.NullPool)
    found = {}
    with contextlib.closing(engine.connect()) as connection:
        for name in sorted({*Base.metadata.tables, "alembic_version"}):
            table = connection.execute(sqlalchemy.text(f'SELECT * FROM "{name}"'))
            kept = [n for n, key in enumerate(table.keys()) if not key.endswith(tuple(DIFFERING))]
            found[name] = Counter(tuple(row[n] for n in kept) for row in table)
        query = sqlalchemy.text(
            "SELECT student_id, base_cell.name, auto_score FROM grade"
            " JOIN base_cell ON base_cell.id = grade.cell_id"
            " JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id"
            " JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id"
        )
        found["scores"] = Counter(tuple(row) for row in connection.execute(query))
    engine.dispose()
    return found


def files(course):
    """Return the digest of each file of a course that grading writes, by relative path."""
    found = {}
    for top in ("autograded", "feedback", ".seqlab"):
        for path in sorted((course.root / top).rglob("*")):
            if path.is_file() and path.name not in VOLATILE:
                content = path.read_bytes().replace(os.fsencode(course.root), b"")
                found[str(path.relative_to(course.root))] = hashlib.sha256(content).hexdigest()
            elif path.is_dir() and not any(path.iterdir()):
                found[str(path.relative_to(course.root))] = "empty"
    return found


def logged(course):
    """Return the students in the log, each once; raises ValueError for a line that is no JSON."""
    path = course.root / ".seqlab/scaling/log.jsonl"
    return {json.loads(line)["student"] for line in path.read_text("utf-8").splitlines()}


def state(course):
    """Return all that has to be the same after a kill and after none."""
    return rows(course), files(course), logged(course)


def statuses(course):
    return {result.student: (result.status, result.stale) for result in records.load_all(course, "scaling")}


def fork_servers(pid):
    """Return the fork servers that a process has started, as psutil sees them, without their submissions."""
    found = []
    with contextlib.suppress(psutil.NoSuchProcess):
        for process in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if "seqlab_inside.server" in process.cmdline() and process.name() != "bwrap":
                    found.append((process, process.ppid()))
    ids = {process.pid for process, _ in found}
    return [process for process, parent in found if parent not in ids]
