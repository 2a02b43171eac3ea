"""What was done to each summand of a right value before they are added up: kept above a floor, squared, without its sign.

A question's terms.py declares them: of an answer `loss(x)` the function `loss_summands(x)` gives one tensor by name, whose sums over all axes
but the first are right for each example, or whose mean of such sums is. Of an answer of several parts it gives them by part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from autograder.differences.fitted import as_written, crossings
from autograder.wire.calls import Call
from autograder.wire.comparing import numbers_alike

GRID = (-20.0, -5.0, -1.0, -0.1, -1e-3, 0.0, 1e-6, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
OF_A_SUMMAND: Mapping[str, Callable[[Tensor], Tensor]] = {
    "without its sign": torch.abs,
    "squared": torch.square,
    "with its sign turned": torch.neg,
    "put through a ReLU": torch.relu,
    "under a root": torch.sqrt,
}
TOGETHER: Mapping[str, Callable[[Tensor], Tensor]] = {
    "averaged, not summed,": lambda rows: rows.mean(1),
    "the largest alone": lambda rows: rows.max(1).values,
    "the smallest alone": lambda rows: rows.min(1).values,
    "the first alone": lambda rows: rows[:, 0],
    "the last alone": lambda rows: rows[:, -1],
    "all but the first": lambda rows: rows[:, 1:].sum(1),
    "all but the last": lambda rows: rows[:, :-1].sum(1),
    "multiplied, not summed,": lambda rows: rows.prod(1),
    "the norm of them": lambda rows: rows.norm(dim=1),
}
Values = Sequence[tuple[Tensor, Tensor]]
Terms = Callable[..., Mapping[str, Any]]


def named(terms: Terms, call: Call, part: str, **other: Any) -> dict[str, Tensor]:
    """The terms or summands of one part of the value, with arguments other than the call's."""
    with torch.no_grad():
        found = terms(*call.args, **call.kwargs) if not other else terms(**other)
    return dict(found.get(part, {})) if any(isinstance(value, dict) for value in found.values()) else dict(found)


def of_summands(values: Values, calls: Sequence[Call], part: str, summands: Terms) -> Iterator[str]:
    """What was done to the summands of one part of the value, the same in every call; or nothing."""
    listed = [named(summands, call, part) for call in calls]
    for name in listed[0] if listed else ():
        rows = [each[name].detach().double().flatten(1) for each in listed if name in each]
        if len(rows) < len(values) or not _are([(ours, ours) for _, ours in values], rows):
            continue
        averaged = [each.mean(0, keepdim=True) for each in rows]
        whole = all(ours.dim() == 0 for _, ours in values)  # a loss, of which free bits are often charged for the batch's average
        sums = [each.sum(1, keepdim=True) for each in rows]
        ways = ((name, rows), (f"each example's sum of {name}", sums), (f"the batch's average of {name}", averaged))
        for said, these in ways if whole else ways[:1]:
            if found := _done_to_each(values, said, these):
                yield found
                return


def _done_to_each(values: Values, name: str, rows: Sequence[Tensor]) -> str:
    for said, change in OF_A_SUMMAND.items():
        if _are(values, [change(each) for each in rows]):
            return f"is what comes of it where {name} is {said}"
    for said, together in TOGETHER.items():
        if _are(values, [together(each)[:, None] for each in rows]):
            return f"is what comes of it where of all of {name} {said} {'counts' if 'alone' in said else 'count'}"
    for limit, side in ((torch.clamp_min, "above"), (torch.clamp_max, "below")):
        for t in _limits(values, rows, limit):
            return f"is what comes of it where {name} is kept {side} {t:.4g}"
    return ""


def _added(rows: Tensor, like: Tensor) -> Tensor:
    """A number for each example, or the mean of these, whichever it is like."""
    sums = rows.sum(1)
    return sums.reshape(like.shape) if like.numel() == len(sums) > 1 or like.dim() else sums.mean()


def _are(values: Values, rows: Sequence[Tensor]) -> bool:
    return all(numbers_alike(mine, _added(each, ours)) for each, (mine, ours) in zip(rows, values, strict=True))


def _limits(values: Values, rows: Sequence[Tensor], limit: Callable[[Tensor, float], Tensor]) -> Iterator[float]:
    """The limit with which every call is explained; it is found in the first one that is wrong."""
    i = next(i for i, (mine, ours) in enumerate(values) if not numbers_alike(mine, ours))
    mine, ours = values[i]

    def over(t: float) -> float:
        return float((_added(limit(rows[i], t), ours) - mine.double().reshape(ours.shape)).sum())

    for crossing in crossings(over, GRID):
        for t in as_written(crossing):
            if _are(values, [limit(each, t) for each in rows]):
                yield t
                return
