"""The course's gradebook: graded notebooks come in; rows, autograded/ and records go out.

Also nbgrader's plug-ins, named in nbgrader_config.py. May import all but `autograder.report`,
`autograder.audit` and `autograder.cli`.
"""
