"""The referee and what it judges by: cases drawn from a seed, comparison, known mistakes, points."""

from .compare import Fault, compare
from .draw import DrawnCase, draw
from .lender import Lender
from .referee import Judge, Referee, Session
from .score import PENALTY

__all__ = ["PENALTY", "DrawnCase", "Fault", "Judge", "Lender", "Referee", "Session", "compare", "draw"]
