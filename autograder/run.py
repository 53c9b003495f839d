"""One run of the grader over submissions of one lab, as one value."""

from dataclasses import dataclass

from autograder.lab.course import Course, LabFolder
from autograder.sandbox import ForkServer
from autograder.settings import Settings

__all__ = ["Run"]


@dataclass(frozen=True)
class Run:
    """What is graded and how: the course, the lab's name, the seed of its cases, settings, processes."""

    course: Course
    lab: str
    seed: int
    settings: Settings
    jobs: int = 1

    @property
    def folder(self) -> LabFolder:
        """The lab as its folder describes it; raises UsageError when there is none."""
        return self.course.lab(self.lab)

    def fork_server(self) -> ForkServer:
        """Return a fork server for submissions of the lab, not yet started."""
        return self.settings.fork_server(self.folder.lab, self.course.root)
