"""Judges what a function returned: the one comparison of visible checks and hidden tests.

The referee uses it outside the sandbox, a visible check in the notebook: what one passes, the other passes.
A `Form` says what a function should return, a `SolvedCase` has the inputs of a call and the right outputs.
"""
