"""Builds source/ and release/ from a lab's text.

The text comes in; the instructor's notebook, the student's notebook with stubs, and hints about known
mistakes go out. Edits of the instructor's notebook are carried back into the text. May import
`autograder.lab`, and `autograder.referee` for how outputs are compared.
"""
