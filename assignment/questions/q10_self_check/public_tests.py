from autograder.authoring import expect, points


@points(0)
def test_form_of_a(q10_a):
    """The answer to q10_a is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(q10_a, "q10_a")


@points(0)
def test_form_of_b(q10_b):
    """The answer to q10_b is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(q10_b, "q10_b")


@points(0)
def test_form_of_c(q10_c):
    """The answer to q10_c is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(q10_c, "q10_c")


@points(0)
def test_form_of_d(q10_d):
    """The answer to q10_d is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(q10_d, "q10_d")


@points(0)
def test_form_of_e(q10_e):
    """The answer to q10_e is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(q10_e, "q10_e")


@points(0)
def test_form_of_f(q10_f):
    """The answer to q10_f is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(q10_f, "q10_f")
