"""Single estimates, written as polynomials in the noise that they are made of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from autograder.draws.estimates import estimates
from autograder.hosts.in_process import LocalFunction
from autograder.wire.calls import Call, Recorder


def right(mu: float, sigma: float, n: int) -> Tensor:
    return (mu + sigma * torch.randn(n)) ** 2


def centred(noise: Tensor) -> Tensor:
    return (noise - noise.mean()) / noise.std()


def mirrored(noise: Tensor) -> Tensor:
    return torch.cat([noise, -noise])


def told(answer: Callable[[float, float, int], Tensor], settings: int = 5) -> str:
    given = [(0.5, 2.0), (-1.5, 0.5), (3.0, 1.2), (0.1, 4.0), (2.0, 0.7)][:settings]

    def calls(function: Callable[..., Tensor]) -> list[Call]:
        recorder = Recorder()
        recorder.begin(3)
        for mu, sigma in given:
            LocalFunction("f", function, recorder)(mu, sigma, 400)
        return recorder.calls

    return estimates(list(zip(calls(answer), calls(right), strict=True)), right)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda mu, sigma, n: mu + 3 * sigma * torch.randn(n), "is mu + 3 sigma ε: multiply out"),
        (lambda mu, sigma, n: 1 - mu * torch.randn(n) ** 3 / sigma**2, "is 1 - (mu / sigma**2) ε³: multiply out"),
        (lambda mu, sigma, n: 2 * mu + 2 * sigma * torch.from_numpy(np.random.randn(n)), "is 2 mu + 2 sigma ε (numpy's)"),
        (lambda mu, sigma, n: mu + sigma * torch.randn(n, dtype=torch.float64), "is mu + sigma ε (drawn in float64)"),
        (lambda mu, sigma, n: mu + sigma * torch.stack([torch.randn(()) for _ in range(n)]), "(drawn one by one)"),
        (lambda mu, sigma, n: (mu + sigma * torch.rand(n)) ** 2, "right, but for that noise: it is uniform from 0 to 1"),
        (
            lambda mu, sigma, n: (mu + sigma * centred(torch.randn(n))) ** 2,
            "right, but for that noise: it is standardised over the call",
        ),
        (lambda mu, sigma, n: (mu + sigma * mirrored(torch.randn(n // 2))) ** 2, "one half is the other with its sign turned"),
        (lambda mu, sigma, n: (mu + sigma.__pow__(1.3) * torch.randn(n)) ** 3, "has a term with ε³ that it should not have"),
        (lambda mu, sigma, n: (mu + sigma.__pow__(1.3)) * torch.randn(n), "lacks a term with ε²"),
        (lambda mu, sigma, n: right(mu, sigma, n), ""),
        (lambda mu, sigma, n: torch.full((n,), mu), ""),
        (lambda mu, sigma, n: torch.randn(n).clamp(-1, 1), ""),
        (lambda mu, sigma, n: torch.randn(2 * n)[n:], ""),
    ],
)
def test_what_a_formula_amounts_to_is_said(answer: Callable[[float, float, int], Tensor], said: str) -> None:
    found = told(answer)
    assert said in found if said else not found


def test_of_few_settings_no_formula_is_guessed() -> None:
    """Two calls fit many formulas; which powers there are is known from one."""
    assert "has a term with ε³" in told(lambda mu, sigma, n: mu + sigma * torch.randn(n) ** 3, settings=2)
