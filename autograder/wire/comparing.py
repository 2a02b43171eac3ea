"""Whether two plain values, or two recorded calls, are the same: in all that was seen of them, or in what matters of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.wire.calls import Call
from autograder.wire.trees import parts_of, tensors
from autograder.wire.values import Foreign

FAR = 9.0  # an argument beyond is extreme
TENFOLD = 10.0


def same(seen: Call, again: Call | None) -> bool:
    """Whether two calls did the same in all that was recorded."""
    if again is None:
        return False
    facts = (seen.flows, sorted(seen.changed)) if not seen.scenario else ()
    if facts != ((again.flows, sorted(again.changed)) if not seen.scenario else ()) or not alike(seen.value, again.value):
        return False
    return all(alike(a, b) for (_, a), (_, b) in zip(seen.grads, again.grads, strict=True))


def roughly_same(seen: Call, again: Call | None, part: str | None = None, slack: float = 1.0) -> bool:
    """Whether two calls gave the same numbers and gradients, in whatever dtype, with or without axes of length one.

    What flows counts only where something could, and by the gradients that were asked for: of inputs that need no gradient a stray
    requires_grad says nothing, nor does a part that is reported without its graph.
    `part` compares one part of a value alone, and no gradient.
    """
    if again is None:
        return False
    if part is not None:
        one, other = seen.parts.get(part), again.parts.get(part)
        return one is not None and other is not None and numbers_alike(one, other, slack)
    ours, theirs = seen.parts, again.parts
    if ours.keys() != theirs.keys() or not all(numbers_alike(ours[name], theirs[name], slack) for name in ours):
        return False
    if not seen.scenario and (
        sorted(seen.changed) != sorted(again.changed) or (needs_gradient(seen) and any(seen.flows) != any(again.flows))
    ):
        return False
    pairs = [(a, b) for (_, one), (_, other) in zip(seen.grads, again.grads, strict=True) for a, b in zip(one, other, strict=True)]
    return all(numbers_alike(_or_zero(a, b), _or_zero(b, a), slack) for a, b in pairs)


def needs_gradient(call: Call) -> bool:
    return any(leaf.requires_grad for leaf in tensors(call.inputs))


def is_extreme(call: Call) -> bool:
    return any(bool((leaf.detach().abs() > FAR).any()) for leaf in tensors(call.inputs) if leaf.is_floating_point())


def differing_numbers(one: Any, other: Any) -> int:
    """How many numbers of two values are further apart than ten times what rounding explains; a value of another form counts eight."""
    ours, theirs = parts_of(one), parts_of(other)
    if ours.keys() != theirs.keys():
        return 8
    return sum(_differing(ours[name], theirs[name]) for name in ours)


def _differing(one: Any, other: Any) -> int:
    if not (isinstance(one, Tensor) and isinstance(other, Tensor)):
        return 0 if alike(one, other) else 8
    if _squeezed(one) != _squeezed(other):
        return 8
    a, b, rtol = _doubles(one, other)
    scale = float(b.abs().nan_to_num(posinf=0).max()) if b.numel() else 0.0
    return int((~torch.isclose(a, b, rtol=TENFOLD * rtol, atol=TENFOLD * rtol * min(scale, 1.0), equal_nan=True)).sum())


def numbers_alike(one: Any, other: Any, slack: float = 1.0) -> bool:
    """Whether two leaves agree to the rounding of the coarser dtype; axes of length one and the dtype itself do not count."""
    if not (isinstance(one, Tensor) and isinstance(other, Tensor)):
        return alike(one, other)
    if _squeezed(one) != _squeezed(other):
        return False
    a, b, rtol = _doubles(one, other)
    scale = float(b.abs().nan_to_num(posinf=0).max()) if b.numel() else 0.0
    return torch.allclose(a, b, rtol=slack * rtol, atol=slack * rtol * min(scale, 1.0), equal_nan=True)


def _doubles(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor, float]:
    coarse = torch.float32 in (one.dtype, other.dtype) or max(one.numel(), other.numel()) == 1
    half = torch.float16 in (one.dtype, other.dtype) or torch.bfloat16 in (one.dtype, other.dtype)
    return one.detach().double().flatten(), other.detach().double().flatten(), 1e-2 if half else 2e-5 if coarse else 1e-7


def _squeezed(value: Tensor) -> list[int]:
    return [size for size in value.shape if size != 1]


def _or_zero(grad: Tensor | None, other: Tensor | None) -> Tensor | None:
    return torch.zeros_like(other) if grad is None and other is not None else grad


def alike(a: Any, b: Any) -> bool:
    """Whether two plain values agree, to the rounding of their dtype; NaN agrees with NaN."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and alike(torch.from_numpy(a), torch.from_numpy(b))
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        if a.shape != b.shape or a.dtype != b.dtype:
            return False
        rtol = 1e-9 if a.dtype == torch.float64 else 2e-5
        a, b = a.detach().double(), b.detach().double()
        scale = float(b.abs().nan_to_num(posinf=0).max()) if b.numel() else 0.0
        return torch.allclose(a, b, rtol=rtol, atol=rtol * min(scale, 1.0), equal_nan=True)
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return math.isclose(a, b, rel_tol=2e-5, abs_tol=1e-7) or (a != a and b != b)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(alike(a[key], b[key]) for key in a)
    return bool(a == b) if not isinstance(a, Foreign) else True
