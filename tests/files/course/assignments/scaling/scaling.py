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

# %% [markdown] nbgrader={"grade": false, "grade_id": "title", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # Scaling
# A lab of two functions, for tests.

# %%
import numpy as np


# %% nbgrader={"grade": false, "grade_id": "scale", "locked": false, "schema_version": 3, "solution": true, "task": false}
def scale(x, w):
    """Return w * x and the sum of that."""
    ### START CODE HERE ###
    # multiply
    y = x * w
    # add up
    total = np.sum(y)
    ### END CODE HERE ###
    return y, total


# %% nbgrader={"grade": true, "grade_id": "test_scale", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("scale")
### END HIDDEN TESTS
assert scale(np.ones(2), 3.0)[1] == 6


# %% nbgrader={"grade": false, "grade_id": "repeat", "locked": false, "schema_version": 3, "solution": true, "task": false}
def repeat(x, w, n):
    """Return what scaling n times in a row gives, step by step, along a new last axis."""
    ### START CODE HERE ###
    # room for all steps
    steps = np.zeros((*x.shape, n))
    for t in range(n):
        # one step after the other
        x, _ = scale(x, w)
        steps[..., t] = x
    ### END CODE HERE ###
    return steps


# %% nbgrader={"grade": true, "grade_id": "test_repeat", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("repeat")
### END HIDDEN TESTS
assert repeat(np.ones(1), 2.0, 3)[0, 2] == 8
