"""What is wrong with the terms of a right value: one is missing, halved, has the wrong sign, or something else stands in its place.

A question's terms.py declares them: of an answer `loss(x)` the function `loss_terms(x)` gives its terms by name, each as the part of the right
value that it contributes. Of an answer of several parts it gives them by part: `{"[0]": {"recon": …}}`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, combinations, islice, pairwise
from typing import Any

import torch
from torch import Tensor

from autograder.differences.fitted import CHANGES as FITTED
from autograder.differences.fitted import as_written, crossings
from autograder.differences.inputs import OF_A_TENSOR
from autograder.differences.relations import Pair, arguments, sizes_of
from autograder.differences.summands import GRID, OF_A_SUMMAND, Terms, Values, named
from autograder.wire.calls import Call
from autograder.wire.comparing import numbers_alike

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
LIMITS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "kept above {}": torch.clamp_min,
    "kept below {}": torch.clamp_max,
    "its distance from {}, without a sign": lambda term, c: (term - c).abs(),
}
FEWEST = 6  # calls in which a weight grows
STEEP = 1e4  # terms nearer to each other than that are not told apart


def of_terms(values: Values, pairs: Sequence[Pair], part: str, right: Callable[..., Any], terms: Terms) -> Iterator[str]:
    """Which terms are wrong, and how; several sentences where several hold."""
    listed = [named(terms, mine, part) for mine, _ in pairs]
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
        each = (OneTerm(name, values, calls, part, right, terms, listed) for name in listed[0])
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
    listed: Sequence[dict[str, Tensor]]  # the terms of each call

    @cached_property
    def own(self) -> list[Tensor]:
        """What it is where it is right; nothing where it isn't of the value's form."""
        listed = [each.get(self.name) for each in self.listed]
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
            found = chain(self._counts(), self._grows(), self._functions(), self._limits(), self._other_inputs())
            yield from (f"is the right one but for one term: {self.name} {each}" for each in found)

    def _counts(self) -> Iterator[str]:
        sizes = [sizes_of(self.right, call) for call in self.calls]
        for size in sizes[0]:
            for said, power in (("counts as often as", 1), ("is divided by", -1)):
                if all(each.get(size) and self.is_that(i, self.own[i] * each[size] ** power) for i, each in enumerate(sizes)):
                    yield f"{said} {size}"

    @cached_property
    def _in_its_place(self) -> list[Tensor]:
        return [a.double().reshape(b.shape) - b.double() + t for (a, b), t in zip(self.values, self.own, strict=True)]

    def _grows(self) -> Iterator[str]:
        """Of a term whose weight changes steadily with the calls, as where a counter is kept."""
        known = [
            (float(seen / term), 2e-6 * float((b / term).abs()))  # a weight, and by how much rounding may have moved it
            for seen, term, (_, b) in zip(self._in_its_place, self.own, self.values, strict=True)
            if term.numel() == 1 and bool(term)
        ]
        reach = max((weight for weight, _ in known), default=0.0) - min((weight for weight, _ in known), default=0.0)
        weights = [weight for weight, unsure in known if unsure < 0.05 * reach]
        steps = [later - one for one, later in pairwise(weights)]
        if len(weights) >= FEWEST and (min(steps) > 1e-4 * reach or max(steps) < -1e-4 * reach):
            first, last = (f"{round(weight, 6):.3g}" for weight in (weights[0], weights[-1]))
            yield f"counts another number of times in each call, from {first} in the first to {last} in the last: is something kept or annealed?"

    def _limits(self) -> Iterator[str]:
        """Of a term that is kept above or below a number, or is its distance from one, before it is weighed."""
        given = [arguments(self.right, call) for call in self.calls]
        numbers = [name for name, value in given[0].items() if isinstance(value, float)]
        wrong = next(i for i, (a, b) in enumerate(self.values) if not numbers_alike(a, b))
        for name in ("", *numbers):
            weights = [each.get(name, 1.0) for each in given]
            if not weights[wrong]:
                continue
            for said, change in LIMITS.items():

                def over(c: float, change: Callable[[Tensor, float], Tensor] = change, weights: list[float] = weights) -> float:
                    made = weights[wrong] * change(self.own[wrong] / weights[wrong], c)
                    return float((made - self._in_its_place[wrong]).sum())

                for c in (c for crossing in crossings(over, GRID) for c in as_written(crossing)):
                    made = [
                        weight * change(term / weight, c) if weight else term
                        for term, weight in zip(self.own, weights, strict=True)
                    ]
                    if all(self.is_that(i, term) for i, term in enumerate(made)):
                        before = f", before it is multiplied by `{name}`" if name else ""
                        yield f"is {said.format(f'{c:.4g}')}{before}"
                        return

    def _functions(self) -> Iterator[str]:
        due = torch.cat([each.flatten() for each in self._in_its_place])
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
                    if all(self.is_that(i, self.of(i, argument, partial(to, t=t))) for i in order):
                        yield f"is that of {said.format(f'`{argument}`', f'{t:.4g}')}"

    def of(self, i: int, argument: str, change: Callable[[Tensor], Tensor]) -> Tensor | None:
        """The term of a call's inputs, one of them changed."""
        given = arguments(self.right, self.calls[i])
        try:
            return named(self.terms, self.calls[i], self.part, **given | {argument: change(given[argument])}).get(self.name)
        except Exception:  # what the change makes is no input
            return None

    def _fitted(self, i: int, argument: str, to: Callable[..., Tensor], grid: Sequence[float]) -> Iterator[float]:
        a, b = self.values[i]

        def over(t: float) -> float:
            term = self.of(i, argument, partial(to, t=t))
            return (
                math.nan if term is None else float((b.double() - self.own[i] + term.double().reshape(b.shape) - a.double()).sum())
            )

        for crossing in crossings(over, grid):
            yield from as_written(crossing)


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
