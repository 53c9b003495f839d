"""Packs what a worker needs: the bundle of a lab, and a parcel for each submission."""

import hashlib
import io
import pickle
import zipfile
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.grading.grader import Task
from autograder.lab.course import STATE, Course
from autograder.run import Run
from autograder.settings import Settings
from autograder.submission.choose import notebooks_in
from autograder.submission.files import open_plain, plain_files
from autograder.submission.read import MAX_BYTES

__all__ = ["Bundle", "Parcel", "bundle_of", "packed_course", "parcel_of"]

NEVER = {"__pycache__", ".ipynb_checkpoints"}
TIME = (1980, 1, 1, 0, 0, 0)
"""The date of all files in a packed course: equal courses give equal bytes."""


@dataclass(frozen=True)
class Bundle:
    """All that decides the outcome of a submission beside its files; as secret as the course.

    ``course`` is the packed course, ``work`` the pickled run without it.
    """

    course: bytes
    work: bytes

    @property
    def key(self) -> str:
        """A SHA-256 digest of the whole bundle."""
        parts = [hashlib.sha256(part).digest() for part in (self.course, self.work)]
        return hashlib.sha256(b"".join(parts)).hexdigest()

    def unpack(self, folder: Path) -> Run:
        """Write the course into a folder, and return the run in it; for a worker of equal versions."""
        with zipfile.ZipFile(io.BytesIO(self.course)) as packed:
            packed.extractall(folder)
        lab, settings, seed, secret = pickle.loads(self.work)
        if secret:
            state = folder / STATE
            state.mkdir()
            (state / "secret").write_text(secret.hex(), "ascii")
        return Run(Course(folder), lab, settings, seed=seed)


def bundle_of(run: Run) -> Bundle:
    """Return the bundle of a run. Raises UsageError if the lab is not built."""
    secret = b"" if run.seed is not None else run.course.secret()
    work: tuple[str, Settings, int | None, bytes] = (run.lab, run.settings, run.seed, secret)
    return Bundle(packed_course(run.course, run.lab), pickle.dumps(work))


def packed_course(course: Course, lab: str) -> bytes:
    """Return as a zip file what grading a lab reads of a course, without its secret.

    These are the texts of all labs, source/ of this one, and the Python files beside the configuration.
    Raises UsageError if the lab is not built.
    """
    root = course.root
    if not (root / "source" / lab / f"{lab}.ipynb").is_file():
        raise UsageError(f"source/{lab}/{lab}.ipynb: no such file; run `seqlab build {lab}`")
    paths = [*root.glob("*.py"), *(root / "assignments").rglob("*"), *(root / "source" / lab).rglob("*")]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(path for path in paths if path.is_file() and not NEVER & {*path.parts}):
            file.writestr(
                zipfile.ZipInfo(str(path.relative_to(root)), TIME), path.read_bytes(), zipfile.ZIP_DEFLATED
            )
    return packed.getvalue()


@dataclass(frozen=True)
class Parcel:
    """A submission on its way: its task but for the path, and its files, by path below ``folder``.

    ``notebook`` is the name of a notebook of its own, empty for a folder. ``left`` has the files that were
    left out, as a grader leaves them out: links, what is too large, and what cannot be read.
    """

    student: str
    refused: str
    note: str
    folder: str
    notebook: str
    files: dict[str, bytes]
    left: list[str]

    def unpack(self, folder: Path) -> Task:
        """Write the files into an empty folder, and return the task there."""
        base = folder / self.folder
        base.mkdir(parents=True)
        for name, content in self.files.items():
            path = base / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        place = base / self.notebook if self.notebook else base
        return Task(self.student, place, "", self.refused, self.note)


def parcel_of(task: Task) -> Parcel:
    """Read a submission's files: all that a grader reads of it."""
    alone = not task.path.is_dir() or task.path.is_symlink()
    folder = task.path.parent if alone else task.path
    files, left = plain_files(folder)
    room = 2 * MAX_BYTES
    for path in [task.path] if alone else notebooks_in(folder):
        try:
            with open_plain(path) as file:
                content = file.read(min(MAX_BYTES, room) + 1)  # one byte more says that it is too large
        except OSError:
            left.append(path.name)
        else:
            files[path.name] = content
            room = max(0, room - len(content))
    name = folder.absolute().name or "submission"
    return Parcel(task.student, task.refused, task.note, name, task.path.name if alone else "", files, left)
