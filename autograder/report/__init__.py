"""Reports the results of a class.

Results come in; terminal tables, an HTML page, JSON, JUnit XML and CSV go out. Only `write` touches the disk.
May import `autograder.results` and `autograder.feedback`.
"""

from autograder.report.alike import Answers
from autograder.report.baseline import changes
from autograder.report.baseline import read as read_results
from autograder.report.exports import is_formula, to_csv, to_json, to_junit, write
from autograder.report.groups import groups
from autograder.report.items import to_items
from autograder.report.lookups import to_alike_lines, to_group_lines
from autograder.report.page import to_html
from autograder.report.platforms import (
    to_annotations,
    to_canvas,
    to_gradescope,
    to_markdown,
    to_moodle,
)
from autograder.report.skeleton import to_skeleton
from autograder.report.summary import told_apart
from autograder.report.terminal import to_lines, to_ranking, to_tables, to_text

__all__ = [
    "Answers",
    "changes",
    "groups",
    "is_formula",
    "read_results",
    "to_alike_lines",
    "to_annotations",
    "to_canvas",
    "to_csv",
    "to_gradescope",
    "to_group_lines",
    "to_html",
    "to_items",
    "to_json",
    "to_junit",
    "to_lines",
    "to_markdown",
    "to_moodle",
    "to_ranking",
    "to_skeleton",
    "to_tables",
    "to_text",
    "told_apart",
    "write",
]
