"""What a lab is: the folder of a course comes in; its text, exercises, cases and mistakes go out.

Nothing here imports nbgrader. May import `autograder.errors` only.
"""
