"""Writes results for other programs: JSON, JUnit XML and CSV."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from autograder.feedback.text import clean, number, one_line
from autograder.report.summary import Column, columns, fault, percent
from autograder.results import SCHEMA, Result, Total, Verdict

__all__ = ["Held", "guarded", "is_formula", "to_csv", "to_json", "to_junit", "write"]

Held = Mapping[str, Mapping[str, Total]]
"""What the gradebook holds: lab -> student -> total."""

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""Characters that start a formula in spreadsheets, when a cell starts with them."""
BREAKS = re.compile("\r\n|[\t-\r\x1c-\x1f\x85\u2028\u2029]")
"""Tabs, and what ends a line."""


def write(path: str | Path, text: str, *, append: bool = False) -> Path:
    """Write a report as UTF-8 with its line ends unchanged, making its folder; return the path.

    With ``append`` it is added to what the file holds.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if append else "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path


def to_json(results: Sequence[Result], seed: int | None) -> str:
    """Return the document of ``seqlab check --json``, in the order given, a line for each submission.

    Raises ValueError if a number is not finite, which JSON cannot express.
    """
    lines = ",\n".join(json.dumps(result.to_json(), allow_nan=False) for result in results)
    return f'{{"schema": {SCHEMA}, "seed": {json.dumps(seed)}, "submissions": [\n{lines}\n]}}\n'


def is_formula(text: str) -> bool:
    """Whether a spreadsheet takes a cell with this text for a formula."""
    return one_line(text).startswith(FORMULA) or text.startswith(("\t", "\r"))


def guarded(text: str) -> str:
    """Return text as one line that no spreadsheet reads as a formula. Its spaces stay: ids differ in them."""
    line = clean(BREAKS.sub(" ", text))
    return f"'{line}" if is_formula(text) else line


def to_csv(
    results: Sequence[Result],
    held: Held | None = None,
    absent: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Return CSV with a line for each submission, by student; cells without a score are empty.

    ``held`` is what the gradebook holds: three columns say what counts there, with manual points, extra
    credit and late penalties. ``absent`` are those on the roster who handed nothing in, by lab. A student of
    whom the gradebook alone knows a submission has the status "no record".
    """
    exercises = columns(results)
    head = ["student", "lab", "status", "points", "max_points", "percent"]
    more = ["gradebook", "late_penalty", "needs_manual_grading"] if held is not None else []
    rows = [
        (
            (result.student, result.lab, result.path),
            [
                result.status,
                *_scores(result, exercises),
                guarded(result.reason),
                guarded(result.stale),
            ],
        )
        for result in results
    ]
    nothing, seen = [""] * (len(exercises) + 5), {(result.student, result.lab) for result in results}
    for status, others in (("not handed in", absent or {}), ("no record", held or {})):
        for lab, students in others.items():
            new = [student for student in students if (student, lab) not in seen]
            rows += [((student, lab, ""), [status, *nothing]) for student in new]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*head, *(guarded(column.label) for column in exercises), "reason", "stale", *more])
    for (student, lab, _), cells in sorted(rows, key=lambda row: (row[0][0].casefold(), row[0])):
        last = _of_gradebook(held.get(lab, {}).get(student)) if held is not None else ()
        writer.writerow([guarded(student), guarded(lab), *cells, *last])
    return out.getvalue()


def _scores(result: Result, exercises: Sequence[Column]) -> list[str]:
    if result.status != "graded":
        return [""] * (len(exercises) + 3)
    share = percent(result)
    verdicts = [column.of(result) for column in exercises]
    return [
        number(result.points),
        number(result.max_points),
        "" if share is None else number(share),
        *("" if verdict is None else number(verdict.points) for verdict in verdicts),
    ]


def _of_gradebook(total: Total | None) -> Sequence[str]:
    if total is None:
        return "", "", ""
    return number(total.final), number(total.penalty), "yes" if total.needs_manual_grading else "no"


def _testcase(suite: ET.Element, classname: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", {"classname": one_line(classname), "name": one_line(name)})


def _add_cases(suite: ET.Element, classname: str, verdict: Verdict) -> None:
    """Add a testcase for each case, and one called "points" if no failed case shows that points were lost."""
    for case in verdict.cases:
        node = _testcase(suite, classname, case.name)
        if case.status == "failed":
            failure = ET.SubElement(node, "failure", message=one_line(case.reason), type="failed")
            failure.text = clean(verdict.message)
        elif case.status == "not run":
            ET.SubElement(node, "skipped", message=one_line(case.reason))
    hidden = not verdict.correct and all(case.status != "failed" for case in verdict.cases)
    if hidden or not verdict.cases:
        node = _testcase(suite, classname, "points")
        if not verdict.correct:
            message = f"{number(verdict.points)} of {number(verdict.max_points)}: {fault(verdict)}"
            ET.SubElement(node, "failure", message=one_line(message), type="points")


def _add_suite(root: ET.Element, name: str, seconds: float | None) -> ET.Element:
    suite = ET.SubElement(root, "testsuite", name=one_line(name))
    if seconds is not None:
        suite.set("time", f"{seconds:.3f}")
    return suite


def _tally(node: ET.Element, *kinds: tuple[str, str]) -> None:
    """Set the counts of a suite, or of the whole document."""
    cases = list(node.iter("testcase"))
    node.set("tests", str(len(cases)))
    for key, tag in kinds:
        node.set(key, str(sum(case.find(tag) is not None for case in cases)))


def to_junit(results: Sequence[Result]) -> str:
    """Return JUnit XML with a testsuite for each exercise of each submission, in the order given.

    The time of a suite is that of the exercise's test cell, and is left out where it is not known. Cases have
    no time of their own. A bad submission or a grader error is one testcase with an error.
    """
    root = ET.Element("testsuites", name="seqlab", time=f"{sum(one.seconds for one in results):.3f}")
    failed, skipped = (("failures", "failure"), ("errors", "error")), ("skipped", "skipped")
    for result in results:
        name = f"{result.student}.{result.lab}".strip(".")
        for verdict in result.exercises if result.status == "graded" else ():
            suite = _add_suite(root, f"{name}.{verdict.name}", verdict.seconds)
            _add_cases(suite, f"{name}.{verdict.name}", verdict)
        if result.status != "graded":
            node = _testcase(_add_suite(root, name, result.seconds or None), name, "submission")
            ET.SubElement(node, "error", message=one_line(result.reason), type=result.status)
    for suite in root:
        _tally(suite, *failed, skipped)
    _tally(root, *failed)  # the schema has no count of skipped cases here
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
