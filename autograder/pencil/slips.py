"""What a wrong number is, where no catalogued number is it: what comes out where one step of the working is done wrongly.

A number tells of its slip by its digits. One slip is told from four digits on, two from seven; of fewer digits one in the last
step alone, and only where just that short number comes out. Slips that meet in a number are said together, if they are two.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from autograder.pencil.working import Slip, Working

START = "This is the number that comes out "  # what the sentences of this module begin with, but for the next ones
TOO_FEW = "This is the right number with too few digits: go on with all of them, and round at the very end."
ELSEWHERE = "This number belongs elsewhere: it is "
CLOSE = 1e-3  # of the right number: nearer than that no slip is told
WHOLE: dict[str, Callable[[float], float]] = {
    "where all of it is doubled": lambda x: 2 * x,
    "where all of it is halved once more": lambda x: x / 2,
    "where all of it has its sign turned": lambda x: -x,
    "in bits": lambda x: x / math.log(2),
    "where all of it is multiplied by log 2": lambda x: x * math.log(2),
    "ten times too large": lambda x: 10 * x,
    "ten times too small": lambda x: x / 10,
    "where all of it is squared": lambda x: x * x,
    "where a root is taken of all of it": math.sqrt,
    "where all of it is inverted": lambda x: 1 / x,
    "where the exponential is taken of all of it": math.exp,
    "where the logarithm is taken of all of it": math.log,
    "where 1 is added to all of it": lambda x: x + 1,
    "where 1 is taken from all of it": lambda x: x - 1,
    "where ½ log 2π is added": lambda x: x + math.log(2 * math.pi) / 2,
}
THREE, FOUR, FIVE, SEVEN = 3, 4, 5, 7
LAST = 1.01e-4  # a last digit that stands so far behind the point is one that was rounded to
TOLD = 2  # slips that meet in a number


def describe(target: str, value: float, right: float, workings: Mapping[str, Working]) -> str:
    """A sentence that few slips explain, or nothing."""
    digits = digits_of(value)
    if 1 <= digits < FOUR and right and 0 < abs(value - right) < 0.1 * abs(right) and value in _shortened(right, digits):
        return TOO_FEW
    if target not in workings or math.isclose(value, right, rel_tol=CLOSE):
        return ""
    for start, enough, rounding, slips in _ways(workings, target):
        if digits >= enough:
            fitting = (
                slip for slip in slips if _is(value, slip[1], digits, rounding) and not math.isclose(slip[1], right, rel_tol=CLOSE)
            )
            told = _apart(fitting)
            if told:
                return f"{start}{', or '.join(told)}." if len(told) <= TOLD else ""
    return ""


def _is(value: float, number: float, digits: int, rounding: float) -> bool:
    """Whether a number would be given so: rounded to its last digit, or cut after it."""
    unit = last_unit(value)
    if digits < FOUR and unit > LAST:
        return abs(number - value) <= 1e-9 * abs(value)
    cut = unit if digits <= FIVE and abs(number) > abs(value) else 0.0
    return abs(number - value) <= max(0.51 * unit, cut, rounding * abs(value))


def _apart(slips: Iterable[Slip]) -> list[str]:
    """What is said of these slips, of those that are one and the same once."""
    told: dict[float, str] = {}
    for said, _, shifted in slips:
        if said not in told.values():
            told.setdefault(float(f"{shifted:.9g}"), said)  # NaN is no other NaN
    return list(told.values())


def is_pencil(hint: str) -> bool:
    """Whether a hint is a sentence of this module."""
    return hint.startswith((START, ELSEWHERE)) or hint == TOO_FEW


def _shortened(number: float, digits: int) -> set[float]:
    """A number rounded to so many digits, and cut after them."""
    unit = 10.0 ** (math.floor(math.log10(abs(number))) - digits + 1)
    return {float(f"{number:.{digits}g}"), float(f"{math.trunc(number / unit) * unit:.{digits}g}")}


def _ways(workings: Mapping[str, Working], target: str) -> Iterator[tuple[str, int, float, Iterable[Slip]]]:
    """The slips that may be told, the likelier ones first, with the digits that it takes and how far what went in may have been rounded."""
    working = workings[target]
    yield ELSEWHERE, FOUR, 2e-5, _elsewhere(workings, target)
    yield START, 1, 2e-5, [*working.example_put_in(target), *working.one_slip(target, target)]
    yield START, 1, 2e-5, _as_a_whole(working, target)
    yield START, FOUR, 2e-5, working.put_in(target)
    for step in working.needed(target):
        yield START, FOUR, 2e-5, working.one_slip(target, step)
    if digits_of(working.values[target]) >= FOUR:  # or what comes of short numbers meets by chance
        yield START, SEVEN, 1e-6, working.two_slips(target)


def _elsewhere(workings: Mapping[str, Working], target: str) -> Iterator[Slip]:
    """Numbers that are right in another place."""
    own = workings[target]
    if own.example:
        yield f"{own.says(target)} of the example, which has other numbers than these", own.of_the_example[target], math.nan
    for name, working in workings.items():
        if name != target:
            yield working.says(name), working.values[name], working.shifted.values[name]
            yield f"{working.says(name)} with its sign turned", -working.values[name], -working.shifted.values[name]


def _as_a_whole(working: Working, target: str) -> Iterator[Slip]:
    for name, number in working.given.items():
        yield f"where it is {working.says(name)}, as it was given", number, working.shifted.given[name]
    for said, change in WHOLE.items():
        try:
            yield said, change(working.values[target]), math.nan
        except (ArithmeticError, ValueError):
            continue


def digits_of(value: float) -> int:
    """How many significant digits a number was given with."""
    if not math.isfinite(value) or value == 0:
        return 0
    return len(repr(abs(value)).partition("e")[0].replace(".", "").strip("0"))


def last_unit(value: float) -> float:
    """One unit of the last digit that a number was given with."""
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits_of(value) + 1)
