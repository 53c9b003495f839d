"""Grading on a Dask cluster: a scheduler and workers on loopback, of which some die, hang or differ.

The class is graded on this machine too, with the same seed: whatever happens to a worker, the gradebook, the
records and the graded notebooks must be the same.
"""

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from distributed import Client

from autograder.cli.demo import hand_in
from autograder.gradebook import records
from autograder.grading.cluster.bundle import packed_course, parcel_of
from autograder.grading.grader import Task
from autograder.lab.course import Course
from autograder.sandbox import why_not
from tests.autograder.sandbox.leftovers import processes_with, wait_until

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow
STUDENTS = [f"s{number}" for number in range(8)]
SANDBOX = "limits" if why_not() else "bubblewrap"  # in which a server grades more than one submission
GRADE = ["seqlab", "autograde", "scaling", "--isolation", SANDBOX, "--seed", "5"]


class Cluster:
    """A scheduler on loopback, and its workers by name. A context manager."""

    def __init__(self, folder):
        self.folder, self.processes = folder, {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.tmp = folder / "tmp"
        self.tmp.mkdir()
        self.start("scheduler", "dask_scheduler", "--host", self.address, "--no-dashboard")
        self.client = Client(self.address, timeout=60, set_as_default=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()

    def start(self, name, module, *options, **environment):
        """Start a process of Dask."""
        dask = {"SCHEDULER__WORKER_TTL": "10s", "SCHEDULER__ALLOWED_FAILURES": "2"}
        with (self.folder / f"{name}.log").open("w") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *options],
                cwd=self.folder,
                env={
                    **os.environ,
                    **{f"DASK_DISTRIBUTED__{key}": value for key, value in dask.items()},
                    "PYTHONPATH": str(ROOT),
                    "TMPDIR": str(self.tmp),
                    **environment,
                },
                stdout=log,
                stderr=log,
            )

    def add(self, name, **environment):
        """Start a worker of one thread, and wait until the scheduler knows it."""
        options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--name", name)
        self.start(name, "dask_worker", self.address, *options, **environment)
        assert wait_until(lambda: name in self.names(), 60)

    def names(self):
        """Return the address of each worker by name."""
        found = self.client.scheduler_info(n_workers=-1)["workers"]
        return {worker["name"]: address for address, worker in found.items()}

    def signal(self, name, number):
        self.processes[name].send_signal(number)

    def is_busy(self, name):
        """Whether a worker has something to do."""
        return bool(self.client.processing().get(self.names().get(name)))


@pytest.fixture
def cluster(tmp_path):
    """A cluster without workers."""
    (tmp_path / "cluster").mkdir()
    with Cluster(tmp_path / "cluster") as started:
        yield started


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    """A cluster with two workers for tests that leave it as it is."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as started:
        started.add("one")
        started.add("two")
        yield started


@pytest.fixture(scope="module")
def handed_in(copy_small, scaling, fix_secret, tmp_path_factory):
    """A course with a class of which nothing is graded. Read only."""
    course = copy_small(tmp_path_factory.mktemp("cluster") / "course")
    fix_secret(course)
    wrong = {**scaling, "scale": scaling["scale"].replace("y = x * w", "y = x + w")}
    for number, student in enumerate(STUDENTS):
        notebook = hand_in(course, "scaling", student, wrong if number % 3 == 1 else scaling)
        if number == 7:
            notebook.write_text("in the other bag")
    return course


@pytest.fixture(scope="module")
def expected(handed_in, call, scores, tmp_path_factory):
    """What this machine alone makes of the class."""
    course = copy(handed_in, tmp_path_factory.mktemp("expected") / "course")
    done = call(course, *GRADE)
    assert "8 submissions: 7 graded, 1 bad submission" in done.stderr
    return outcome(course, scores)


@pytest.fixture
def course(handed_in, tmp_path):
    """A copy of the class, to grade."""
    return copy(handed_in, tmp_path / "course")


def copy(course, folder):
    shutil.copytree(course.root, folder)
    return Course(folder)


def outcome(course, scores):
    """Return all that must not depend on where a class was graded."""
    results = {}
    for result in records.load_all(course, "scaling"):
        results[result.student] = timeless(result.to_json())
    pages = {}
    for path in sorted((course.root / "autograded").rglob("*.ipynb")):
        notebook = nbformat.read(path, 4)
        pages[path.parent.parent.name] = [cell.get("outputs") for cell in notebook.cells]
    return scores(course), results, pages


def timeless(result):
    """Return a result as JSON, without its path and its times."""
    exercises = [{**exercise, "seconds": 0} for exercise in result["exercises"]]
    return {**result, "seconds": 0, "path": "", "exercises": exercises}


class Driver:
    """A run of ``seqlab autograde`` on a cluster that can be disturbed."""

    def __init__(self, course, cluster, grade=GRADE):
        line = [os.path.join(os.path.dirname(sys.executable), "seqlab"), *grade[1:]]
        self.said = course.root.parent / "said"
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                [*line, "--scheduler", cluster.address],
                cwd=course.root,
                env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
                stdout=said,
                stderr=said,
            )

    def lines(self):
        return self.said.read_text().splitlines()

    def graded(self):
        """Return how many submissions it has reported."""
        return sum(bool(re.match(r"\d+/8 ", line)) for line in self.lines())

    def end(self):
        """Wait for its end; return its exit code."""
        return self.process.wait(120)


def test_a_cluster_grades_as_this_machine_does(steady, course, expected, scores):
    workers = steady.names().values()
    driver = Driver(course, steady)
    code = driver.end()
    assert outcome(course, scores) == expected, driver.lines()
    assert code == 0
    assert "8 submissions: 7 graded, 1 bad submission" in driver.lines()
    assert wait_until(lambda: not list(steady.tmp.glob("seqlab-scratch-*")))
    assert wait_until(lambda: not any(map(processes_with, workers)))


def test_workers_draw_the_cases_of_the_course_s_secret(steady, handed_in, call, tmp_path, scores):
    here, there = (copy(handed_in, tmp_path / name / "course") for name in ("here", "there"))
    done = call(here, *GRADE[:-2])
    assert "7 graded" in done.stderr
    assert Driver(there, steady, GRADE[:-2]).end() == 0
    assert outcome(there, scores) == outcome(here, scores)


def test_two_runs_at_once_leave_each_other_alone(steady, handed_in, tmp_path, expected, scores):
    courses = [copy(handed_in, tmp_path / name / "course") for name in ("first", "second")]
    drivers = [Driver(course, steady) for course in courses]
    assert [driver.end() for driver in drivers] == [0, 0], [driver.lines() for driver in drivers]
    assert [outcome(course, scores) for course in courses] == [expected, expected]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_worker_that_dies_or_hangs_costs_nobody_a_point(cluster, course, expected, scores, number):
    cluster.add("doomed")
    cluster.add("other")
    driver = Driver(course, cluster)
    assert wait_until(lambda: driver.graded() and cluster.is_busy("doomed"), 60), driver.lines()
    cluster.signal("doomed", number)
    assert driver.end() == 0, driver.lines()
    assert outcome(course, scores) == expected, driver.lines()


def test_a_worker_with_another_version_is_refused(cluster, course, expected, scores, tmp_path):
    (tmp_path / "old/numpy-1.0.dist-info").mkdir(parents=True)
    (tmp_path / "old/numpy-1.0.dist-info/METADATA").write_text("Name: numpy\nVersion: 1.0\n")
    cluster.add("old", PYTHONPATH=f"{tmp_path / 'old'}:{ROOT}")
    alone = Driver(course, cluster)
    assert alone.end() == 2
    reason = f"no worker can grade: {cluster.names()['old']}: it has other versions: numpy is 1.0, not "
    assert alone.lines()[-1].startswith(f"seqlab: {reason}")
    cluster.add("new")
    driver = Driver(course, cluster)
    assert driver.end() == 0, driver.lines()
    assert outcome(course, scores) == expected


def test_a_driver_that_was_killed_goes_on(cluster, course, expected, scores):
    cluster.add("one")
    killed = Driver(course, cluster)
    assert wait_until(lambda: killed.graded() >= 2, 60)
    killed.process.kill()
    killed.end()
    again = Driver(course, cluster)
    assert again.end() == 0
    assert "graded already" in "\n".join(again.lines())
    assert outcome(course, scores) == expected


def test_ctrl_c_stops_the_workers_too(steady, course):
    workers = steady.names().values()
    driver = Driver(course, steady)
    assert wait_until(lambda: driver.graded() >= 1, 60)
    assert any(map(processes_with, workers))
    driver.process.send_signal(signal.SIGINT)
    assert driver.end() == 130
    assert driver.lines()[-1].startswith("seqlab: stopped; what is graded is kept")
    assert wait_until(lambda: not any(map(processes_with, workers)))
    assert wait_until(lambda: not list(steady.tmp.glob("seqlab-scratch-*")))
    assert not [line for line in driver.lines() if "Traceback" in line or "distributed." in line]


def test_a_scheduler_that_goes_ends_the_run_with_one_line(cluster, course):
    cluster.add("one")
    driver = Driver(course, cluster)
    assert wait_until(lambda: driver.graded() >= 1, 60)
    cluster.processes["scheduler"].kill()
    assert driver.end() == 3
    assert "is gone: what is graded is kept" in driver.lines()[-1]
    assert not [line for line in driver.lines() if "Traceback" in line or "distributed." in line]


def test_without_a_scheduler_there_is_one_line(course, call):
    done = call(course, *GRADE, "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("seqlab: no Dask scheduler answers at tcp://127.0.0.1:9")


@pytest.mark.sandbox
def test_check_uses_the_cluster_and_its_sandboxes(steady, course, call):
    line = ["seqlab", "check", "--seed", "5", "--isolation", "bubblewrap", "--json", "-", "--no-cache"]
    here, there = (call(course, *line, *more, "submitted") for more in ([], ["--scheduler", steady.address]))
    a, b = (json.loads(done.stdout)["submissions"] for done in (here, there))
    assert len(a) == len(STUDENTS)
    assert [*map(timeless, a)] == [*map(timeless, b)]


# ---------------------------------------------------------------- bundles and parcels


def test_a_bundle_has_what_is_read_and_no_secret(handed_in):
    packed = packed_course(handed_in, "scaling")
    assert packed == packed_course(handed_in, "scaling")
    secret = (handed_in.root / ".seqlab/secret").read_bytes().strip()
    file = zipfile.ZipFile(io.BytesIO(packed))
    names = file.namelist()
    assert {"nbgrader_config.py", "assignments/scaling/scaling.py", "source/scaling/scaling.ipynb"} <= {
        *names
    }
    assert not [name for name in names if name.startswith((".", "submitted", "release"))]
    assert all(secret not in file.read(name) for name in names)


def test_a_parcel_has_the_files_that_a_grader_reads(tmp_path):
    folder = tmp_path / "ann/scaling"
    (folder / "data").mkdir(parents=True)
    (folder / ".venv").mkdir()
    (folder / "scaling.ipynb").write_text("{}")
    (folder / "data/x.txt").write_text("1")
    (folder / "secret.txt").symlink_to("/etc/hostname")
    for name in ("large", ".venv/a", ".venv/b", ".venv/c"):
        with (folder / name).open("wb") as file:
            file.truncate(49 << 20)
    for odd in (b"\xff", b"\xfe", b"\xff" * 100):
        (folder / os.fsdecode(odd)).touch()
    parcel = parcel_of(Task("ann", folder, refused="", note="a note"))
    task = parcel.unpack(tmp_path / "there")
    assert (task.student, task.note, task.path) == ("ann", "a note", tmp_path / "there/scaling")
    found = {str(path.relative_to(task.path)) for path in task.path.rglob("*")}
    assert found == {"scaling.ipynb", "data", "data/x.txt"}
    assert (task.path / "data/x.txt").read_text() == "1"
    assert {"secret.txt", "large"} <= {*parcel.left}
    assert len(parcel.left) == 5


def test_a_loose_notebook_takes_the_files_beside_it_but_no_other_notebook(tmp_path):
    for name in ("ann.ipynb", "bob.ipynb", "data.txt"):
        (tmp_path / name).write_text(name)
    task = parcel_of(Task("ann", tmp_path / "ann.ipynb")).unpack(tmp_path / "there")
    assert task.path.read_text() == "ann.ipynb"
    assert sorted(path.name for path in task.path.parent.iterdir()) == ["ann.ipynb", "data.txt"]
