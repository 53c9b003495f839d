"""What a grading process has beside it: a zone, where student code runs, and a process that lends functions.

Both take time to start. `started` lets them do so while nbgrader is loaded; a grading process that finds
none starts its own.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from .course import LabFolder
from .errors import SandboxError
from .judge import Lender
from .sandbox import Zone
from .settings import Settings

__all__ = ["Beside", "started"]


@dataclass(frozen=True)
class Beside:
    """The zone and the lender of one grading process."""

    zone: Zone
    lender: Lender

    @classmethod
    def of(cls, settings: Settings, lab: LabFolder) -> "Beside":
        """Make both for the submissions of a lab."""
        return cls(settings.zone(lab.lab), Lender(lab))

    def begin(self) -> None:
        """Start the zone, without waiting for it; the lender starts when a function is first lent."""
        with contextlib.suppress(SandboxError):  # the first submission meets it again
            self.zone.start()

    def close(self) -> None:
        """End both."""
        self.zone.close()
        self.lender.close()


@contextlib.contextmanager
def started(settings: Settings, lab: LabFolder, count: int) -> Iterator[list[Beside]]:
    """Start what so many grading processes need, without waiting for it; all of it ends with the block.

    Lenders too: somebody in a class will need one.
    """
    made = [Beside.of(settings, lab) for _ in range(count)]
    try:
        for one in made:
            one.begin()
        for one in made:  # the zones first, which every submission needs
            with contextlib.suppress(OSError):  # whoever needs it meets it again
                one.lender.begin()
        yield made
    finally:
        for one in made:
            one.close()
