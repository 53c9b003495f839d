"""From a lab's text to source/ and release/: stubs, edits carried back, what visible checks know of mistakes.

May import `autograder.lab`, and `autograder.referee` for how outputs are compared.
"""
