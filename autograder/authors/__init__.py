"""What is built from an assignment: the notebooks, the folders of students and instructors, the zips.

Entered by `python -m autograder build`. No student and no grader has this room: nothing else may import it.
"""
