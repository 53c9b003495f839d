"""Describes a grading run over submissions of one lab."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from autograder.lab.course import Course, LabFolder
from autograder.lab.demonstrations import demonstrations
from autograder.sandbox import ForkServer
from autograder.settings import Settings
from autograder.submission.seed import submission_seed

__all__ = ["Run"]


@dataclass(frozen=True)
class Run:
    """What is graded and how: the course, the lab's name, settings, and the number of processes.

    ``seed`` overrides the seeds of all submissions; without it each has its own. ``scheduler`` is the address
    of a Dask scheduler whose workers grade, in place of processes of this machine.
    """

    course: Course
    lab: str
    settings: Settings
    jobs: int = 1
    seed: int | None = None
    scheduler: str = ""

    @property
    def folder(self) -> LabFolder:
        """The lab's folder; raises UsageError when there is no such lab."""
        return self.course.lab(self.lab)

    @property
    def cases(self) -> str:
        """What the cases of this run come from; where it is equal, equal work meets equal cases."""
        if self.seed is not None:
            return f"seed {self.seed}"
        return f"secret {hashlib.sha256(self.course.secret()).hexdigest()[:12]}"

    @property
    def made_of(self) -> dict[str, str]:
        """What decides the outcome beside the submission and its cases: a digest of the lab, and settings.

        Isolation, and whether figures are drawn, change no score; which cells are run may.
        """
        chosen: tuple[Any, ...] = (self.settings.limits, self.settings.feedback)
        marked: tuple[str, ...] = ()
        if not self.settings.demonstrations:
            chosen, marked = (*chosen, "only graded"), tuple(demonstrations(self.folder.text))
        found = {"lab": self.folder.digest, "settings": _hash(chosen)}
        return {**found, "demonstrations": _hash(marked)} if marked else found

    def seed_for(self, student: str, notebook: NotebookNode, files: Mapping[str, bytes]) -> int:
        """Return the seed of the hidden cases of a restored notebook with its files."""
        if self.seed is not None:
            return self.seed
        return submission_seed(self.course.secret(), self.lab, student, notebook, files)

    def fork_server(self) -> ForkServer:
        """Return a fork server for submissions of the lab, not yet started."""
        return self.settings.fork_server(self.folder, self.course.root)


def _hash(values: tuple[Any, ...]) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()
