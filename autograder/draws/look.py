"""One call of a random answer on the right answer's yardstick: its centre and spread at each element, from many draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from autograder.wire.calls import Call

DRAWS = 64  # of the right answer


@dataclass(frozen=True)
class Look:
    """One call on the right answer's yardstick: what was seen, and a draw of the right answer."""

    seen: Tensor
    right: Tensor
    centre: Tensor
    spread: Tensor
    steady: float  # how far the spreads of half of the draws go with those of the others: what heavy tails show is no level

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


def look_at(call: Call, draw: Callable[[int], Call | None]) -> Look | None:
    """A call beside DRAWS draws of the right answer; nothing where it is of another form or not finite."""
    value = call.value
    if not isinstance(value, Tensor) or not bool(torch.isfinite(value).all()):
        return None
    first = draw(1)
    if not _is_like(first, value):
        return None
    origin = first.value.detach().double()  # type: ignore[union-attr]
    totals, squares, last = [0.0 * origin, 0.0 * origin], [0.0 * origin, 0.0 * origin], origin
    for turn in range(DRAWS):
        again = draw(turn + 2)
        if not _is_like(again, value):
            return None
        last = again.value.detach().double()  # type: ignore[union-attr]
        totals[turn % 2] += last - origin
        squares[turn % 2] += (last - origin).square()
    halves = [_spread(total, square, DRAWS // 2) for total, square in zip(totals, squares, strict=True)]
    spread = _spread(sum(totals), sum(squares), DRAWS)
    if not bool((spread > 0).all()) or not all(bool((half > 0).all()) for half in halves):
        return None
    steady = float(torch.corrcoef(torch.stack([half.log().flatten() for half in halves]))[0, 1])
    return Look(value.detach().double(), last, origin + sum(totals) / DRAWS, spread, steady)


def _is_like(call: Call | None, value: Tensor) -> bool:
    return call is not None and isinstance(call.value, Tensor) and call.value.shape == value.shape


def _spread(total: Tensor, square: Tensor, n: int) -> Tensor:
    return ((square - total.square() / n) / (n - 1)).clamp_min(0).sqrt()
