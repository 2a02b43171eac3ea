"""What is said of a value in another form: its axes, its dtype, several values for one, no number, no gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.differences.forms import CUT, OVERFLOW, UNDEFINED, form
from autograder.hosts.in_process import LocalFunction
from autograder.wire.calls import Call, Recorder

SHAPES = [(2, 6), (4, 6), (5, 8), (3, 2)]


def told(answer: Callable[..., Any], right: Callable[..., Any], *inputs: Tensor) -> str:
    """What is said of `answer` beside `right`, each called on the same inputs."""
    inputs = inputs or tuple(torch.arange(1.0, 1 + a * b, dtype=torch.float64).view(a, b).sin() for a, b in SHAPES)
    return form(list(zip(calls(answer, inputs), calls(right, inputs), strict=True)), right)


def calls(function: Callable[..., Any], inputs: tuple[Tensor, ...]) -> list[Call]:
    recorder = Recorder()
    for x in inputs:
        LocalFunction("f", function, recorder)(x)
    return recorder.calls


def squares(x: Tensor) -> Tensor:
    return x.square().sum(-1)


def halves(x: Tensor) -> tuple[Tensor, Tensor]:
    return x[..., : x.shape[-1] // 2], x[..., x.shape[-1] // 2 :]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (squares, ""),
        (lambda x: squares(x)[:, None], "an axis of length 1 too many, at its end"),
        (lambda x: squares(x)[None], "an axis of length 1 too many, at its front"),
        (lambda x: squares(x)[None, None], "2 axes of length 1 too many, at its front: index them away"),
        (lambda x: squares(x).sum(), "is the sum of the right ones, where each of them is due"),
        (lambda x: squares(x).mean(), "is the mean of the right ones"),
        (lambda x: x.max(), "is a single number, where one is due for each example"),
        (lambda x: x.square().sum(0), "it is summed or averaged over the batch (the first axis) of `x`"),
        (lambda x: x.square(), "a number for each element of `x`: nothing is summed over its last axis"),
        (lambda x: squares(x) - squares(x)[:, None], "somewhere (n, 1) and (n,) meet"),
        (lambda x: (squares(x), x), "2 values come back where one is due, and the first is the right one"),
        (lambda x: (x, x.sum()), "2 values come back where one tensor is due"),
        (lambda x: [row.square().sum() for row in x], "a list or tuple comes back where one tensor is due"),
        (lambda x: squares(x.float()), "comes in float32 where float64 is due"),
        (lambda x: squares(x).log() - torch.inf, OVERFLOW),
        (lambda x: squares(x) / (len(x) - 4), f"{OVERFLOW} (for `x` of shape (4, 6), say)"),
        (lambda x: squares(x) * torch.nan, UNDEFINED),
    ],
)
def test_a_form_that_is_wrong_is_said(answer: Callable[..., Any], said: str) -> None:
    found = told(answer, squares)
    assert said in found if said else not found


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (halves, ""),
        (lambda x: (x[: len(x) // 2], x[len(x) // 2 :]), "is a piece of `x` along its first axis, and not the same share of it"),
        (lambda x: (x[..., :-1], x[..., -1:]), "is a piece of `x` along its last axis, and not the same share"),
        (lambda x: torch.stack(halves(x)), "one tensor of 2 comes back where 2 values are due"),
        (lambda x: halves(x)[1], "one value comes back where 2 are due, and it is the second of them"),
        (
            lambda x: tuple(half.T for half in halves(x)),
            "the first of your values has the right numbers with its axes in another order",
        ),
        (lambda x: tuple(half.flatten() for half in halves(x)), "has the right numbers on 1 axes instead of 2"),
        (lambda x: tuple(half.mean(-1) for half in halves(x)), "has no last axis, and should have one"),
    ],
)
def test_the_form_of_two_values_is_said(answer: Callable[..., Any], said: str) -> None:
    found = told(answer, halves)
    assert said in found if said else not found


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x: x.std(1), "has a number for each example (the first axis) of `x`, where one is due for all of them"),
        (lambda x: x.std(0), "has a number for each place of the last axis of `x`, where one is due"),
        (lambda x: x.std()[None], "an axis of length 1 too many"),
    ],
)
def test_several_numbers_where_one_is_due_are_told_by_their_axis(answer: Callable[..., Any], said: str) -> None:
    assert said in told(answer, lambda x: x.std())


def test_what_is_wrong_in_some_calls_alone_is_said_of_one_of_them() -> None:
    inputs = (torch.rand(6), torch.rand(2, 4, 6), torch.rand(3, 6))
    found = told(lambda x: tuple(half.reshape(-1, half.shape[-1]) for half in halves(x)), halves, *inputs)
    assert ("has" in found and "(in some calls: for `x` of shape (6,) say)" in found) or not found
    assert "`x` of shape (6,)" in told(lambda x: halves(x[None] if x.dim() == 1 else x), halves, *inputs)


def test_the_dtype_is_spoken_of_where_it_is_to_be_that_of_what_went_in() -> None:
    assert told(lambda x: torch.ones(len(x), dtype=torch.float64), lambda x: torch.ones(len(x))) == ""


def test_a_way_back_that_is_cut_for_good_is_said_and_one_that_is_cut_in_part_is_not() -> None:
    inputs = tuple(torch.rand(3, 4).requires_grad_() for _ in range(3))
    assert CUT in told(lambda x: squares(x).detach(), squares, *inputs)
    assert told(lambda x: squares(x).detach() + 0 * squares(x), squares, *inputs) == ""
