"""Question 2, graded: at any size, against loops over single points and against differences of the error itself.

A residual is computed here point by point and weight by weight, so no slip of shapes can be shared with an answer. The error is a
parabola along each weight, whose central difference is its derivative exactly, whatever the step.
"""

import numpy as np

from autograder.authoring import expect, points

SIZES = [(7, 2), (1, 2), (4, 1), (6, 5), (1, 1), (3, 3)]


def _numbers(rng, *shape):
    return np.random.default_rng(rng.initial_seed()).normal(size=shape)


def _points(rng, n, d):
    """Weights, rows and measurements."""
    drawn = 2 * _numbers(rng, d + n * d + n)
    return drawn[:d], drawn[d : d + n * d].reshape(n, d), drawn[d + n * d :]


def _error(w, X, y):
    residuals = [sum(a * b for a, b in zip(row, w, strict=True)) - target for row, target in zip(X, y, strict=True)]
    return sum(residual * residual for residual in residuals) / len(residuals)


def _derivatives(w, X, y):
    return np.array([(_error(w + unit, X, y) - _error(w - unit, X, y)) / 2 for unit in np.eye(len(w))])


def _right_error(squared_error, w, X, y):
    expect.close(expect.number(squared_error(w, X, y), "the mean squared error"), _error(w, X, y), "the error")


def _right_gradient(gradient, w, X, y):
    expect.close(expect.array(gradient(w, X, y), w.shape, "one derivative for each weight"), _derivatives(w, X, y), "the gradient")


@points(2)
def test_error_at_any_size(squared_error, rng):
    """The mean squared residual, however many points and weights there are."""
    for n, d in SIZES:
        _right_error(squared_error, *_points(rng, n, d))


@points(3)
def test_gradient_at_any_size(gradient, rng):
    """Each derivative is the slope of the error along its weight, however many points and weights there are."""
    for n, d in SIZES:
        _right_gradient(gradient, *_points(rng, n, d))


@points(1)
def test_inputs_are_left_alone(squared_error, gradient, rng):
    """Weights, rows and measurements are what they were."""
    w, X, y = _points(rng, 5, 2)
    for function in (squared_error, gradient):
        changed = function.report(w, X, y).changed
        expect.true(not changed, f"{' and '.join(changed)} came back changed: an operation such as -= worked in place")
    _right_error(squared_error, w, X, y)
    _right_gradient(gradient, w, X, y)
