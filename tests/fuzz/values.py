"""Odd values in place of a student's answers, in every check of every question: a verdict on the student, never a fault of ours."""

from __future__ import annotations

import collections
import decimal
import fractions
import random
import time
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment
from autograder.checks.check import Check, run_check
from autograder.hosts.in_process import LocalHost

DTYPES = [
    torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64,
    torch.bool, torch.complex64, torch.complex128,
]  # fmt: skip
Pair = collections.namedtuple("Pair", "one other")


class Hostile:
    """Raises whatever it is asked."""

    def _no(self, *_: Any) -> Any:
        raise RuntimeError("no")

    __bool__ = __float__ = __int__ = __eq__ = __len__ = __iter__ = __repr__ = __index__ = __getitem__ = _no  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


class Sub(Tensor):
    """A tensor of a type of its own."""


def tensors(draw: random.Random, like: Tensor | None) -> Tensor:
    """A tensor of an odd kind, of the right shape more often than not."""
    shape = (
        tuple(like.shape)
        if like is not None and draw.random() < 0.7
        else draw.choice([(), (0,), (1,), (3,), (2, 3), (3, 0), (1, 1, 1), (4, 4)])
    )
    base = torch.randn(shape) if like is None or tuple(like.shape) != shape else like.detach().clone()
    kinds: list[Callable[[], Tensor]] = [
        *(lambda dtype=dtype: base.to(dtype) for dtype in DTYPES if base.dtype == dtype or not base.is_complex()),
        lambda: torch.full(shape, float("nan")),
        lambda: torch.full(shape, draw.choice([float("inf"), -float("inf"), 0.0, 1e38, -1e-45])),
        lambda: torch.full(shape, 2**62),
        lambda: base.expand(2, *shape),
        lambda: torch.zeros(()).expand(shape),
        lambda: torch.empty(shape, device="meta"),
        lambda: base.to_sparse() if base.dim() else base,
        lambda: torch.quantize_per_tensor(base.float(), 0.1, 0, torch.qint8),
        lambda: base.flatten(),
        lambda: base[None],
        lambda: base.transpose(0, -1) if base.dim() else base,
        lambda: torch._neg_view(base),
        lambda: torch.complex(base.float(), base.float()).conj(),
        lambda: torch.nn.Parameter(base.float()),
        lambda: base.as_subclass(Sub),
        lambda: base.float().requires_grad_(),
        lambda: base.float().requires_grad_() * 0 + float("nan"),
        lambda: spoiled(draw, base),
    ]
    return draw.choice(kinds)()


def spoiled(draw: random.Random, value: Tensor) -> Tensor:
    """The right tensor but for one number."""
    flat = value.detach().clone().flatten()
    if flat.numel() and flat.is_floating_point():
        flat[draw.randrange(flat.numel())] = draw.choice([float("nan"), float("inf"), 1e30, -1.0])
    return flat.reshape(value.shape)


def odd(draw: random.Random, right: Any = None) -> Any:
    """Something in place of the right value, which may be a part of it."""
    if isinstance(right, (tuple, list)) and draw.random() < 0.5:
        return odd_parts(draw, list(right))
    if isinstance(right, dict) and draw.random() < 0.6:
        found = {key: (odd(draw, value) if draw.random() < 0.4 else value) for key, value in right.items() if draw.random() > 0.1}
        return found | draw.choice([{}, {}, {"more": 1}, {"": None}])
    if (isinstance(right, Tensor) and draw.random() < 0.6) or draw.random() < 0.2:
        return tensors(draw, right if isinstance(right, Tensor) else None)
    numbers: list[Any] = [
        0,
        1,
        -1,
        10**400,
        2**63,
        0.0,
        float("nan"),
        float("inf"),
        1e308,
        1 + 2j,
        True,
        np.float32(1),
        np.int64(3),
        np.bool_(True),
    ]
    others: list[Any] = [
        None, ..., "", "C", "0.5", "x" * 5000, b"x", fractions.Fraction(1, 3), decimal.Decimal("0.5"), [], (), {}, {1: 2}, {"loss": None}, set(),
        Pair(1, 2), [[]], [1, "a", None], range(3), object(), Hostile(), int, print, (x for x in [1]), np.zeros(3), np.array(["a"]), np.array([None]),
        np.zeros(2, dtype=[("a", "f4")]), np.datetime64("2026-01-01"), np.zeros((2, 0)), np.longdouble(1), torch.Size([3]), torch.float32,
        torch.distributions.Normal(0, 1), torch.nn.Linear(1, 1), [torch.zeros(2)] * 3, (torch.zeros(2), torch.zeros(3), 1.0), NotImplemented, Exception("x"),
    ]  # fmt: skip
    return draw.choice(numbers if isinstance(right, (int, float)) and draw.random() < 0.7 else others + numbers)


def odd_parts(draw: random.Random, parts: list[Any]) -> Any:
    found = [odd(draw, part) if draw.random() < 0.5 else part for part in parts]
    found = found[: draw.randrange(len(found) + 1)] if draw.random() < 0.15 else found + [None] * (draw.random() < 0.1)
    return draw.choice([tuple, list])(found)


def spoil(function: Callable[..., Any], draw: random.Random) -> Callable[..., Any]:
    """The function, with an odd value for some of its answers, or an odd error."""
    calm = draw.choice([0, 0, 1, 3])  # so many right answers first

    def spoilt(*args: Any, **kwargs: Any) -> Any:
        nonlocal calm
        right = function(*args, **kwargs)
        calm -= 1
        if calm >= 0 or draw.random() < 0.2:
            return right
        if draw.random() < 0.05:
            raise draw.choice([ValueError("odd"), KeyError(), MemoryError(), NotImplementedError(), SystemExit(), RecursionError()])
        return odd(draw, right)

    return spoilt


@cache
def everything() -> tuple[Assignment, list[Check]]:
    assignment = assignments.load()
    return assignment, [check for question in assignment.questions.values() for check in question.checks]


def one(draw: random.Random) -> tuple[Check, Any]:
    """One check on answers some of which are odd, and its outcome."""
    assignment, checks = everything()
    check = draw.choice(checks)
    names = assignment.reference()
    chosen = [name for name in check.names if name in names and draw.random() < 0.7] or list(check.names)
    scenarios = dict(assignment.scenarios)
    for name in chosen:
        if name in scenarios:
            scenarios[name] = spoil(scenarios[name], draw)
        elif callable(names.get(name)):
            names[name] = spoil(names[name], draw)
        else:
            names[name] = odd(draw, names.get(name))
    for name in assignment.answer_names & names.keys():  # what a scenario plays
        if callable(names[name]) and set(check.names) & scenarios.keys() and draw.random() < 0.2:
            names[name] = spoil(names[name], draw)
    with warnings.catch_warnings(action="ignore"):
        return check, run_check(
            check, LocalHost(names, scenarios), draw.randrange(2**31), assignment.questions[check.question].needs
        )


def run(seconds: float, seed: int, cases: int | None = None) -> int:
    """How many checks were run; raises at a grader error, with the seed that makes it again. `cases` ends it sooner."""
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until and (cases is None or count < cases):
        with warnings.catch_warnings(action="ignore"):  # of odd tensors
            check, outcome = one(random.Random(f"{seed}/{count}"))
        assert outcome.status != "grader_error", (
            f"values: seed {seed}, case {count}: {check.question} {check.name}\n{outcome.staff}"
        )
        count += 1
    return count
