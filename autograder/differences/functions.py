"""Which function a value is: of each number of the right one by itself (a limit, a rounding, a small number added under it), or of its input.

Of a single number that is worked out from one tensor: which of its statistics it is, where another one is right.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from autograder.differences.relations import CALLS, Pair, Values, arguments
from autograder.wire.comparing import numbers_alike

FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "is the right one without its sign": torch.abs,
    "is the logarithm of the right one": torch.log,
    "is the logarithm of the right one without its sign": lambda x: x.abs().log(),
    "is the root of the right one": torch.sqrt,
    "is the root of the right one without its sign": lambda x: x.abs().sqrt(),
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
FEWEST = 3  # calls
STATISTICS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "its mean": torch.mean,
    "the size of its mean": lambda x: x.mean().abs(),
    "its median": torch.median,
    "the mean of its absolute values": lambda x: x.abs().mean(),
    "its root mean square": lambda x: x.square().mean().sqrt(),
    "its mean square": lambda x: x.square().mean(),
    "its standard deviation": torch.std,
    "its standard deviation, divided by n instead of n - 1": lambda x: x.std(correction=0),
    "its variance": torch.var,
    "its largest number": torch.max,
    "its largest absolute value": lambda x: x.abs().max(),
    "the distance of its smallest number from its largest": lambda x: x.max() - x.min(),
    "its norm": lambda x: x.norm(),
    "its sum": torch.sum,
    "the mean absolute distance from its mean": lambda x: (x - x.mean()).abs().mean(),
    "1.4826 times the median distance from its median": lambda x: 1.4826 * (x - x.median()).abs().median(),
    "its interquartile range": lambda x: _quartiles(x),
    "its interquartile range over 1.349": lambda x: _quartiles(x) / 1.349,
    "the mean of the standard deviations of its examples": lambda x: x.flatten(1).std(1).mean(),
    "the mean of the standard deviations of its examples, divided by n instead of n - 1": lambda x: (
        x.flatten(1).std(1, correction=0).mean()
    ),
    "the mean of the variances of its examples": lambda x: x.flatten(1).var(1).mean(),
    "the root of the mean of the variances of its examples": lambda x: x.flatten(1).var(1).mean().sqrt(),
    "the standard deviation of the means of its examples": lambda x: x.flatten(1).mean(1).std(),
    "the mean of the standard deviations along its first axis": lambda x: x.std(0).mean(),
    "the root of the mean of the variances along its first axis": lambda x: x.var(0).mean().sqrt(),
    "the standard deviation of its means along its first axis": lambda x: x.mean(0).std(),
    "the mean of the standard deviations along its last axis": lambda x: x.std(-1).mean(),
    "the standard deviation of its means along its last axis": lambda x: x.mean(-1).std(),
    "the mean of the standard deviations of its channels": lambda x: x.transpose(0, 1).flatten(1).std(1).mean(),
    "the standard deviation of the means of its channels": lambda x: x.transpose(0, 1).flatten(1).mean(1).std(),
    "the standard deviation of its first example": lambda x: x[0].std(),
    "the standard deviation of its last example": lambda x: x[-1].std(),
    "the standard deviation of its first channel": lambda x: x[:, 0].std(),
    "the standard deviation of every second of its examples": lambda x: x[::2].std(),
    "the standard deviation of every tenth of its examples": lambda x: x[::10].std(),
    "the standard deviation of the first half of its examples": lambda x: x[: len(x) // 2].std(),
    "the standard deviation of its absolute values": lambda x: x.abs().std(),
    "the smallest of the standard deviations of its examples": lambda x: x.flatten(1).std(1).min(),
    "the largest of the standard deviations of its examples": lambda x: x.flatten(1).std(1).max(),
    "the median of the standard deviations of its examples": lambda x: x.flatten(1).std(1).median(),
}
OF_IT: Mapping[str, Callable[[Tensor], Tensor]] = {
    "": lambda s: s,
    "1 over ": torch.reciprocal,
    "the root of ": torch.sqrt,
    "1 over the root of ": torch.rsqrt,
    "the square of ": torch.square,
    "1 over the square of ": lambda s: s.square().reciprocal(),
}
UNDER: dict[str, Callable[[Tensor], Tensor]] = {
    "1 over it": torch.reciprocal,
    "1 over its square": lambda x: x.square().reciprocal(),
    "its exponential": torch.exp,
    "its square": torch.square,
}
RISING, SMOOTH, MOST = 40, 0.15, 0.85  # numbers; how far from the line between its neighbours, of their distance; a share of them
MANY = 5000  # numbers: of more some are looked at
ROUNDING = 1e-6  # of a number, in float32 some operations on
LONG = 30  # numbers of a call in which a limit or a line shows
LIMITED = 2  # numbers beyond a limit, and as many within


def function_of_each(values: Values) -> Iterator[str]:
    """What each number is of the right one; nothing, or one sentence."""
    mine, ours = _all(values)
    if len(set(ours.tolist())) < 3 or not bool(torch.isfinite(mine).all()):
        return
    for found in (_rounded, _one_function, _limited, _added_under, _on_a_line):
        if said := found(mine, ours):
            yield said
            return


def _all(values: Values) -> tuple[Tensor, Tensor]:
    mine, ours = (torch.cat([pair[i].double().flatten() for pair in values]) for i in (0, 1))
    step = 1 + len(ours) // MANY
    return mine[::step], ours[::step]


def _alike(one: Tensor, other: Tensor) -> bool:
    """To the rounding of float32, in which they may have been."""
    return numbers_alike(one.float(), other.float())


def _rounded(mine: Tensor, ours: Tensor) -> str:
    for digits in (0, 1, 2, 3, 4, 5, 6):
        if _alike(mine, (ours * 10**digits).round() / 10**digits):
            return f"is the right one, rounded to {digits or 'no'} decimals"
    for step in (2, 4, 5, 8, 16, 32):
        for how, rounded in (("down", torch.floor), ("up", torch.ceil), ("", torch.round)):
            if _alike(mine, rounded(ours / step) * step):
                return f"is the right one, rounded {how} to a multiple of {step}".replace("  ", " ")
    return ""


def _one_function(mine: Tensor, ours: Tensor) -> str:
    for said, function in FUNCTIONS.items():
        made = function(ours)
        if not bool(torch.isfinite(made).all()) or float(made.std()) <= 1e-3 * float(made.abs().max()):
            continue
        if _alike(mine, made):
            return said
        factor = (mine / made).median()
        if len(set(ours.tolist())) > CALLS and 1e-6 < float(factor.abs()) < 1e6 and _alike(mine, factor * made):
            return f"{said}, times {float(factor):.4g}"
    return ""


def _limited(mine: Tensor, ours: Tensor) -> str:
    low, high = mine.min(), mine.max()
    beyond = (ours > high) | (ours < low)
    if (
        bool((ours > high).any() and (ours < low).any())
        and int(beyond.sum()) <= len(mine) - LIMITED
        and _alike(mine, ours.clamp(low, high))
    ):
        return f"is the right one, and never below {float(low):.4g} nor above {float(high):.4g}"
    for said, limit, beyond in (("above", mine.max(), ours > mine.max()), ("below", mine.min(), ours < mine.min())):
        if LIMITED <= int(beyond.sum()) <= len(mine) - LIMITED and _alike(mine, torch.where(beyond, limit, ours)):
            return f"is the right one, and never {said} {float(limit):.4g}"
    return ""


def _added_under(mine: Tensor, ours: Tensor) -> str:
    """As of 1 / (s + 0.01) for 1 / s, or of log(exp(s) + 0.01) for s."""
    for said, function in UNDER.items():
        theirs, right = function(mine), function(ours)
        gaps = theirs - right
        gap = gaps.median()
        near = (gaps - gap).abs() <= 1e-2 * gap.abs() + ROUNDING * right.abs()
        plain = gap.abs() > 100 * ROUNDING * right.abs()
        if len(set(ours.tolist())) > CALLS < int(plain.sum()) and bool(torch.isfinite(gaps).all() and near.all()):
            return (
                f"is another in that {said} is larger by {float(gap):.2g}: is a small number added to what is divided by, or under a "
                "logarithm or a root?"
            )
    return ""


def _on_a_line(mine: Tensor, ours: Tensor) -> str:
    """A multiple of the right one, and a number more or less."""
    if len(set(ours.tolist())) <= CALLS:
        return ""
    factor, more = torch.linalg.lstsq(torch.stack([ours, torch.ones_like(ours)], 1), mine[:, None]).solution.flatten().tolist()
    plain = abs(factor - 1) < 1e-3  # the right one and a number more is told elsewhere, where calls enough bear it out
    if plain or abs(factor) * float(ours.std()) < 1e-2 * float(mine.std()) or not _alike(mine, factor * ours + more):
        return ""
    return f"is the right one times {factor:.4g}, {'plus' if more > 0 else 'minus'} {abs(more):.4g}"


def of_each_call(values: Values) -> Iterator[str]:
    """What was done to the numbers of each call, with limits or amounts that change from call to call; nothing, or one sentence."""
    pairs = [(mine.double().flatten(), ours.double().flatten()) for mine, ours in values if ours.numel() >= LONG]
    if (
        len(pairs) < 3
        or len(pairs) < len(values) / 2
        or any(_alike(*pair) or not bool(torch.isfinite(pair[0]).all()) for pair in pairs)
    ):
        return
    for holds, said in (
        (_is_cut, "is the right one up to a limit, which none of your numbers passes: is something clipped or clamped on the way?"),
        (
            _is_stretched,
            "is, within each call, the right one stretched and shifted, by amounts that change from call to call: is something standardised "
            "over the call?",
        ),
        (
            _is_smaller_in_part,
            "is right in a part of its numbers, and in the others has the right sign and is too small: is something clipped on the way?",
        ),
    ):
        if all(holds(mine, ours) for mine, ours in pairs):
            yield said
            return


def _is_cut(mine: Tensor, ours: Tensor) -> bool:
    beyond = (ours > mine.max()) | (ours < mine.min())
    return LIMITED <= int(beyond.sum()) < len(ours) / 2 and _alike(mine, ours.clamp(mine.min(), mine.max()))


def _is_stretched(mine: Tensor, ours: Tensor) -> bool:
    design = torch.stack([ours, torch.ones_like(ours)], 1)
    line = torch.linalg.lstsq(design, mine[:, None]).solution
    scale = float(mine.abs().max())
    return abs(float(line[0])) * float(ours.std()) > 1e-3 * scale and bool(
        ((design @ line).flatten() - mine).abs().max() < 1e-5 * scale
    )


def _is_smaller_in_part(mine: Tensor, ours: Tensor) -> bool:
    same = torch.isclose(mine, ours, rtol=1e-4)
    less = (mine.sign() == ours.sign()) & (mine.abs() < ours.abs())
    return 0.05 < float(same.double().mean()) < 0.995 and bool((same | less).all())


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


def _quartiles(x: Tensor) -> Tensor:
    return x.flatten().quantile(0.75) - x.flatten().quantile(0.25)


def statistic(pairs: Sequence[Pair], right: Callable[..., Any]) -> str:
    """Which statistic of its one tensor a wrong number is in every call, beside the one that the right number is; or nothing."""
    given = [[value for value in arguments(right, mine).values() if isinstance(value, Tensor)] for mine, _ in pairs]
    if len(pairs) < FEWEST or any(len(tensors) != 1 or tensors[0].numel() < 2 for tensors in given):
        return ""
    seen, due = ([_number(call.value) for call in calls] for calls in zip(*pairs, strict=True))
    numbers = [tensors[0].detach().double() for tensors in given]
    if any(number is None for number in (*seen, *due)):
        return ""
    with warnings.catch_warnings(action="ignore"):  # the standard deviation of one number
        mine, ours = next(_named(numbers, seen), ""), next(_named(numbers, due), "")
    name = next(name for name, value in arguments(right, pairs[0][0]).items() if isinstance(value, Tensor))
    return f"is, of `{name}`, {mine}; the right one is {ours}" if mine and ours and mine != ours else ""


def _number(value: Any) -> Tensor | None:
    if isinstance(value, Tensor):
        return value.detach().double().reshape(()) if value.numel() == 1 else None
    return torch.tensor(float(value), dtype=torch.float64) if isinstance(value, (int, float)) else None


def _named(numbers: Sequence[Tensor], wanted: Sequence[Tensor | None]) -> Iterator[str]:
    for said, statistic_of in STATISTICS.items():
        try:
            found = [statistic_of(x) for x in numbers]
        except (RuntimeError, IndexError):  # it has no such axis, or is too large
            continue
        for of_it, change in OF_IT.items():
            if all(want is not None and numbers_alike(change(one), want.float()) for one, want in zip(found, wanted, strict=True)):
                yield f"{of_it}{said}"
