"""What is asked of noise: draws of the right law pass whatever makes them, and each wrong kind fails where it is looked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from autograder.checks import noise
from autograder.checks.expect import Failed


def normal(rows: int, columns: int) -> Tensor:
    return torch.randn(rows, columns)


def box_muller(rows: int, columns: int) -> Tensor:
    radius = torch.sqrt(-2 * torch.log(1 - torch.rand(rows, columns)))
    return radius * torch.cos(2 * torch.pi * torch.rand(rows, columns))


def inverted(rows: int, columns: int) -> Tensor:
    return torch.special.ndtri(torch.rand(rows, columns).clamp_min(1e-9))


def stratified(rows: int, columns: int) -> Tensor:
    n = rows * columns
    ranks = (torch.randperm(n).double() + torch.rand(n, dtype=torch.float64)) / n
    return torch.special.ndtri(ranks).float().view(rows, columns)


def quasi_random(rows: int, columns: int) -> Tensor:
    ranks = torch.quasirandom.SobolEngine(1, scramble=True).draw(rows * columns).double().clamp(1e-9, 1 - 1e-9)
    return torch.special.ndtri(ranks)[torch.randperm(rows * columns)].float().view(rows, columns)


def rounded(rows: int, columns: int) -> Tensor:
    return (1000 * torch.randn(rows, columns)).round() / 1000


def uniform(rows: int, columns: int) -> Tensor:
    return (torch.rand(rows, columns) - 0.5) * 12**0.5


def clipped(rows: int, columns: int) -> Tensor:
    return torch.randn(rows, columns).clamp(-3, 3)


def shared(rows: int, columns: int) -> Tensor:
    return torch.randn(1, columns).expand(rows, columns) + 1e-3 * torch.randn(rows, columns)


def mirrored(rows: int, columns: int) -> Tensor:
    half = torch.randn(rows // 2, columns)
    return torch.cat([half, -half])


def standardised(rows: int, columns: int) -> Tensor:
    numbers = torch.randn(rows, columns)
    return (numbers - numbers.mean(0)) / numbers.std(0)


ASKED: dict[str, Callable[[Tensor], None]] = {
    "law": lambda square: noise.follows_the_law(square, "it"),
    "independent": lambda square: noise.independent(square, "it"),
    "not standardised": lambda square: noise.not_standardised(square, "it"),
    "scattered": lambda square: noise.scattered(square, "it"),
}


@pytest.mark.parametrize("draw", [normal, box_muller, inverted])
def test_right_noise_passes_everything_however_it_is_drawn(draw: Callable[[int, int], Tensor]) -> None:
    for seed in range(20):
        torch.manual_seed(seed)
        for ask in ASKED.values():
            ask(draw(128, 128))
        noise.new_in_every_call([draw(64, 64) for _ in range(3)], "it")
        noise.not_alike([draw(2, 3) for _ in range(9)], "it")


@pytest.mark.parametrize(
    "draw, where",
    [
        (stratified, "scattered"),
        (quasi_random, "scattered"),
        (rounded, "scattered"),
        (uniform, "law"),
        (clipped, "law"),
        (shared, "independent"),
        (mirrored, "independent"),
        (standardised, "not standardised"),
    ],
)
def test_wrong_noise_fails_where_it_is_looked_for_whatever_the_seed(draw: Callable[[int, int], Tensor], where: str) -> None:
    for seed in range(20):
        torch.manual_seed(seed)
        with pytest.raises(Failed):
            ASKED[where](draw(128, 128))


def test_calls_that_repeat_or_have_one_spread_are_told() -> None:
    once = torch.randn(64, 64)
    with pytest.raises(Failed, match="very same numbers"):
        noise.new_in_every_call([once, once.clone()], "it")
    with pytest.raises(Failed, match="the same every time"):
        noise.not_alike([(call - call.mean()) / call.std() for call in torch.randn(9, 2, 3)], "it")


def test_numbers_of_one_call_are_found_in_another_wherever_they_stand_and_never_by_chance() -> None:
    for seed in range(20):
        torch.manual_seed(seed)
        one, other = torch.randn(1700, 64).double(), torch.randn(1700, 64).double()
        assert not noise.comes_back(one, other)
        assert noise.comes_back(one, other.flatten().where(torch.rand(1700 * 64) < 0.7, one.flatten())[torch.randperm(1700 * 64)])
    zeros = torch.zeros(128, 128)
    assert noise.comes_back(zeros, -zeros)


def test_numbers_of_another_law_are_told_with_what_was_seen_of_them() -> None:
    with pytest.raises(Failed, match=r"not standard normal \(mean 0.0, spread 0.[78]\d?, none beyond"):
        noise.follows_the_law(0.8 * torch.randn(100_000), "it")
