"""Holds what all commands of ``seqlab`` share: the application, its options, and how it prints."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from autograder.sandbox import Isolation

if TYPE_CHECKING:
    from autograder.lab.course import Course
    from autograder.run import Run

__all__ = [
    "CPUS",
    "CourseOption",
    "FiguresOption",
    "GradedOption",
    "HtmlOption",
    "IsolationOption",
    "JobsOption",
    "NoCacheOption",
    "SchedulerOption",
    "SeedOption",
    "VerboseOption",
    "app",
    "err",
    "out",
    "run_of",
    "say",
]

app = typer.Typer(
    help="Labs on sequence models that grade themselves.",
    epilog="Any command takes --debug: an error then shows its traceback.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# Without emoji: `:x:` in an id or a path must stay text.
out, err = (Console(stderr=error, highlight=False, emoji=False) for error in (False, True))

CourseOption = Annotated[
    Path | None, typer.Option("--course", help="The course's folder; the current one if left out.")
]
FiguresOption = Annotated[
    bool, typer.Option("--no-figures", help="Draw no figures while grading; their descriptions are printed.")
]
GradedOption = Annotated[
    bool, typer.Option("--only-graded", help="Leave out demonstrations that the student did not edit.")
]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", help="Print a line for each submission, with the time of each stage.")
]
IsolationOption = Annotated[Isolation | None, typer.Option(help="Override what student code runs in.")]
JobsOption = Annotated[int, typer.Option(min=1, help="Processes that grade side by side.")]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Run what has not changed too; nothing is taken from the cache.")
]
SchedulerOption = Annotated[
    str, typer.Option(help="Grade on the workers of this Dask scheduler, as in tcp://10.0.0.1:8786.")
]
SeedOption = Annotated[
    int | None,
    typer.Option(
        min=0, max=(1 << 48) - 1, help="One seed for all hidden cases, instead of one per submission."
    ),
]
HtmlOption = Annotated[Path | None, typer.Option(help="Folder for an HTML report.")]
CPUS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_of(
    course: "Course",
    lab: str,
    jobs: int,
    isolation: Isolation | None,
    seed: int | None = None,
    *,
    figures: bool = True,
    demonstrations: bool = True,
    scheduler: str = "",
) -> "Run":
    """Return a run with the course's settings, some of them overridden."""
    from autograder.lab.course import load_config
    from autograder.run import Run
    from autograder.settings import settings_of

    config = load_config(course.root)
    settings = settings_of(config, course.lab(lab), isolation, figures, demonstrations)
    return Run(course, lab, settings, jobs, seed, scheduler)


def say(text: str, console: Console = out) -> None:
    """Print plain text, without markup and without wrapping."""
    console.print(text, markup=False, soft_wrap=True)
