"""The law of many numbers beside that of the right ones, in words: their place, their spread, their shape."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

NAMED = {
    0.01: "a hundredth",
    0.1: "a tenth",
    0.5: "half",
    2**-0.5: "1/√2 times",
    2**0.5: "√2 times",
    2.0: "twice",
    10.0: "ten times",
    3**-0.5: "1/√3 times",
}


def shape_of(seen: Tensor, right: Tensor, formless: bool = False) -> str:
    """How the law of the numbers differs from the right law, in its units; nothing where it plainly does not, or not plainly.

    `formless`: of a list of numbers, each worked out from its draw, the shape says something of the formula and not of the draw.
    """
    seen, right = seen.flatten(), right.flatten()
    known = float(right.median()), float((right - right.median()).abs().median())
    place = float(seen.median()) - known[0]
    size = float((seen - seen.median()).abs().median()) / known[1]
    if not formless and float(seen.min()) > -0.02 * size:
        return "they are never negative"
    if not formless and float(seen.max()) < 0.02 * size:
        return "they are never positive"
    unlike = "" if formless else _form((seen - seen.median()) / size, right - known[0]) if size > 1e-9 else ""
    margin = 6 / len(seen) ** 0.5
    if unlike:
        return unlike + (f", and their spread is {_times(size)} what it should be" if not 0.6 < size < 1.7 else "")
    said = []
    if abs(place) > 0.02 + margin * max(1.0, size):
        if formless:
            return ""
        said.append("they are not centred where they should be")
    if abs(size - 1) > 0.02 + margin:
        said.append(f"their spread is {_times(size)} what it should be")
    return ", and ".join(said)


def variance_of(pairs: Sequence[tuple[Tensor, Tensor]]) -> str:
    """By how much the variance of lists of estimates is off, where it is by about the same factor in every call and their mean is right."""
    factors = [float(seen.var() / right.var()) for seen, right in pairs]
    centred = all(abs(float(seen.mean())) < 0.05 + 5 * float(seen.std()) / len(seen) ** 0.5 for seen, _ in pairs)
    middle = sorted(factors)[len(factors) // 2] if factors else 1.0
    if len(factors) < 3 or not centred or max(factors) > 2.5 * min(factors) or 0.67 < middle < 1.5:
        return ""
    why = ": is each an average of several, or is their noise lessened in another way?" if middle < 1 else ""
    return f"their mean is right, and their variance is about {float(f'{middle:.1g}'):,g} times what it should be{why}"


def _times(size: float) -> str:
    for known, words in NAMED.items():
        if abs(size / known - 1) < 0.007:
            return words
    return f"about {size:.2g} times"


def _form(seen: Tensor, right: Tensor) -> str:
    """What the shape is like, once place and spread are the same."""
    n = min(len(seen), len(right))
    furthest = float(seen.abs().max())
    beyond = int((right.abs() > furthest * 1.02).sum())
    if beyond >= 40 * max(1.0, len(right) / len(seen)):
        return "they never go beyond a limit that the right ones pass"
    upper, lower = ((_quantile(seen, q) / _quantile(right, q)) for q in (0.98, 0.02))
    if max(upper, lower) > 1.25 * min(upper, lower) and n > 2000:
        return "they are skewed: one side reaches further than the other"
    tails = [_quantile(each.abs(), 0.98) / _quantile(each.abs(), 0.5) for each in (seen, right)]
    margin = 0.05 + 8 / n**0.5
    if tails[0] > (1 + margin) * tails[1]:
        return "their tails are heavier than the right law's: large ones come too often"
    if tails[0] < (1 - margin) * tails[1]:
        return "their tails are lighter than the right law's: large ones are too rare"
    edges = right.sort().values[:: max(1, n // 64)].contiguous()
    shares = [torch.bucketize(each, edges).bincount(minlength=len(edges) + 1).cumsum(0) / len(each) for each in (seen, right)]
    if float((shares[0] - shares[1]).abs().max()) > 0.02 + 3.5 * (2 / n) ** 0.5:
        return "they do not have the right law's shape"
    return ""


def _quantile(numbers: Tensor, q: float) -> float:
    return float(numbers.sort().values[int(q * (len(numbers) - 1))])
