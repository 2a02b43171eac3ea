"""A value that would be right of other inputs, changed by one number that nobody knows: a limit, a guard, a weight. It is found by bisection."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from autograder.differences.inputs import ENOUGH, is_seen, value_of
from autograder.differences.relations import Pair, arguments
from autograder.wire.calls import Call
from autograder.wire.comparing import differing_numbers

STEPS = 60  # halvings: to the last digit of float64
Change = Callable[..., Tensor]  # of a tensor `x` and a number `t`

LARGE = (1e-2, 0.1, 0.3, 1.0, 2.0, 4.0, 7.0, 11.0, 21.0, 50.0, 200.0)
SMALL = (1e-12, 1e-9, 1e-7, 1e-5, 1e-3, 1e-2, 0.1, 0.49)
BOTH = (*(-t for t in reversed(LARGE)), 0.0, *LARGE)
CHANGES: Mapping[str, tuple[Change, Sequence[float]]] = {
    "{} kept below {}": (lambda x, t: x.clamp(max=t), BOTH),
    "{} kept above {}": (lambda x, t: x.clamp(min=t), BOTH),
    "{} kept between ±{}": (lambda x, t: x.clamp(-t, t), LARGE),
    "{} times {}": (lambda x, t: x * t, BOTH),
    "{} with {} added": (lambda x, t: x + t, BOTH),
    "the logarithm of {}, which is kept above {}": (lambda x, t: x.clamp(min=t).log(), SMALL),
    "the logarithm of {} and {} more": (lambda x, t: (x + t).log(), SMALL),
    "the logarithm of the square of {} and {} more": (lambda x, t: (x.square() + t).log(), SMALL),
    "{} with {} added to its exponential": (lambda x, t: (x.exp() + t).log(), SMALL + LARGE[2:]),
    "{} with {} added to the exponential of its half": (lambda x, t: 2 * ((x / 2).exp() + t).log(), SMALL + LARGE[2:]),
    "{} whose sigmoid is kept {} away from 0 and 1": (lambda x, t: torch.logit(torch.sigmoid(x).clamp(t, 1 - t)), SMALL),
    "{} kept {} away from 0 and 1": (lambda x, t: x.clamp(t, 1 - t), SMALL),
    "{} drawn towards 1/2, by a share of {}": (lambda x, t: x * (1 - t) + t / 2, SMALL),
}


def fitted(pairs: Sequence[Pair], right: Callable[..., Any]) -> str:
    """What is said of an answer that is right of one changed argument in every call, with the number that makes it so."""
    apart = [differing_numbers(mine.value, ours.value) for mine, ours in pairs]
    wrong = [mine for (mine, _), count in zip(pairs, apart, strict=True) if count]
    if len(wrong) < 2 and sum(apart) < ENOUGH:
        return ""
    telling = min(wrong, key=lambda call: _coarseness(call, right))
    with torch.no_grad(), torch.random.fork_rng(devices=[]), warnings.catch_warnings(action="ignore"):
        for name, value in arguments(right, telling).items():
            for said, (change, grid) in CHANGES.items() if isinstance(value, Tensor) and value.is_floating_point() else ():
                for t in _numbers(telling, name, change, grid, right):
                    if all(_is_that(mine, name, change, t, right) for mine, _ in pairs):
                        which = said.format(f"`{name}`", f"{t:.4g}")
                        return f"is what would be right of {which}: is that what your code works with?"
    return ""


def crossings(over: Callable[[float], float], grid: Sequence[float]) -> Iterator[float]:
    """Where something that is measured at each mark of a grid passes through zero."""
    marks = [(t, gap) for t in grid if math.isfinite(gap := over(t))]
    for (low, below), (high, above) in pairwise(marks):
        if below * above > 0 or below == above:
            continue
        for _ in range(STEPS):
            middle = (low + high) / 2
            low, high = (middle, high) if (over(middle) > 0) is (below > 0) else (low, middle)
        yield high


def as_written(t: float) -> tuple[float, ...]:
    """A number that was found as somebody may have written it, with few digits, and as it is."""
    return float(f"{t:.2g}"), float(f"{t:.4g}"), t


def _coarseness(call: Call, right: Callable[..., Any]) -> tuple[bool, int]:
    """First those in float64, and of those the small ones."""
    given = [leaf for leaf in arguments(right, call).values() if isinstance(leaf, Tensor)]
    return any(leaf.dtype == torch.float32 for leaf in given), sum(leaf.numel() for leaf in given)


def _numbers(call: Call, name: str, change: Change, grid: Sequence[float], right: Callable[..., Any]) -> Iterator[float]:
    """The numbers with which the value is what was seen; first as they would be written, with few digits."""
    for total in (_total, _weighted_total):  # two numbers may hide one another in the one, and hardly in the other as well

        def over(t: float, total: Callable[..., float] = total) -> float:
            return total(_made(call, name, change, t, right)) - total(call.parts)

        for t in crossings(over, grid):
            if _is_that(call, name, change, t, right):
                yield from as_written(t)


def _made(call: Call, name: str, change: Change, t: float, right: Callable[..., Any]) -> Mapping[str, Any]:
    given = arguments(right, call)
    try:
        return value_of(call, given | {name: change(given[name], t)}, right)
    except Exception:  # what the change makes is no input
        return {}


def _total(parts: Mapping[str, Any]) -> float:
    """Of all numbers; NaN where there are none, as of what is no input."""
    leaves = [leaf.detach().double().sum() for leaf in parts.values() if isinstance(leaf, Tensor) and leaf.is_floating_point()]
    return float(sum(leaves)) if leaves else math.nan


def _weighted_total(parts: Mapping[str, Any]) -> float:
    """Of all numbers, each with a weight of its own."""
    return _total({name: leaf * _weights(leaf) if isinstance(leaf, Tensor) else leaf for name, leaf in parts.items()})


def _weights(leaf: Tensor) -> Tensor:
    return (7 * torch.arange(1.0, 1 + leaf.numel(), dtype=torch.float64)).sin().reshape(leaf.shape)


def _is_that(call: Call, name: str, change: Change, t: float, right: Callable[..., Any]) -> bool:
    return is_seen(call, _made(call, name, change, t, right))
