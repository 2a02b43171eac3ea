"""What is judged when a notebook is submitted. `rng` is seeded anew for each submission."""

import numpy as np

from autograder.authoring import expect, points


@points(2)
def test_spread_of_any_numbers(spread, rng):
    """The spread of numbers of either sign, in an array of any shape."""
    numbers = np.random.default_rng(rng.initial_seed())
    for shape in [(7,), (3, 4), (1,)]:
        x = numbers.normal(size=shape)
        ordered = sorted(x.flatten().tolist())
        expect.close(expect.number(spread(x), "the spread"), ordered[-1] - ordered[0], "the spread")
