"""The exceptions of the autograder.

::

    SeqLabError                 anything the package raises on purpose
    ├── UsageError              a wrong argument, a missing folder: exit code 2
    │   └── LabError            a lab's own files are wrong (text, exercises, mistakes)
    ├── OutOfDate               something built does not match its source: exit code 1
    ├── BadSubmission           what was handed in cannot be graded
    └── GraderError             the grader's own fault, never a student's zero: exit code 3
        └── SandboxError        the sandbox could not be started

Every message is one line: what is wrong, where, and how to mend it.
"""

__all__ = [
    "BadSubmission",
    "GraderError",
    "LabError",
    "OutOfDate",
    "SandboxError",
    "SeqLabError",
    "UsageError",
]


class SeqLabError(Exception):
    """Base of all exceptions that the package raises on purpose."""

    exit_code = 2


class UsageError(SeqLabError):
    """A wrong argument or a missing file; the message says how to mend it."""


class LabError(UsageError):
    """The files of a lab contradict each other or cannot be read."""


class OutOfDate(SeqLabError):
    """A built file does not match the text it is made from."""

    exit_code = 1


class BadSubmission(SeqLabError):
    """A submission that cannot be graded; the message is what the report shows."""


class GraderError(SeqLabError):
    """A fault of the grader itself. Never turned into points."""

    exit_code = 3


class SandboxError(GraderError):
    """The sandbox could not be started."""
