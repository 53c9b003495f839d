"""Grades notebooks: runs their cells in the sandbox and lets the referee judge them.

Submissions come in; outcomes (a result, and the notebook with its outputs) go out. This package puts sandbox
and referee together. May import all but `autograder.gradebook`, `autograder.report`, `autograder.audit` and
`autograder.cli`.
"""
