"""Turns what a student handed in into a notebook that is ready to run.

A student's folder comes in; a repaired and restored notebook goes out. May import `autograder.lab`,
`autograder.release` (for the registered cells) and `autograder.errors`.
"""
