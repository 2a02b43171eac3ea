"""Where an answer is wrong: in which calls, or on which side of one number of what went in or of the right value."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import torch
from torch import Tensor

from autograder.differences.relations import PLACES, Pair, arguments
from autograder.wire.calls import Call
from autograder.wire.comparing import differing_numbers, numbers_alike

Known = Mapping[str, float]
# An example, or a call of one number: by how much it is off, whether that is wrong, what is known of it.
Case = tuple[float, bool, Known]
CLOSE, AWAY = 1e-4, 1e-2  # of a value: nearer than that it is right, further than that it is wrong, and between it is neither
OF_AN_ARGUMENT: tuple[tuple[str, str, Callable[[Tensor], bool]], ...] = (
    ("has two axes or fewer", "has more", lambda x: x.dim() <= 2),
    ("has a single axis", "has more", lambda x: x.dim() == 1),
    ("has one example", "has several (are they mixed?)", lambda x: x.dim() > 0 and len(x) == 1),
    ("has a last axis of length 1", "has a longer one", lambda x: x.dim() > 1 and x.shape[-1] == 1),
    ("has one channel or none", "has several", lambda x: x.dim() < 4 or x.shape[1] == 1),
    ("is 0 everywhere", "is not", lambda x: not bool(x.any())),
    ("has as many rows as columns", "has not", lambda x: x.dim() == 2 and x.shape[0] == x.shape[1]),
    ("comes in float64", "comes in float32", lambda x: x.dtype == torch.float64),
    ("asks for a gradient", "does not", lambda x: x.requires_grad),
    ("lies in one piece of memory", "does not (a transposed or strided view)", lambda x: x.is_contiguous()),
    ("is never negative", "sometimes is", lambda x: bool((x >= 0).all())),
)
FEW = 2  # calls that are wrong, and that are right, at least; or one that is wrong, and RIGHT that are right
WRONG, RIGHT = 3, 8  # cases of each at least, or chance would part them


def border(values: Sequence[tuple[Tensor, Tensor]], pairs: Sequence[tuple[Call, Call]], right: Callable[..., Any]) -> str:
    """What is said of one part of the value that is right on one side of a number and wrong on the other, or nothing.

    Each case has the smallest and the largest number of each argument, and the right value's other parts. If just one of them
    parts the right cases from the wrong ones, that is said; of dozens of cases several hardly do by chance.
    """
    cases = [case for (a, b), (_, ours) in zip(values, pairs, strict=True) for case in _cases(a, b, ours, right)]
    wrong, fine = ([case for case in cases if case[1] is side] for side in (True, False))
    if len(wrong) < WRONG or len(fine) < RIGHT or max(case[0] for case in fine) > AWAY * min(case[0] for case in wrong):
        return ""  # or an error of one size would be none where values are large
    found = list(_borders([known for *_, known in wrong], [known for *_, known in fine]))
    return found[0] if len(found) == 1 else ""


def _borders(wrong: Sequence[Known], fine: Sequence[Known]) -> Iterator[str]:
    for name in wrong[0]:
        if not all(name in known for known in (*wrong, *fine)):
            continue
        low, high = min(known[name] for known in wrong), max(known[name] for known in wrong)
        least, most = min(known[name] for known in fine), max(known[name] for known in fine)
        if high < least:
            yield _said(name, "above", "below", (high + least) / 2)
        elif low > most:
            yield _said(name, "below", "above", (low + most) / 2)


def _said(name: str, fine: str, wrong: str, between: float) -> str:
    return (
        f"is right where {name} is {fine} {between:.2g} or so, and wrong where it is {wrong}: is something clamped, cut off, floored "
        "or guarded by a small number there?"
    )


def _cases(mine: Tensor, ours: Tensor, call: Call, right: Callable[..., Any]) -> Iterator[Case]:
    """The examples of a value that has one number for each, or else the whole call."""
    named = arguments(right, call)
    given = {name: value.detach() for name, value in named.items() if isinstance(value, Tensor) and value.numel()}
    plain = {f"`{name}`": float(value) for name, value in named.items() if isinstance(value, (int, float))}
    rows = ours.shape[0] if ours.dim() == 1 and all(value.dim() and len(value) == ours.shape[0] for value in given.values()) else 0
    if not named or mine.shape != ours.shape or not (rows or ours.dim() == 0):
        return
    for i in range(max(rows, 1)):
        got, want = (float(value.detach().reshape(-1)[i]) for value in (mine, ours))
        off = abs(got - want) if math.isfinite(got) else math.inf
        away = off / max(abs(want), 1e-3)
        if CLOSE < away < AWAY:
            continue
        known = dict(plain)
        for name, value in given.items():
            numbers = (value[i] if rows else value).double()
            known |= {
                f"the smallest number of `{name}`": float(numbers.min()),
                f"the largest number of `{name}`": float(numbers.max()),
            }
        for place, part in zip(PLACES, call.parts.values(), strict=False):
            if isinstance(part, Tensor) and part.numel() == ours.numel():
                what = f"the {place} of the right values" if len(call.parts) > 1 else "the right value"
                known[what] = float(part.detach().reshape(-1)[i])
        yield off, away >= AWAY, known


def which_calls(pairs: Sequence[Pair], right: Callable[..., Any]) -> str:
    """What sets the calls that are wrong apart from those that are right, or nothing."""
    wrong = {i for i, (mine, ours) in enumerate(pairs) if differing_numbers(mine.value, ours.value)}
    if not wrong or len(pairs) - len(wrong) < (FEW if len(wrong) >= FEW else RIGHT):
        return ""
    if len(wrong) >= FEW and all(_is_of_an_earlier_call(i, pairs) for i in wrong):
        return "is, wherever it is wrong, what was right in an earlier call: something is kept from one call to the next"
    for said, calls in _kinds([mine for mine, _ in pairs], right):
        if calls == wrong:
            return said
    return ""


def _is_of_an_earlier_call(i: int, pairs: Sequence[Pair]) -> bool:
    mine = pairs[i][0].parts
    earlier = [ours.parts for _, ours in pairs[:i]]
    return any(each.keys() == mine.keys() and all(numbers_alike(mine[name], each[name]) for name in mine) for each in earlier)


def _kinds(calls: Sequence[Call], right: Callable[..., Any]) -> Iterator[tuple[str, set[int]]]:
    """What is said of some calls, and which they are."""
    names = list(inspect.signature(right).parameters)
    left_out = {name: {i for i, call in enumerate(calls) if name not in _passed(call, names)} for name in names}
    for name, these in left_out.items():
        yield f"is right where `{name}` is passed, and wrong where it is left out: is its default another than was given?", these
    for one, other in combinations(names, 2):
        yield (
            f"is right where both `{one}` and `{other}` are passed, and wrong where one is left out: are their defaults others than were given?",
            left_out[one] | left_out[other],
        )
    for name in names:
        yield (
            f"is right where `{name}` is passed by its name, and wrong where by its place: do the arguments stand in another order than was given?",
            {i for i, call in enumerate(calls) if name in names[: len(call.args)]},
        )
    passed = [arguments(right, call) for call in calls]
    for name in names:
        given = {i: each[name] for i, each in enumerate(passed) if isinstance(each.get(name), Tensor)}
        for fine, wrong, holds in OF_AN_ARGUMENT:
            yield (
                f"is right where `{name}` {fine}, and wrong where it {wrong}",
                {i for i, value in given.items() if not holds(value)},
            )
            yield (
                f"is right where `{name}` {wrong}, and wrong where it {fine}",
                {i for i, value in given.items() if holds(value)},
            )


def _passed(call: Call, names: Sequence[str]) -> set[str]:
    return {*names[: len(call.args)], *call.kwargs}
