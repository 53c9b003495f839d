"""Defines the exceptions that the package raises on purpose.

::

    SeqLabError                 anything the package raises on purpose
    ├── UsageError              a wrong argument, a missing folder: exit code 2
    │   └── LabError            a lab's own files are wrong (text, exercises, mistakes)
    ├── OutOfDate               a built file does not match its source: exit code 1
    ├── BadSubmission           a submission cannot be graded
    └── GraderError             a fault of the grader, never turned into points: exit code 3
        ├── SandboxError        the sandbox could not be started
        └── StorageError        a disk cannot be written, or a gradebook not be read or written

Every message is one line: what is wrong, where, and how to fix it. A diff may follow.
"""

__all__ = [
    "BadSubmission",
    "GraderError",
    "LabError",
    "OutOfDate",
    "SandboxError",
    "SeqLabError",
    "StorageError",
    "UsageError",
]


class SeqLabError(Exception):
    """Base of all exceptions that the package raises on purpose."""

    exit_code = 2

    def __init__(self, message: str, *diff: str) -> None:
        """Put the message on one line: names of files and others' messages may hold line breaks."""
        super().__init__(" ".join(filter(None, map(str.strip, message.splitlines()))), *diff)

    def __str__(self) -> str:
        return "\n".join(self.args)


class UsageError(SeqLabError):
    """A wrong argument or a missing file; the message says how to fix it."""


class LabError(UsageError):
    """The files of a lab contradict each other or cannot be read."""


class OutOfDate(SeqLabError):
    """A built file does not match the text that it is built from."""

    exit_code = 1


class BadSubmission(SeqLabError):
    """A submission that cannot be graded; the message is what the report shows."""


class GraderError(SeqLabError):
    """A fault of the grader itself, never turned into points."""

    exit_code = 3


class SandboxError(GraderError):
    """The sandbox could not be started."""


class StorageError(GraderError):
    """A disk or a gradebook cannot be written: no fault of one submission, so that the run stops."""
