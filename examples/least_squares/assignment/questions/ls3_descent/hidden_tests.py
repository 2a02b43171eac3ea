"""Question 3, graded: the path against one that is walked here, with the gradient of the normal equations, and against the best line.

In floating point a path of k steps is off by about k roundings while it converges; where it runs away, each number is off by about k
roundings of itself. Both are far below the tolerance of 1e-8.
"""

import numpy as np

from autograder.authoring import LEANED_ON, expect, points


def _points(rng, n, d):
    """Weights, rows of about unit curvature, and measurements: all steps are of ordinary size."""
    drawn = np.random.default_rng(rng.initial_seed()).normal(size=d + n * d + n)
    rows, _ = np.linalg.qr(drawn[d : d + n * d].reshape(n, d))
    return drawn[:d], np.sqrt(n / 2) * rows * np.linspace(1, 0.6, d), drawn[d + n * d :]


def _walked(w, X, y, rate, steps):
    path = np.empty((steps + 1, len(w)))
    path[0] = w
    for k in range(steps):
        path[k + 1] = path[k] - rate * 2 * (X.T @ X @ path[k] - X.T @ y) / len(y)
    return path


def _right(descend, w, X, y, rate, steps, what):
    path = expect.array(descend(w, X, y, rate, steps), (steps + 1, len(w)), "the start and the weights after each step")
    expect.close(path, _walked(w, X, y, rate, steps), what)
    return path


@points(2.5, kept=LEANED_ON)
def test_every_row_of_the_path(descend, rng):
    """Each step starts where the last one ended, with the gradient of that place and the same rate."""
    _right(descend, *_points(rng, 9, 3), 0.3, 6, "the path")
    _right(descend, *_points(rng, 5, 1), 0.7, 3, "the path with one weight")


@points(1)
def test_ends_at_the_best_line(descend, rng):
    """After many steps the weights are those of the normal equations."""
    w, X, y = _points(rng, 8, 3)
    path = _right(descend, w, X, y, 0.9, 120, "the long path")
    expect.close(path[-1], np.linalg.solve(X.T @ X, X.T @ y), "the end of the path")


@points(1)
def test_a_rate_too_large_runs_away(descend, rng):
    """Nothing holds the weights when each step leads higher up."""
    _right(descend, *_points(rng, 6, 2), 4.0, 12, "the path with a rate too large")


@points(1)
def test_no_step_at_all(descend, rng):
    """Of no steps the path is the start, and of one step two rows."""
    w, X, y = _points(rng, 6, 2)
    for steps in (0, 1):
        _right(descend, w, X, y, 0.3, steps, "the path")


@points(1)
def test_the_start_is_left_alone(descend, rng):
    """The weights that came in are what they were."""
    w, X, y = _points(rng, 6, 2)
    changed = descend.report(w, X, y, 0.3, 3).changed
    expect.true(not changed, f"{' and '.join(changed)} came back changed: -= works in place, on the caller's own array")
    _right(descend, w, X, y, 0.3, 3, "the path")
