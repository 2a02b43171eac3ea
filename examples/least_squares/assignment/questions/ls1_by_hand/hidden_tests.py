"""Question 1, graded: two numbers and what they mean."""

from autograder.authoring import expect, points


@points(1.5)
def test_error(ls1_error):
    """The mean of the squared residuals."""
    value = expect.number(ls1_error, "ls1_error")
    expect.true(abs(value - 10 / 3) <= 5e-4, "ls1_error is not the mean squared error: three residuals, squared, averaged?")


@points(1.5)
def test_slope(ls1_slope):
    """How fast the error rises with the slope of the line."""
    value = expect.number(ls1_slope, "ls1_slope")
    expect.true(abs(value + 14 / 3) <= 5e-4, "ls1_slope is not the derivative: each residual times its x, the 2, the N, the sign?")


@points(1)
def test_choice(ls1_choice):
    """What a small step does to this line."""
    expect.true(
        expect.choice(ls1_choice, "ls1_choice") == "C", "ls1_choice is another letter: compute both derivatives and move the line"
    )
