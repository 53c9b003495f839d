"""Grades classes into nbgrader's gradebook, and plugs the grader into nbgrader.

Graded notebooks come in; the gradebook's rows, autograded/ and records go out. nbgrader_config.py names the
plug-ins. May import all but `autograder.report`, `autograder.audit` and `autograder.cli`.
"""
