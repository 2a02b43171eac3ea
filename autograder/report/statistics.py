"""What a class's results say in numbers: of each question and check, of the scores, of the time it took.

A submission that could not be read says nothing about the checks, and one in which the grader itself failed has no grade: the first is in
no number here, the second in none of the scores, and a check that failed by our fault is in none of that check's.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from autograder.intake.graded import Graded

Kind = Literal["passed", "failed", "crashed", "not attempted"]
KINDS: dict[str, Kind] = {  # of each status; a "grader_error" is none of these
    "passed": "passed",
    "failed": "failed",
    "crashed": "crashed",
    "timed_out": "crashed",
    "out_of_memory": "crashed",
    "not_attempted": "not attempted",
    "missing": "not attempted",
}
Z = 1.959964  # the normal distribution's 97.5 % quantile, for intervals of 95 %
LEAST = 10  # submissions, that a correlation is told of: its interval would hold nearly everything
BINS = 10
Column = NDArray[np.float64]  # a number for each submission, nan where there is none


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.count, self.of)


@dataclass(frozen=True)
class Correlation:
    """An item-rest correlation with its 95 % interval, over `n` submissions."""

    r: float
    low: float
    high: float
    n: int

    @property
    def negative(self) -> bool:
        """Whether those who are better at the rest do worse here: then the item itself is to be looked at."""
        return self.r < 0


@dataclass(frozen=True)
class Item:
    """A question, or a check of one."""

    question: str
    name: str  # of the check; for a question its id
    title: str
    points: float
    hidden: bool
    shares: dict[Kind, Share]
    difficulty: float | None  # the mean share of its points that was earned (of a check: the share that passed). High is easy.
    discrimination: Correlation | None
    checks: tuple[Item, ...] = ()

    @property
    def n(self) -> int:
        return self.shares["passed"].of


@dataclass(frozen=True)
class Scores:
    """How the scores are distributed; `bins` counts them by tenths of the points that there were, 100 % in the last."""

    n: int
    possible: float
    mean: float | None
    median: float | None
    low: float | None
    high: float | None
    bins: tuple[int, ...]


# --- formulas -----------------------------------------------------------------------------------------------------------


def wilson(count: int, of: int) -> tuple[float, float] | None:
    """The 95 % interval of a share by its score test; None of nothing.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927), 209-212. Recommended for small
    numbers, and for shares near 0 and 1, by Brown, Cai & DasGupta, Interval estimation for a binomial proportion, Stat. Sci. 16 (2001).
    """
    if not of:
        return None
    p, square = count / of, Z * Z / of
    middle = (p + square / 2) / (1 + square)
    half = Z * math.sqrt(p * (1 - p) / of + square / (4 * of)) / (1 + square)
    return (0.0 if count == 0 else middle - half, 1.0 if count == of else middle + half)


def correlation(item: Sequence[float] | Column, rest: Sequence[float] | Column) -> Correlation | None:
    """Pearson's r with Fisher's interval, of the pairs that have no nan; None where either is constant, or they are fewer than LEAST.

    tanh(artanh r ± z / sqrt(n - 3)): R. A. Fisher, On the "probable error" of a coefficient of correlation deduced from a small sample,
    Metron 1 (1921), 3-32. Of an item of two values this is the point-biserial correlation, and the interval is approximate.
    """
    x, y = np.asarray(item, dtype=float), np.asarray(rest, dtype=float)
    both = np.isfinite(x) & np.isfinite(y)
    x, y, n = x[both], y[both], int(both.sum())
    if n < LEAST or np.ptp(x) < 1e-9 or np.ptp(y) < 1e-9:
        return None
    x, y = x - x.mean(), y - y.mean()
    r = float(np.clip(x @ y / math.sqrt((x @ x) * (y @ y)), -1, 1))
    if abs(r) > 1 - 1e-12:  # artanh is infinite: the limit
        return Correlation(round(r), round(r), round(r), n)
    z, half = math.atanh(r), Z / math.sqrt(n - 3)
    return Correlation(r, math.tanh(z - half), math.tanh(z + half), n)


# --- questions and checks -----------------------------------------------------------------------------------------------


def judged(graded: Iterable[Graded]) -> list[Graded]:
    """Those whose answers met the checks."""
    return [one for one in graded if one.questions and one.trouble != "not graded"]


def scored(graded: Iterable[Graded]) -> list[Graded]:
    """Those whose score is a grade."""
    return [one for one in judged(graded) if not one.trouble]


def checks_of(one: Graded, question: str) -> list[dict[str, Any]]:
    """A question's checks; on the platform some may stand in an entry of their own."""
    return [
        check for entry in one.questions if entry["extra_data"]["question"] == question for check in entry["extra_data"]["checks"]
    ]


def items(graded: Iterable[Graded]) -> list[Item]:
    """The questions, each with its checks.

    Difficulty is the item's mean as a share of its points (p), discrimination the correlation of its points with those of all the rest
    (the corrected item-total correlation): L. Crocker & J. Algina, Introduction to classical and modern test theory (1986), ch. 14.
    A question that was not attempted counts as 0 in both.
    """
    those = judged(graded)
    totals = np.array([math.nan if one.trouble else one.score for one in those])
    titles: dict[str, str] = {}
    for one in those:
        for entry in one.questions:
            titles.setdefault(entry["extra_data"]["question"], entry["name"].partition(" · ")[2])
    return [_question(those, totals, id, title) for id, title in titles.items()]


def _question(those: list[Graded], totals: Column, id: str, title: str) -> Item:
    entries = [[entry for entry in one.questions if entry["extra_data"]["question"] == id] for one in those]
    found = [{check["name"]: check for check in checks_of(one, id)} for one in those]
    names = {name: check for checks in found for name, check in checks.items()}
    statuses = [_worst(entry["extra_data"]["status"] for entry in mine) for mine in entries]
    earned = np.array(
        [sum(e["score"] for e in mine) if KINDS.get(status) else math.nan for mine, status in zip(entries, statuses, strict=True)]
    )
    possible = max(sum(e["max_score"] for e in mine) for mine in entries)
    checks = tuple(_check(id, check, [checks.get(name) for checks in found], totals) for name, check in names.items())
    return Item(
        id,
        id,
        title,
        possible,
        any(c.hidden for c in checks),
        _shares(statuses),
        _mean(earned, possible),
        correlation(earned, totals - earned),
        checks,
    )


def _check(question: str, first: dict[str, Any], found: list[dict[str, Any] | None], totals: Column) -> Item:
    statuses = [check["status"] if check else "" for check in found]
    passed = np.array([float(status == "passed") if KINDS.get(status) else math.nan for status in statuses])
    points = float(first["points"])
    discrimination = correlation(passed, totals - points * passed)
    return Item(
        question, first["name"], first["title"], points, first["hidden"], _shares(statuses), _mean(passed, 1), discrimination
    )


def _worst(statuses: Iterable[str]) -> str:
    """Of a question in several entries; nothing of one in none."""
    those = list(statuses)
    return next((status for status in those if status != "passed"), those[0] if those else "")


def _shares(statuses: Iterable[str]) -> dict[Kind, Share]:
    kinds = [KINDS[status] for status in statuses if status in KINDS]
    return {kind: Share(kinds.count(kind), len(kinds)) for kind in dict.fromkeys(KINDS.values())}


def _mean(column: Column, possible: float) -> float | None:
    known = column[np.isfinite(column)]
    return float(known.mean() / possible) if len(known) and possible else None


def never_failed(questions: Iterable[Item]) -> list[Item]:
    """The checks that nobody's answer failed: passed by all, or tried by nobody."""
    return [c for q in questions for c in q.checks if c.n and not c.shares["failed"].count and not c.shares["crashed"].count]


# --- scores and times ---------------------------------------------------------------------------------------------------


def scores(graded: Iterable[Graded]) -> Scores:
    """The distribution of the grades."""
    those = scored(graded)
    points = [one.score for one in those]
    bins = [0] * BINS
    for one in those:
        share = one.score / one.possible if one.possible else 0
        bins[min(max(int(share * BINS + 1e-9), 0), BINS - 1)] += 1

    def of(number: Callable[[list[float]], float]) -> float | None:
        return float(number(points)) if points else None

    possible = max((one.possible for one in those), default=0.0)
    return Scores(len(points), possible, of(statistics.fmean), of(statistics.median), of(min), of(max), tuple(bins))


def slowest(graded: Iterable[Graded], count: int = 10) -> list[Graded]:
    """Those that took longest to grade."""
    return sorted(graded, key=lambda one: -float(one.results["execution_time"]))[:count]
