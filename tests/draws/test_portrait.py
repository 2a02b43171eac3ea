"""What is said of a random answer that no catalogued slip is: true of it, or nothing."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from autograder.draws import portrait
from autograder.draws.slopes import slopes_of_a_draw
from autograder.hints.catalogue import Catalogue
from autograder.hosts.in_process import LocalFunction
from autograder.wire.calls import Call, Recorder
from tests.hints.test_catalogue import wrong

ZEROS, WIDE = torch.zeros(60, 60), torch.linspace(-3, 3, 800).view(100, 8)


def right_sampler(x: Tensor) -> Tensor:
    return x + (x / 2).exp() * torch.randn_like(x)


def put_back(x: Tensor) -> Tensor:
    with torch.random.fork_rng(devices=[]):
        return torch.randn_like(x)


def portrayed(noise: Callable[[Tensor], Tensor]) -> str:
    """What is said of x + exp(x/2) noise(x), seen in six calls of which two are alike."""
    return told(lambda x: x + (x / 2).exp() * noise(x), ZEROS, ZEROS, WIDE, ZEROS + 0, WIDE[:40], WIDE[:1])


def told(answer: Callable[[Tensor], Tensor], *inputs: Tensor) -> str:
    known = Catalogue((wrong("nothing of this kind", lambda x: 7 + 0 * x),), {"f": right_sampler}, {})
    recorder = Recorder()
    recorder.begin(5)
    for x in inputs:
        LocalFunction("f", answer, recorder)(x)
    return known.hint("f", recorder.calls)


@pytest.mark.parametrize(
    ("noise", "said"),
    [
        (lambda x: 0.5 * torch.randn_like(x), "their spread is half what it should be"),
        (lambda x: torch.empty_like(x).cauchy_(), "their tails are heavier"),
        (lambda x: math.sqrt(3) * (2 * torch.rand_like(x) - 1), "they never go beyond a limit"),
        (lambda x: torch.rand_like(x), "they are never negative"),
        (lambda x: torch.randn_like(x).sign(), "they take only 2 different values"),
        (lambda x: torch.randn_like(x) * (torch.rand_like(x) > 0.1), "% of them are one and the same number"),
        (lambda x: 0.8 * torch.randn_like(x) + 0.6 * torch.randn_like(x[:, :1]), "the numbers of one example move together"),
        (lambda x: 0.8 * torch.randn_like(x) + 0.6 * torch.randn_like(x[:1]), "the numbers of one dimension move together"),
        (lambda x: torch.randn(()).expand_as(x), "all elements get one and the same number"),
        (lambda x: torch.randn_like(x[:1]).expand_as(x), "all examples of a call get the same ones"),
        (lambda x: torch.randn_like(x[:, :1]).expand_as(x), "all dimensions of an example get the same one"),
        (lambda x: torch.nn.functional.normalize(torch.randn_like(x), dim=1) * x.shape[1] ** 0.5, "scaled to one length"),
        (lambda x: (lambda e: e - e.mean(0) * (len(e) > 1))(torch.randn_like(x)), "as of numbers that were standardised"),
        (
            lambda x: torch.stack([row[torch.randperm(len(row))] for row in torch.randn_like(x[:1]).expand_as(x)]),
            "in another order",
        ),
        (lambda x: torch.randn(x.shape, generator=torch.Generator().manual_seed(3)), portrait.FIXED),
        (lambda x: torch.manual_seed(3) and torch.randn_like(x), portrait.SEEDED),
        (lambda x: torch.randn_like(x) * (len(x) > 1), portrait.QUIET),
        (lambda x: put_back(x), portrait.PUT_BACK),
        (lambda x: (x / 2).exp() * torch.randn_like(x), "theirs is its square"),
        (lambda x: (x / -2).exp() * torch.randn_like(x), "theirs does not change with it"),
        (torch.randn_like, ""),
    ],
)
def test_noise_of_another_kind_is_described(noise: Callable[[Tensor], Tensor], said: str) -> None:
    found = portrayed(noise)
    assert said in found if said else not found


def test_the_right_sampler_is_never_described() -> None:
    for seed in range(20):
        torch.manual_seed(seed)
        assert portrayed(torch.randn_like) == ""


def test_what_is_wrong_at_the_ends_alone_is_said_of_the_ends() -> None:
    inputs = [torch.full((40, 40), level) for level in (-12.0, -11.0, -10.0, -1.0, -0.5, 0.0, 0.5, 1.0, 7.0, 8.0, 9.0)]
    assert "something keeps it from above" in told(lambda x: x + (x / 2).exp().clamp(max=4) * torch.randn_like(x), *inputs)
    assert "keeps it from below" in told(lambda x: x + ((x / 2).exp() + 0.05) * torch.randn_like(x), *inputs)


def test_what_is_always_zero_is_said_to_be_nothing() -> None:
    assert told(lambda x: 0 * x * torch.randn_like(x), ZEROS, WIDE, ZEROS + 0) == portrait.NOTHING


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x: x + (x / 2).exp() * torch.randn_like(x), ""),
        (lambda x: x - (x / 2).exp() * torch.from_numpy(np.random.randn(*x.shape)), ""),
        (lambda x: x.detach() + (x / 2).exp() * torch.randn_like(x), "does not go with them"),
        (lambda x: x + (x / 2).detach().exp() * torch.randn_like(x), "does not go with them"),
        (lambda x: 2 * (draw := x + (x / 2).exp() * torch.randn_like(x)) - draw.detach(), "is twice what goes with them"),
    ],
)
def test_the_gradient_of_a_draw_is_judged_by_the_number_that_was_drawn(answer: Callable[[Tensor], Tensor], said: str) -> None:
    def call(function: Callable[[Tensor], Tensor], x: Tensor) -> Call:
        value = function(x)
        cotangent = torch.rand_like(value) + 0.5
        return Call("f", (x,), {}, 1, value.detach(), (True,), grads=[((cotangent,), torch.autograd.grad(value, x, cotangent))])

    inputs = [torch.randn(30, 4, dtype=torch.float64).requires_grad_() for _ in range(2)]
    pairs = []
    for x in inputs:
        mine, ours = call(answer, x), call(right_sampler, x)
        cotangent = mine.grads[0][0]
        ours.grads[:] = [(cotangent, (ours.grads[0][1][0] / ours.grads[0][0][0] * cotangent[0],))]
        pairs.append((mine, ours))
    found = slopes_of_a_draw(pairs, right_sampler)
    assert said in found if said else not found
