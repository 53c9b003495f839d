"""The graders that are compared: how each is set up, handed notebooks, run, and asked for the scores."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.cli.demo import hand_in
from autograder.lab.course import Course
from benchmarks.peers.assignment import IMPORTS, LAB, Question, source_of_test
from benchmarks.peers.marimo import fill_in, marimo_source
from benchmarks.peers.measure import Measured, run

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "build" / "peers"
"""Where the peers' environments are."""
CELL_SECONDS = 20
"""The time that a cell may take in nbgrader."""
NOTEBOOK_SECONDS = 60
"""The time that a notebook may take in mograder."""
JOBS = 2


class Grader(ABC):
    """One grader with a course of its own in the folder ``root``."""

    name: ClassVar[str]
    how: ClassVar[str]
    """What is run, in one sentence."""
    package: ClassVar[str] = ""
    """The package that is installed in an environment of its own; empty for SeqLab itself."""
    timed: ClassVar[bool] = True
    attacked: ClassVar[bool] = True

    def __init__(self, root: Path, questions: Sequence[Question]) -> None:
        self.root, self.questions = root, questions
        self.env = {
            "HOME": str(root),
            "PATH": os.pathsep.join([str(self.bin()), "/usr/local/bin", "/usr/bin", "/bin"]),
            "LANG": "C.UTF-8",
            "UV_CACHE_DIR": str(PEERS / "uv"),
            "UV_SYSTEM_CERTS": "1",
            "PYTHONPATH": str(root / "modules") if self.package else str(ROOT),
        }
        root.mkdir(parents=True, exist_ok=True)
        if self.package:  # course_utils, but not the autograder and the labs that lie beside it
            shutil.copytree(ROOT / "course_utils", root / "modules" / "course_utils")
        self.prepare()

    @classmethod
    def bin(cls) -> Path:
        """Return the folder of the commands."""
        return PEERS / cls.package / "bin" if cls.package else Path(sys.executable).parent

    @classmethod
    def install(cls) -> None:
        """Make the environment from the pinned list of packages, unless it is there already."""
        if not cls.package:
            return
        wanted = (Path(__file__).parent / f"{cls.package}.txt").read_text("utf-8")
        mark = PEERS / cls.package / "installed.txt"
        if mark.exists() and mark.read_text("utf-8") == wanted:
            return
        shutil.rmtree(PEERS / cls.package, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(PEERS / cls.package)], check=True)
        pip = [str(cls.bin() / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "-r"]
        subprocess.run([*pip, str(Path(__file__).parent / f"{cls.package}.txt")], check=True)
        mark.write_text(wanted, "utf-8")

    @classmethod
    def version(cls) -> str:
        """Return the version of the package, or that of SeqLab."""
        line = f"import importlib.metadata as m; print(m.version({cls.distribution()!r}))"
        done = subprocess.run(
            [str(cls.bin() / "python"), "-c", line], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    @classmethod
    def distribution(cls) -> str:
        """Return the name under which the package is installed."""
        return {"otter": "otter-grader", "": "seqlab"}.get(cls.package, cls.package)

    def set_up(self, *command: str) -> None:
        """Run a command that is not measured; raises RuntimeError with its output if it fails."""
        done = run([str(self.bin() / command[0]), *command[1:]], self.root, self.env, 300)
        if done.code:
            raise RuntimeError(f"{' '.join(command)} failed in {self.name}:\n{done.output[-3000:]}")

    def grade(self, limit: float) -> Measured:
        """Grade all that was handed in, as one command, and measure it."""
        command = self.command()
        return run([str(self.bin() / command[0]), *command[1:]], self.root, self.env, limit)

    @abstractmethod
    def prepare(self) -> None:
        """Make the course."""

    @abstractmethod
    def hand_in(self, student: str, functions: Mapping[str, str]) -> None:
        """Hand in for a student: the given functions, and stubs for the others."""

    @abstractmethod
    def forget(self) -> None:
        """Remove all results of grading."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command that grades the class."""

    @abstractmethod
    def scores(self) -> dict[str, float]:
        """Return the points of each student who got any verdict, of 100."""

    def withdraw(self) -> None:
        """Remove all that was handed in."""
        shutil.rmtree(self.root / "submitted", ignore_errors=True)

    def notebook(self, functions: Mapping[str, str]) -> nbformat.NotebookNode:
        """Return the assignment as a plain notebook: prose, and a cell for each function."""
        cells = [new_code_cell(IMPORTS)]
        for question in self.questions:
            source = functions.get(question.name, question.stub)
            cells += [new_markdown_cell(question.prose), new_code_cell(source)]
        return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class SeqLab(Grader):
    """SeqLab, in the course that the questions come from."""

    name = "SeqLab"
    how = "`seqlab autograde cells --jobs 2`, in its sandbox (bubblewrap)"
    jobs = JOBS

    def prepare(self) -> None:
        """Nothing to do: `lean_course` has made the course."""

    def hand_in(self, student: str, functions: Mapping[str, str]) -> None:
        hand_in(Course(self.root), LAB, student, functions)

    def forget(self) -> None:
        for name in ("autograded", ".seqlab"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        (self.root / "gradebook.db").unlink(missing_ok=True)

    def command(self) -> list[str]:
        return ["seqlab", "autograde", LAB, "--jobs", str(self.jobs)]

    def scores(self) -> dict[str, float]:
        lines = (self.root / f".seqlab/{LAB}/log.jsonl").read_text("utf-8").splitlines()
        return {entry["student"]: entry["points"] for entry in map(json.loads, lines)}


class SeqLabAlone(SeqLab):
    """The same with one grading process."""

    name = "SeqLab, one process"
    how = "`seqlab autograde cells --jobs 1`"
    jobs = 1
    attacked = False


class Nbgrader(Grader):
    """Stock nbgrader: hidden tests in the notebook, executed by a kernel of its own for each submission."""

    name = "nbgrader"
    how = "`nbgrader autograde cells`, stock, with hidden tests; it has one process"
    package = "nbgrader"

    def prepare(self) -> None:
        (self.root / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'peers'\n"
            f"c.ExecutePreprocessor.timeout = {CELL_SECONDS}\n"
        )
        notebook = self.notebook({question.name: question.solution for question in self.questions})
        cells = []
        for cell in notebook.cells:
            cells.append(cell)
            question = next((q for q in self.questions if cell.source.startswith(f"def {q.name}(")), None)
            if question:
                flags = {"schema_version": 3, "task": False}
                cell.metadata["nbgrader"] = flags | {
                    "grade": False,
                    "grade_id": question.name,
                    "locked": False,
                    "solution": True,
                }
                hidden = f"{source_of_test(question)}\ncheck_all({question.name}, CASES)"
                test = new_code_cell(f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS")
                test.metadata["nbgrader"] = flags | {
                    "grade": True,
                    "grade_id": f"test_{question.name}",
                    "locked": True,
                    "points": question.points,
                    "solution": False,
                }
                cells.append(test)
        notebook.cells = cells
        (self.root / "source" / LAB).mkdir(parents=True)
        nbformat.write(notebook, self.root / "source" / LAB / f"{LAB}.ipynb")
        self.set_up("nbgrader", "generate_assignment", LAB)

    def hand_in(self, student: str, functions: Mapping[str, str]) -> None:
        notebook = nbformat.read(self.root / "release" / LAB / f"{LAB}.ipynb", 4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            question = next((q for q in self.questions if q.name == name), None)
            if question:
                cell.source = functions.get(name, question.stub)
        folder = self.root / "submitted" / student / LAB
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{LAB}.ipynb")

    def forget(self) -> None:
        shutil.rmtree(self.root / "autograded", ignore_errors=True)
        (self.root / "gradebook.db").unlink(missing_ok=True)
        self.set_up("nbgrader", "generate_assignment", LAB, "--force")

    def command(self) -> list[str]:
        return ["nbgrader", "autograde", LAB]

    def scores(self) -> dict[str, float]:
        self.set_up("nbgrader", "export", "--to", "grades.csv")
        with (self.root / "grades.csv").open() as file:
            rows = list(csv.DictReader(file))
        graded = {path.parent.name for path in (self.root / "autograded").glob(f"*/{LAB}")}
        return {row["student_id"]: float(row["score"]) for row in rows if row["student_id"] in graded}


class Otter(Grader):
    """otter-grader without containers."""

    name = "otter-grader"
    how = (
        "`otter.api.grade_submission` for each notebook, in two processes: what `otter run` does, without "
        "importing otter anew. `otter grade`, which its documentation has for classes, runs each notebook in "
        "a Docker container; without a container engine it cannot be run, and its isolation is missing here"
    )
    package = "otter"

    def prepare(self) -> None:
        (self.root / "tests").mkdir()
        for question in self.questions:
            (self.root / "tests" / f"{question.name}.py").write_text(
                f"OK_FORMAT = False\n\nimport numpy as np\nfrom otter.test_files import test_case\n\n"
                f"name = {question.name!r}\npoints = {question.points}\n\n{source_of_test(question)}\n\n"
                f"@test_case(hidden=True)\ndef test_{question.name}(env):\n"
                f"    check_all(env[{question.name!r}], CASES)\n"
            )
        self.set_up("otter", "generate", "-t", "tests", "-o", "autograder.zip")

    def hand_in(self, student: str, functions: Mapping[str, str]) -> None:
        (self.root / "submitted").mkdir(exist_ok=True)
        nbformat.write(self.notebook(functions), self.root / "submitted" / f"{student}.ipynb")

    def forget(self) -> None:
        (self.root / "scores.jsonl").unlink(missing_ok=True)

    def command(self) -> list[str]:
        return ["python", str(Path(__file__).parent / "otter_run.py"), str(JOBS)]

    def scores(self) -> dict[str, float]:
        file = self.root / "scores.jsonl"
        return dict(map(json.loads, file.read_text().splitlines())) if file.exists() else {}


class Mograder(Grader):
    """mograder: marimo notebooks, exported in a process of their own each."""

    name = "mograder"
    how = (
        f"`mograder autograde cells -j 2 --timeout {NOTEBOOK_SECONDS}`, as installed; the notebook is a "
        "marimo program, into which prose, functions and tests are put"
    )
    package = "mograder"
    options: ClassVar[tuple[str, ...]] = ()

    def prepare(self) -> None:
        (self.root / "source" / LAB).mkdir(parents=True)
        (self.root / "source" / LAB / f"{LAB}.py").write_text(marimo_source(self.questions))
        self.set_up("mograder", "generate", LAB, "--no-validate")
        source = f"source/{LAB}/{LAB}.py"  # the environment of the notebooks, once and unmeasured
        line = "from pathlib import Path; from mograder.grading import runner as r"
        made = f"assert r.create_shared_sandbox(Path({source!r})), 'uv could not make the environment'"
        self.set_up("python", "-c", f"{line}; {made}")

    def hand_in(self, student: str, functions: Mapping[str, str]) -> None:
        release = (self.root / "release" / LAB / f"{LAB}.py").read_text("utf-8")
        full = {q.name: functions.get(q.name, q.stub) for q in self.questions}
        (self.root / "submitted" / LAB).mkdir(parents=True, exist_ok=True)
        (self.root / "submitted" / LAB / f"{student}.py").write_text(fill_in(release, full))

    def forget(self) -> None:
        shutil.rmtree(self.root / "autograded", ignore_errors=True)
        (self.root / "gradebook.db").unlink(missing_ok=True)

    def command(self) -> list[str]:
        line = ["mograder", "autograde", LAB, "--force", "-j", str(JOBS), "--timeout", str(NOTEBOOK_SECONDS)]
        return [*line, *self.options]

    def scores(self) -> dict[str, float]:
        if not (self.root / "gradebook.db").exists():
            return {}
        with sqlite3.connect(self.root / "gradebook.db") as gradebook:
            return dict(
                gradebook.execute(
                    "SELECT student, COALESCE(total_mark, auto_mark) FROM submissions "
                    "WHERE COALESCE(total_mark, auto_mark) IS NOT NULL"
                )
            )


class MograderChecked(Mograder):
    """mograder with its scan of the submitted code."""

    name = "mograder, safety check"
    how = "the same with `--safety-check`, which is off by default"
    options = ("--safety-check",)
    timed = False


GRADERS: tuple[type[Grader], ...] = (SeqLab, SeqLabAlone, Nbgrader, Otter, Mograder, MograderChecked)
