"""How a wrong value goes with the right one from call to call, where it is no plain factor and no term of it.

Each sentence is found by looking at all calls at once, and holds in every one of them: of a value that is right times a size over
another, right plus a constant, the value that belongs in another place, one and the same number each time,
right unless an input is far out or negative. What is done to each number by itself is in `functions`.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import torch
from torch import Tensor

from autograder.wire.calls import Call
from autograder.wire.comparing import is_extreme, numbers_alike, roughly_same
from autograder.wire.trees import tensors

Pair = tuple[Call, Call]  # what was seen, and what the right answer does
Values = Sequence[tuple[Tensor, Tensor]]
PLACES = ("first", "second", "third", "fourth")
CALLS = 4  # in which a relation between single numbers must hold, with different sizes, to be one


def far_out(pairs: Sequence[Pair]) -> str:
    """What is said of an answer that is right, gradients included, wherever the inputs are ordinary."""
    ordinary = [pair for pair in pairs if not is_extreme(pair[0])]
    extreme = [pair for pair in pairs if is_extreme(pair[0])]
    if len(ordinary) < 3 or not all(roughly_same(mine, ours) or _nearly(mine, ours) for mine, ours in ordinary):
        return ""
    off = [(mine, ours) for mine, ours in extreme if not roughly_same(mine, ours, slack=100)]
    if not off:
        return ""
    if any(not _finite(mine.value) and _finite(ours.value) for mine, ours in off):
        return "is right where the inputs are ordinary, and infinite or not a number where they are far out: something overflows on the way"
    if all(roughly_same_values(mine, ours) for mine, ours in off):
        return "is right, but where the inputs are far out its gradient is not: something is clamped, cut off or rounded on the way"
    return "is right where the inputs are ordinary, and another where they are far out: something is clamped, cut off, rounded or guarded by a small number on the way"


def _nearly(mine: Call, ours: Call) -> bool:
    """Whether two calls differ by a few millionths at most: as of float64 it is seen, and tells of a guard or of rounding."""
    double = all(leaf.dtype == torch.float64 for leaf in tensors(mine.value))
    return double and roughly_same(mine, ours, slack=50)  # of 1e-7


def roughly_same_values(mine: Call, ours: Call) -> bool:
    return all(roughly_same(mine, ours, part) for part in ours.parts)


def _finite(value: Any) -> bool:
    return all(bool(torch.isfinite(leaf).all()) for leaf in tensors(value))


def undefined(pairs: Sequence[Pair], names: Sequence[str]) -> str:
    """What is said of an answer that is no number exactly where one argument holds a negative one."""
    met: dict[str, list[bool]] = {}
    for mine, ours in pairs:
        value, right = mine.value, ours.value
        if not isinstance(value, Tensor) or not isinstance(right, Tensor) or value.shape != right.shape or not value.dim():
            return ""
        if not bool(torch.isfinite(right).all()):
            return ""
        for name, argument in zip(names, mine.args, strict=False):
            if isinstance(argument, Tensor) and argument.dim() >= value.dim() and argument.shape[: value.dim()] == value.shape:
                negative = (argument < 0).reshape(*value.shape, -1)
                for where, mask in (("any", negative.any(-1)), ("some", negative.all(-1))):
                    met.setdefault(f"{name} {where}", []).extend((mask == value.isnan()).flatten().tolist())
    nans = sum(int(mine.value.isnan().sum()) for mine, _ in pairs)
    total = sum(mine.value.numel() for mine, _ in pairs)
    found = {name.split()[0] for name, fits in met.items() if len(fits) == total and all(fits)}
    if 4 <= nans < total and len(found) == 1:
        return f"is not a number exactly where `{found.pop()}` is negative: is a root or a logarithm taken of it as it is?"
    return ""


def misplaced(seen: Sequence[Mapping[str, Any]], right: Sequence[Mapping[str, Any]]) -> str:
    """What is said of several values of which one is what belongs elsewhere, or is always the same as another."""
    names = list(right[0])
    if not 2 <= len(names) <= len(PLACES) or any(list(each) != names for each in (*seen, *right)):
        return ""
    wrong = [name for name in names if not _same(seen, right, name, name)]
    for one, other in product(wrong, names):
        if one == other or _same(right, right, one, other):
            continue
        if _same(seen, right, one, other):
            return f"the {_place(names, one)} of your values is what the {_place(names, other)} should be"
        if _same(seen, seen, one, other):
            return f"the {_place(names, one)} and the {_place(names, other)} of your values are the same number, and should not be: do they share one tensor, or one formula?"
    return ""


def _same(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]], one: str, other: str) -> bool:
    return len(ours) >= CALLS and all(numbers_alike(a[one], b[other]) for a, b in zip(ours, theirs, strict=True))


def _place(names: Sequence[str], name: str) -> str:
    return PLACES[names.index(name)]


def relation(values: Values, calls: Sequence[Call], right: Callable[..., Any]) -> Iterator[str]:
    """What is said of one part of the value; nothing, one sentence, or several of which none is meant."""
    rights = torch.cat([b.double().flatten() for _, b in values])
    first = values[0][0].double().flatten()[:1]
    if len(values) >= CALLS and all(bool((a.double() == first).all()) for a, _ in values) and float(rights.std()) > 0:
        yield f"is {float(first):g} in every call, whatever goes in: is a number written into the code, or kept from the first call?"
        return
    sizes = [sizes_of(right, call) for call in calls]
    varying = _telling(sizes)
    found = [*_multiples(values, sizes, varying), *_offsets(values, sizes, varying)]
    yield from found


def _telling(sizes: Sequence[Mapping[str, float]]) -> list[str]:
    """The sizes that differ from call to call and are never zero, each once."""
    found: dict[tuple[float, ...], str] = {}
    for name in sizes[0] if sizes else ():
        lengths = tuple(each.get(name, 0.0) for each in sizes)
        if all(lengths) and len(set(lengths)) > 1:
            found.setdefault(lengths, name)
    return list(found.values())


def _multiples(values: Values, sizes: Sequence[Mapping[str, float]], varying: Sequence[str]) -> Iterator[str]:
    """Right times one size over another, or times a number that is no size."""
    ratios, known = [], []
    for (a, b), size in zip(values, sizes, strict=True):
        mine, ours = float(a.double().sum()), float(b.double().sum())
        if not bool(a.any()) and not bool(b.any()):
            continue  # nothing is nothing times anything
        if ours == 0 or not numbers_alike(a, (b.double() * (mine / ours)).to(a.dtype)):
            return
        ratios.append(mine / ours)
        known.append(size)
    if len(ratios) < 3 or any(not math.isfinite(ratio) or ratio == 0 for ratio in ratios):
        return
    if is_constant(ratios):
        yield f"is the right one times {ratios[0]:.4g}"
        return
    for up, down in product(["", *varying], repeat=2):
        if up == down or len({(each.get(up), each.get(down)) for each in known}) < 3:
            continue
        rest = [ratio / each.get(up, 1.0) * each.get(down, 1.0) for ratio, each in zip(ratios, known, strict=True)]
        if is_constant(rest):
            by = "".join((f", multiplied by {up}" if up else "", f", divided by {down}" if down else ""))
            more = (
                "" if abs(rest[0] - 1) < 1e-4 else f", times {rest[0]:.4g}: is a number written into the code where a size belongs?"
            )
            yield f"is the right one{by}{more}"


def _offsets(values: Values, sizes: Sequence[Mapping[str, float]], varying: Sequence[str]) -> Iterator[str]:
    """Right plus a constant, or plus a constant times a size."""
    gaps = []
    for a, b in values:
        gap = a.double() - b.double()
        if not gap.numel() or not numbers_alike(a, (b.double() + gap.mean()).to(a.dtype)):
            return
        gaps.append(float(gap.mean()))
    scale = max(float(b.double().abs().max()) for _, b in values)
    few = len({float(b.double().sum()) for _, b in values}) < CALLS  # of one value any two are a constant apart
    if few or max(map(abs, gaps)) < 1e-5 * scale:
        return
    for name in ("", *varying):
        rest = [gap / each.get(name, 1.0) for gap, each in zip(gaps, sizes, strict=True)]
        if is_constant(rest, 5e-3):
            by = f" times {name}" if name else ""
            yield f"is the right one {'plus' if rest[0] > 0 else 'minus'} {abs(rest[0]):.4g}{by}"
            return


def is_constant(numbers: Sequence[float], rtol: float = 1e-4) -> bool:
    return bool(numbers) and max(numbers) - min(numbers) <= rtol * max(map(abs, numbers))


def arguments(right: Callable[..., Any], call: Call) -> dict[str, Any]:
    """A call's arguments by name, defaults too; none where the right answer takes no such ones."""
    try:
        given = inspect.signature(right).bind(*call.args, **call.kwargs)
    except (TypeError, ValueError):
        return {}
    given.apply_defaults()
    return dict(given.arguments)


def sizes_of(right: Callable[..., Any], call: Call) -> dict[str, float]:
    """The lengths of the arguments' axes, and the numbers among them, by name."""
    found: dict[str, float] = {}
    for name, value in arguments(right, call).items():
        if isinstance(value, Tensor) and value.dim():
            found.setdefault("the batch size", float(value.shape[0]))
            if value.dim() == 2:
                found[f"the length of the last axis of `{name}`"] = float(value.shape[-1])
            else:
                found[f"the number of elements of `{name}`"] = float(value.numel())
                found[f"the root of the number of elements of `{name}`"] = value.numel() ** 0.5
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found[f"`{name}`"] = float(value)
            if value > 1:
                found |= {f"the logarithm of `{name}` to base 2": math.log2(value), f"the square of `{name}`": float(value) ** 2}
    return found
