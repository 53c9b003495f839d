"""Describes a grading run over submissions of one lab."""

from dataclasses import dataclass

from autograder.lab.course import Course, LabFolder
from autograder.sandbox import ForkServer
from autograder.settings import Settings

__all__ = ["Run"]


@dataclass(frozen=True)
class Run:
    """The course, the lab's name, the seed of its cases, the settings, and the number of processes."""

    course: Course
    lab: str
    seed: int
    settings: Settings
    jobs: int = 1

    @property
    def folder(self) -> LabFolder:
        """The lab's folder; raises UsageError when there is no such lab."""
        return self.course.lab(self.lab)

    def fork_server(self) -> ForkServer:
        """Return a fork server for submissions of the lab, not yet started."""
        return self.settings.fork_server(self.folder.lab)
