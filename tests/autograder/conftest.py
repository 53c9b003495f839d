"""The small course of tests/files/course: two labs that run in a moment, in a process with limits alone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.lab.course import Course
from autograder.lab.text import reference_source
from autograder.release.build import build

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests/files/course"


@pytest.fixture(scope="session")
def small_built(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small course, built, with an empty gradebook. Read only."""
    root = tmp_path_factory.mktemp("small") / "course"
    shutil.copytree(SMALL, root)
    config = (ROOT / "nbgrader_config.py").read_text("utf-8")
    # Without namespaces each submission has a fork server of its own: two thirds of its start is Matplotlib.
    config += '\nc.GradeInSandbox.isolation = "limits"\nc.GradeInSandbox.figures = False\n'
    (root / "nbgrader_config.py").write_text(config, "utf-8")
    build(root)
    Gradebook(f"sqlite:///{root}/gradebook.db", "seqlab").close()  # nbgrader takes seconds to make one
    return Course(root)


@pytest.fixture(scope="session")
def copy_small(small_built: Course) -> Callable[[Path], Course]:
    """A function that copies the small course, built, into a folder that does not exist yet."""

    def copy(folder: Path) -> Course:
        shutil.copytree(small_built.root, folder)
        return Course(folder)

    return copy


@pytest.fixture
def small(tmp_path: Path, copy_small: Callable[[Path], Course]) -> Course:
    """A copy of the small course, built, to work in."""
    return copy_small(tmp_path / "course")


@pytest.fixture(scope="session")
def scaling(small_built: Course) -> dict[str, str]:
    """The source of each function of the lab ``scaling``."""
    return reference_source(small_built.lab("scaling").text)


@pytest.fixture(scope="session")
def call(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that runs a command of this environment by its path, in a course, with a bare PATH."""
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path_factory.mktemp("home")), "LANG": "C.UTF-8"}
    bare["PYTHONPATH"] = str(ROOT)  # this checkout, whichever one is installed

    def run(course: Course, *line: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [os.path.join(os.path.dirname(sys.executable), line[0]), *line[1:]]
        return subprocess.run(
            command,
            cwd=course.root,
            env={**bare, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def scores() -> Callable[[Course, str], dict[str, dict[str, float | None]]]:
    """A function that reads a gradebook: student -> grade cell -> score, None where there is none yet."""

    def read(course: Course, lab: str = "scaling") -> dict[str, dict[str, float | None]]:
        with Gradebook(f"sqlite:///{course.root}/gradebook.db", "seqlab") as gradebook:
            return {
                submission.student.id: {
                    grade.name: grade.auto_score for book in submission.notebooks for grade in book.grades
                }
                for submission in gradebook.assignment_submissions(lab)
            }

    return read
