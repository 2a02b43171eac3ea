"""What is wrong with one term of a right value, or with each of the summands that it adds up.

A question's terms.py declares both: of an answer `loss(x)` the function `loss_terms(x)` gives its terms by name, each as the part of the right
value that it contributes, and `loss_summands(x)` one tensor by name, whose sums over all axes but the first are right for each example, or
whose mean of such sums is. Of an answer of several parts each gives them by part: `{"[0]": {"recon": …}}`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations, islice
from typing import Any

import torch
from torch import Tensor

from autograder.differences.comparing import numbers_alike
from autograder.differences.fitted import CHANGES as FITTED
from autograder.differences.fitted import as_written, crossings
from autograder.differences.inputs import OF_A_TENSOR
from autograder.differences.relations import Pair, arguments, sizes_of
from autograder.wire.calls import Call

GRID = (-20.0, -5.0, -1.0, -0.1, -1e-3, 0.0, 1e-6, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
OF_A_SUMMAND: Mapping[str, Callable[[Tensor], Tensor]] = {
    "without its sign": torch.abs,
    "squared": torch.square,
    "with its sign turned": torch.neg,
    "put through a ReLU": torch.relu,
    "under a root": torch.sqrt,
}
TOGETHER: Mapping[str, Callable[[Tensor], Tensor]] = {
    "averaged, not summed,": lambda rows: rows.mean(1),
    "the largest alone": lambda rows: rows.max(1).values,
    "the smallest alone": lambda rows: rows.min(1).values,
    "the first alone": lambda rows: rows[:, 0],
    "the last alone": lambda rows: rows[:, -1],
    "all but the first": lambda rows: rows[:, 1:].sum(1),
    "all but the last": lambda rows: rows[:, :-1].sum(1),
    "multiplied, not summed,": lambda rows: rows.prod(1),
    "the norm of them": lambda rows: rows.norm(dim=1),
}
Values = Sequence[tuple[Tensor, Tensor]]
CHANGES = {  # of a term, by how much of it is in excess
    "is missing": -1.0,
    "counts twice": 1.0,
    "has the wrong sign": -2.0,
    "is only half of what it should be": -0.5,
    "lacks its factor 1/2": 1.0,
}
MIXED: dict[str, Callable[[Tensor], Tensor]] = {
    "summed over the whole batch": lambda term: term.sum().expand_as(term),
    "averaged over the whole batch": lambda term: term.mean().expand_as(term),
    "that of the first example": lambda term: term.flatten()[:1].expand(term.numel()).reshape(term.shape),
}
STEEP = 1e4  # terms nearer to each other than that are not told apart
Terms = Callable[..., Mapping[str, Any]]


def of_terms(values: Values, pairs: Sequence[Pair], part: str, right: Callable[..., Any], terms: Terms) -> Iterator[str]:
    """Which terms are wrong, and how; several sentences where several hold."""
    listed = [_named(terms, mine, part) for mine, _ in pairs]
    alone = True
    for name in listed[0]:
        for change, excess in CHANGES.items():
            if not _is_told(name, change):
                continue
            if all(name in each and _is_right_plus(a, b, excess * each[name]) for (a, b), each in zip(values, listed, strict=True)):
                yield f"is the right one but for one term: {name} {change}"
                alone = False
    mixed = [said for name in listed[0] if alone and (said := _mixed(name, values, listed))]
    if mixed:
        yield mixed[0]
        return
    two = list(_two_terms(values, listed)) if alone else []
    found = two or (list(_weighted(values, listed)) if alone else [])
    yield from found
    if alone and not found:
        calls = [mine for mine, _ in pairs]
        each = (OneTerm(name, values, calls, part, right, terms) for name in listed[0])
        yield from islice((said for term in each for said in term.said()), 1)


def _mixed(name: str, values: Sequence[tuple[Tensor, Tensor]], listed: Sequence[dict[str, Tensor]]) -> str:
    """A term of which each example gets what belongs to all of them."""
    for said, mix in MIXED.items():
        if any(b.numel() > 1 for _, b in values) and all(
            name in each
            and each[name].numel() == b.numel()
            and numbers_alike(a, b + (mix(each[name]) - each[name]).reshape(b.shape))
            for (a, b), each in zip(values, listed, strict=True)
        ):
            return f"is the right one but for one term: {name} is {said}, the same for each"
    return ""


@dataclass(frozen=True)
class OneTerm:
    """A value of which all but one term may be right: what stands in its place."""

    name: str
    values: Values
    calls: Sequence[Call]
    part: str
    right: Callable[..., Any]
    terms: Terms

    @cached_property
    def own(self) -> list[Tensor]:
        """What it is where it is right; nothing where it isn't of the value's form."""
        listed = [_named(self.terms, call, self.part).get(self.name) for call in self.calls]
        fitting = [term for term, (_, b) in zip(listed, self.values, strict=True) if term is not None and term.numel() == b.numel()]
        return [term.double().reshape(b.shape) for term, (_, b) in zip(fitting, self.values, strict=False)]

    def is_that(self, i: int, term: Tensor | None) -> bool:
        """Whether a call's value is the right one with this in the place of the term."""
        a, b = self.values[i]
        if term is None or term.numel() != b.numel():
            return False
        return numbers_alike(a, b.double() - self.own[i] + term.double().reshape(b.shape))

    def said(self) -> Iterator[str]:
        """What is said of it: that it counts otherwise, is a function of itself, or is that of other inputs."""
        if len(self.own) == len(self.values):
            found = (*self._counts(), *self._functions(), *self._other_inputs())
            yield from (f"is the right one but for one term: {self.name} {each}" for each in found)

    def _counts(self) -> Iterator[str]:
        sizes = [sizes_of(self.right, call) for call in self.calls]
        for size in sizes[0]:
            for said, power in (("counts as often as", 1), ("is divided by", -1)):
                if all(each.get(size) and self.is_that(i, self.own[i] * each[size] ** power) for i, each in enumerate(sizes)):
                    yield f"{said} {size}"

    def _functions(self) -> Iterator[str]:
        due = torch.cat([(a.double() - b.double() + t).flatten() for (a, b), t in zip(self.values, self.own, strict=True)])
        for said, change in OF_A_SUMMAND.items():
            made = [change(term) for term in self.own]
            factor = float((due / torch.cat([each.flatten() for each in made])).nanmedian())
            if said != "with its sign turned" and all(self.is_that(i, factor * each) for i, each in enumerate(made)):
                yield f"is {said}{f', times {factor:.4g}' if abs(factor - 1) > 1e-3 else ''}"

    def _other_inputs(self) -> Iterator[str]:
        every = range(len(self.values))
        order = sorted(every, key=lambda i: numbers_alike(*self.values[i]))  # the wrong ones first
        for argument, value in arguments(self.right, self.calls[0]).items():
            if not isinstance(value, Tensor) or not value.is_floating_point():
                continue
            for said, change in OF_A_TENSOR.items():
                if all(self.is_that(i, self.of(i, argument, change)) for i in order):
                    yield f"is that of {said.format(f'`{argument}`')}"
            for said, (to, grid) in FITTED.items():
                for t in self._fitted(order[0], argument, to, grid):
                    if all(self.is_that(i, self.of(i, argument, partial(_with, to, t))) for i in order):
                        yield f"is that of {said.format(f'`{argument}`', f'{t:.4g}')}"

    def of(self, i: int, argument: str, change: Callable[[Tensor], Tensor]) -> Tensor | None:
        """The term of a call's inputs, one of them changed."""
        given = arguments(self.right, self.calls[i])
        try:
            return _named(self.terms, self.calls[i], self.part, **given | {argument: change(given[argument])}).get(self.name)
        except Exception:  # what the change makes is no input
            return None

    def _fitted(self, i: int, argument: str, to: Callable[[Tensor, float], Tensor], grid: Sequence[float]) -> Iterator[float]:
        a, b = self.values[i]

        def over(t: float) -> float:
            term = self.of(i, argument, partial(_with, to, t))
            return (
                math.nan if term is None else float((b.double() - self.own[i] + term.double().reshape(b.shape) - a.double()).sum())
            )

        for crossing in crossings(over, grid):
            yield from as_written(crossing)


def _with(to: Callable[[Tensor, float], Tensor], t: float, x: Tensor) -> Tensor:
    return to(x, t)


def _two_terms(values: Sequence[tuple[Tensor, Tensor]], listed: Sequence[dict[str, Tensor]]) -> Iterator[str]:
    """Two terms that are wrong at once, or what an absolute value hides."""
    changes = [(name, change, excess) for name in listed[0] for change, excess in CHANGES.items() if _is_told(name, change)]
    for one, other in combinations(changes, 2):
        if one[0] != other[0] and all(
            one[0] in each and other[0] in each and _is_right_plus(a, b, one[2] * each[one[0]] + other[2] * each[other[0]])
            for (a, b), each in zip(values, listed, strict=True)
        ):
            yield f"is the right one but for two terms: {one[0]} {one[1]}, and {other[0]} {other[1]}"
    for name, change, excess in changes:
        if all(
            name in each and _is_right_plus(a, b, excess * each[name], hidden=True)
            for (a, b), each in zip(values, listed, strict=True)
        ):
            yield f"is the absolute value of the right one but for one term: {name} {change}"


def _weighted(values: Sequence[tuple[Tensor, Tensor]], listed: Sequence[dict[str, Tensor]]) -> Iterator[str]:
    """Terms that count another number of times than once, the same in all calls: by least squares, and said where the fit is exact."""
    names = [name for name in listed[0] if all(name in each for each in listed)]
    names = [name for name in names if all(each[name].numel() == b.numel() for each, (_, b) in zip(listed, values, strict=True))]
    seen = torch.cat([a.double().flatten() for a, _ in values])
    columns = {name: torch.cat([each[name].detach().double().flatten() for each in listed]) for name in names}
    for chosen in (names, names[:2]):  # the first two alone, where the others are parts of them
        if len(chosen) < 2 or len(seen) < 4 * len(chosen):
            continue
        design = torch.stack([columns[name] for name in chosen], 1)
        scale = design.square().mean(0).sqrt()
        if (
            not bool(torch.isfinite(design).all() and torch.isfinite(seen).all())
            or float(torch.linalg.cond(design / scale)) > STEEP
        ):
            continue
        weights = torch.linalg.lstsq(design / scale, seen[:, None]).solution.flatten() / scale
        other = [
            f"{name} counts {weight:.3g} times"
            for name, weight in zip(chosen, weights.tolist(), strict=True)
            if abs(weight - 1) > 1e-3
        ]
        if numbers_alike((design @ weights).float(), seen.float()) and 1 <= len(other) <= min(3, len(chosen)):
            yield f"is the right one but for the weight of its terms: {', and '.join(other)}"
            return


def _is_told(name: str, change: str) -> bool:
    """Whether a change is told so of this term: of one with a factor ½ as that which it lacks."""
    return not ((change == "lacks its factor 1/2" and "½" not in name) or (change == "counts twice" and "½" in name))


def _is_right_plus(value: Tensor, right: Tensor, more: Tensor, hidden: bool = False) -> bool:
    """Whether a value is the right one and something more, or with its sign hidden the size of that."""
    if more.numel() != right.numel():
        return False
    edited = right.double() + more.detach().double().reshape(right.shape)
    return numbers_alike(value, edited.abs() if hidden else edited)


def _named(terms: Terms, call: Call, part: str, **other: Any) -> dict[str, Tensor]:
    """The terms or summands of one part of the value, with arguments other than the call's."""
    with torch.no_grad():
        found = terms(*call.args, **call.kwargs) if not other else terms(**other)
    return dict(found.get(part, {})) if any(isinstance(value, dict) for value in found.values()) else dict(found)


def of_summands(values: Values, calls: Sequence[Call], part: str, summands: Callable[..., Mapping[str, Any]]) -> Iterator[str]:
    """What was done to the summands of one part of the value, the same in every call; or nothing."""
    listed = [_named(summands, call, part) for call in calls]
    for name in listed[0] if listed else ():
        rows = [each[name].detach().double().flatten(1) for each in listed if name in each]
        if len(rows) < len(values) or not _are([(ours, ours) for _, ours in values], rows):
            continue
        averaged = [each.mean(0, keepdim=True) for each in rows]
        whole = all(ours.dim() == 0 for _, ours in values)  # a loss, of which free bits are often charged for the batch's average
        for said, these in ((name, rows), (f"the batch's average of {name}", averaged))[: 1 + whole]:
            if found := _done_to_each(values, said, these):
                yield found
                return


def _done_to_each(values: Values, name: str, rows: Sequence[Tensor]) -> str:
    for said, change in OF_A_SUMMAND.items():
        if _are(values, [change(each) for each in rows]):
            return f"is what comes of it where {name} is {said}"
    for said, together in TOGETHER.items():
        if _are(values, [together(each)[:, None] for each in rows]):
            return f"is what comes of it where of all of {name} {said} {'counts' if 'alone' in said else 'count'}"
    for limit, side in ((torch.clamp_min, "above"), (torch.clamp_max, "below")):
        for t in _limits(values, rows, limit):
            return f"is what comes of it where {name} is kept {side} {t:.4g}"
    return ""


def _added(rows: Tensor, like: Tensor) -> Tensor:
    """A number for each example, or the mean of these, whichever it is like."""
    sums = rows.sum(1)
    return sums.reshape(like.shape) if like.numel() == len(sums) > 1 or like.dim() else sums.mean()


def _are(values: Values, rows: Sequence[Tensor]) -> bool:
    return all(numbers_alike(mine, _added(each, ours)) for each, (mine, ours) in zip(rows, values, strict=True))


def _limits(values: Values, rows: Sequence[Tensor], limit: Callable[[Tensor, float], Tensor]) -> Iterator[float]:
    """The limit with which every call is explained; it is found in the first one that is wrong."""
    i = next(i for i, (mine, ours) in enumerate(values) if not numbers_alike(mine, ours))
    mine, ours = values[i]

    def over(t: float) -> float:
        return float((_added(limit(rows[i], t), ours) - mine.double().reshape(ours.shape)).sum())

    for crossing in crossings(over, GRID):
        for t in as_written(crossing):
            if _are(values, [limit(each, t) for each in rows]):
                yield t
                return
