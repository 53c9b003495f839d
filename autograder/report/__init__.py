"""Reports the results of a class.

Results come in; terminal tables, an HTML page, JSON, JUnit XML and CSV go out. Only `write` touches the disk.
May import `autograder.results` and `autograder.feedback`.
"""

from autograder.report.exports import to_csv, to_json, to_junit, write
from autograder.report.page import to_html
from autograder.report.summary import told_apart
from autograder.report.terminal import to_lines, to_ranking, to_table

__all__ = [
    "to_csv",
    "to_html",
    "to_json",
    "to_junit",
    "to_lines",
    "to_ranking",
    "to_table",
    "told_apart",
    "write",
]
