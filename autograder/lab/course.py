"""Finds a course (the folder with nbgrader_config.py and assignments/) and reads its labs."""

import contextlib
import functools
import hashlib
import importlib.util
import json
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from nbformat import NotebookNode
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.errors import LabError, UsageError
from autograder.lab import text as labtext
from autograder.lab.earlier import importable
from autograder.lab.exercise import Alternative, Exercise, Lab, Mistake
from autograder.lab.extras import EXTRAS, lacking
from autograder.lab.reference import with_reference

__all__ = ["CONFIG", "Course", "LabFolder", "load_config"]

CONFIG = "nbgrader_config.py"
MOVED = {
    "autograder.build.register_before_autograde": "autograder.gradebook.register.register_before_autograde",
    "autograder.hooks.GradeInSandbox": "autograder.gradebook.plugins.GradeInSandbox",
    "autograder.report.pages.clean_html": "autograder.gradebook.pages.clean_html",
    "autograder.report.pages.strip_files_prefix": "autograder.gradebook.pages.strip_files_prefix",
    "autograder.sanitise.RestoreCells": "autograder.submission.restore.RestoreCells",
    "autograder.stubs.FinishRelease": "autograder.release.stubs.FinishRelease",
    "autograder.stubs.StubWriter": "autograder.release.stubs.StubWriter",
}
"""Import paths before 0.2, which a course's configuration may still hold -> current import paths."""

PROOFS = ("answers.py", "wrong.py", "equivalent.json")
"""Files of a lab that the audit alone reads."""
STATE = ".seqlab"
"""The folder of a course in which grading stores seeds and results."""


class LabFolder:
    """One lab as its folder under assignments/ describes it; each part is read on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, folder.name
        self.base: LabFolder = self
        self.forms: Mapping[str, Alternative] = {}
        """The alternatives in place of references, by exercise: none but in a variant of the lab ``base``."""
        self._mistaken: dict[tuple[str, Mistake], Callable[..., Any]] = {}

    @cached_property
    def text(self) -> NotebookNode:
        """The lab's text as a notebook, solutions and hidden tests included."""
        return labtext.read_text(self.folder / f"{self.name}.py")

    @cached_property
    def reference_text(self) -> NotebookNode:
        """The text with the functions of reference.py, if there is one, in place of its solutions."""
        path = self.folder / "reference.py"
        return with_reference(self.text, path) if path.exists() else self.text

    @cached_property
    def lab(self) -> Lab:
        """The lab that exercises.py exports; raises LabError where it contradicts the text."""
        lab: Lab = self._exported("exercises", "lab")
        names = [e.name for e in lab.exercises]
        if lab.extra not in ("", *EXTRAS):
            raise LabError(f"{self.name}: there is no extra {lab.extra!r}; there are {', '.join(EXTRAS)}")
        for odd in sorted(set(names) ^ set(self.tests.values())):
            raise LabError(f"{self.name}: {odd} is in only one of {self.name}.py and exercises.py")
        for number, exercise in enumerate(lab.exercises):
            if exercise.name in names[:number]:
                raise LabError(f"{self.name}: exercises.py has {exercise.name} twice")
            for name in set(exercise.calls) - set(names[:number]):
                raise LabError(f"{self.name}: {exercise.name} calls {name}, which is no earlier exercise")
        for exercise in lab.exercises:
            self._check_alternatives(exercise)
            self._check_observer(exercise)
        return lab

    @cached_property
    def exercises(self) -> Mapping[str, Exercise]:
        """The exercises by name, in the order of exercises.py."""
        return {exercise.name: exercise for exercise in self.lab.exercises}

    @property
    def lacks(self) -> str:
        """What must be installed before the lab's solutions can run, in a sentence; "" if nothing."""
        missing = lacking(self.lab.extra) if (self.folder / "exercises.py").exists() else ""
        return f"the lab {self.name} {missing}" if missing else ""

    @cached_property
    def tests(self) -> Mapping[str, str]:
        """The exercise that each test cell grades, by the cell's grade id."""
        return labtext.test_cells(self.text)

    @cached_property
    def points(self) -> Mapping[str, float]:
        """The points of each exercise, as the text gives them."""
        return labtext.exercise_points(self.text)

    @cached_property
    def mistakes(self) -> Mapping[str, list[Mistake]]:
        """The known mistakes of each exercise; raises LabError for one of an unknown exercise."""
        if not (self.folder / "mistakes.py").exists():
            return {}
        mistakes: dict[str, list[Mistake]] = self._exported("mistakes", "mistakes")
        for odd in mistakes.keys() - set(self.tests.values()):
            raise LabError(f"{self.name}: mistakes.py has mistakes of {odd}, which is no exercise")
        return mistakes

    @cached_property
    def published(self) -> Mapping[str, Mapping[str, Any]]:
        """The example of each function that the source documents print; see published.json."""
        path = self.folder / "published.json"
        try:
            entries = json.loads(path.read_text("utf-8")) if path.exists() else {}
        except (ValueError, RecursionError) as error:
            raise LabError(f"{path}: not JSON ({error})") from None
        if not isinstance(entries, dict):
            raise LabError(f"{path}: it is no object with an entry for each function")
        for name, entry in entries.items():
            if not _is_example(entry):
                raise LabError(f"{path}: the entry of {name} lacks `inputs`, or its parts are of wrong types")
        return entries

    @cached_property
    def reference(self) -> Mapping[str, Any]:
        """The namespace that the text's solutions define, or reference.py in their place."""
        return self._namespace()

    @cached_property
    def digest(self) -> str:
        """A SHA-256 digest of all that decides the outcome of a grading: prose and proofs do not count.

        These are the cells of code with their grade ids and points, the lab's other files, and earlier labs.
        """
        found = hashlib.sha256()
        for cell in self.text.cells:
            marks = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" or any(marks.get(mark) for mark in ("grade", "solution", "task")):
                found.update(json.dumps([cell.source, marks], sort_keys=True).encode())
        ignored = {f"{self.name}.py", *PROOFS}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path.name not in ignored and path.parent.name != "__pycache__":
                found.update(f"{path.relative_to(self.folder)}\0".encode())
                found.update(hashlib.sha256(path.read_bytes()).digest())
        for name in self.lab.earlier:
            found.update(LabFolder(self.folder.parent / name).digest.encode())
        return found.hexdigest()

    def mistaken(self, exercise: str, mistake: Mistake) -> Callable[..., Any]:
        """Return the exercise's function with a mistake's edits; functions that it calls are the reference's.

        Raises LabError when an edit does not fit the reference.
        """
        if (exercise, mistake) not in self._mistaken:
            source = self.edited(exercise, mistake)
            self._mistaken[exercise, mistake] = self._namespace({exercise: source})[exercise]
        return self._mistaken[exercise, mistake]

    def edited(self, exercise: str, mistake: Mistake | Alternative) -> str:
        """Return the source of the exercise's function with a mistake's or an alternative's edits.

        Raises LabError when an edit does not fit the reference.
        """
        return self._edited(self.reference_text, exercise, mistake, mistake.edits)

    def written(self, exercise: str, mistake: Mistake) -> str:
        """Return the source of the exercise's solution with a mistake in it, as a student may write it.

        Raises LabError when an edit does not fit the solution.
        """
        return self._edited(self.text, exercise, mistake, mistake.written or mistake.edits)

    def answered(self, exercise: str, mistake: Mistake) -> Callable[..., Any]:
        """Return the exercise's function with a mistake in it, as a student may write it.

        Raises LabError when an edit does not fit the solution.
        """
        if self.reference_text is self.text:
            return self.mistaken(exercise, mistake)
        function: Callable[..., Any] = self.solution({exercise: self.written(exercise, mistake)})[exercise]
        return function

    def as_written(self, exercise: str = "", mistake: Mistake | None = None) -> dict[str, Any]:
        """Return the functions of a variant as a student may write them, one of them with a mistake in it.

        Raises LabError when an edit does not fit the solution.
        """
        if self.reference_text is self.text:
            own = {exercise: self.mistaken(exercise, mistake)} if mistake else {}
            return {**self.reference, **own}
        edits = {name: one.written or one.edits for name, one in self.forms.items()}
        if mistake:
            edits[exercise] = (*edits.get(exercise, ()), *(mistake.written or mistake.edits))
        return self.solution({name: self.written(name, Mistake("", own, "")) for name, own in edits.items()})

    def solution(self, replace: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the functions of the text's solution, with the sources in ``replace`` in place of some.

        What the lab preloads is loaded before, as in the sandbox: it may choose the backend of a framework.
        """
        for module in self.lab.preload:
            importlib.import_module(module)
        with importable(self.folder.parent):
            return labtext.reference_namespace(self.text, replace)

    def _edited(
        self,
        text: NotebookNode,
        exercise: str,
        one: Mistake | Alternative,
        edits: tuple[tuple[str, str], ...],
    ) -> str:
        source = labtext.reference_source(text)[exercise]
        for old, new in edits:
            if source.count(old) != 1:
                kind = "mistake" if isinstance(one, Mistake) else "alternative"
                raise LabError(
                    f"{self.name}: the edit {old!r} of {kind} {one.name!r} occurs "
                    f"{source.count(old)} times in {exercise}; it must occur once"
                )
            source = source.replace(old, new)
        return source

    def _check_observer(self, exercise: Exercise) -> None:
        """Raise LabError unless an exercise has an observer just where reference.py has its reference."""
        texts = labtext.reference_source(self.text), labtext.reference_source(self.reference_text)
        apart = texts[0][exercise.name] != texts[1][exercise.name]
        if apart != bool(exercise.observer):
            lacks, has = ("an observer", "a reference in reference.py")
            lacks, has = (lacks, has) if apart else (has, lacks)
            raise LabError(f"{self.name}: {exercise.name} has {has} but not {lacks}; it needs both")

    def _check_alternatives(self, exercise: Exercise) -> None:
        """Raise LabError for alternatives that do not fit the reference, or whose names are taken."""
        taken = (
            {mistake.name for mistake in self.mistakes.get(exercise.name, ())}
            if exercise.alternatives
            else set()
        )
        for one in exercise.alternatives:
            if one.name in taken:
                raise LabError(
                    f"{self.name}: the alternative {one.name!r} of {exercise.name} has the name of a mistake "
                    "or of another alternative; choose another"
                )
            taken.add(one.name)
            if (
                self.edited(exercise.name, one)
                == labtext.reference_source(self.reference_text)[exercise.name]
            ):
                raise LabError(f"{self.name}: the alternative {one.name!r} of {exercise.name} edits nothing")

    def _namespace(self, replace: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        with importable(self.folder.parent):
            return labtext.reference_namespace(self.reference_text, replace)

    def _exported(self, module: str, name: str) -> Any:
        try:
            return getattr(self._module(module), name)
        except LabError:
            raise
        except Exception as error:
            kind = type(error).__name__
            raise LabError(f"{self.folder / module}.py cannot be used: {kind}: {error}") from error

    def _module(self, name: str) -> ModuleType:
        path = self.folder / f"{name}.py"
        if not path.exists():
            raise LabError(f"{self.name}: {path.name} is missing in {self.folder}")
        spec = importlib.util.spec_from_file_location(f"_seqlab_{self.name}_{name}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        with importable(self.folder.parent):
            spec.loader.exec_module(module)
        return module


def _is_example(entry: Any) -> bool:
    """Whether an entry of published.json has the parts that it must have, each of its type."""
    if not isinstance(entry, dict):
        return False
    inputs, outputs, values = (entry.get(key, []) for key in ("inputs", "outputs", "values"))
    first = entry.get("compare", {})
    return (
        all(isinstance(part, list) for part in (inputs, outputs, values))
        and bool(inputs)
        and all(isinstance(line, str) for line in [*inputs, *outputs])
        and all(isinstance(value, dict) and value.keys() >= {"expression", "value"} for value in values)
        and isinstance(first, dict)
        and all(type(count) is int and count >= 0 for count in first.values())
    )


@functools.lru_cache(maxsize=32)
def _lab(folder: Path, _stamps: tuple[int, ...]) -> LabFolder:
    """Return a lab: the same object until one of its files changes."""
    return LabFolder(folder)


@dataclass(frozen=True)
class Course:
    """A course, given by its root folder."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Course":
        """Return the course that contains ``start`` (default: the current folder), else raise UsageError."""
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / CONFIG).exists() and (folder / "assignments").is_dir():
                return cls(folder)
        raise UsageError(
            f"{start} is in no course, a folder with assignments/ and nbgrader_config.py; "
            "`seqlab init FOLDER` makes one"
        )

    @property
    def labs(self) -> list[str]:
        """The names of the labs."""
        folder = self.root / "assignments"
        names = os.listdir(folder) if folder.is_dir() else []
        return sorted(name for name in names if (folder / name / f"{name}.py").is_file())

    @property
    def runnable(self) -> list[str]:
        """The names of the labs whose packages are installed: see `Lab.extra`."""
        return [name for name in self.labs if not self.lab(name).lacks]

    def lab(self, name: str) -> LabFolder:
        """Return a lab by name; raises UsageError when there is none."""
        if name not in self.labs:
            raise UsageError(f"there is no lab {name!r}; there are {', '.join(self.labs) or 'none'}")
        folder = self.root / "assignments" / name
        return _lab(folder, tuple(p.stat().st_mtime_ns for p in sorted(folder.glob("*.*"))))

    def state(self, lab: str) -> Path:
        """Return the folder in which grading stores a lab's seed and results; creates it if missing."""
        folder = self.root / STATE / lab
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def has_secret(self) -> bool:
        """Whether the course has a secret already."""
        return (self.root / STATE / "secret").exists()

    def secret(self) -> bytes:
        """Return the course's secret, from which submissions get their seeds; drawn when first asked for."""
        path = self.root / STATE / "secret"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            drawn = path.with_name(f"secret.{secrets.token_hex(8)}")
            with open(os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(f"{secrets.token_hex(32)}\n")
            with contextlib.suppress(FileExistsError):  # of two graders that start at once, one draws
                try:
                    os.link(drawn, path)
                except PermissionError:  # a file system without hard links
                    os.replace(drawn, path)
            drawn.unlink(missing_ok=True)
        try:
            secret = bytes.fromhex(path.read_text("ascii"))
        except ValueError:
            secret = b""
        if len(secret) < 16:
            raise UsageError(f"{path} holds no secret (64 hexadecimal digits): restore or delete the file")
        return secret


def load_config(root: Path) -> Config:
    """Return the course's nbgrader_config.py as nbgrader's own commands read it.

    The course's folder goes onto `sys.path`, behind what is installed: plug-ins and preprocessors of its own
    lie beside the configuration, as for nbgrader's commands.
    Raises UsageError if the file is missing, contains an old import path, or cannot be run.
    """
    path = root / CONFIG
    if not path.is_file():
        raise UsageError(f"{path}: no such file; run this in the folder of the course, or copy it there")
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text: save it as such") from None
    if old := [name for name in MOVED if f'"{name}"' in text or f"'{name}'" in text]:
        raise UsageError(
            f"{path}: " + ", ".join(f"{name} is now {MOVED[name]}" for name in old) + ": replace it"
        )
    if str(root.resolve()) not in sys.path:
        sys.path.append(str(root.resolve()))
    try:
        return PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    except (Exception, SystemExit) as error:  # it is Python of the instructor's: it may raise anything
        reason = f"{type(error).__name__}: {error}"
        raise UsageError(f"{path} cannot be read: {reason}") from error
