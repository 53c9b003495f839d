"""From what a student handed in to a notebook in order: a folder comes in, a restored notebook goes out.

May import `autograder.lab`, `autograder.release` (the registered cells) and `autograder.errors`.
"""
