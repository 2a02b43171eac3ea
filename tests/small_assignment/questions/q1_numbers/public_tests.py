from autograder.authoring import expect, points


@points(0)
def test_number_is_a_number(q1_number):
    """Your answer is a number."""
    expect.number(q1_number, "the quarter")


@points(0)
def test_choice_is_a_letter(q1_choice):
    """Your answer is one of the letters."""
    expect.choice(q1_choice, "the choice", "AB")
