"""Reads a course's folder, and gives the text, exercises, cases and mistakes of its labs.

Nothing here imports nbgrader. May import `autograder.errors` only.
"""
