"""What a student sees of question 1: the form of the numbers and of the choice."""

from autograder.authoring import expect, points


@points(0)
def test_form_of_the_numbers(ls1_error, ls1_slope):
    """Both answers are numbers (their values are judged when you submit)."""
    expect.number(ls1_error, "ls1_error")
    expect.number(ls1_slope, "ls1_slope")


@points(0)
def test_form_of_the_choice(ls1_choice):
    """The choice is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(ls1_choice, "ls1_choice")
