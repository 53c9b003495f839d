"""Grades one class with SeqLab, nbgrader, otter-grader and mograder: ``python -m benchmarks.peers``."""
