"""The picture of the lesson."""

import numpy as np

from .picture import Plot

# From Okabe and Ito's palette, told apart under the common kinds of colour blindness; lines differ in style, too.
ORANGE, BLUE, RED, GREY = "#E69F00", "#0072B2", "#D55E00", "#767676"
STYLES = [(GREY, ":"), (ORANGE, "--"), (BLUE, "-.")]


def descent(X, y, path):
    """Lines of a path of weights (steps + 1, 2) over the points, and the path itself over the error's landscape."""
    from matplotlib.figure import Figure

    path = np.asarray(path, dtype=float)
    if path.ndim != 2 or path.shape[1] != 2 or not np.isfinite(path).all():
        raise ValueError(f"this needs a path of shape (steps + 1, 2) with finite numbers, and got the shape {path.shape}")
    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    last = len(path) - 1
    early = sorted({0, min(1, last), min(20, last)} - {last})
    _lines(left, X, y, path, early, last)
    best = _landscape(right, X, y, path)
    errors = [np.mean((X @ path[step] - y) ** 2) for step in (*early, last)]
    said = ", ".join(f"step {step}: {error:.3g}" for step, error in zip((*early, last), errors, strict=True))
    alt = (
        f"Left: {len(y)} points, mass against length, and the lines after some steps of gradient descent. Mean squared error in cm², {said}. "
        f"Right: contours of the error over intercept and slope, a long narrow valley, and the path from ({path[0, 0]:.3g}, {path[0, 1]:.3g}) "
        f"to ({path[-1, 0]:.3g}, {path[-1, 1]:.3g}). The best line has intercept {best[0]:.3g} cm and slope {best[1]:.3g} cm per hundred grams."
    )
    return Plot(figure, alt)


def _lines(axes, X, y, path, early, last):
    axes.plot(X[:, 1], y, "o", color="black", markersize=4, label="measured")
    for step, (colour, style) in zip(early, STYLES, strict=False):
        axes.plot(X[:, 1], X @ path[step], color=colour, linestyle=style, label=f"step {step}")
    axes.plot(X[:, 1], X @ path[last], color=RED, label=f"step {last}")
    axes.set(xlabel="mass (hundreds of grams)", ylabel="length (cm)", title="The line, on its way")
    axes.legend(frameon=False)


def _landscape(axes, X, y, path):
    """Draw the error over both weights; returns the best ones."""
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    low, high = np.vstack([path, best]).min(0), np.vstack([path, best]).max(0)
    room = 0.15 * (high - low) + 0.2
    grid = [np.linspace(a, b, 80) for a, b in zip(low - room, high + room, strict=True)]
    w0, w1 = np.meshgrid(*grid)
    error = np.mean((w0[..., None] * X[:, 0] + w1[..., None] * X[:, 1] - y) ** 2, axis=-1)
    axes.contour(w0, w1, error, np.geomspace(max(error.min(), 1e-3), error.max(), 12), colors=GREY, linewidths=0.6)
    axes.plot(*path.T, color=BLUE, marker=".", markersize=3, linewidth=1, label="path")
    axes.plot(*best, "*", color=RED, markersize=12, label="best line")
    axes.set(xlabel="intercept (cm)", ylabel="slope (cm per hundred grams)", title="The same path over the error")
    axes.legend(frameon=False)
    return best
