"""Writes what the gradebook holds for ``seqlab report``, and finds who handed nothing in."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from autograder.cli.app import err, say
from autograder.errors import StorageError, UsageError
from autograder.gradebook.totals import roster, totals
from autograder.lab.course import Course
from autograder.results import Result

__all__ = ["absent_from", "write_scores"]

NAMED = 10
"""How many ids one line names."""


def absent_from(course: Course, graded: Mapping[str, Sequence[Result]]) -> dict[str, list[str]]:
    """Return who is on the gradebook's roster and handed nothing in, by lab; also say it.

    If the gradebook cannot be read, that is said instead.
    """
    absent: dict[str, list[str]] = {}
    for lab, results in graded.items():
        known = {result.student for result in results}
        try:
            known |= totals(course, lab).keys()
            absent[lab] = [student for student in roster(course, lab) if student not in known]
        except StorageError as error:
            say(str(error), err)
            return {}
        if missing := absent[lab]:
            say(f"{lab}: {len(missing)} on the roster handed nothing in: {_named(missing)}", err)
    return absent


def write_scores(
    course: Course,
    graded: Mapping[str, Sequence[Result]],
    absent: Mapping[str, Sequence[str]],
    csv: Path | None,
    canvas: Path | None,
    moodle: Path | None,
) -> None:
    """Write the files that are asked for, and say what is to be known of them.

    Raises UsageError if a learning platform would get nothing of a lab.
    """
    from autograder import report

    held = {lab: totals(course, lab) for lab in graded}
    for lab in [lab for lab, of in held.items() if not of]:
        words = f"the gradebook holds no scores of {lab}"
        if canvas or moodle:
            raise UsageError(f"{words}: `seqlab autograde {lab} --force` writes them")
        say(f"{words}: the columns of the gradebook are empty", err)
    results = [result for of in graded.values() for result in of]
    for path, text in (
        (csv, report.to_csv(results, held, absent)),
        (canvas, report.to_canvas(held)),
        (moodle, report.to_moodle(held)),
    ):
        if path:
            report.write(path, text)
            say(f"scores: {path}")
    formulas = sorted({student for of in held.values() for student in of if report.is_formula(student)})
    if formulas and (canvas or moodle):
        say(
            "Canvas and Moodle get ids as they are: import the file, and open it in no spreadsheet, which "
            f"would compute {_named(formulas)}",
            err,
        )


def _named(students: Iterable[str]) -> str:
    """Return ids in one line, at most NAMED of them."""
    from autograder.feedback.text import one_line

    names = [one_line(student) for student in students]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
