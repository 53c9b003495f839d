"""Shows the progress of a run: a bar on a terminal, a line for each submission elsewhere."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from autograder.feedback.text import one_line
from autograder.grading.timing import in_words
from autograder.results import Result

if TYPE_CHECKING:
    from autograder.grading.grader import Outcome

__all__ = ["watch"]


class _Rate(ProgressColumn):
    """Submissions per second."""

    def render(self, task: Task) -> Text:
        """Return the rate as text, empty until it is known."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "")


def watch(
    outcomes: "Iterable[Outcome]", total: int, word: str, console: Console, verbose: bool
) -> Iterator[Result]:
    """Yield the result of each outcome, and show progress on the console.

    ``word`` is what is done to a submission ("graded"). With ``verbose`` a terminal gets lines too, each line
    has the time by stage, and results from the cache get lines.
    """
    if not console.is_terminal:
        for number, outcome in enumerate(outcomes, 1):
            if verbose or not outcome.kept:
                _line(console, f"{number}/{total} {_words(outcome, verbose)}")
            yield outcome.result
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task, failed = bar.add_task(word, total=total), 0
        for outcome in outcomes:
            if verbose:
                _line(bar.console, _words(outcome, verbose))
            failed += outcome.result.status != "graded"
            bar.update(task, advance=1, description=f"{word}, {failed} failed" if failed else word)
            yield outcome.result


def _line(console: Console, text: str) -> None:
    console.print(one_line(text), markup=False, soft_wrap=True)


def _words(outcome: "Outcome", verbose: bool) -> str:
    result = outcome.result
    if result.status != "graded":
        return f"{result.student}: {result.status}: {result.reason}"
    how = "from the cache" if outcome.kept else f"in {result.seconds:.1f} s"
    points = f"{result.points:g} of {result.max_points:g} {how}"
    stages = f" ({in_words(outcome.stages)})" if verbose else ""
    return f"{result.student}: {points}{stages}"
