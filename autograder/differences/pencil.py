"""What a wrong number is in terms of the right one, where no catalogued number is it: compositions of slips that a question declares.

A question's terms.py may take a number apart as it does a value: `q4_kl_c_terms(mu=0.0, sigma=2.0)` returns the parts whose sum is the
right number, each with the wrong forms that it may have. Its arguments are the numbers that were given, so that each can be put in
wrongly as well. One slip is told from four digits on, two from seven: what has fewer could be anything.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

Parts = Mapping[str, tuple[float, Mapping[str, float]]]  # each part's right value, and its wrong forms by what is said of them
Slip = tuple[str, float]  # what is said, and the number that comes of it

START = "This is the number that comes out "  # what the sentences of this module begin with, but for the next
TOO_FEW = "This is the right number with too few digits: go on with all of them, and round at the very end."
FACTORS = {
    "without its ½": 2.0,
    "halved once more": 0.5,
    "with its sign turned": -1.0,
    "in bits": 1 / math.log(2),
    "times log 2": math.log(2),
    "ten times too large": 10.0,
    "ten times too small": 0.1,
}
FORMS: dict[str, Callable[[float], float]] = {
    "squared": lambda x: x * x,
    "under a root": math.sqrt,
    "inverted": lambda x: 1 / x,
    "with its sign turned": lambda x: -x,
    "doubled": lambda x: 2 * x,
    "halved": lambda x: x / 2,
    "as an exponent": math.exp,
    "as a logarithm": math.log,
}
FOUR, SEVEN = 4, 7


def describe(value: float, right: float, terms: Callable[..., Parts] | None) -> str:
    """A sentence that only one slip, or one pair of them, explains; or nothing."""
    digits = digits_of(value)
    if 2 <= digits < FOUR and right and math.isclose(value, float(f"{right:.{digits}g}"), rel_tol=1e-9):
        return TOO_FEW
    if not terms or digits < FOUR or math.isclose(value, right, rel_tol=1e-3):
        return ""
    for enough, rounding, slips in _ways(terms):
        within = max(0.51 * last_unit(value), rounding * abs(value))
        if digits >= enough:
            close = {
                said for said, number in slips if abs(number - value) <= within and not math.isclose(number, right, rel_tol=1e-3)
            }
            if close:
                return f"{START}{close.pop()}." if len(close) == 1 else ""
    return ""


def is_pencil(hint: str) -> bool:
    """Whether a hint is a sentence of this module."""
    return hint.startswith(START) or hint == TOO_FEW


def _ways(terms: Callable[..., Parts]) -> Iterator[tuple[int, float, Iterator[Slip]]]:
    """The slips that may be told, the likelier ones first, with the digits that it takes and how far what went in may have been rounded."""
    parts = terms()
    yield FOUR, 2e-5, _declared(parts)
    yield FOUR, 2e-5, ((said, _sum(other)) for said, other in _put_in(terms))
    yield SEVEN, 1e-6, _two_declared(parts)
    yield SEVEN, 1e-6, _put_in_and_declared(terms)


def _declared(parts: Parts) -> Iterator[Slip]:
    """The number with one thing wrong with it, as a whole or in one of its parts."""
    total = _sum(parts)
    for said, factor in FACTORS.items():
        yield said, factor * total
    for name, said, excess in _changes(parts):
        yield f"where {name} {said}", total + excess


def _two_declared(parts: Parts) -> Iterator[Slip]:
    total, changes = _sum(parts), list(_changes(parts))
    for (one, said, excess), (other, also, more) in combinations(changes, 2):
        if one != other:
            yield f"where {one} {said}, and {other} {also}", total + excess + more
    for said, factor in FACTORS.items():
        for name, what, excess in changes:
            yield f"where {name} {what}, and all of it is {said}", factor * (total + excess)


def _put_in_and_declared(terms: Callable[..., Parts]) -> Iterator[Slip]:
    for said, parts in _put_in(terms):
        for name, what, excess in _changes(parts):
            yield f"{said}, and where {name} {what}", _sum(parts) + excess


def _changes(parts: Parts) -> Iterator[tuple[str, str, float]]:
    """What may be wrong with each part, and by how much that changes the sum."""
    for name, (right, forms) in parts.items():
        usual = {"is missing": 0.0, "has the wrong sign": -right}
        for said, number in {**usual, **forms}.items():
            yield name, said, number - right


def _put_in(terms: Callable[..., Parts]) -> Iterator[tuple[str, Parts]]:
    """The parts for each of the given numbers put in wrongly: in another form, or as another of them."""
    given = {name: parameter.default for name, parameter in inspect.signature(terms).parameters.items()}
    for name, number in given.items():
        for said, form in FORMS.items():
            try:
                yield f"with {name} {said}", terms(**{name: form(number)})
            except (ValueError, ZeroDivisionError, OverflowError):
                continue
        for other, instead in given.items():
            if instead != number:
                try:
                    yield f"with {other} in place of {name}", terms(**{name: instead})
                except (ValueError, ZeroDivisionError, OverflowError):
                    continue


def _sum(parts: Parts) -> float:
    return sum(right for right, _ in parts.values())


def digits_of(value: float) -> int:
    """How many significant digits a number was given with."""
    if not math.isfinite(value) or value == 0:
        return 0
    return len(repr(abs(value)).partition("e")[0].replace(".", "").strip("0"))


def last_unit(value: float) -> float:
    """One unit of the last digit that a number was given with."""
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits_of(value) + 1)
