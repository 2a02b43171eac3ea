"""What single estimates are in terms of the noise that they are made of, where that noise can be known.

A seeded call draws the same numbers again. If what came out is a polynomial in them, one for each number, then its coefficients are
known exactly; from call to call they are formulas in the arguments. Said is what a student's own formula amounts to, never the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import torch
from torch import Tensor

from autograder.differences.relations import Pair, arguments
from autograder.student.generators import seed_everything
from autograder.wire.calls import Call

START = "Each of its numbers, written in the noise ε that it was made of, "  # what the sentences of this module begin with
MOST, FEWEST = 5, 30  # powers of the noise, and numbers in a call
EXACT, SMALL, CONSTANT = 1e-4, 1e-3, 1e-3
EXPONENTS = range(-4, 5)
HIGHEST = 5  # exponents together
NICE = {0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0}  # numbers that a sum of two terms may have; any fits, if any may
POWERS = ("", "ε", "ε²", "ε³", "ε⁴")

# By what else is said of them; the first ones are standard normal and independent.
NOISES: Mapping[str, Callable[[int], Tensor]] = {
    "": torch.randn,
    " (numpy's)": lambda n: torch.from_numpy(np.random.randn(n)),
    " (drawn in float64)": lambda n: torch.randn(n, dtype=torch.float64),
    " (drawn one by one)": lambda n: torch.cat([torch.randn(1) for _ in range(n)]),
    ", uniform from 0 to 1 (torch.rand)": torch.rand,
    ", standardised over the call (its numbers are no longer independent)": lambda n: _standardised(torch.randn(n)),
    ", of which one half is the other with its sign turned": lambda n: torch.cat(_pairs(n))[:n],
    ", of which every second number is the one before it with its sign turned": lambda n: torch.stack(_pairs(n), 1).flatten()[:n],
    ", sorted": lambda n: torch.randn(n).sort().values,
}


def _pairs(n: int) -> tuple[Tensor, Tensor]:
    half = torch.randn((n + 1) // 2)
    return half, -half


def _standardised(noise: Tensor) -> Tensor:
    return (noise - noise.mean()) / noise.std()


Coefficients = Sequence[float]
Setting = Mapping[str, float]


@dataclass(frozen=True)
class Polynomials:
    """Of which noise the calls are polynomials, and which."""

    noise: str
    coefficients: Sequence[Coefficients]


def estimates(pairs: Sequence[Pair], right: Callable[..., object]) -> str:
    """What a student's formula for one estimate amounts to, or nothing."""
    lists = [(mine, ours) for mine, ours in pairs if _is_a_list(mine) and _is_a_list(ours)]
    if not lists:
        return ""
    due = next(_polynomials([ours for _, ours in lists]), None)
    found = [one for one in _polynomials([mine for mine, _ in lists]) if any(any(each[1:]) for each in one.coefficients)]
    if not due or not found:
        return ""  # of what has no noise in it, other rooms speak
    for one in found:
        if all(_are_alike(mine, ours) for mine, ours in zip(one.coefficients, due.coefficients, strict=True)):
            return f"{START}is right, but for that noise: it is {one.noise[2:]}." if one.noise.startswith(",") else ""
    seen = found[0]
    settings = [
        {name: float(value) for name, value in arguments(right, mine).items() if isinstance(value, float)} for mine, _ in lists
    ]
    terms = list(_terms(seen.coefficients, settings))
    if terms and all(terms):
        return f"{START}is {_joined(terms)}{seen.noise}: multiply out what you mean it to be, and compare."
    return _powers(seen, due)


def is_of_estimates(hint: str) -> bool:
    """Whether a hint is a sentence of this module."""
    return hint.startswith(START)


def _is_a_list(call: Call) -> bool:
    value = call.value
    plain = not call.kwargs and all(isinstance(each, (int, float)) for each in call.args)
    return plain and isinstance(value, Tensor) and value.dim() == 1 and len(value) >= FEWEST and bool(torch.isfinite(value).all())


def _polynomials(calls: Sequence[Call]) -> Iterator[Polynomials]:
    """As which the calls can be written, each in a noise of its own."""
    for noise, draw in NOISES.items():
        found = []
        for call in calls:
            coefficients = _fitted(call, draw)
            if coefficients is None:
                break
            found.append(coefficients)
        else:
            yield Polynomials(noise, found)


def _fitted(call: Call, draw: Callable[[int], Tensor]) -> Coefficients | None:
    """The coefficients of the powers of the noise, if the value is such a sum to the rounding of float32."""
    value = call.value.detach().double()
    with torch.random.fork_rng(devices=[]):
        seed_everything(call.seed)
        noise = draw(len(value)).double()
    design = torch.stack([noise**power for power in range(MOST)], 1)
    found = torch.linalg.lstsq(design, value[:, None]).solution.flatten()
    scale = float(value.abs().max())
    if float((design @ found - value).abs().max()) > EXACT * scale:
        return None
    sizes = design.abs().max(0).values
    kept: list[float] = torch.where(found.abs() * sizes > SMALL * scale, found, 0.0).tolist()
    return kept


def _are_alike(one: Coefficients, other: Coefficients) -> bool:
    largest = max(map(abs, (*one, *other)))
    return all(abs(a - b) <= 10 * CONSTANT * largest for a, b in zip(one, other, strict=True))


def _terms(coefficients: Sequence[Coefficients], settings: Sequence[Setting]) -> Iterator[str]:
    """Each power's coefficient as a formula in the arguments; an empty one where none is plain."""
    for power in range(MOST):
        numbers = [each[power] for each in coefficients]
        if any(numbers):
            formula = _formula(numbers, settings)
            yield "".join(f"{sign}{term}{f' {POWERS[power]}' if power else ''}" for sign, term in formula)


def _formula(numbers: Sequence[float], settings: Sequence[Setting]) -> list[tuple[str, str]]:
    """One or two products of powers of the arguments whose sum these numbers are."""
    monomials = list(_monomials(settings))
    different = len({tuple(each.values()) for each in settings})
    for powers, values in monomials:
        factors = [number / value for number, value in zip(numbers, values, strict=True)]
        if different >= 3 and max(factors) - min(factors) <= CONSTANT * max(map(abs, factors)):
            return [_signed(sum(factors) / len(factors), powers)]
    wanted = np.array(numbers)
    found = []
    for (one, first), (other, second) in combinations(monomials, 2) if different >= 4 else ():
        design = np.array([first, second]).T
        weights, *_ = np.linalg.lstsq(design, wanted, rcond=None)
        near = np.abs(design @ weights - wanted).max() <= CONSTANT * np.abs(wanted).max()
        if near and all(min(abs(abs(weight) - nice) for nice in NICE) < 10 * CONSTANT for weight in weights):
            found.append([_signed(weights[0], one), _signed(weights[1], other)])
    return found[0] if len(found) == 1 else []


def _monomials(settings: Sequence[Setting]) -> Iterator[tuple[dict[str, int], list[float]]]:
    """Products of powers of the arguments, the plainer ones first."""
    names = list(settings[0])
    exponents = [each for each in product(EXPONENTS, repeat=len(names)) if sum(map(abs, each)) <= HIGHEST]
    for each in sorted(exponents, key=lambda each: sum(map(abs, each))):
        if all(setting[name] != 0 or power >= 0 for setting in settings for name, power in zip(names, each, strict=True)):
            values = [
                float(np.prod([setting[name] ** power for name, power in zip(names, each, strict=True)])) for setting in settings
            ]
            if all(values):
                yield dict(zip(names, each, strict=True)), values


def _signed(weight: float, powers: Mapping[str, int]) -> tuple[str, str]:
    """A product of powers of the arguments and a number, with its sign apart."""
    over, under = (
        [name if abs(power) == 1 else f"{name}**{abs(power)}" for name, power in powers.items() if power * side > 0]
        for side in (1, -1)
    )
    size = f"{abs(weight):.3g}"
    above = " ".join(([] if size == "1" and over else [size]) + over)
    below = f"({' '.join(under)})" if len(under) > 1 else "".join(under)
    return (" + " if weight > 0 else " - "), f"({above} / {below})" if under else above


def _joined(terms: Sequence[str]) -> str:
    whole = "".join(terms)
    return whole.removeprefix(" + ") if whole.startswith(" + ") else f"-{whole.removeprefix(' - ')}"


def _powers(seen: Polynomials, due: Polynomials) -> str:
    """Which powers of the noise it has that the right one has not, and the other way round."""
    mine, ours = ({power for each in found.coefficients for power in range(1, MOST) if each[power]} for found in (seen, due))
    more, less = (" and ".join(POWERS[power] for power in sorted(powers)) for powers in (mine - ours, ours - mine))
    said = [f"has a term with {more} that it should not have" if more else "", f"lacks a term with {less}" if less else ""]
    return f"{START}{' and '.join(filter(None, said))}." if more or less else ""
