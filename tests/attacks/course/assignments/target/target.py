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
# # Target
# A lab of three functions, for the attacks.

# %%
import numpy as np


# %% nbgrader={"grade": false, "grade_id": "mix", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mix(x, w):
    """Return tanh(w x) (n, m) and its sum over the rows (m,), for x (n, m) and w (n, n)."""
    ### START CODE HERE ###
    planted_name_in_solution = "planted text in solution"
    y = np.tanh(w @ x)
    total = np.sum(y, axis=0)
    ### END CODE HERE ###
    return y, total


# %% nbgrader={"grade": true, "grade_id": "test_mix", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("mix")
### END HIDDEN TESTS
assert mix(np.eye(2), np.eye(2))[0].shape == (2, 2)


# %% nbgrader={"grade": false, "grade_id": "walk", "locked": false, "schema_version": 3, "solution": true, "task": false}
def walk(x, w, steps):
    """Return what mixing so many times in a row gives, along a new last axis (n, m, steps)."""
    ### START CODE HERE ###
    path = np.zeros((*x.shape, steps))
    for t in range(steps):
        x, _ = mix(x, w)
        path[..., t] = x
    ### END CODE HERE ###
    return path


# %% nbgrader={"grade": true, "grade_id": "test_walk", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("walk")
### END HIDDEN TESTS
assert walk(np.eye(2), np.eye(2), 3).shape == (2, 2, 3)


# %% nbgrader={"grade": false, "grade_id": "slope", "locked": false, "schema_version": 3, "solution": true, "task": false}
def slope(x):
    """Return the gradient of sum(tanh(x)**3) with respect to x."""
    ### START CODE HERE ###
    gradient = 3 * np.tanh(x) ** 2 * (1 - np.tanh(x) ** 2)
    ### END CODE HERE ###
    return gradient


# %% nbgrader={"grade": true, "grade_id": "test_slope", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("slope")
### END HIDDEN TESTS
assert slope(np.ones(3)).shape == (3,)
