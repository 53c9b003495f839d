"""The commands that look at what a class wrote: mistakes and alike."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.app import CourseOption, app, err, say
from autograder.errors import UsageError

__all__ = ["alike_command", "mistakes"]

JsonOption = Annotated[
    Path | None,
    typer.Option("--json", help="Results of `seqlab check --json`, in place of the last grading."),
]


@app.command()
def mistakes(
    lab: Annotated[str, typer.Argument(help="The lab.")],
    group: Annotated[
        int | None, typer.Option(min=1, help="Print an entry of mistakes.py for the group of this number.")
    ] = None,
    json: JsonOption = None,
    course: CourseOption = None,
) -> None:
    """Show which wrong answers are equal in a class but have no name among the known mistakes."""
    from autograder import report
    from autograder.cli.written import results_of, written
    from autograder.lab.course import Course

    found = Course.find(course)
    results = results_of(found, lab, json)
    groups = report.groups(results)
    if group is None:
        for line in report.to_group_lines(results):
            say(line)
        return
    if group > len(groups):
        raise UsageError(f"there is no group {group}: `seqlab mistakes {lab}` lists {len(groups) or 'none'}")
    chosen = groups[group - 1]
    if chosen.raised:
        raise UsageError(f"group {group} has no outputs to tell a mistake by: {chosen.raised}")
    one = results[chosen.example]
    answers, _ = written(found, [one])
    name = chosen.column.name
    if name not in answers.cells.get(one.path, {}):
        raise UsageError(f"{one.path}: the answer to {name} cannot be read there any more")
    print(report.to_skeleton(chosen, answers.solutions[lab][name], answers.cells[one.path][name]), end="")


@app.command("alike")
def alike_command(
    lab: Annotated[str, typer.Argument(help="The lab.")],
    json: JsonOption = None,
    course: CourseOption = None,
) -> None:
    """List submissions that are equal but for names, comments and layout: for a look, with no claim."""
    from autograder import report
    from autograder.cli.written import results_of, written
    from autograder.lab.course import Course

    found = Course.find(course)
    results = results_of(found, lab, json)
    answers, left = written(found, results)
    for line in report.to_alike_lines(results, answers):
        say(line)
    if left:
        others = f" and {len(left) - 1} more" if len(left) > 1 else ""
        say(f"left out, since it cannot be read: {left[0]}{others}", err)
