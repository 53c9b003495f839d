"""The autograder: builds labs, runs submissions in a sandbox, judges them outside, and reports.

A lab's author imports these, in assignments/<lab>/exercises.py and mistakes.py::

    from autograder import Alternative, Exercise, Lab, Mistake

docs/architecture.md shows the way of a submission through the packages.
"""

from autograder.lab.exercise import Alternative, Exercise, Lab, Mistake

__all__ = ["Alternative", "Exercise", "Lab", "Mistake"]
