"""Reads how a course grades a lab from c.GradeInSandbox in its nbgrader_config.py."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from traitlets import Bool, Dict, Enum
from traitlets.config import Config, Configurable

from autograder.errors import GraderError, UsageError
from autograder.feedback import Detail
from autograder.lab.course import CONFIG, LabFolder
from autograder.lab.demonstrations import always_draws
from autograder.sandbox import ForkServer, Isolation, Limits, why_not
from autograder.submission.files import plain_files

__all__ = ["DETAILS", "GradeInSandbox", "Settings", "require_isolation", "settings_of"]

DETAILS = get_args(Detail)
"""What students may see of a verdict, from least to most."""


@dataclass(frozen=True)
class Settings:
    """How submissions are graded: isolation, limits, what students see, what is drawn and run."""

    isolation: Isolation = Isolation.BUBBLEWRAP
    limits: Limits = field(default_factory=Limits)
    feedback: Detail = "diagnosis"
    figures: bool = True
    demonstrations: bool = True
    """Whether demonstrations are run that the student did not edit."""

    def fork_server(self, lab: LabFolder | None, course: Path | None = None) -> ForkServer:
        """Return a fork server, not yet started, for submissions of a lab, or of no known lab.

        ``course`` is the folder of the course, which student code must not see. Raises UsageError when a
        framework is missing that the lab needs.
        """
        if lab and lab.lacks:
            raise UsageError(lab.lacks)
        modules, preload = (lab.lab.modules, lab.lab.preload) if lab else ((), ())
        return ForkServer(
            modules,
            self.limits,
            self.isolation,
            files=plain_files(course / "source" / lab.name)[0] if lab and course else {},
            preload=preload,
            figures=self.figures,
            expected=self.demonstrations or lab is None or always_draws(lab.text),
            course=course,
        )


class GradeInSandbox(Configurable):
    """The options of nbgrader's plug-in of the same name, `autograder.gradebook.plugins.GradeInSandbox`."""

    isolation = Enum(
        [str(i) for i in Isolation],
        default_value=str(Isolation.BUBBLEWRAP),
        help="How student code is isolated.",
    ).tag(config=True)
    feedback = Enum(DETAILS, default_value="diagnosis", help="What students see of a verdict.").tag(
        config=True
    )
    figures = Bool(True, help="Whether figures are drawn while grading.").tag(config=True)
    demonstrations = Bool(True, help="Whether unedited demonstrations are run while grading.").tag(
        config=True
    )
    allow_in_process_tests = Bool(
        False, help="Whether test cells may test in the student's process, where they can be forged."
    ).tag(config=True)
    limits = Dict(help="Changes to the limits of autograder.sandbox.Limits, by name.").tag(config=True)

    def settings(self, lab: LabFolder | None) -> Settings:
        """Return the settings for a lab, or for no known lab; raises UsageError for an unknown limit."""
        limits = Limits().with_changes(self.limits).with_changes(lab.lab.limits if lab else {})
        return Settings(Isolation(self.isolation), limits, self.feedback, self.figures, self.demonstrations)


def settings_of(
    config: Config,
    lab: LabFolder,
    isolation: Isolation | None = None,
    figures: bool = True,
    demonstrations: bool = True,
) -> Settings:
    """Return the settings that a course's configuration gives for a lab.

    ``isolation`` overrides the configured one; ``figures=False`` switches figures off, and
    ``demonstrations=False`` demonstrations.
    """
    try:
        settings = GradeInSandbox(config=config).settings(lab)
    except UsageError:
        raise
    except Exception as error:  # traitlets raises several types
        raise UsageError(f"{CONFIG}, c.GradeInSandbox: {error}") from None
    return replace(
        settings,
        isolation=isolation or settings.isolation,
        figures=settings.figures and figures,
        demonstrations=settings.demonstrations and demonstrations,
    )


def require_isolation(settings: Settings) -> None:
    """Raise GraderError, which says how to fix it, if this machine cannot isolate as the settings ask."""
    if reason := why_not(settings.isolation):
        raise GraderError(f"{reason}; or, for code that you trust, use `--isolation limits`")
