"""Where the bars and lines of the report's pictures lie; a template draws them, and writes the same numbers in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.report.statistics import BINS, Correlation, Item, Scores

WIDTH, HEIGHT = 640, 200  # of a picture's drawing, labels not counted
LINE = 28  # of a question


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Whisker:
    """An interval and what it is of; `y` is the middle of its line."""

    item: Item
    of: Correlation
    y: float
    low: float
    middle: float
    high: float


def distribution(scores: Scores) -> list[Bar]:
    """A bar for each tenth of the points."""
    most, step = max(scores.bins) or 1, WIDTH / BINS
    bars = []
    for i, count in enumerate(scores.bins):
        first, end = (scores.possible * edge / BINS for edge in (i, i + 1))
        label = f"{first:g} to {'' if i == BINS - 1 else 'under '}{end:g}"
        height = HEIGHT * count / most
        bars.append(Bar(label, count, i * step + 4, HEIGHT - height, step - 8, height))
    return bars


def discrimination(questions: Sequence[Item]) -> list[Whisker]:
    """A line for each question whose correlation is known, on an axis from -1 to 1."""
    known = [(item, item.discrimination) for item in questions if item.discrimination]
    return [Whisker(item, of, LINE * (i + 0.5), place(of.low), place(of.r), place(of.high)) for i, (item, of) in enumerate(known)]


def place(r: float) -> float:
    """Where a correlation stands on the axis."""
    return round(WIDTH * (r + 1) / 2, 1)
