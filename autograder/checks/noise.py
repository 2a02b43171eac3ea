"""Is it what independent standard-normal draws look like? Asked of the numbers alone, however they were drawn.

A right answer fails any one function here with probability below 1e-9; each says how, and what it is sure to find. `independent`
takes noise of any law and comes before `follows_the_law`, which takes the numbers for independent: neither blames noise for what the
other is there to find.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.checks.expect import coin_flips, distributed, shares, tensor, true

MISS = 1e-10  # of each statement about a right answer
EDGE = 4.5  # moments are of draws cut here, so that they have bounds
GRID = torch.linspace(-5.9, 5.9, 119, dtype=torch.float64) + 0.0137  # no round number lies on it
COME_BACK = 0.2  # the share of a call's numbers that may not be met in the next
LAST_BITS = (1 << 22) - 1  # of a float32: its mantissa has 23
TAILS = torch.tensor([3.0, 3.5, 4.0], dtype=torch.float64) + 1e-3


def drawn(function: Callable[..., Any], *args: Any, shape: Sequence[int], what: str) -> Tensor:
    """What `function` draws, as a finite tensor of that shape with its graph, or fail.

    Where infinities are in it, it is asked anew, twice at most: of 16,000 numbers one is infinite by bad luck (see `expect.sample`) once in
    1,000 draws, so that three draws in a row have one with a probability below 1e-8.
    """
    for _ in range(3):
        value = function(*args)
        if not (isinstance(value, Tensor) and torch.isinf(value).any()):
            break
    return tensor(value, shape, what)


def follows_the_law(noise: Tensor, what: str) -> None:
    """Fail unless all the numbers together are spread as so many standard-normal draws are.

    Shares up to 119 points, and beyond ±3, ±3.5 and ±4 (Chernoff); means of the first four Hermite polynomials of the draws, cut at
    ±4.5 (Bernstein); how many values are distinct. With 450,000 numbers these are sure to be seen (a miss below 1e-9): a mean off by
    0.015, a spread off by 1.5 %, a kurtosis off by 0.1 (a sum of 12 uniforms, Student's t up to 60 degrees), nothing beyond 4 (clipped, cut or
    redrawn), rounding to three digits (float16). A cut at 4.5 or further out never is: it changes 3 draws of 450,000.
    """
    n, noise = noise.numel(), noise.float()
    mean, spread, largest = (round(value.item(), 2) + 0.0 for value in (noise.mean(), noise.std(), noise.abs().max()))
    seen = f"(mean {mean}, spread {spread}, none beyond {largest})"
    counts = torch.histc(noise, len(GRID) - 1, GRID[0].item(), GRID[-1].item())
    upto = torch.cat([torch.zeros(1), counts]).double().cumsum(0) + (noise < GRID[0].item()).sum()
    shares(upto / n, torch.special.ndtr(GRID), n, f"{what}: not standard normal {seen}", miss=MISS)
    size = noise.abs()
    size = size[size > 2.9]
    beyond = torch.stack([(size > t).sum() for t in TAILS])
    shown = ", ".join(f"{share / n:.2g}" for share in beyond.tolist())
    summary = f"{what}: the tails are not normal (of its numbers, {shown} lie beyond 3, 3.5, 4)"
    shares(beyond.double() / n, 2 * torch.special.ndtr(-TAILS), n, summary, miss=MISS)
    cut = noise.flatten().clamp(-EDGE, EDGE)
    square = cut.square()
    one, two, three, four = (
        (a @ b).item() / n for a, b in ((cut, torch.ones_like(cut)), (cut, cut), (cut, square), (square, square))
    )
    found = one, two - 1, three - 3 * one, four - 6 * two + 3
    for value, (mean, variance, bound), name in zip(found, _hermite(), ("mean", "spread", "skewness", "kurtosis"), strict=True):
        x = math.log(2 * 4 / MISS)
        most = (x * bound / 3 + math.sqrt((x * bound / 3) ** 2 + 2 * n * x * variance)) / n
        true(abs(value - mean) <= most, f"{what}: its {name} is not that of the standard normal law")
    if n >= 1000:
        distinct = len(np.unique(noise.flatten()[:20_000].numpy()))  # of so many float32 draws hardly any two are equal
        true(distinct > 0.6 * min(n, 20_000), f"{what}: the same few values come again and again")


def independent(noise: Tensor, what: str) -> None:
    """Fail unless every element of (rows, columns) has noise of its own.

    Two fair coins of each element, its sign and whether it is large, seen from the sample's own medians, so that no law but the
    normal one is mistaken for dependence: products over all pairs of rows, of columns, at all distances in reading order, and
    mirrored (Hoeffding). Sure to be seen in (128, 128) or more: two rows or columns equal or opposite; neighbours, or all, with a
    correlation of 0.3; noise sorted, reused or mirrored.
    """
    rows, columns = noise.shape
    true(bool((noise != noise[0, 0]).any()), f"{what}: one and the same number serves every element")
    true(rows == 1 or bool((noise - noise[0]).abs().max() > 1e-6), f"{what}: every example gets the same numbers")
    true(
        columns == 1 or bool((noise - noise[:, :1]).abs().max() > 1e-6), f"{what}: all dimensions of an example get the same number"
    )
    summary = f"{what}: its elements are not independent of each other"
    for coins in coins_of(noise):
        for sheet in (coins, coins.T):
            _as_chance((sheet @ sheet.T).triu(1), sheet.shape[1], summary)
        flat = coins.flatten()
        n = len(flat)
        lags = torch.fft.irfft(torch.fft.rfft(flat, n=2 * n).abs().square())[1:n]
        _as_chance(lags, torch.arange(n - 1, 0, -1), summary)
        _as_chance((flat * flat.flip(0))[: n // 2].sum().reshape(1), n // 2, summary)


def not_standardised(noise: Tensor, what: str) -> None:
    """Fail unless the means and sizes of rows and of columns of standard-normal (rows, columns) scatter as chance has it.

    A sum of n draws is normal, one of their squares chi-square; their ranks in that law are compared at nine points (Chernoff). Rows
    or columns made to have one mean, one spread or one length are never missed, from 64 of them on.
    """
    at = torch.linspace(0.1, 0.9, 9, dtype=torch.float64)
    for axis in (0, 1):
        n = noise.shape[axis]
        sums, squares = noise.sum(axis) / math.sqrt(n), noise.square().sum(axis)
        lone = torch.special.gammainc(
            torch.tensor((n - 1) / 2, dtype=torch.float64), (squares - sums.square()) / 2
        )  # around their mean
        for ranks in (
            torch.special.ndtr(sums),
            torch.special.gammainc(torch.tensor(n / 2, dtype=torch.float64), squares / 2),
            lone,
        ):
            distributed(
                ranks, at, at, f"{what}: means or sizes of examples or dimensions come out alike, as if standardised", miss=MISS
            )


def scattered(noise: Tensor, what: str) -> None:
    """Fail unless the standard-normal draws of one whole call, 1,000 to 30,000, leave as many gaps as chance has it.

    Of n cells of equal probability n draws leave 1/e empty (cells are emptied independently at worst: Hoeffding). Stratified draws, a
    quasi-random sequence or a grid leave none, numbers that come again leave more; 0.11 off is sure to be seen of 1,000, 0.03 of 16,000.
    """
    n = noise.numel()
    cells = (torch.special.ndtr(noise.flatten().double()) * n).long().clamp(0, n - 1)
    taken = torch.bincount(cells).count_nonzero().item() / n
    off = taken - (1 - (1 - 1 / n) ** n)
    true(
        abs(off) <= math.sqrt(math.log(2 / MISS) / (2 * n)),
        f"{what}: the numbers of a call {'avoid' if off > 0 else 'repeat'} each other",
    )


def new_in_every_call(calls: Sequence[Tensor], what: str) -> None:
    """Fail unless a call shares nothing with the one before: no equal draws, none that come back, no coins that agree at any distance.

    For calls of one shape with 1,000 numbers or more; two of so many draws of float32 are equal once in a thousand.
    """
    for one, other in pairwise(calls):
        true(not torch.equal(one, other), f"{what}: two calls got the very same numbers")
        true(not comes_back(one, other), f"{what}: numbers of one call come back in another")
    summary = f"{what}: one call tells something about another"
    seen = [[(coins, torch.fft.rfft(coins.flatten())) for coins in coins_of(call)] for call in calls]
    for pair in pairwise(seen):
        for (coins, spectrum), (others, other) in zip(*pair, strict=True):
            n = coins.numel()
            _as_chance(torch.fft.irfft(spectrum * other.conj(), n=n), n, summary)
            _as_chance(coins @ others.T, coins.shape[1], summary)


def comes_back(one: Tensor, other: Tensor) -> bool:
    """Whether numbers of one call are met in another: then they are no independent draws, whose law could be asked of both together.

    To look for them takes long. First their last bits alone are: of 100,000 numbers 2.5 % are met so by chance, and who is not is not there.
    """
    some, others = one.flatten()[:2000], other.flatten()
    taken = torch.zeros(LAST_BITS + 1, dtype=torch.bool)
    taken[_last_bits(others)] = True
    if taken[_last_bits(some)].double().mean().item() < COME_BACK:
        return False
    return torch.isin(some, others).double().mean().item() >= COME_BACK


def _last_bits(numbers: Tensor) -> Tensor:
    """Equal numbers have equal ones."""
    return (numbers.float() + 0.0).view(torch.int32) & LAST_BITS


def not_alike(calls: Sequence[Tensor], what: str) -> None:
    """Fail if all of nine calls or more have one mean, one size or one spread, as a standardised batch does.

    Each of these has a density below 0.5 in units of its own deviation, so all 9 fall within 0.05 with probability below 9 *
    0.025^8 = 1.4e-12.
    """
    n = calls[0].numel()
    flat = torch.stack([call.flatten() for call in calls])
    means = flat.mean(1) * math.sqrt(n)
    sizes = flat.square().mean(1) * math.sqrt(n / 2)
    spreads = flat.std(1) * math.sqrt(2 * n)
    for values in (means, sizes, spreads):
        true(bool(values.max() - values.min() > 0.05), f"{what}: its mean or its spread over a call is the same every time")


def coins_of(noise: Tensor) -> tuple[Tensor, Tensor]:
    """±1 for the sign of each element and for its size, around the sample's medians; centred, since ties make a coin unfair."""
    middle = noise.median()
    signs = (noise > middle).float()
    size = (noise - middle).abs()
    large = (size > size.median()).float()
    return 2 * (signs - signs.mean()), 2 * (large - large.mean())


def _as_chance(totals: Tensor, flips: Tensor | int, summary: str) -> None:
    """For coins centred at a sample's median a bound 5 % wider than for fair ones."""
    coin_flips(totals, 1.05**2 * flips, summary, miss=MISS / 8)


@cache
def _hermite() -> list[tuple[float, float, float]]:
    """Mean, variance and bound of He1 … He4 of a standard-normal draw cut at ±EDGE, by quadrature."""
    x = torch.linspace(-9, 9, 180_001, dtype=torch.float64)
    weight = torch.exp(-x.square() / 2)
    weight /= weight.sum()
    x = x.clamp(-EDGE, EDGE)
    found = []
    for values in (x, x**2 - 1, x**3 - 3 * x, x**4 - 6 * x**2 + 3):
        mean = (values * weight).sum()
        off = values - mean
        found.append((mean.item(), (off.square() * weight).sum().item(), off.abs().max().item()))
    return found
