"""What a wrong value is in terms of the right one, said only where it holds in every call: it is true by construction.

Here are the order of what may be said, what comes of an argument that was changed, and a factor that is a number (2, log 2) or a size (the
batch's); the other modules of this room hold the rest.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from autograder.differences import relations
from autograder.differences.fitted import fitted
from autograder.differences.functions import function_of_each, of_each_call, rising, statistic
from autograder.differences.inputs import made_of, other_inputs
from autograder.differences.slopes import slopes
from autograder.differences.summands import Terms, of_summands
from autograder.differences.terms import of_terms
from autograder.differences.where import border, which_calls
from autograder.wire.calls import EARLIER_VALUE, GLOBAL_SEED, GRADIENT, Call
from autograder.wire.comparing import differing_numbers, numbers_alike

CONSTANTS = {
    "times 2": 2.0,
    "times 1/2": 0.5,
    "times 4": 4.0,
    "times 1/4": 0.25,
    "with the wrong sign": -1.0,
    "times 2, with the wrong sign": -2.0,
    "times 1/2, with the wrong sign": -0.5,
    "times log 2": math.log(2),
    "divided by log 2": 1 / math.log(2),
    "divided by (log 2) squared": 1 / math.log(2) ** 2,
    "times log 10": math.log(10),
    "divided by log 10": 1 / math.log(10),
    "times log 2 / log 10, as if log10 stood for log2": math.log10(2),
}
UNSTEADY = (
    "Called twice with the same inputs it gave two different values: something in it is drawn at random or kept between calls, "
    "and nothing here should be."
)
TOUCHED = (
    ": something works in place on what was passed in (`+=`, a method whose name ends in `_`, an assignment to a part). Work on a "
    "copy: the caller and the backward pass need the old numbers."
)
USED_AGAIN = (
    "What one call returned is changed by the next: a tensor is kept and written to again (a buffer, a default argument, a global). "
    "Make a new one in every call: the caller still needs the old one."
)
WENT_BACKWARD = (
    "It calls backward() itself: that leaves gradients in the tensors that were passed in, and they come twice when the caller goes "
    "backward. Return the value alone."
)
START = "In every call that was checked, "  # what every sentence of this module begins with

Pair = tuple[Call, Call]  # what was seen, and what the right answer does


def edit(pairs: Sequence[Pair], right: Callable[..., Any], terms: Terms | None, summands: Terms | None = None) -> str:
    """A sentence that holds in all calls and explains the first part of the value that is wrong and can be explained, or nothing."""
    if not pairs or pairs[0][0].parts.keys() != pairs[0][1].parts.keys():
        return ""
    return next((_sentence(said) if said else "" for said in _ways(pairs, right, terms, summands)), "")


def _ways(pairs: Sequence[Pair], right: Callable[..., Any], terms: Terms | None, summands: Terms | None) -> Iterator[str]:
    """What can be said, what says most first; an empty one where several things could be and none is meant."""
    wholes: list[Callable[[], str]] = [
        lambda: relations.far_out(pairs),
        lambda: relations.undefined(pairs, _names(right)),
        lambda: slopes(pairs, right),
    ]
    yield from (f"your value {said}" for look in wholes if (said := look()))
    parts = {name: values for name in pairs[0][1].parts if (values := _compared(pairs, name))}
    calls = [mine for mine, _ in pairs]
    for name, values in parts.items():
        told = of_terms(values, pairs, name, right, terms) if terms else ()
        yield from _of_part(pairs, name, list(_factor(values, pairs, right)) or list(told))
        told = of_summands(values, calls, name, summands) if summands else ()
        for found in (
            told,
            relations.relation(values, calls, right),
            function_of_each(values),
            made_of(values),
            of_each_call(values),
        ):
            yield from _of_part(pairs, name, list(found))
    yield from (f"your value {said}" for look in (statistic, which_calls, other_inputs, fitted) if (said := look(pairs, right)))
    for name, values in parts.items():
        yield from _of_part(pairs, name, list(filter(None, [border(values, pairs, right)])) or list(rising(values)))
    if said := relations.misplaced([mine.parts for mine, _ in pairs], [ours.parts for _, ours in pairs]):
        yield said


def _of_part(pairs: Sequence[Pair], name: str, found: Sequence[str]) -> Iterator[str]:
    """What is said of one part of the value."""
    names = list(pairs[0][1].parts)
    place = names.index(name)
    what = f"the {relations.PLACES[place]} of your values" if len(names) > 1 and place < 4 else "your value"
    if found:
        yield f"{what} {found[0]}" if len(found) == 1 else ""


def touched(calls: Sequence[Call]) -> str:
    """Which arguments came back changed, or that an earlier value is, or nothing. A seed that is set has words of its own."""
    names = sorted({name for call in calls if not call.scenario for name in call.changed} - {GLOBAL_SEED})
    if names == [EARLIER_VALUE]:
        return USED_AGAIN
    if names and all(name.endswith(GRADIENT) for name in names):
        return WENT_BACKWARD
    names = [name for name in names if name != EARLIER_VALUE and not name.endswith(GRADIENT)]
    listed = " and ".join(f"`{name}`" for name in names)
    return f"{listed} {'comes' if len(names) == 1 else 'come'} back changed{TOUCHED}" if names else ""


def _sentence(said: str) -> str:
    return f"{START}{said}{'' if said.endswith('?') else '.'}"


def _compared(pairs: Sequence[Pair], name: str) -> list[tuple[Tensor, Tensor]]:
    """One part of the value as it was seen and as it is right, of one shape; none where they cannot be compared, or are plainly alike."""
    leaves = [(mine.parts.get(name), ours.parts.get(name)) for mine, ours in pairs]
    values = [(a, b) for a, b in leaves if isinstance(a, Tensor) and isinstance(b, Tensor) and b.is_floating_point()]
    if len(values) < len(leaves) or any(not bool(torch.isfinite(b).all()) for _, b in values):
        return []
    if all(numbers_alike(a, b) for a, b in values) or any(a.shape != b.shape and a.numel() != b.numel() for a, b in values):
        return []
    apart = [differing_numbers(a, b) for a, b in values]
    if sum(apart) < 8 and sum(count > 0 for count in apart) < 2:
        return []
    return [(a.detach().reshape(b.shape), b.detach()) for a, b in values]


def _names(right: Callable[..., Any]) -> list[str]:
    try:
        return list(inspect.signature(right).parameters)
    except (TypeError, ValueError):
        return []


def is_edit(hint: str) -> bool:
    """Whether a hint is a sentence of this module."""
    return hint.startswith(START) or hint in (UNSTEADY, USED_AGAIN, WENT_BACKWARD) or hint.endswith(TOUCHED)


def _factor(values: list[tuple[Tensor, Tensor]], pairs: Sequence[Pair], right: Callable[..., Any]) -> Iterator[str]:
    """The right one times a number that is well known, or a size."""
    factors = [CONSTANTS | _sizes(right, mine) for mine, _ in pairs]
    for said in factors[0]:
        if all(said in each and numbers_alike(a, b * each[said]) for (a, b), each in zip(values, factors, strict=True)):
            yield f"is the right one {said}"


def _sizes(right: Callable[..., Any], call: Call) -> dict[str, float]:
    """Factors that differ from call to call: sizes of the arguments, and numbers among them."""
    found: dict[str, float] = {}
    met: set[tuple[str, int]] = set()
    for name, value in relations.arguments(right, call).items():
        if isinstance(value, Tensor) and value.dim():
            axes = [("the length of its first axis, the batch", value.shape[0])] + (
                [("the length of its last axis", value.shape[-1]), ("the number of its elements", value.numel())]
                if value.dim() == 2
                else []
            )
            sizes = [(f"{axis} (`{name}`)", size) for axis, size in axes if (axis, size) not in met]
            met |= set(axes)
            for said, size in sizes:
                found |= {f"times {said}": float(size), f"divided by {said}": 1 / size if size else 0.0}
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found |= {
                f"times `{name}` once too often": float(value),
                f"divided by `{name}` once too often": 1 / value if value else math.nan,
            }
    return found
