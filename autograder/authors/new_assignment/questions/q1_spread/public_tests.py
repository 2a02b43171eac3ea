"""What students run: each check has a docstring that says a property, and points."""

import numpy as np

from autograder.authoring import expect, points


@points(0)
def test_one_number_comes_back(spread):
    """One number comes back for an array of any shape."""
    expect.number(spread(np.zeros((3, 2))), "the spread")
