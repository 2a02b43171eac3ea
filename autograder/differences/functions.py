"""What was done to each number of a right value by itself: a function of it, a limit, a rounding, a small number added under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from autograder.differences.comparing import numbers_alike
from autograder.differences.relations import CALLS, Values, is_constant

FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "is the right one without its sign": torch.abs,
    "is the logarithm of the right one": torch.log,
    "is the root of the right one": torch.sqrt,
    "is the square of the right one": torch.square,
    "is 1 over the right one": torch.reciprocal,
    "is 1 over the root of the right one": torch.rsqrt,
    "is the exponential of the right one": torch.exp,
    "is the exponential of minus the right one": lambda x: (-x).exp(),
    "is 1 minus the right one": lambda x: 1 - x,
    "is 1 minus 1 over the right one": lambda x: 1 - 1 / x,
    "is the right one, and never above 1": lambda x: x.clamp(max=1),
    "is the right one, and never below 1": lambda x: x.clamp(min=1),
    "is the right one, and never below 0": torch.relu,
    "is the right one rounded up to a whole number": torch.ceil,
    "is the right one rounded down to a whole number": torch.floor,
    "is the sigmoid of the right one": torch.sigmoid,
    "is the tanh of the right one": torch.tanh,
    "is the softplus of the right one": torch.nn.functional.softplus,
}
UNDER: dict[str, Callable[[Tensor], Tensor]] = {
    "1 over it": torch.reciprocal,
    "1 over its square": lambda x: x.square().reciprocal(),
}
RISING, SMOOTH, MOST = 40, 0.15, 0.85  # numbers; how far from the line between its neighbours, of their distance; a share of them
LIMITED = 2  # numbers beyond a limit, and as many within


def function_of_each(values: Values) -> Iterator[str]:
    """What each number is of the right one; nothing, or one sentence."""
    mine, ours = _all(values)
    if len(set(ours.tolist())) < 3 or not bool(torch.isfinite(mine).all()):
        return
    for found in (_rounded, _one_function, _limited, _added_under):
        if said := found(mine, ours):
            yield said
            return


def _all(values: Values) -> tuple[Tensor, Tensor]:
    mine, ours = (torch.cat([pair[i].double().flatten() for pair in values]) for i in (0, 1))
    return mine, ours


def _alike(one: Tensor, other: Tensor) -> bool:
    """To the rounding of float32, in which they may have been."""
    return numbers_alike(one.float(), other.float())


def _rounded(mine: Tensor, ours: Tensor) -> str:
    for digits in (0, 1, 2, 3, 4, 5, 6):
        if _alike(mine, (ours * 10**digits).round() / 10**digits):
            return f"is the right one, rounded to {digits or 'no'} decimals"
    return ""


def _one_function(mine: Tensor, ours: Tensor) -> str:
    for said, function in FUNCTIONS.items():
        made = function(ours)
        if not bool(torch.isfinite(made).all()) or float(made.std()) <= 1e-3 * float(made.abs().max()):
            continue
        if _alike(mine, made):
            return said
        if len(set(ours.tolist())) > CALLS and bool(made.all()) and is_constant((mine / made).tolist()):
            return f"{said}, times {float((mine / made).mean()):.4g}"
    return ""


def _limited(mine: Tensor, ours: Tensor) -> str:
    for said, limit, beyond in (("above", mine.max(), ours > mine.max()), ("below", mine.min(), ours < mine.min())):
        if LIMITED <= int(beyond.sum()) <= len(mine) - LIMITED and _alike(mine, torch.where(beyond, limit, ours)):
            return f"is the right one, and never {said} {float(limit):.4g}"
    return ""


def _added_under(mine: Tensor, ours: Tensor) -> str:
    """As of 1 / (s + 0.01) for 1 / s."""
    for said, function in UNDER.items():
        gaps = function(mine) - function(ours)
        if len(set(ours.tolist())) > CALLS and bool(torch.isfinite(gaps).all()) and is_constant(gaps.tolist(), 1e-2):
            return (
                f"is another in that {said} is larger by {float(gaps.mean()):.2g}: is a small number added to what is divided by?"
            )
    return ""


def rising(values: Values) -> Iterator[str]:
    """Something was done to each number by itself: what comes of it is a smooth and rising function of the right number.

    Forty numbers are in one order with forty others by no chance, but by a common cause they may be; then they are no smooth function.
    """
    mine, ours = _all(values)
    order = ours.argsort()
    x, y = ours[order], mine[order]
    apart = torch.cat([torch.tensor([True]), x.diff() > 0])
    x, y = x[apart], y[apart]
    other = (mine - ours).abs() > 1e-3 * ours.abs()
    if len(x) < RISING or float(other.double().mean()) < 0.5 or float(mine.std()) == 0 or not bool(torch.isfinite(mine).all()):
        return
    scale = float(mine.abs().max())
    between = y[:-2] + (y[2:] - y[:-2]) * (x[1:-1] - x[:-2]) / (x[2:] - x[:-2])
    near = (y[1:-1] - between).abs() <= SMOOTH * (y[2:] - y[:-2]) + 1e-6 * scale
    if bool((y.diff() >= -1e-6 * scale).all()) and float(near.double().mean()) >= MOST:
        yield (
            "goes up wherever the right one does, and is another: is something done to each number by itself (rounded, an activation, a "
            "root, a clamp, a guard added to it)?"
        )
