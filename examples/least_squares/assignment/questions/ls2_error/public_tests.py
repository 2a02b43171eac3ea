"""What a student sees of question 2: forms, and two points whose error and gradient can be had by hand."""

import numpy as np

from autograder.authoring import expect, points

W, X, Y = np.array([0.0, 2.0]), np.array([[1.0, 1.0], [1.0, 3.0]]), np.array([3.0, 4.0])
FED = "fed w = [0, 2] and the points (1, 3) and (3, 4); the line predicts 2 and 6, so the residuals are −1 and 2"


@points(0)
def test_one_number_and_one_derivative_for_each_weight(squared_error, gradient):
    """The error is one number, the gradient has the shape of w."""
    expect.number(squared_error(W, X, Y), "the mean squared error")
    expect.array(gradient(W, X, Y), (2,), "one derivative for each weight")


@points(1)
def test_error_of_two_points(squared_error):
    """The mean squared error of a line at two points."""
    expect.close(expect.number(squared_error(W, X, Y), "the mean squared error"), 2.5, "the error", detail=FED)


@points(1)
def test_gradient_at_two_points(gradient):
    """Both derivatives at two points."""
    found = expect.array(gradient(W, X, Y), (2,), "one derivative for each weight")
    expect.close(found, np.array([1.0, 5.0]), "the gradient", detail=FED)
