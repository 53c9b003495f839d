# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"grade": false, "grade_id": "intro", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # A tiny lab
# Fill in between `### START CODE HERE ###` and `### END CODE HERE ###`.

# %%
# %matplotlib inline

import math

import numpy as np
from numpy import linalg

from course_utils.activations import sigmoid

print(math.pi, linalg.norm([3, 4]))  # names that no solution needs


# %% nbgrader={"grade": false, "grade_id": "shift", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shift(x, step=1):
    """Return x + step and twice x."""
    ### START CODE HERE ###
    # add the step
    moved = np.add(
        x,
        step,  # how far
    )
    # and double
    twice = 2 * x  # "#" is no comment here
    ### END CODE HERE ###
    return moved, twice


# %% nbgrader={"grade": true, "grade_id": "test_shift", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("shift")
### END HIDDEN TESTS
assert shift(1)[0] == 2

# %% [markdown]
# Some prose that is not locked.

# %%
1 + 1

# %%
1 + 1

# %% [markdown] nbgrader={"grade": false, "grade_id": "why_walk", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Walking


# %% nbgrader={"grade": false, "grade_id": "walk", "locked": false, "schema_version": 3, "solution": true, "task": false}
def walk(x, steps):
    """Return the x after each of several steps."""
    ### START CODE HERE ###
    # start with an empty list
    seen = []
    for _ in range(steps):
        # one step
        x, _twice = shift(x)
        seen.append(x)
    ### END CODE HERE ###
    return seen


# %% nbgrader={"grade": true, "grade_id": "test_walk", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("walk")
### END HIDDEN TESTS
assert walk(0, 2) == [1, 2]


# %% nbgrader={"grade": false, "grade_id": "squash", "locked": false, "schema_version": 3, "solution": true, "task": false}
def squash(x):
    """Return sigmoid(x)."""
    ### START CODE HERE ###
    y = sigmoid(x)
    ### END CODE HERE ###
    return y


# %% nbgrader={"grade": true, "grade_id": "test_squash", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("squash")
### END HIDDEN TESTS
assert squash(0) == 0.5
