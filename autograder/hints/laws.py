"""What a random answer does, whatever draws it does it with: the law of its numbers, how they hang together, and their slopes.

Two answers to the same calls are compared element by element on the right answer's own yardstick (its centre and spread there,
from a few draws), so nothing is known here of any question. Thresholds follow from the sizes: a statistic of two answers with
one law differs by SURE standard errors with a probability below 1e-6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import torch
from torch import Tensor

from autograder.wire.calls import Call
from autograder.wire.comparing import needs_gradient, numbers_alike
from autograder.wire.trees import parts_of

DRAWS = 8  # of the right answer, for the yardstick
SURE = 5.0
ENOUGH = 48  # numbers in a call, for a law to show
GROUPS = 6  # of elements with a like spread, or a like centre
KS = 2.6  # Kolmogorov: P(sqrt(n m / (n + m)) D > 2.6) < 3e-6
BEYOND = 25  # numbers of one draw beyond all of another: 3e-8
FEW = 16  # independent numbers in a call: too few for a law
MOST = 20_000  # numbers of one call that are looked at


class Yardstick(NamedTuple):
    """The right answer in one part of one call: centre and spread of each element, and which group it is in."""

    centre: Tensor
    spread: Tensor
    groups: tuple[Tensor, ...]

    def measure(self, value: Tensor) -> Tensor:
        numbers = (value.detach().double() - self.centre) / self.spread
        return numbers.nan_to_num(nan=1e3, posinf=1e3, neginf=-1e3).clamp(-1e3, 1e3)


def yardsticks(draws: Sequence[Call]) -> dict[str, Yardstick]:
    """Of each random part of a call, from several draws of the right answer."""
    found = {}
    leaves = [call.parts for call in draws]
    for name, first in leaves[0].items():
        if not isinstance(first, Tensor) or not first.is_floating_point() or not ENOUGH <= first.numel() <= MOST * 4:
            continue
        values = [part.get(name) for part in leaves]
        if any(not isinstance(value, Tensor) or value.shape != first.shape for value in values):
            continue
        stack = torch.stack([value.detach().double() for value in values if isinstance(value, Tensor)])
        if numbers_alike(stack[0], stack[1]):
            continue
        found[name] = _yardstick(stack)
    return found


def _yardstick(stack: Tensor) -> Yardstick:
    centre, spread = stack.mean(0), stack.std(0).clamp_min(1e-12)
    noise = spread.square().mean() / len(stack)
    even_centre = bool(centre.var() < 3 * noise)
    logs = spread.log()
    even_spread = bool(logs.std() < 2.0 / (2 * (len(stack) - 1)) ** 0.5)
    if even_centre:
        centre = centre.mean().expand_as(centre)
    if even_spread:
        spread = (stack - centre).std().expand_as(spread)
    groups = [torch.zeros(centre.shape, dtype=torch.long)]
    for even, by in ((even_spread, logs), (even_centre, stack.mean(0))):
        if not even and centre.numel() >= 2 * ENOUGH:
            groups.append(by.flatten().argsort().argsort().view_as(by) * GROUPS // by.numel())
    return Yardstick(centre, spread, tuple(groups))


def follows(
    pairs: Iterable[tuple[Call | None, Call | None]],
    more: Callable[[int], Call | None],
    sticks: Callable[[int], dict[str, Yardstick]],
) -> bool:
    """Whether, call for call, what was seen has the law of an answer, of which a draw stands beside it; `more` gives another one."""
    before: dict[str, _Measured] = {}
    for i, (mine, one) in enumerate(pairs):
        if mine is None or one is None or not (_same_form(mine, one) and _same_slopes(mine, one)):
            return False
        if (two := more(i)) is None:
            return False
        known, measured = sticks(i), dict[str, _Measured]()
        ours, theirs, others = mine.parts, one.parts, two.parts
        for name, value in ours.items():
            values = [part.get(name) for part in (ours, theirs, others)]
            tensors = [leaf for leaf in values if isinstance(leaf, Tensor) and leaf.shape == value.shape]
            if name not in known:
                if not _same_small(value, theirs[name], others.get(name), mine.scenario):
                    return False
            elif len(tensors) < 3 or _still(tensors[0]) != _still(tensors[1]):
                return False
            elif value.shape == known[name].centre.shape:
                measured[name] = _Measured(*map(known[name].measure, tensors))
                if not _same_law(measured[name], known[name].groups):
                    return False
                if name in before and not _same_memory(before[name], measured[name]):
                    return False
        before = measured
    return True


def _same_small(mine: Any, one: Any, two: Any, scenario: bool) -> bool:
    """What shows no law: the same if it is not random, or else, of four numbers or more, of the same size, very roughly."""
    if not isinstance(mine, Tensor) or not mine.is_floating_point() or mine.numel() >= ENOUGH or scenario:
        return numbers_alike(mine, one) or not numbers_alike(one, two)
    mine, one, two = (value.detach().double() for value in (mine, one, two))
    within = (mine - (one + two) / 2).abs() <= 10 * (one - two).abs()
    return numbers_alike(one, two) or mine.numel() < 4 or float(within.double().mean()) > 0.5


def _same_form(mine: Call, one: Call) -> bool:
    ours, theirs = mine.parts, one.parts
    if ours.keys() != theirs.keys() or (not mine.scenario and sorted(mine.changed) != sorted(one.changed)):
        return False
    if any(
        a.shape != b.shape if isinstance(a, Tensor) and isinstance(b, Tensor) else type(a) is not type(b)
        for a, b in ((ours[name], theirs[name]) for name in ours)
    ):
        return False
    return mine.scenario or not needs_gradient(mine) or mine.flows == one.flows


@dataclass(frozen=True)
class _Measured:
    """One part of a call on the yardstick: as it was seen, and in two draws of an answer."""

    mine: Tensor
    one: Tensor
    two: Tensor

    @cached_property
    def alone(self) -> float:
        """As many independent numbers as one draw is worth, by what is shared within its rows and columns."""
        noise = self.one - self.two  # without what both draws have in common
        within_rows, within_columns = _dependence(noise if bool(noise.any()) else self.one - self.one.mean())[:2]
        n = self.mine.numel()
        rows = self.mine.shape[0] if self.mine.dim() > 1 else n
        inflation = 1 + max(0.0, within_rows) * (n / rows - 1) + max(0.0, within_columns) * (rows - 1)
        by_chance = 1 + SURE * ((2 / rows) ** 0.5 + (2 * rows / n) ** 0.5)  # as independent noise shows it
        return max(1.0, n / inflation) if inflation > by_chance else float(n)


def _same_law(numbers: _Measured, groups: tuple[Tensor, ...]) -> bool:
    centre, n = (numbers.one.mean() + numbers.two.mean()) / 2, numbers.mine.numel()
    shared = [_dependence(each - centre) for each in (numbers.mine, numbers.one, numbers.two)]
    for i, (ours, theirs, more) in enumerate(zip(*shared, strict=True)):
        sizes = n if i < 2 else numbers.alone
        if abs(ours - theirs) > SURE * (2 / sizes) ** 0.5 + 2 * abs(theirs - more) + 0.01:
            return False
    alone = numbers.alone
    if alone < FEW:
        return True
    return _same_reach(numbers, alone / n) and all(_same_in_groups(numbers.mine, numbers.one, group, alone / n) for group in groups)


def _same_reach(numbers: _Measured, fraction: float) -> bool:
    """Whether neither goes far beyond the other's largest number: of one law the first k of both come from one side with 2^-k."""
    for one, other in ((numbers.mine, numbers.one), (numbers.one, numbers.mine)):
        if int((one.abs() > other.abs().max() + 1e-6).sum()) * fraction > BEYOND:
            return False
    return True


def _still(numbers: Tensor) -> list[bool]:
    """Whether all numbers are one, and whether all rows or all columns are, up to the rounding of float32."""
    numbers = numbers.detach().double()
    size = float(numbers.abs().max()) or 1.0
    axes = range(numbers.dim()) if numbers.dim() == 2 and min(numbers.shape) > 1 else ()
    return [bool((numbers == numbers.flatten()[:1]).all()), *(float(numbers.std(axis).max()) < 1e-3 * size for axis in axes)]


def _same_in_groups(mine: Tensor, one: Tensor, group: Tensor, fraction: float) -> bool:
    count = int(group.max()) + 1
    group, mine, one = group.flatten()[:MOST], mine.flatten()[:MOST], one.flatten()[:MOST]
    sizes = torch.bincount(group, minlength=count).double()
    n = sizes * fraction
    looks = [(u.clamp(-30, 30), u.abs().clamp(max=30), u.square().clamp(max=400)) for u in (mine, one)]
    for a, b in zip(*looks, strict=True):
        means = [torch.bincount(group, u, count) / sizes for u in (a, b)]
        variances = [
            torch.bincount(group, u.square(), count) / sizes - mean.square() for u, mean in zip((a, b), means, strict=True)
        ]
        error = ((variances[0].clamp_min(0) + variances[1].clamp_min(0)) / n).sqrt()
        if bool(((means[0] - means[1]).abs() > SURE * error + 1e-4 * means[0].abs()).any()):
            return False
    edges = (
        one[:: max(1, len(one) // 512)].sort().values[:: max(1, min(len(one), 512) // 32)] + 1e-3
    )  # beside the values that a discrete law takes
    bins = len(edges) + 1
    counts = [
        torch.bincount(group * bins + torch.bucketize(u.contiguous(), edges), minlength=count * bins).view(count, bins).double()
        for u in (mine, one)
    ]
    shares = [each.cumsum(1) / sizes[:, None] for each in counts]
    return bool(((shares[0] - shares[1]).abs().amax(1) <= KS * (2 / n).sqrt()).all())


def _dependence(numbers: Tensor) -> list[float]:
    """What is shared within rows and within columns (1: all of it), and between a row or column and its neighbour or mirror image."""
    u = numbers.clamp(-6, 6)
    u = u.view(u.shape[0], -1) if u.dim() > 1 else u.view(-1, 1)
    total = float(u.square().mean()) or 1.0
    rows, columns = u.shape
    within = [
        (size * float(mean.square().mean()) / total - 1) / (size - 1) if size > 1 else 0.0
        for size, mean in ((columns, u.mean(1)), (rows, u.mean(0)))
    ]
    pairs = []
    for each in (u, u.T):
        half = len(each) // 2
        if half < 1:
            continue
        pairs += [each[:-1] * each[1:], each[:half] * each.flip(0)[:half], each[:half] * each[half : 2 * half]]
    return within + [float(products.mean()) / total for products in pairs]


def _same_memory(before: _Measured, now: _Measured) -> bool:
    """Whether two calls one after the other share as much noise in both answers."""
    if before.mine.shape != now.mine.shape or min(before.alone, now.alone) < FEW:
        return True
    shared = []
    for u, v in ((before.mine, now.mine), (before.one, now.one)):
        u, v = u.clamp(-6, 6), v.clamp(-6, 6)
        shared.append(float((u * v).mean()) / (float(u.square().mean() * v.square().mean()) ** 0.5 or 1.0))
    return bool(abs(shared[0] - shared[1]) <= max(0.1, SURE * (2 / min(before.alone, now.alone)) ** 0.5))


def _same_slopes(mine: Call, one: Call) -> bool:
    """Whether the gradients are the same function of the arguments and of the value, as far as a straight line says it."""
    for (cotangents, ours), (_, theirs) in zip(mine.grads, one.grads, strict=True):
        for a, b in zip(ours, theirs, strict=True):
            flat = [grad is None or not bool(grad.any()) for grad in (a, b)]
            if flat[0] != flat[1]:
                return False
            if flat[0] or a is None or b is None or len(cotangents) != 1:
                continue
            first, second = _line(mine, cotangents[0], a), _line(one, cotangents[0], b)
            if first is None or second is None:
                continue
            (p, s), (q, t) = first, second
            if bool(((p - q).abs() > 1e-3 + SURE * (s.square() + t.square()).sqrt()).any()):
                return False
    return True


def _line(call: Call, cotangent: Tensor, grad: Tensor) -> tuple[Tensor, Tensor] | None:
    """Coefficients of grad / cotangent on the arguments, the value and 1, with their errors; None where the shapes do not go together."""
    leaves = [leaf for leaf in parts_of((call.args, call.kwargs, call.value)).values() if isinstance(leaf, Tensor)]
    columns = [leaf.detach().double().flatten() for leaf in leaves if leaf.shape == grad.shape]
    if cotangent.shape != grad.shape or grad.numel() < 12 or not columns:
        return None
    design = torch.stack([*columns, torch.ones(grad.numel(), dtype=torch.float64)], 1)
    slopes = (grad.double() / cotangent.double()).flatten()
    if not bool(torch.isfinite(slopes).all() and torch.isfinite(design).all()) or bool((design.abs() > 1e6).any()):
        return None
    inverse = torch.linalg.pinv(design.T @ design, hermitian=True)
    found = inverse @ (design.T @ slopes)
    rest = (slopes - design @ found).square().sum() / max(1, len(slopes) - design.shape[1])
    return found, (rest * inverse.diagonal().clamp_min(0)).sqrt()
