"""Keeps the results of check and of previews, so that a submission that has not changed is not run again."""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from autograder.grading.grader import Outcome, Task
from autograder.grading.processes import grade_all
from autograder.results import Result
from autograder.run import Run
from autograder.settings import require_isolation
from autograder.submission.files import folder_digest, open_plain, plain_files
from autograder.versions import versions

__all__ = ["Cache", "grade_changed"]

FOLDER = ".cache"
"""In .seqlab/, where folders have the names of labs, which begin with a letter."""
KEPT = 90 * 24 * 3600
"""Seconds after which an entry that nobody asked for is removed."""


class Cache:
    """The kept results for one run, in .seqlab/.cache/ of its course; ``notes`` says what went wrong with it.

    ``found`` counts the results that were taken from it.

    An entry's name is a hash of all that decides the outcome: the student, all files handed in, the lab,
    where the cases come from, limits and isolation, the course's configuration, our code, and the versions of
    Python and of packages. Entries are signed with the course's secret, so that who can write the folder but
    not read the secret cannot forge one. A course without a secret, graded with a seed, has entries that are
    protected from damage alone.

    Grader errors are not kept. What reached a limit of time or memory is, as `seqlab autograde` does not
    grade that again either.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.folder = run.course.state(FOLDER)
        self.notes: list[str] = []
        self.found = 0
        with contextlib.suppress(OSError):
            self.folder.chmod(0o700)
            self._remove_old()

    def find(self, task: Task) -> Outcome | None:
        """Return the kept outcome of a submission, None if there is none or its entry is damaged."""
        path = self._places[task] = self._path(task)
        try:
            signature, _, text = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        try:
            if not hmac.compare_digest(signature, self._signature(path, text)):
                raise ValueError("another signature")
            result = Result.from_json(json.loads(text))
        except (ValueError, KeyError, TypeError, RecursionError):
            self.notes.append(f"{path} is damaged or forged: {task.student} is graded again")
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        self.found += 1
        return Outcome(replace(result, path=str(task.path / result.path)), kept=True)

    def keep(self, task: Task, outcome: Outcome) -> None:
        """Keep the outcome of a submission that `find` had not, unless it may differ the next time.

        What was written to while it was graded is not kept: the outcome may be of either version.
        """
        result, path = outcome.result, self._path(task)
        if result.status == "grader error" or path != self._places.get(task):
            return
        below = os.path.relpath(result.path, task.path) if task.path.is_dir() else ""
        text = json.dumps(replace(result, path=below).to_json()).encode()
        new = path.with_suffix(f".{secrets.token_hex(4)}")
        try:
            new.write_bytes(self._signature(path, text) + b"\n" + text)
            new.replace(path)
        except OSError as error:
            if not self.notes:
                self.notes.append(f"results cannot be kept in {self.folder}: {error.strerror}")

    def _path(self, task: Task) -> Path:
        if task.path.is_dir():
            handed = folder_digest(task.path, links=True)
        else:  # a notebook of its own may read the files beside it
            files, left = self._beside(task.path.parent)
            handed = _hash(_content(task.path), files, left)
        return self.folder / _hash(
            task.student, task.note, task.refused, task.path.name, handed, self._made_of
        )

    def _beside(self, folder: Path) -> tuple[str, list[str]]:
        """Return a digest of the files beside a loose notebook, and those left out; read once for a run."""
        if folder not in self._folders:
            files, left = plain_files(folder)
            self._folders[folder] = (
                _hash(*(part for name in files for part in (name, files[name].hex()))),
                left,
            )
        return self._folders[folder]

    @cached_property
    def _places(self) -> dict[Task, Path]:
        return {}

    @cached_property
    def _folders(self) -> dict[Path, tuple[str, list[str]]]:
        return {}

    @cached_property
    def _made_of(self) -> str:
        """Return a hash of what decides the outcome of every submission of the run."""
        run, root = self.run, self.run.course.root
        own = sorted(path for path in root.glob("*.py") if path.is_file())  # configuration and plug-ins
        return _hash(
            run.lab,
            run.course.labs,
            run.cases,
            run.made_of,
            str(run.settings.isolation),
            bool(self._key),
            folder_digest(root / "source" / run.lab),
            [_content(path) for path in own],
            versions(),
        )

    @cached_property
    def _key(self) -> bytes:
        """The key of the signatures; empty where there is a seed and no secret."""
        course = self.run.course
        if self.run.seed is not None and not course.has_secret:
            return b""
        return hmac.digest(course.secret(), b"seqlab cache", "sha256")

    def _signature(self, path: Path, text: bytes) -> bytes:
        return hmac.new(self._key, path.name.encode() + text, "sha256").hexdigest().encode()

    def _remove_old(self) -> None:
        for path in self.folder.iterdir():
            if time.time() - path.stat().st_mtime > KEPT:
                path.unlink()


def grade_changed(run: Run, tasks: Sequence[Task], cache: Cache | None) -> Iterator[Outcome]:
    """Grade the submissions whose result is not kept; yield those that are kept first.

    Nothing of a sandbox is started if all are. Raises GraderError if this machine cannot isolate as asked.
    """
    left = []
    for task in tasks:
        if cache and (outcome := cache.find(task)):
            yield outcome
        else:
            left.append(task)
    if not left:
        return
    if not run.scheduler:
        require_isolation(run.settings)
    by_student = {(task.student, str(task.path)): task for task in left}
    with contextlib.closing(grade_all(run, left)) as outcomes:
        for outcome in outcomes:
            if cache and (graded := _task_of(outcome, by_student)):
                cache.keep(graded, outcome)
            yield outcome


def _task_of(outcome: Outcome, tasks: dict[tuple[str, str], Task]) -> Task | None:
    """Return the task of an outcome: its path is the task's, or lies in it."""
    student, path = outcome.result.student, Path(outcome.result.path)
    return next((tasks[key] for one in (path, *path.parents) if (key := (student, str(one))) in tasks), None)


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def _content(path: Path) -> str:
    try:
        with open_plain(path) as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return ""
