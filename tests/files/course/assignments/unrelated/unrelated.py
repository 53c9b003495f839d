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

# %% nbgrader={"grade": false, "grade_id": "halve", "locked": false, "schema_version": 3, "solution": true, "task": false}
def halve(x):
    """Return half of x."""
    ### START CODE HERE ###
    y = x / 2
    ### END CODE HERE ###
    return y


# %% nbgrader={"grade": true, "grade_id": "test_halve", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("halve")
### END HIDDEN TESTS
assert halve(4) == 2
