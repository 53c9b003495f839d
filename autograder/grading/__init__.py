"""Grading: restored notebooks come in; outcomes (verdicts, and the notebook with its outputs) go out.

The only package that knows both the sandbox and the referee. May import all but `autograder.gradebook`,
`autograder.report`, `autograder.audit` and `autograder.cli`.
"""
