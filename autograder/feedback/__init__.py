"""Renders the feedback that a student reads under a test cell.

A verdict comes in; text and an HTML fragment go out. May import `autograder.results` and `autograder.errors`
only.
"""

from autograder.feedback.verdict import Detail, feedback_html, feedback_text

__all__ = ["Detail", "feedback_html", "feedback_text"]
