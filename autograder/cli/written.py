"""Reads the answers of a class for the commands and the page that show them to the instructor."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import BadSubmission, UsageError
from autograder.results import Result

if TYPE_CHECKING:
    from autograder.lab.course import Course
    from autograder.report import Answers

__all__ = ["results_of", "written"]


def results_of(course: "Course", lab: str, json: Path | None) -> list[Result]:
    """Return the results of a lab, by student: of the last grading or of `seqlab check --json`.

    Raises UsageError if there are none.
    """
    from autograder import report
    from autograder.gradebook import records
    from autograder.report.summary import ordered

    course.lab(lab)
    if json:
        found = [result for result in report.read_results(json) if result.lab == lab]
        if not found:
            raise UsageError(f"{json} has no results of the lab {lab}")
        return ordered(report.told_apart(found))
    found = records.load_all(course, lab)
    if not found:
        raise UsageError(
            f"{lab} has not been graded yet: `seqlab autograde {lab}` first, or give the results of "
            "`seqlab check --json` with --json FILE"
        )
    return ordered(found)


def written(course: "Course", results: Sequence[Result]) -> "tuple[Answers, list[str]]":
    """Return what was handed in of these results, and the files that could not be read."""
    from autograder.lab.text import solution_cells
    from autograder.release.stubs import stub_source
    from autograder.report import Answers
    from autograder.submission.answers import answers_in

    solutions, stubs = {}, {}
    for lab in dict.fromkeys(result.lab for result in results if result.status == "graded"):
        cells = solution_cells(course.lab(lab).text)
        solutions[lab] = {name: cells[name].source for name in course.lab(lab).exercises}
        stubs[lab] = {name: stub_source(source, name) for name, source in solutions[lab].items()}
    found, left = {}, []
    for result in results:
        if result.status == "graded":
            try:
                found[result.path] = answers_in(Path(result.path), solutions[result.lab])
            except BadSubmission:
                left.append(result.path)
    return Answers(found, stubs, solutions), left
