"""What is said of a wrong number: true of it, or nothing."""

from __future__ import annotations

import pytest

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Question
from autograder.pencil import slips, working

ASSIGNMENT = assignments.load()
AREA = working.read("""
SHOWN = {"width": "the width", "half": "half of the height"}
EXAMPLE = {"height": 7.7}

def area(width=3.1, height=2.3):
    half = height / 2
    whole = width * height + height * half
    roof = height**2 / 2
""")
RIGHT = 3.1 * 2.3 + 2.3**2 / 2


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3.1 + 2.3**2 / 2, "where height is left out"),
        (round(3.1 + 2.3**2 / 2, 3), "where height is left out"),
        (3.1**2 * 2.3 + 2.3**2 / 2, "where the width stands twice"),
        (3.1 * 2.3 + 2.3**2, "where height · half of the height counts twice"),
        (3.1 * 7.7 + 7.7**2 / 2, "`whole` of the example"),
        (3.1 + 2.3, ""),  # two slips, of too few digits
        (round(2 * RIGHT, 2), "where all of it is doubled"),
        (2.3**2 / 2, "it is `roof`"),
        (-(2.3**2) / 2, "it is `roof` with its sign turned"),
        (9.8, slips.TOO_FEW),
        (9.7, slips.TOO_FEW),
        (9.65, ""),
        (1.23456789, ""),
    ],
)
def test_a_number_is_told_by_the_slips_that_make_it(value: float, said: str) -> None:
    found = slips.describe("whole", value, RIGHT, AREA)
    assert said in found if said else not found


def test_of_seven_digits_two_slips_are_told() -> None:
    found = slips.describe("roof", 2 * 2.3**4 / 2 * 2, 2.3**2 / 2, AREA)
    assert found.endswith("stands twice, and it is doubled, not halved.")


def test_slips_that_are_the_same_for_all_numbers_are_one() -> None:
    assert slips.describe("roof", 2.3**4 / 2, 2.3**2 / 2, AREA).count("where") == 1  # of two slips, as `height` squared is


@pytest.mark.parametrize("line", ["import os", "return 3", "x = width @ 2", "x = abs(width)"])
def test_a_working_is_steps_and_nothing_else(line: str) -> None:
    with pytest.raises(ValueError, match=r"no step|a working has"):
        working.read(f"def area(width=3.1):\n    {line}")


@pytest.mark.parametrize("question", ASSIGNMENT.questions.values(), ids=lambda question: question.id)
def test_a_working_comes_to_the_right_numbers(question: Question) -> None:
    reference = ASSIGNMENT.reference()
    for name, worked in working.read(question.source("working.py")).items():
        if name in reference:
            assert worked.values[name] == pytest.approx(reference[name], abs=6e-4)
