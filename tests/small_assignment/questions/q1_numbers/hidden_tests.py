from autograder.authoring import expect, points


@points(1)
def test_number(q1_number):
    """It is a quarter of one."""
    expect.close(expect.number(q1_number, "the quarter"), 0.25, "the quarter", atol=5e-4)


@points(1)
def test_choice(q1_choice):
    """It is the right letter."""
    expect.true(expect.choice(q1_choice, "the choice", "AB") == "B", "this letter is not it")
