"""One class of attackers, with honest students between them, graded once for all tests."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from autograder.cli.demo import fill_in
from autograder.gradebook import records
from autograder.lab.course import Course
from autograder.lab.text import reference_source
from autograder.release.build import build
from autograder.results import Result
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from tests.attacks.attack_files import HERE, Attack, read_all, write

ROOT = HERE.parents[1]
ATTACKS = read_all()
FOLDERS = {name: attack for name, attack in ATTACKS.items() if attack.of_folder}
PLAINLY = {
    name: attack
    for name, attack in FOLDERS.items()
    if name.startswith(
        ("ids", "links", "module", "names", "notebook", "script", "tests", "timestamp", "pipes")
    )
}
"""What plain nbgrader is attacked with: what it can read at all, and what it must not."""
EVERY = 8
"""After so many attackers sits an honest student."""
SECRET = "A_SECRET_TOKEN"


def honest_students(attacks: dict[str, Attack]) -> list[str]:
    """The ids of the honest students: in the order of the class they sit among the attackers."""
    return ["a honest one", *(f"{name}, a neighbour" for name in sorted(attacks)[EVERY::EVERY])]


@dataclass
class Graded:
    """A class after grading: what the command said, the records and scores, and what was left behind."""

    course: Course
    run: subprocess.CompletedProcess[str]
    records: dict[str, Result]
    scores: dict[str, tuple[float | None, ...]]
    changed: list[str]
    left: list[str]
    processes: list[int]

    def notebook(self, student: str) -> NotebookNode:
        """Return a student's graded notebook."""
        return nbformat.read(self.course.root / "autograded" / student / "target/target.ipynb", 4)

    def shown(self, student: str) -> str:
        """Return all text that the graded notebook of a student shows."""
        cells = self.notebook(student).cells
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        texts = [
            [output.get("text"), output.get("evalue"), *output.get("data", {}).values()] for output in outputs
        ]
        return "\n".join("".join(text) for found in texts for text in found if isinstance(text, (str, list)))


@pytest.fixture(scope="session")
def empty_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The attacked course, built, without submissions. Read only."""
    root = tmp_path_factory.mktemp("attacked") / "course"
    shutil.copytree(HERE / "course/assignments", root / "assignments")
    config = (ROOT / "nbgrader_config.py").read_text("utf-8")
    limits = (HERE / "course/limits.py").read_text("utf-8")
    (root / "nbgrader_config.py").write_text(f"{config}\n{limits}", "utf-8")
    build(root)
    return Course(root)


@pytest.fixture(scope="session")
def class_of(empty_course: Course, tmp_path_factory: pytest.TempPathFactory):
    """A function that makes a course in which attackers and honest students have handed in."""

    def make(attacks: dict[str, Attack]) -> Course:
        root = tmp_path_factory.mktemp("class") / "course"
        shutil.copytree(empty_course.root, root)
        notebook = nbformat.read(root / "release/target/target.ipynb", 4)
        right = fill_in(notebook, reference_source(Course(root).lab("target").text))
        for student in honest_students(attacks):
            folder = student_folder(root, student)
            write(folder, right)
        for attack in attacks.values():
            attack.hand_in(student_folder(root, attack.student), fill_in(right, {}))
        return Course(root)

    return make


def student_folder(root: Path, student: str) -> Path:
    """Make the folder that a student hands in, with what the release has beside the notebook."""
    folder = root / "submitted" / student / "target"
    folder.mkdir(parents=True)
    shutil.copy(root / "release/target/published.json", folder)
    return folder


def grade(course: Course, *command: str, outside: Path) -> Graded:
    """Grade a class with a command of this environment, and look at what it did to the machine."""
    temporary = outside / "temporary"
    temporary.mkdir(parents=True)
    watched = (course.root, ROOT / "autograder", ROOT / "course_utils", ROOT / "assignments", outside)
    before = state_of(*watched)
    environment = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(outside),
        "TMPDIR": str(temporary),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        SECRET: "hush",
    }
    line = [os.path.join(os.path.dirname(sys.executable), command[0]), *command[1:]]
    run = subprocess.run(
        line,
        cwd=course.root,
        env=environment,
        capture_output=True,
        text=True,
        errors="backslashreplace",
        timeout=500,  # it takes 90 s alone, and is started once for each worker
        check=False,
    )
    after = state_of(*watched)
    changed = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    return Graded(
        course,
        run,
        {record.student: record for record in records.load_all(course, "target")},
        scores_of(course),
        sorted(name for name in changed if not is_result(course, Path(name))),
        sorted(os.listdir(temporary)),
        processes_with(str(temporary)),
    )


def is_result(course: Course, path: Path) -> bool:
    """Whether a path lies where grading is to write."""
    places = ("autograded", ".seqlab", "gradebook.db")
    return any(path.is_relative_to(course.root / place) for place in places) or path == course.root


def state_of(*folders: Path) -> dict[str, str]:
    """What each file below some folders holds, and where each link leads."""
    found = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if "__pycache__" in path.parts:
                continue
            if path.is_symlink():
                found[str(path)] = f"-> {os.readlink(path)}"
            elif path.is_file():
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                found[str(path)] = "neither file nor link"
    return found


def scores_of(course: Course) -> dict[str, tuple[float | None, ...]]:
    """The gradebook's scores of each student, in the order of the exercises."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "seqlab") as gradebook:
        return {
            submission.student.id: tuple(
                gradebook.find_grade(f"test_{name}", "target", "target", submission.student.id).auto_score
                for name in ("mix", "walk", "slope")
            )
            for submission in gradebook.assignment_submissions("target")
        }


def processes_with(mark: str) -> list[int]:
    """The processes that have a folder mounted, or a text among their arguments."""
    found = []
    for process in filter(str.isdecimal, os.listdir("/proc")):
        for file in ("mountinfo", "cmdline"):
            try:
                if mark.encode() in Path("/proc", process, file).read_bytes():
                    found.append(int(process))
            except OSError:
                continue
    return [process for process in found if process != os.getpid()]


@pytest.fixture(scope="session")
def attacked(class_of, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The class after `seqlab autograde --jobs 3`: many attacks wait."""
    course = class_of(ATTACKS)
    outside = tmp_path_factory.mktemp("outside")
    return grade(course, "seqlab", "autograde", "target", "--jobs", "3", "--seed", "7", outside=outside)


@pytest.fixture(scope="session")
def plainly_attacked(class_of, fix_secret, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Those of PLAINLY after plain `nbgrader autograde`."""
    course = class_of(PLAINLY)
    fix_secret(course)
    outside = tmp_path_factory.mktemp("outside")
    return grade(course, "nbgrader", "autograde", "target", outside=outside)
