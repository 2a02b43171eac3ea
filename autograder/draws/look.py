"""One call of a random answer on the right answer's yardstick: its centre and spread at each element, from many draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from autograder.wire.calls import Call

DRAWS = 64  # of the right answer


class Scatter(NamedTuple):
    """Of draws of the right answer to one call: the last one, and their centre and spread at each element."""

    last: Tensor
    centre: Tensor
    spread: Tensor
    steady: float  # how far the spreads of half of the draws go with those of the others: what heavy tails show is no level


@dataclass(frozen=True)
class Look:
    """What was seen in one call, beside draws of the right answer: one of them, and what is known of all."""

    seen: Tensor
    right: Tensor
    centre: Tensor
    spread: Tensor
    steady: float

    @property
    def even(self) -> bool:
        """Whether the right answer has one centre and one spread for all elements of the call."""
        noise = self.spread.square().mean() / DRAWS
        spreads = self.spread.log()
        return bool(self.centre.var() < 2 * noise) and bool(spreads.std() < 1.5 / (2 * (DRAWS - 1)) ** 0.5)

    def measured(self) -> tuple[Tensor, Tensor]:
        """Seen and right, in spreads from the centre; of an even call by the pooled yardstick."""
        centre, spread = self.centre, self.spread
        if self.even:
            centre, spread = centre.mean(), (spread.square().mean()).sqrt()
        return tuple((value - centre) / spread for value in (self.seen, self.right))  # type: ignore[return-value]


def look_at(call: Call, drawn: Scatter | None) -> Look | None:
    """A call beside draws of the right answer; nothing where it is of another form or not finite."""
    value = call.value
    if drawn is None or not isinstance(value, Tensor) or value.shape != drawn.last.shape or not bool(torch.isfinite(value).all()):
        return None
    return Look(value.detach().double(), *drawn)


def scatter(draw: Callable[[int], Call | None]) -> Scatter | None:
    """DRAWS draws of the right answer to a call; nothing where they are not of one form, or one element does not scatter."""
    first = draw(1)
    if first is None or not isinstance(first.value, Tensor):
        return None
    origin = first.value.detach().double()
    totals, squares, last = [0.0 * origin, 0.0 * origin], [0.0 * origin, 0.0 * origin], origin
    for turn in range(DRAWS):
        again = draw(turn + 2)
        if again is None or not isinstance(again.value, Tensor) or again.value.shape != origin.shape:
            return None
        last = again.value.detach().double()
        totals[turn % 2] += last - origin
        squares[turn % 2] += (last - origin).square()
    halves = [_spread(total, square, DRAWS // 2) for total, square in zip(totals, squares, strict=True)]
    total, square = totals[0] + totals[1], squares[0] + squares[1]
    spread = _spread(total, square, DRAWS)
    if not bool((spread > 0).all()) or not all(bool((half > 0).all()) for half in halves):
        return None
    steady = float(torch.corrcoef(torch.stack([half.log().flatten() for half in halves]))[0, 1])
    return Scatter(last, origin + total / DRAWS, spread, steady)


def _spread(total: Tensor, square: Tensor, n: int) -> Tensor:
    return ((square - total.square() / n) / (n - 1)).clamp_min(0).sqrt()
