"""The checks checked: every right answer passes, every wrong one fails, each hint is the right one, every attack is held.

Entered by `python -m autograder verify`. No student and no grader has this room: nothing else may import it.
"""
