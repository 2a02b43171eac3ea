"""A number that nobody knows, a limit or a guard, is found, and said where it explains every call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.hints.catalogue import Catalogue
from autograder.hosts.in_process import LocalFunction
from autograder.wire.calls import Recorder
from tests.hints.test_catalogue import wrong


def cost(x: Tensor, y: Tensor) -> Tensor:
    return (x.square() + y.exp() - y).sum(-1)


def summands(x: Tensor, y: Tensor) -> dict[str, Tensor]:
    return {"the cost of each place": x.square() + y.exp() - y}


def told(slip: Callable[..., Any]) -> str:
    recorder = Recorder()
    for k, (rows, columns) in enumerate([(3, 4), (5, 6), (4, 9), (7, 3)]):
        x, y = (
            3 * torch.arange(1.0, 1 + rows * columns, dtype=torch.float64).add(shift).view(rows, columns).sin()
            for shift in (k, 40 + k)
        )
        LocalFunction("f", slip, recorder)(x, y)
    known = Catalogue((wrong("nothing of this kind", lambda x, y: 0 * x),), {"f": cost}, {}, {"f_summands": summands})
    return known.hint("f", recorder.calls)


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (lambda x, y: cost(x, y.clamp(max=1.7)), "`y` kept below 1.7"),
        (lambda x, y: cost(x, y.clamp(min=-0.31)), "`y` kept above -0.31"),
        (lambda x, y: cost(x.clamp(-2.2, 2.2), y), "`x` kept between ±2.2"),
        (lambda x, y: cost(x, y * 0.9), "`y` times 0.9"),
        (lambda x, y: cost(x + 0.02, y), "`x` with 0.02 added"),
        (lambda x, y: cost(x, (y.exp() + 1e-3).log()), "`y` with 0.001 added to its exponential"),
        (lambda x, y: cost(x, 2 * ((y / 2).exp() + 0.05).log()), "`y` with 0.05 added to the exponential of its half"),
        (lambda x, y: summands(x, y)["the cost of each place"].clamp(min=4.5).sum(-1), "the cost of each place is kept above 4.5"),
        (lambda x, y: summands(x, y)["the cost of each place"].clamp(max=6).sum(-1), "the cost of each place is kept below 6"),
        (lambda x, y: summands(x, y)["the cost of each place"].square().sum(-1), "the cost of each place is squared"),
        (lambda x, y: summands(x, y)["the cost of each place"].max(-1).values, "the largest alone counts"),
        (lambda x, y: cost(x, y.clamp(-1, 1.7)) + x.sum(-1).cos(), ""),
        (cost, ""),
    ],
)
def test_the_number_is_found(slip: Callable[..., Any], said: str) -> None:
    found = told(slip)
    assert said in found if said else not found
