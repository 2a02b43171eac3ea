"""What is said of an answer that no catalogued slip is: true of it, or nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.differences.slopes import slopes
from autograder.hints.catalogue import Catalogue
from autograder.hosts.in_process import LocalFunction
from autograder.wire.calls import Call, Recorder
from tests.hints.test_catalogue import calls, catalogue, wrong


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
        (lambda x, weight: norm(x, weight).clamp(1.3, 40), "is the right one, and never below 1.3 nor above 40"),
        (lambda x, weight: (norm(x, weight).square() + 0.3).sqrt(), "its square is larger by 0.3"),
        (lambda x, weight: (norm(x, weight) / 8).floor() * 8, "is the right one, rounded down to a multiple of 8"),
        (lambda x, weight: norm(x, weight).cumsum(0), "is the running sum of the right one along the first axis"),
        (
            lambda x, weight: norm(x, weight).sum() * torch.ones(len(x)),
            "is the sum of the right one along the first axis, in each place",
        ),
        (lambda x, weight: 8 - norm(x, weight), "is the right one times -1, plus 8"),
        (lambda x, weight: 8 - norm(x, weight) * len(x), ""),
        (lambda x, weight: norm(x, weight) - norm(x, weight).mean() / 7 * (len(x) > 2), ""),
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


def test_a_call_in_which_nothing_is_due_and_nothing_came_takes_no_factor_away() -> None:
    known = Catalogue((wrong("nothing of this kind", lambda x: x.sum(-1)),), {"f": norm}, {})
    inputs = (size * torch.ones(rows, columns) for rows, columns, size in ((4, 2, 1.0), (3, 5, 0.0), (2, 5, 2.0), (5, 3, 1.5)))
    said = known.hint("f", calls(lambda x: norm(x) * len(x) / x.shape[1], *inputs))
    assert "multiplied by the batch size, divided by the length of the last axis of `x`" in said


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (lambda x: 1 / x.flatten(1).std(1).mean(), "1 over the mean of the standard deviations of its examples; the right one is"),
        (lambda x: 1 / x.flatten(1).std(1, correction=0).mean(), "of its examples, divided by n instead of n - 1; the right"),
        (lambda x: 1 / x.mean(), "1 over its mean"),
        (lambda x: x.square().mean().sqrt(), "is, of `x`, its root mean square"),
        (lambda x: 1 / x.std(), ""),
        (lambda x: 1 / (x.std() + x.mean() ** 2), ""),
    ],
)
def test_another_statistic_is_named(slip: Callable[..., Any], said: str) -> None:
    known = Catalogue((wrong("nothing of this kind", lambda x: 0 * x),), {"f": lambda x: 1 / x.std()}, {})
    inputs = (torch.arange(1.0, 1 + 30 * k).sin().view(5, 3, 2 * k) * k + 0.3 for k in (1, 2, 3, 4))
    found = known.hint("f", calls(slip, *inputs))
    assert said in found if said else not found


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (lambda x: norm(x) + (x.dim() > 2), "right where `x` has two axes or fewer, and wrong where it has more"),
        (lambda x: norm(x) + (len(x) > 1) * x.sum(-1), "right where `x` has one example, and wrong where it has several"),
        (
            lambda x: norm(x) + (x.dtype == torch.float64) * x.sum(-1),
            "right where `x` comes in float32, and wrong where it comes in",
        ),
        (lambda x: norm(x) + (x.amin() < 0) * x.sum(-1), "right where `x` is never negative, and wrong where it sometimes is"),
    ],
)
def test_what_sets_the_wrong_calls_apart_is_said(slip: Callable[..., Any], said: str) -> None:
    known = Catalogue((wrong("nothing of this kind", lambda x: 0 * x),), {"f": norm}, {})
    shapes = ((1, 4), (1, 5), (1, 2, 3), (3, 2, 2), (4, 3), (5, 2), (1, 6), (2, 7))
    inputs = (
        (torch.arange(1.0, 1 + math.prod(shape)).cos().view(shape) + 2 * (i % 3 > 0)).to(torch.float64 if i % 2 else torch.float32)
        for i, shape in enumerate(shapes)
    )
    assert said in known.hint("f", calls(slip, *inputs))


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (
            lambda x: x.square().minimum(1.5 * x.square().mean()),
            "is the right one up to a limit, which none of your numbers passes",
        ),
        (lambda x: (x.square() - x.square().mean()) / x.std(), "the right one stretched and shifted, by amounts that change"),
        (lambda x: x.square() * (1 - 0.3 * (x.sin() > 0)), "is right in a part of its numbers, and in the others"),
        (lambda x: x.square() + x.sin(), ""),
    ],
)
def test_what_was_done_to_the_numbers_of_each_call_is_said(slip: Callable[..., Any], said: str) -> None:
    known = Catalogue((wrong("nothing of this kind", lambda x: 0 * x),), {"f": torch.square}, {})
    found = known.hint("f", calls(slip, *(k * torch.arange(1.0, 41 + k).sin() for k in range(1, 6))))
    assert said in found if said else not found


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (
            lambda x: x[:, 0].square() * x.shape[1] + x[:, 1].square(),
            "the first square counts as often as the length of the last axis",
        ),
        (lambda x: x[:, 0].abs() + x[:, 1].square(), "the first square is under a root"),
        (lambda x: x[:, 0].exp().square() + x[:, 1].square(), "the first square is that of the exponential of `x`"),
        (lambda x: x[:, 0].clamp(max=0.4).square() + x[:, 1].square(), "the first square is that of `x` kept below 0.4"),
        (lambda x: x[:, 0].cos() + x[:, 1].square(), ""),
    ],
)
def test_what_stands_in_the_place_of_one_term_is_said(slip: Callable[..., Any], said: str) -> None:
    def right(x: Tensor) -> Tensor:
        return x[:, 0].square() + x[:, 1].square()

    terms = {"f_terms": lambda x: {"the first square": x[:, 0].square(), "the second": x[:, 1].square()}}
    known = Catalogue((wrong("nothing of this kind", lambda x: 0 * x),), {"f": right}, {}, terms)
    inputs = (torch.arange(1.0, 1 + 9 * columns).sin().view(9, columns) for columns in (2, 3, 4, 5))
    found = known.hint("f", calls(slip, *inputs))
    assert said in found if said else not found


def loss(x: Tensor, beta: float = 1.0) -> Tensor:
    return x.square().mean() + beta * x.abs().mean()


def annealed() -> Callable[..., Tensor]:
    calls_so_far: list[int] = []
    return lambda x, beta=1.0: calls_so_far.append(1) or x.square().mean() + beta * len(calls_so_far) / 100 * x.abs().mean()


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (
            lambda x, beta=1.0: x.square().mean() + beta * (x.abs().mean() - 1.4).abs(),
            "the cost, weighted, is its distance from 1.4, without a sign, before it is multiplied by `beta`",
        ),
        (
            lambda x, beta=1.0: x.square().mean() + beta * x.abs().mean().clamp(min=1.1),
            "the cost, weighted, is kept above 1.1, before it is multiplied by `beta`",
        ),
        (annealed(), "the cost, weighted, counts another number of times in each call, from 0.01 in the first to 0.08"),
        (lambda x, beta=1.0: x.square().mean() + beta * x.sin().mean(), ""),
    ],
)
def test_a_term_with_a_limit_or_a_growing_weight_is_told(slip: Callable[..., Any], said: str) -> None:
    recorder = Recorder()
    for k in range(8):
        LocalFunction("f", slip, recorder)((0.5 + k / 2) * torch.arange(1.0, 9 + k).sin(), 1.0 + (k % 3) / 2)
    terms = {"f_terms": lambda x, beta=1.0: {"the square": x.square().mean(), "the cost, weighted,": beta * x.abs().mean()}}
    found = Catalogue((wrong("nothing of this kind", lambda x, beta=1.0: 0 * x),), {"f": loss}, {}, terms).hint("f", recorder.calls)
    assert said in found if said else not found


def test_a_term_that_is_the_same_for_each_example_is_said() -> None:
    terms = {"f_terms": lambda x, weight=2.0: {"the first square": weight * x[:, 0].square()}}
    mixed = related(lambda x, w: norm(x, w) + w * (x[:, 0].square().mean() - x[:, 0].square()), norm, terms)
    assert "the first square is averaged over the whole batch, the same for each" in mixed


def test_a_value_in_the_place_of_another_is_said() -> None:
    def right(x: Tensor, weight: float) -> tuple[Tensor, ...]:
        return norm(x, weight).sum(), norm(x).mean(), x.sum()

    assert "the second of your values is what the first should be" in related(
        lambda x, w: (right(x, w)[0], *right(x, w)[::2]), right
    )
    assert "the first and the second of your values are the same" in related(lambda x, w: (x.max(), x.max(), x.sum()), right)


def test_two_terms_and_a_hidden_sign_are_told() -> None:
    terms = {
        "f_terms": lambda x, weight=2.0: {"the first square": weight * x[:, 0].square(), "the second": weight * x[:, 1].square()}
    }
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


def test_two_entries_that_say_different_things_leave_the_word_to_what_is_seen() -> None:
    known = catalogue(wrong("one thing", lambda x: 2 * x.square()), wrong("another", lambda x: x.square() + x.square()))
    assert "your value is the right one times 2" in known.hint(
        "f", calls(lambda x: 2 * x.square(), *(torch.arange(4.0) + i for i in range(4)))
    )


def clipped(x: Tensor) -> Tensor:
    x = x * 1.0
    x.register_hook(lambda grad: grad.clamp(-1, 1))
    return x


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
        (lambda x, y: (x.square() + y.square()).detach() + 0 * x, "the gradient that reaches `x` and `y` is not"),
        (lambda x, y: clipped(x).square() + clipped(y).square(), "reaches `x` and `y` is cut off at ±1 on its way back"),
    ],
)
def test_a_wrong_gradient_of_a_right_value_is_said(answer: Callable[[Tensor, Tensor], Tensor], said: str) -> None:
    """Of a wrong value nothing is."""

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

    known = Catalogue((wrong("x", torch.abs),), {"f": lambda x: x.square().sum(-1)}, {}, {"f_terms": terms})
    found = known.hint("f", calls(slip, *(torch.arange(1.0, 1 + 5 * columns).view(5, columns).sin() for columns in (3, 4))))
    assert said in found if said else not found
