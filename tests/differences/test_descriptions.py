"""What is said of an answer that no catalogued slip is: true of it, or nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from autograder.differences import portrait
from autograder.differences.slopes import slopes, slopes_of_a_draw
from autograder.hints.catalogue import Catalogue
from autograder.hosts.in_process import LocalFunction
from autograder.wire.calls import Call, Recorder
from tests.hints.test_catalogue import calls, catalogue, wrong

ZEROS, WIDE = torch.zeros(60, 60), torch.linspace(-3, 3, 800).view(100, 8)


def right_sampler(x: Tensor) -> Tensor:
    return x + (x / 2).exp() * torch.randn_like(x)


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


def norm(x: Tensor, weight: float = 2.0) -> Tensor:
    return weight * x.square().sum(-1)


SIZES = [(2, 3, 1.5), (4, 3, 2.0), (4, 5, 3.0), (7, 2, 5.0), (3, 4, 0.5)]


def related(slip: Callable[..., Any], right: Callable[..., Any] = norm, terms: dict[str, Any] | None = None) -> str:
    recorder = Recorder()
    for rows, columns, weight in SIZES:
        x = torch.arange(1.0, 1 + rows * columns).view(rows, columns).sin()
        LocalFunction("f", slip, recorder)(x, weight)
        LocalFunction("f", slip, recorder)(100 * x, weight)
        LocalFunction("f", slip, recorder)(x.abs() - 0.6 * (x > 0.8), weight)
    known = Catalogue((wrong("nothing of this kind", lambda x, weight: 0 * x),), {"f": right}, {}, terms or {})
    return known.hint("f", recorder.calls)


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (lambda x, weight: norm(x, weight) * len(x) / 100, "multiplied by the batch size, times 0.01: is a number written"),
        (
            lambda x, weight: norm(x, weight) * len(x) / x.shape[1],
            "multiplied by the batch size, divided by the length of the last axis",
        ),
        (lambda x, weight: 3 * norm(x, weight), "is the right one times 3"),
        (lambda x, weight: torch.full((), 4.0), "4 in every call"),
        (lambda x, weight: (norm(x, weight) * 10).round() / 10, "rounded to 1 decimals"),
        (lambda x, weight: norm(x.clamp(-20, 20), weight), "right where the inputs are ordinary, and another"),
        (lambda x, weight: norm(x, weight) / (x.abs().amax(-1) < 20), "infinite or not a number where they are far out"),
        (lambda x, weight: norm(x.sqrt().square(), weight), "exactly where `x` is negative"),
        (lambda x, weight: norm(x, weight) * (1 + (norm(x, weight) < 1)), "right where the right value is above 0.97"),
        (lambda x, weight: norm(x, weight).clamp(min=1.3), "is the right one, and never below 1.3"),
        (lambda x, weight: 1 / (1 / norm(x, weight) + 0.1), "1 over it is larger by 0.1"),
        (lambda x, weight: norm(x, weight).clamp(min=1.0), "is the right one, and never below 1"),
        (lambda x, weight: 100 - 100 / norm(x, weight), "is 1 minus 1 over the right one, times 100"),
        (lambda x, weight: norm(x.softmax(-1), weight), "is what would be right of a softmax over the last axis of `x`"),
        (lambda x, weight: norm(x[:, 1:], weight), "is what would be right of `x` without its first along the last axis"),
        (lambda x, weight: norm(x, weight + 1), "is what would be right of `weight` + 1"),
        (lambda x, weight: norm(x, weight) * (x.amin(-1) < 0.1), "right where the smallest number of `x` is below -0.2"),
        (lambda x, weight: norm(x, weight).sqrt(), "is the root of the right one"),
        (lambda x, weight: norm(x, weight) + norm(x, weight).atan(), "goes up wherever the right one does"),
        (lambda x, weight: norm(x, weight), ""),
        (lambda x, weight: norm(x, weight) + x.sum(-1).cos(), ""),
        (lambda x, weight: norm(x, weight) + 0.2 * (100 * norm(x, weight)).frac(), ""),  # in order, but for a common cause
    ],
)
def test_how_a_value_goes_with_the_right_one_is_said(slip: Callable[..., Any], said: str) -> None:
    found = related(slip, (lambda x, weight=2.0: norm(x, weight).mean()) if said == "4 in every call" else norm)
    assert said in found if said else not found


def test_a_value_in_the_place_of_another_is_said() -> None:
    def right(x: Tensor, weight: float) -> tuple[Tensor, ...]:
        return norm(x, weight).sum(), norm(x).mean(), x.sum()

    assert "the second of your values is what the first should be" in related(
        lambda x, w: (right(x, w)[0], *right(x, w)[::2]), right
    )
    assert "the first and the second of your values are the same" in related(lambda x, w: (x.max(), x.max(), x.sum()), right)


def test_two_terms_and_a_hidden_sign_are_told() -> None:
    terms = {"f": lambda x, weight=2.0: {"the first square": weight * x[:, 0].square(), "the second": weight * x[:, 1].square()}}
    halved = related(lambda x, w: norm(x, w) + w * (x[:, 0].square() - 0.5 * x[:, 1].square()), norm, terms)
    assert "but for two terms: the first square counts twice, and the second is only half" in halved
    hidden = related(lambda x, w: (norm(x, w) - 2 * w * x[:, 0].square()).abs(), norm, terms)
    assert "the absolute value of the right one but for one term: the first square has the wrong sign" in hidden


def share(height: float, width: float, factor: float = 8.0) -> float:
    return height / factor + width**0.5


def kept() -> Callable[..., float]:
    first: list[float] = []

    def answer(height: float, width: float, factor: float = 8.0) -> float:
        first[:] = first[-1:] * (height > 40) or [share(height, width, factor)]
        return first[0]

    return answer


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (
            lambda height, width, factor=4.0: share(height, width, factor),
            "right where `factor` is passed, and wrong where it is left out",
        ),
        (lambda width, height, factor=8.0: share(height, width, factor), "`height` and `width` in another order than was given"),
        (lambda height, width, factor=8.0: share(width, height, factor), "`height` and `width` in each other's place"),
        (lambda height, width, factor=8.0: share(512.0, width, factor), "of 512 in place of `height`"),
        (lambda height, width, factor=8.0: share(height, width, factor**2), "the square of `factor`"),
        (kept(), "what was right in an earlier call"),
        (share, ""),
        (lambda height, width, factor=8.0: share(height, width, factor) + (height - 41) ** 3, ""),
    ],
)
def test_which_calls_or_which_inputs_would_be_right_is_said(slip: Callable[..., Any], said: str) -> None:
    recorder = Recorder()
    for given in ((512.0, 64.0), (96.0, 160.0, 16.0), (40.0, 9.0, 2.0), (30.0, 7.0), (33.0, 2.0, 5.0), (41.0, 6.0)):
        LocalFunction("f", slip, recorder)(*given)
    LocalFunction("f", slip, recorder)(width=3.0, height=44.0, factor=7.0)
    known = Catalogue((wrong("nothing of this kind", lambda height, width, factor=8.0: -1.0),), {"f": share}, {})
    found = known.hint("f", recorder.calls)
    assert said in found if said else not found


def test_what_is_always_zero_is_said_to_be_nothing() -> None:
    assert told(lambda x: 0 * x * torch.randn_like(x), ZEROS, WIDE, ZEROS + 0) == portrait.NOTHING


def test_two_entries_that_say_different_things_leave_the_word_to_what_is_seen() -> None:
    known = catalogue(wrong("one thing", lambda x: 2 * x.square()), wrong("another", lambda x: x.square() + x.square()))
    assert "your value is the right one times 2" in known.hint(
        "f", calls(lambda x: 2 * x.square(), *(torch.arange(4.0) + i for i in range(4)))
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x, y: x.square() + y.square().detach(), "the gradient that reaches `y` is not"),
        (
            lambda x, y: 2 * x.square() - x.square().detach() + y.square(),
            "the gradient that reaches `x` is twice what it should be",
        ),
        (lambda x, y: x.square() + y * y, ""),
        (lambda x, y: x.square() + 2 * y.square(), ""),
        (lambda x, y: (x.square() + y.square()).detach() + 0 * x, ""),
    ],
)
def test_a_wrong_gradient_of_a_right_value_is_said_of_one_argument(answer: Callable[[Tensor, Tensor], Tensor], said: str) -> None:
    """Of a wrong value, or where both gradients are wrong, nothing is."""

    def right(x: Tensor, y: Tensor) -> Tensor:
        return x.square() + y.square()

    def call(function: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor) -> Call:
        value = function(x, y)
        grads = torch.autograd.grad(value.sum(), (x, y), allow_unused=True)
        return Call("f", (x, y), {}, 1, value.detach(), (True,), grads=[((torch.ones_like(value),), grads)])

    inputs = [[torch.rand(3, 4).requires_grad_() for _ in range(2)] for _ in range(2)]
    found = slopes([(call(answer, x, y), call(right, x, y)) for x, y in inputs], right)
    assert said in found if said else not found


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


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (lambda x: 3 * x[:, 0].square() + x[:, 1:].square().sum(-1), "the first square counts 3 times"),
        (lambda x: 0.1 * x[:, 0].square() - 0.7 * x[:, 1:].square().sum(-1), "counts 0.1 times, and the others counts -0.7 times"),
        (lambda x: 3 * x[:, 0].square() + x[:, 1:].abs().sum(-1), ""),
    ],
)
def test_terms_of_another_weight_are_told(slip: Callable[[Tensor], Tensor], said: str) -> None:
    def terms(x: Tensor) -> dict[str, Tensor]:
        return {"the first square": x[:, 0].square(), "the others": x[:, 1:].square().sum(-1)}

    known = Catalogue((wrong("x", torch.abs),), {"f": lambda x: x.square().sum(-1)}, {}, {"f": terms})
    found = known.hint("f", calls(slip, *(torch.arange(1.0, 1 + 5 * columns).view(5, columns).sin() for columns in (3, 4))))
    assert said in found if said else not found
