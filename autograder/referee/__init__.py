"""Judges the answers of student functions, on the trusted side.

Answers come in, verdicts go out. It draws cases, compares answers with the reference's, looks up known
mistakes, gives points, and lends right functions. May import `autograder.lab`, `autograder.results`, and the
wire format of the sandbox.
"""

from autograder.referee.cases import DrawnCase, draw
from autograder.referee.lender import Lender
from autograder.referee.points import PENALTY
from autograder.referee.session import Judge, Referee, Session
from course_utils.judging.compare import Fault, compare

__all__ = ["PENALTY", "DrawnCase", "Fault", "Judge", "Lender", "Referee", "Session", "compare", "draw"]
