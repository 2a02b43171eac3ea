"""What a question's files, and a lesson's, import of the program: all of it from here, so that its rooms can change behind them.

public_tests.py, hidden_tests.py     points, LEANED_ON, shared, expect, noise, Failed, Unusable, given, StudentError
right_answers.py, wrong_answers.py   right, right_value, wrong, wrong_value
the lesson's own package             NotAttempted, describe, explain, load
"""

from autograder.checks import expect, noise
from autograder.checks.assignment import given, load
from autograder.checks.check import LEANED_ON, points
from autograder.checks.description import describe
from autograder.checks.expect import Failed, Unusable
from autograder.checks.shared import shared
from autograder.hints.answers import (
    foreign_right,
    foreign_right_value,
    foreign_wrong,
    foreign_wrong_value,
    right,
    right_value,
    unlisted,
    unlisted_value,
    wrong,
    wrong_value,
)
from autograder.student.invoke import explain
from autograder.wire.faults import NotAttempted, StudentError

__all__ = [
    "LEANED_ON",
    "Failed",
    "NotAttempted",
    "StudentError",
    "Unusable",
    "describe",
    "expect",
    "explain",
    "foreign_right",
    "foreign_right_value",
    "foreign_wrong",
    "foreign_wrong_value",
    "given",
    "load",
    "noise",
    "points",
    "right",
    "right_value",
    "shared",
    "unlisted",
    "unlisted_value",
    "wrong",
    "wrong_value",
]
