"""Rendering what grading said: JSON, JUnit XML, CSV, a terminal table, a class page, a student's feedback.

Every function takes records of `autograder.results` and returns text (or a rich table); only `write`
touches the disk.
"""

from autograder.report.feedback import Detail, feedback_html, feedback_text
from autograder.report.files import to_csv, to_json, to_junit, write
from autograder.report.page import to_html
from autograder.report.terminal import to_ranking, to_table

__all__ = [
    "Detail",
    "feedback_html",
    "feedback_text",
    "to_csv",
    "to_html",
    "to_json",
    "to_junit",
    "to_ranking",
    "to_table",
    "write",
]
