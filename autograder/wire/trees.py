"""Plain data that holds tensors: walked, measured, compared, differentiated."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor


def map_tensors(value: Any, change: Callable[[Tensor], Any]) -> Any:
    """`value`, plain data, with every tensor in it changed."""
    if isinstance(value, Tensor):
        return change(value)
    if isinstance(value, tuple):
        return tuple(map_tensors(item, change) for item in value)
    if isinstance(value, dict):
        return {key: map_tensors(item, change) for key, item in value.items()}
    return value


def tensors(value: Any) -> list[Tensor]:
    """Every tensor in plain data, in a fixed order."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, tuple):
        return []
    return [leaf for item in value for leaf in tensors(item)]


def size(value: Any) -> int:
    """The bytes of all tensors in plain data."""
    return sum(leaf.numel() * leaf.element_size() for leaf in tensors(value))


def parts_of(value: Any, name: str = "") -> dict[str, Any]:
    """The leaves of plain data by where they stand, a number as a tensor."""
    if isinstance(value, tuple):
        return {key: leaf for i, item in enumerate(value) for key, leaf in parts_of(item, f"{name}[{i}]").items()}
    if isinstance(value, dict):
        return {key: leaf for label, item in value.items() for key, leaf in parts_of(item, f"{name}[{label}]").items()}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {name: torch.tensor(float(value), dtype=torch.float64)}
    return {name: value}


def slanted(value: Any) -> Any:
    """`value` with every real number in its tensors off: another, and not by a mere factor."""
    return map_tensors(value, lambda leaf: 1.25 * leaf + 0.25 if leaf.is_floating_point() else leaf)


def alike(one: Any, other: Any) -> bool:
    """Whether two plain values are the same up to rounding; NaN is like NaN."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and one.dtype == other.dtype and alike(torch.from_numpy(one), torch.from_numpy(other))
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        if one.shape != other.shape or one.dtype != other.dtype:
            return False
        return torch.allclose(one.double(), other.double(), rtol=1e-4, atol=1e-6, equal_nan=True)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-6) or (one != one and other != other)
    return type(one) is type(other) and bool(one == other)


def vector_jacobian(outputs: list[Tensor], inputs: list[Tensor], cotangents: tuple[Tensor, ...]) -> tuple[Tensor | None, ...]:
    """The product of torch.autograd.grad(outputs, inputs, cotangents), which would import sympy first."""
    total = sum((out * cotangent).sum() for out, cotangent in zip(outputs, cotangents, strict=True))
    return torch.autograd.grad(total, inputs, retain_graph=True, allow_unused=True)  # type: ignore[arg-type]


def detached(value: Any) -> Any:
    """`value` without graphs; its tensors still say whether they required grad."""
    return map_tensors(
        value, lambda leaf: leaf.detach().requires_grad_(leaf.is_floating_point()) if leaf.requires_grad else leaf.detach()
    )
