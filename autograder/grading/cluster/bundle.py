"""Packs what a worker needs: the bundle of a lab, and a parcel for each submission."""

import contextlib
import hashlib
import io
import os
import pickle
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.grading.grader import Task
from autograder.lab.course import STATE, Course
from autograder.run import Run
from autograder.settings import Settings
from autograder.submission.files import LARGE, open_plain, plain_files

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
    """A submission on its way: its task but for the path, and its files.

    ``entries`` has for each path below the submission's folder its content; or its size if it is too large to
    be read; or None for a link. ``notebook`` is the name of a notebook of its own, empty for a folder.
    """

    student: str
    refused: str
    note: str
    folder: str
    notebook: str
    entries: list[tuple[str, bytes | int | None]]

    def unpack(self, folder: Path) -> Task:
        """Write the files into an empty folder, and return the task there."""
        base = folder / self.folder
        base.mkdir(parents=True)
        for name, content in self.entries:
            path = base / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.symlink_to("a link that was handed in")
            elif isinstance(content, int):
                with path.open("wb") as file:
                    file.truncate(content)
            else:
                path.write_bytes(content)
        return Task(
            self.student, base / self.notebook if self.notebook else base, "", self.refused, self.note
        )


def parcel_of(task: Task) -> Parcel:
    """Read a submission's files. What is too large is sent as its size: a grader leaves it out anyway."""
    if task.path.is_dir() and not task.path.is_symlink():
        folder, notebook, entries = task.path, "", list(_entries(task.path))
    else:
        folder, notebook = task.path.parent, task.path.name
        files, left = plain_files(folder)  # a notebook of its own may read the files beside it
        entries = [*files.items(), *((name, None) for name in left if not name.startswith("all after "))]
        entries.append((notebook, _content(task.path, LARGE)))
    name = folder.absolute().name or "submission"
    return Parcel(task.student, task.refused, task.note, name, notebook, entries)


def _entries(folder: Path) -> Iterator[tuple[str, bytes | int | None]]:
    left = 2 * LARGE
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or path.is_file():
            content = _content(path, min(LARGE, left))
            left -= len(content) if isinstance(content, bytes) else 0
            yield str(path.relative_to(folder)), content


def _content(path: Path, limit: int) -> bytes | int | None:
    """Return a file's content, its size if that is above a limit, or None for what is no regular file."""
    with contextlib.suppress(OSError), open_plain(path) as file:
        size = os.fstat(file.fileno()).st_size
        return file.read(limit) if size <= limit else size
    return None
