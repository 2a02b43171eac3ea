"""What the numbers of one random call have in common, and those of the right answer have not: one draw for several, or the same again."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

FEW_VALUES, TABLE = 12, 1000  # of one call, and of one of thousands of numbers
COME_BACK = 0.02  # of the numbers


def repeats(even: Sequence[tuple[Tensor, Tensor]]) -> str:
    """Whether numbers come again, or are exactly at the centre, that a continuous law never gives twice."""
    values = max(_values(seen) for seen, _ in even)
    if 1 < values <= (TABLE if any(seen.numel() >= 8 * TABLE for seen, _ in even) else FEW_VALUES):
        return f"they take only {values} different values"
    again = min(float(torch.unique((seen * 1e6).round(), return_counts=True)[1].max()) / seen.numel() for seen, _ in even)
    if again > COME_BACK:
        return f"{again:.0%} of them are one and the same number: is some of the noise dropped or masked, or are its digits lost?"
    return ""


def shared(seen: Tensor, right: Tensor) -> str:
    """What the elements of one call have in common, and those of the right answer have not."""
    if float(seen.std()) < 1e-4 * float(right.std()):
        still = abs(float(seen.mean())) < 0.05
        return (
            "there is a call without any: all is at its centre"
            if still
            else "within a call all elements get one and the same number"
        )
    for axis, whose in ((0, "all examples of a call get the same ones"), (1, "all dimensions of an example get the same one")):
        if seen.shape[axis] > 1 and _is_constant(seen.std(axis), right.std(axis)):
            return whose
    if _values(seen) <= FEW_VALUES:
        return ""
    for axis in (1, 0):
        if _is_constant(seen.sort(axis).values.std(1 - axis), right.sort(axis).values.std(1 - axis)):
            return "within a call the same few numbers come back, in another order"
    rows, columns = seen.shape
    for axis, n, whose in ((1, rows, "the numbers of one example"), (0, columns, "the numbers of one dimension")):
        together, alone = (_together(numbers, axis) for numbers in (seen, right))
        if n >= 20 and together > 0.1 + 6 * (2 / n) ** 0.5 / max(1, seen.shape[axis] - 1) and together > 3 * abs(alone):
            return f"{whose} move together: is a part of the noise drawn once for all of them?"
    if rows >= 20 and columns >= 20:
        total = float(seen.square().mean())
        for axis, n in ((0, rows), (1, columns)):
            if float(seen.mean(axis).square().mean()) * n < 0.05 * total:
                return "their means always come out alike, as of numbers that were standardised: they are no longer independent"
            if float(seen.square().mean(axis).var()) * n < 0.02 * total**2:
                return "their sizes always come out alike, as of numbers scaled to one length: they are no longer independent"
    return ""


def _together(numbers: Tensor, axis: int) -> float:
    """How much of their variance the numbers along an axis share."""
    size, numbers = numbers.shape[axis], numbers - numbers.mean()
    total = float(numbers.square().mean())
    return (size * float(numbers.mean(axis).square().mean()) / total - 1) / (size - 1) if size > 1 and total > 0 else 0.0


def _values(numbers: Tensor) -> int:
    """How many different numbers there are."""
    return len(torch.unique((numbers * 1e4).round()))


def _is_constant(seen: Tensor, right: Tensor) -> bool:
    return float(seen.mean()) < 1e-4 * float(right.mean())
