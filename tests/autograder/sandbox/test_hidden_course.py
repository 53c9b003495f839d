"""Nothing of a course can be seen by student code, wherever the course lies; else nothing is graded."""

import os
import shutil
import subprocess
import sys
import sysconfig
import uuid
from pathlib import Path

import pytest

from autograder.cli.doctor import examine
from autograder.errors import SandboxError
from autograder.sandbox import ForkServer, Isolation, Limits, Sandbox

pytestmark = pytest.mark.sandbox
SIZE = 7919
"""The size of a planted file, in bytes: by it the search tells which files to read."""
PLANTED = f"# planted by {uuid.uuid4()}"  # not by another worker
PLACES = (
    "nbgrader_config.py",
    "gradebook.db",
    "assignments/lab/lab.py",
    ".seqlab/lab/seed",
    "submitted/a/lab/x",
)
SEARCH = """
import subprocess
line = ["find", "/", "-type", "f", "-size", "{size}c", "-exec", "grep", "-l", "{planted}", "{{}}", "+"]
print(subprocess.run(line, capture_output=True, text=True).stdout)
"""


def plant(course):
    """Fill a folder with what a course keeps private."""
    for place in PLACES:
        path = course / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PLANTED.ljust(SIZE), "utf-8")
    return course


@pytest.fixture
def in_the_environment():
    """A function that makes a folder below one of this environment's that the sandbox shows."""
    made = []

    def make(parent):
        folder = Path(parent) / f"course-{uuid.uuid4()}"
        try:
            folder.mkdir()
        except OSError:
            pytest.skip(f"{parent} cannot be written")
        made.append(folder)
        return folder

    yield make
    for folder in made:
        shutil.rmtree(folder)


def found(course):
    """Return the planted files that student code finds, and what works in the sandbox beside."""
    limits = Limits(cell_seconds=120)
    with (
        ForkServer((), limits, Isolation.BUBBLEWRAP, course=course) as server,
        Sandbox(server, limits) as box,
    ):
        said = []
        code = SEARCH.format(size=SIZE, planted=PLANTED) + "import numpy\nprint('and', numpy.ones(2).sum())"
        run = box.run(code, lambda kind, content: said.append(content))
    assert run.error is None, said
    *files, last = "".join(content["text"] for content in said).split("\n")[:-1]
    assert last == "and 2.0"
    return [file for file in files if file]


def environment_folders():
    packages = sysconfig.get_path("purelib")
    return [str(Path(packages).parents[1]), str(Path(sys.prefix, "bin")), packages, f"{packages}/numpy"]


@pytest.mark.parametrize("parent", environment_folders(), ids=["lib", "bin", "packages", "numpy"])
def test_a_course_in_the_interpreter_s_folders_is_hidden(in_the_environment, parent):
    course = plant(in_the_environment(parent))
    assert len(found(None)) == len(PLACES), "the search finds what is there"
    assert found(course) == []


def test_a_course_elsewhere_is_not_there_at_all(tmp_path):
    assert found(plant(tmp_path)) == []


def test_a_course_known_by_a_link_is_hidden(in_the_environment, tmp_path):
    course = plant(in_the_environment(environment_folders()[0]))
    link = tmp_path / "course"
    link.symlink_to(course)
    assert found(link) == []


@pytest.mark.parametrize("part", ["assignments", "assignments/lab", "submitted", "gradebook.db"])
def test_a_part_of_a_course_that_is_a_link_is_hidden(in_the_environment, tmp_path, part):
    course, elsewhere = plant(tmp_path), in_the_environment(environment_folders()[0])
    shutil.move(course / part, elsewhere / "moved")
    (course / part).symlink_to(elsewhere / "moved")
    assert found(course) == []


def test_a_course_around_the_interpreter_is_refused_in_one_line():
    course = Path(sysconfig.get_path("purelib"))
    with pytest.raises(SandboxError, match=r"holds the interpreter's .*: move the course") as refused:
        found(course)
    assert "\n" not in str(refused.value)


def test_a_course_around_the_environment_is_graded():
    """As most are: the environment is the folder .venv of the course."""
    course = Path(sys.prefix).parent
    with ForkServer((), Limits(), Isolation.BUBBLEWRAP, course=course) as server:
        server.fork().close()


MOUNTED = """
import sys
from pathlib import Path
from autograder.cli.doctor import examine
from autograder.errors import SandboxError
from autograder.sandbox import ForkServer, Isolation, Limits
with ForkServer((), Limits(), Isolation.BUBBLEWRAP, course=Path(sys.argv[1])) as server:
    for _ in range(2):
        try:
            server.fork().close()
        except SandboxError as error:
            print(error)
print(*(finding.text for finding in examine(Path(sys.argv[1])) if not finding.ok), sep="\\n")
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount folders")
@pytest.mark.parametrize("part", [".", "assignments/lab"])
def test_a_course_mounted_where_it_can_be_seen_is_refused_and_the_doctor_says_so(
    in_the_environment, tmp_path, part
):
    course = plant(tmp_path / "course")
    place = in_the_environment(environment_folders()[0])
    script = f'mount --bind "{course / part}" "{place}" && exec "{sys.executable}" -c "$1" "{course}"'
    line = ["unshare", "--mount", "sh", "-c", script, "sh", MOUNTED]
    run = subprocess.run(line, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    first, second, *doctor = run.stdout.splitlines()
    assert first == second
    assert first == f"student code could read {course / part} at {place}: move the course out of that folder"
    assert f"sandbox: {first}" in doctor


def test_the_doctor_says_that_nothing_can_be_seen(small):
    texts = [finding.text for finding in examine(small.root) if finding.ok]
    assert "sandbox: nothing of the course can be seen from inside" in texts
