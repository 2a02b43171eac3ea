"""What a student sees of question 3: the form of the path, and its first step."""

import numpy as np

from autograder.authoring import expect, points

W, X, Y = np.array([0.0, 2.0]), np.array([[1.0, 1.0], [1.0, 3.0]]), np.array([3.0, 4.0])


@points(0)
def test_one_row_for_the_start_and_one_for_each_step(descend):
    """Four steps make a path of five rows."""
    expect.array(descend(W, X, Y, 0.01, 4), (5, 2), "the start and the weights after each step")


@points(1.5)
def test_the_first_step(descend):
    """The path starts at w, and the first step goes down the gradient."""
    path = expect.array(descend(W, X, Y, 0.1, 1), (2, 2), "the start and the weights after one step")
    fed = "fed w = [0, 2], the points (1, 3) and (3, 4), rate 0.1; the gradient at the start is [1, 5]"
    expect.close(path[0], W, "the start", detail=fed)
    expect.close(path[1], np.array([-0.1, 1.5]), "the weights after one step", detail=fed)
