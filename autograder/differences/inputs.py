"""What a wrong value is, where it is the right one of other inputs: of one argument that something was done to first, or of another.

Each edit is made on an argument of every call, and the right answer asked again. If just that comes out, that is said.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, permutations
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from autograder.differences.relations import Pair, arguments
from autograder.student.generators import seed_everything
from autograder.wire.calls import Call
from autograder.wire.comparing import differing_numbers, numbers_alike
from autograder.wire.trees import parts_of

ENOUGH = 8  # numbers that are wrong, if but one call is
Arguments = dict[str, Any]
Edit = tuple[str, Callable[[Call], Arguments]]  # what is said, and what goes in instead of a call's own

OF_A_TENSOR: Mapping[str, Callable[[Tensor], Tensor]] = {
    "{} without its sign": torch.abs,
    "{} with its sign turned": torch.neg,
    "the exponential of {}": torch.exp,
    "the logarithm of {}": torch.log,
    "the square of {}": torch.square,
    "the logarithm of the square of {}": lambda x: x.square().log(),
    "the root of {}": torch.sqrt,
    "half of {}": lambda x: x / 2,
    "twice {}": lambda x: 2 * x,
    "the logarithm of softplus({})": lambda x: F.softplus(x).log(),
    "the softplus of {}": F.softplus,
    "the sigmoid of {}": torch.sigmoid,
    "the tanh of {}": torch.tanh,
    "{} without its negative numbers (a ReLU, or a clamp at 0)": torch.relu,
    "{} kept between 0 and 1": lambda x: x.clamp(0, 1),
    "{} kept between -1 and 1": lambda x: x.clamp(-1, 1),
    "{} made 0 or 1, whichever is nearer": lambda x: (x > 0.5).to(x.dtype),
    "{} rounded to whole numbers": torch.round,
    "{} cut to whole numbers": torch.trunc,
    "{} rounded to bfloat16": lambda x: x.bfloat16().to(x.dtype),
    "{} rounded to float16": lambda x: x.half().to(x.dtype),
    "a softmax over the last axis of {}": lambda x: x.softmax(-1),
    "a softmax over the first axis of {}": lambda x: x.softmax(0),
    "{} scaled to length 1 along its last axis": lambda x: F.normalize(x, dim=-1),
    "{} divided by its largest number": lambda x: x / x.max(),
    "{} divided by the largest number of each example": lambda x: x / x.flatten(1).max(1).values.reshape(-1, *[1] * (x.dim() - 1)),
    "{} stretched from 0 to 1": lambda x: (x - x.min()) / (x.max() - x.min()),
    "{} without its mean": lambda x: x - x.mean(),
    "{} without its mean along the first axis": lambda x: x - x.mean(0),
    "{} without its mean along the last axis": lambda x: x - x.mean(-1, keepdim=True),
    "{} without the mean of each example": lambda x: x - x.flatten(1).mean(1).reshape(-1, *[1] * (x.dim() - 1)),
    "{} without the mean of each channel": lambda x: x - x.mean((0, *range(2, x.dim())), keepdim=True),
    "{} standardised": lambda x: (x - x.mean()) / x.std(),
    "{} standardised along its first axis": lambda x: (x - x.mean(0)) / x.std(0),
    "{} standardised along its last axis": lambda x: (x - x.mean(-1, keepdim=True)) / x.std(-1, keepdim=True),
    "the mean of {} along the first axis": lambda x: x.mean(0, keepdim=True).expand_as(x),
    "the mean of {} along the last axis": lambda x: x.mean(-1, keepdim=True).expand_as(x),
    "the sum of {} along the first axis, in each place": lambda x: x.sum(0, keepdim=True).expand_as(x),
    "the sum of {} along the last axis, in each place": lambda x: x.sum(-1, keepdim=True).expand_as(x),
    "{} averaged over its channels": lambda x: x.mean(1, keepdim=True).expand_as(x),
    "the running sum of {} along the first axis": lambda x: x.cumsum(0),
    "the running mean of {} along the first axis": lambda x: (
        x.cumsum(0) / torch.arange(1, len(x) + 1).reshape(-1, *[1] * (x.dim() - 1))
    ),
    "{} sorted along its last axis": lambda x: x.sort(-1).values,
    "{} in reverse order": lambda x: x.flip(0),
    "{} in reverse order along its last axis": lambda x: x.flip(-1),
    "{} with its last two axes swapped": lambda x: x.transpose(-1, -2),
    "{} with its channels moved to the end": lambda x: x.movedim(1, -1),
    "the first of {} alone, along its first axis": lambda x: x[:1],
    "the first of {} alone, along its second axis": lambda x: x[:, :1],
    "the first of {} alone, along its last axis": lambda x: x[..., :1],
    "{} without its first along the last axis": lambda x: x[..., 1:],
    "{} without its last along the last axis": lambda x: x[..., :-1],
    "{} without its last along the first axis": lambda x: x[:-1],
    "zeros in place of {}": torch.zeros_like,
    "ones in place of {}": torch.ones_like,
}
OF_A_NUMBER: Mapping[str, Callable[[float], float]] = {
    "{} + 1": lambda n: n + 1,
    "{} - 1": lambda n: n - 1,
    "twice {}": lambda n: 2 * n,
    "half of {}": lambda n: n / 2,
    "the square of {}": lambda n: n * n,
    "the root of {}": math.sqrt,
    "the logarithm of {}": math.log,
    "the logarithm of {} to base 2": math.log2,
    "2 to the power of {}": lambda n: 2.0**n,
    "1 / {}": lambda n: 1 / n,
    "{} without its sign": abs,
    "{} cut to a whole number": math.trunc,
    "{} rounded down to a power of 2": lambda n: 2.0 ** math.floor(math.log2(n)),
    "{} rounded up to a power of 2": lambda n: 2.0 ** math.ceil(math.log2(n)),
    "1 in place of {}": lambda n: 1,
    "0 in place of {}": lambda n: 0,
}


def other_inputs(pairs: Sequence[Pair], right: Callable[..., Any]) -> str:
    """What is said of an answer that is right of other inputs, in every call; nothing of one that several such explain."""
    calls = [mine for mine, _ in pairs]
    apart = [differing_numbers(mine.value, ours.value) for mine, ours in pairs]
    wrong = [i for i, count in enumerate(apart) if count]
    if (len(wrong) < 2 and sum(apart) < ENOUGH) or not all(arguments(right, call) for call in calls):
        return ""
    order = sorted(range(len(pairs)), key=lambda i: i not in wrong)  # those first in which most edits fail
    with torch.no_grad(), torch.random.fork_rng(devices=[]), warnings.catch_warnings(action="ignore"):
        found = [edit for edit in _edits(calls, right) if all(_is_that(calls[i], edit, right) for i in order)]
        distinct = [edit for i, edit in enumerate(found) if not any(_are_one(calls, edit, before) for before in found[:i])]
    return f"is what would be right of {distinct[0][0]}: is that what your code works with?" if len(distinct) == 1 else ""


def made_of(values: Sequence[tuple[Tensor, Tensor]]) -> Iterator[str]:
    """What was done to the right value as a whole, or nothing."""
    with torch.no_grad(), warnings.catch_warnings(action="ignore"):
        for said, change in OF_A_TENSOR.items():
            if all(_is_made_so(mine, ours, change) for mine, ours in values):
                yield f"is {said.format('the right one')}"
                return


def _is_made_so(mine: Tensor, ours: Tensor, change: Callable[[Tensor], Tensor]) -> bool:
    try:
        return numbers_alike(mine, change(ours))
    except (RuntimeError, IndexError, TypeError):  # it has no such axis, or none
        return False


def _edits(calls: Sequence[Call], right: Callable[..., Any]) -> Iterator[Edit]:
    given = arguments(right, calls[0])
    for name, value in given.items():
        kinds = OF_A_TENSOR if isinstance(value, Tensor) else OF_A_NUMBER if isinstance(value, (int, float)) else {}
        for said, change in kinds.items():
            yield said.format(f"`{name}`"), partial(_with_changed, right, (name,), change)
        if isinstance(value, (int, float)):
            for number in dict.fromkeys(arguments(right, call)[name] for call in calls):
                yield f"{number:g} in place of `{name}`", partial(_with_changed, right, (name,), partial(_always, number))
    for name, also in combinations(given, 2):
        if isinstance(given[name], Tensor) and isinstance(given[also], Tensor) and given[name].shape == given[also].shape:
            for said, change in OF_A_TENSOR.items():
                yield said.format(f"`{name}` and `{also}`"), partial(_with_changed, right, (name, also), change)
    for one, other in permutations(given, 2):
        yield f"`{other}` in place of `{one}`", partial(_with_names, right, {one: other})
    for one, other in combinations(given, 2):
        yield f"`{one}` and `{other}` in each other's place", partial(_with_names, right, {one: other, other: one})
        yield f"`{one}` and `{other}` in another order than was given", partial(_in_another_order, right, one, other)


def _always(number: float, _: Any) -> float:
    return number


def _with_changed(right: Callable[..., Any], names: Sequence[str], change: Callable[[Any], Any], call: Call) -> Arguments:
    given = arguments(right, call)
    return given | {name: change(given[name]) for name in names}


def _with_names(right: Callable[..., Any], instead: Mapping[str, str], call: Call) -> Arguments:
    given = arguments(right, call)
    return {name: given[instead.get(name, name)] for name in given}


def _in_another_order(right: Callable[..., Any], one: str, other: str, call: Call) -> Arguments:
    """What a function with two parameters in each other's place makes of the arguments that come without a name."""
    given = arguments(right, call)
    turned = {one: other, other: one}
    names = [turned.get(name, name) for name in given]
    return given | dict(zip(names, call.args, strict=False)) | call.kwargs


def _is_that(call: Call, edit: Edit, right: Callable[..., Any]) -> bool:
    try:
        theirs = value_of(call, edit[1](call), right)
    except Exception:  # what the edit makes is no input
        return False
    return is_seen(call, theirs)


def is_seen(call: Call, parts: Mapping[str, Any]) -> bool:
    """Whether a value of these parts is the one that was seen."""
    seen = call.parts
    return seen.keys() == parts.keys() and all(numbers_alike(seen[name], parts[name]) for name in seen)


def value_of(call: Call, given: Arguments, right: Callable[..., Any]) -> dict[str, Any]:
    """What the right answer makes of other arguments, with the call's seed."""
    seed_everything(call.seed)
    return parts_of(right(**given))


def _are_one(calls: Sequence[Call], edit: Edit, before: Edit) -> bool:
    """Whether two edits make the same of every call."""
    made = [[change(call) for call in calls] for _, change in (edit, before)]
    return all(numbers_alike(*map(_as_a_leaf, (one[name], other[name]))) for one, other in zip(*made, strict=True) for name in one)


def _as_a_leaf(value: Any) -> Any:
    return value if isinstance(value, Tensor) else parts_of(value)[""]
