"""Form only: whether the numbers are right, the hidden checks say."""

from autograder.authoring import expect, points


def _could_be_a_kl(value: object, name: str) -> None:
    if isinstance(value, tuple):
        expect.fail(f"{name} holds {expect.describe(value)}, not a number: write the decimals after a point, not after a comma")
    number = expect.number(value, f"the KL in {name}")
    expect.true(
        number >= -5e-4,
        f"{name} is negative, and a KL divergence never is: check the signs of the terms",
        f"got {number:.6g}",
    )


@points(0)
def test_a_is_a_number(q4_kl_a):
    """(a) has the right form, a number that a KL could be (its value is judged when you submit)."""
    _could_be_a_kl(q4_kl_a, "q4_kl_a")


@points(0)
def test_b_is_a_number(q4_kl_b):
    """(b) has the right form, a number that a KL could be (its value is judged when you submit)."""
    _could_be_a_kl(q4_kl_b, "q4_kl_b")


@points(0)
def test_c_is_a_number(q4_kl_c):
    """(c) has the right form, a number that a KL could be (its value is judged when you submit)."""
    _could_be_a_kl(q4_kl_c, "q4_kl_c")


@points(0)
def test_d_is_a_number(q4_kl_d):
    """(d) has the right form, a number that a KL could be (its value is judged when you submit)."""
    _could_be_a_kl(q4_kl_d, "q4_kl_d")
