"""Explorers: figures that a student moves by slider, text box and keyboard, made from functions of their own.

Where no widget runs, or nobody is there to move one, an explorer shows its first picture as a figure and as
text; while a notebook is graded, as text alone.
"""

from course_utils.explore.curves import explore_curves
from course_utils.explore.gates import explore_gates
from course_utils.explore.gradients import explore_gradients
from course_utils.explore.influence import explore_influence
from course_utils.explore.losses import live_losses, watching_losses
from course_utils.explore.probabilities import explore_probabilities

__all__ = [
    "explore_curves",
    "explore_gates",
    "explore_gradients",
    "explore_influence",
    "explore_probabilities",
    "live_losses",
    "watching_losses",
]
