"""What a check says: every expectation either holds or fails with a sentence a student can use.

A failure has a `summary`, safe to show for a hidden check (it names the property and what came back, never the
inputs), and a `detail` (what was fed, what was expected) shown for public checks only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
import torch
from torch import Tensor

from autograder.checks.description import IMPURE, a_tensor, describe, shows_values
from autograder.wire.calls import GRADIENT
from autograder.wire.faults import StudentError

# Relative tolerances that follow from the dtype; a sum of n terms in float32 loses about n * 6e-8.
RTOL = {torch.float16: 1e-2, torch.bfloat16: 3e-2, torch.float32: 1e-4, torch.float64: 1e-8}
ATOL = {torch.float16: 1e-3, torch.bfloat16: 1e-2, torch.float32: 1e-5, torch.float64: 1e-9}
NUMBER = re.compile(r"[-+−]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][-+]?\d{1,3})?", re.ASCII)


class Failed(AssertionError):
    """An answer is wrong."""

    def __init__(self, summary: str, detail: str = "") -> None:
        super().__init__(f"{summary} ({detail})" if detail else summary)
        self.summary = summary
        self.detail = detail


class Unusable(Exception):
    """An earlier question's function cannot be leaned on: judge this question with a stand-in for `name`."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}")
        self.name, self.why = name, why


def fail(summary: str, detail: str = "") -> NoReturn:
    raise Failed(summary, detail)


def true(condition: object, summary: str, detail: str = "") -> None:
    """Fail with `summary` unless `condition` holds; a process that lies may have put any value in its place."""
    try:
        holds = bool(condition)
    except RuntimeError:  # a tensor of many values or none
        holds = False
    if not holds:
        raise Failed(summary, detail)


def tensor(
    value: object,
    shape: Sequence[int] | None,
    what: str,
    *,
    dtype: torch.dtype | None = None,
    finite: bool = True,
) -> Tensor:
    """`value` as a tensor of that shape (and dtype), or fail. `what` says what it is: "one KL per example"."""
    if not isinstance(value, Tensor) or (shape is not None and tuple(value.shape) != tuple(shape)):
        raise Failed(f"expected {what}, {a_tensor()}{_of_shape(shape)}, but got {describe(value)}")
    if dtype is not None and value.dtype != dtype:
        raise Failed(f"expected {what} in {_name(dtype)}, the dtype of the inputs, but got {_name(value.dtype)}")
    if finite and value.is_floating_point() and not torch.isfinite(value).all():
        bad = "NaN" if torch.isnan(value).any() else "infinity"
        raise Failed(f"{what}: the result contains {bad}")
    return value


def array(value: object, shape: Sequence[int] | None, what: str, *, finite: bool = True) -> np.ndarray:
    """`value` as a numpy array of that shape, or fail: for a lesson without torch, whose students return arrays."""
    return tensor(value, shape, what, finite=finite).detach().numpy()


def number(value: object, what: str) -> float:
    """`value` as a finite float (an int, a float, a number in quotes or a tensor with one element), or fail."""
    if isinstance(value, Tensor) and value.numel() == 1 and value.dtype != torch.bool and not value.is_complex():
        value = value.item()
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        value = float(value.replace("−", "-"))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        advice = ""
        if isinstance(value, str):
            advice = ": a decimal number such as 0.1235, with a point"
        if isinstance(value, tuple) and all(isinstance(part, int) for part in value) and abs(value[0]) < 100:  # as 0,1235 is read
            advice = ": write the decimals after a point, not after a comma"
        raise Failed(f"expected {what}, a number, but got {describe(value)}{advice}")
    try:
        result = float(value)
    except OverflowError:
        raise Failed(f"expected {what}, a finite number, but got a gigantic integer") from None
    if not math.isfinite(result):
        raise Failed(f"expected {what}, a finite number, but got {result}")
    return result


def python_float(value: object, what: str) -> float:
    """`value` as a finite float that is one already, or fail."""
    if not isinstance(value, float):
        advice = " in a tensor: .item() takes it out" if isinstance(value, Tensor) and value.numel() == 1 else ""
        raise Failed(f"{what}: expected a Python float, but got {describe(value)}{advice}")
    return number(value, what)


def choice(value: object, what: str, options: str = "ABCD") -> str:
    """`value` as one of the letters on offer (case, spaces, a full stop and brackets forgiven), or fail."""
    letter = value.strip(" \t\n.,:;()[]'\"").upper() if isinstance(value, str) else None
    if letter is None or len(letter) != 1 or letter not in options:
        listed = ", ".join(f'"{option}"' for option in options)
        shown = f'"{value[:20]}"' if isinstance(value, str) and shows_values() else describe(value)
        raise Failed(f"{what}: expected one of {listed} (with the quotes), but got {shown}")
    return letter


def parts(value: object, n: int, what: str) -> tuple[Any, ...]:
    """`value` as n values (a tuple, list or named tuple, or one tensor that unpacks into so many), or fail."""
    if isinstance(value, Tensor) and value.dim() > 0 and len(value) == n:
        value = value.unbind()
    if not isinstance(value, tuple) or len(value) != n:
        raise Failed(f"expected {n} values, {what}, but got {describe(value)}")
    return value


def mapping(value: object, keys: Sequence[str], what: str) -> dict[str, Any]:
    """`value` as a dict holding at least `keys`, or fail."""
    if not isinstance(value, dict):
        raise Failed(f"expected {what}, a dict with the keys {', '.join(keys)}, but got {describe(value)}")
    missing = [key for key in keys if key not in value]
    if missing:
        raise Failed(f"{what}: the dict lacks {', '.join(repr(key) for key in missing)}")
    return value


def pure(changed: Sequence[str]) -> None:
    """Fail if a call changed anything: `changed` is what its report says so of."""
    if names := [name for name in changed if name not in IMPURE and not name.endswith(GRADIENT)]:
        fail(f"{' and '.join(names)} came back changed: an operation worked in place")
    for what in changed:
        fail(IMPURE.get(what, IMPURE[GRADIENT]))


def usable(value: object, shape: Sequence[int], name: str) -> Tensor:
    """The value of an earlier question's function, or `Unusable` when it cannot be leaned on."""
    if not isinstance(value, Tensor) or tuple(value.shape) != tuple(shape) or not value.is_floating_point():
        raise Unusable(name, f"returned {describe(value)}")
    if not torch.isfinite(value).all():
        raise Unusable(name, "returned something that is not finite")
    if value.numel() > 1 and bool((value == value.flatten()[0]).all()):
        raise Unusable(name, "returned a constant")
    return value


def close(
    got: Tensor | np.ndarray | float,
    want: Tensor | np.ndarray | float,
    what: str,
    *,
    detail: str = "",
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Fail unless `got` equals `want` elementwise, to the tolerance of the coarser dtype of the two tensors. NaN never passes."""
    a, b = torch.as_tensor(got), torch.as_tensor(want)
    known = [a.dtype, *([b.dtype] if isinstance(want, (Tensor, np.ndarray)) else ())]
    coarse = max((dtype for dtype in known if dtype in RTOL), key=RTOL.__getitem__, default=torch.float64)
    rtol = RTOL[coarse] if rtol is None else rtol
    atol = ATOL[coarse] if atol is None else atol
    if a.shape != b.shape:
        raise Failed(f"{what}: expected shape {tuple(b.shape)}, but got {describe(a)}", detail)
    a, b = a.detach().double(), b.detach().double()
    if torch.allclose(a, b, rtol=rtol, atol=atol):
        return
    worst = int(((a - b).abs() - rtol * b.abs()).nan_to_num(nan=math.inf).flatten().argmax())
    values = _apart(b.flatten()[worst].item(), a.flatten()[worst].item(), coarse)
    place = f" at position {_index(worst, a.shape)}" if a.numel() > 1 else ""
    raise Failed(f"{what}: the value is wrong", f"{detail + ': ' if detail else ''}{values}{place}")


def _apart(want: float, got: float, dtype: torch.dtype) -> str:
    """Two different numbers, with as many digits as it takes to tell them apart, and the reason where that is rounding alone."""
    digits = next((n for n in range(6, 17) if f"{want:.{n}g}" != f"{got:.{n}g}"), 17)
    why = ""
    if dtype == torch.float64 and math.isclose(want, got, rel_tol=1e-6):
        why = ": they differ as float32 and float64 do, so something was computed or rounded in float32"
    return f"expected {want:.{digits}g}, but got {got:.{digits}g}{why}"


def gradients(output: Tensor, inputs: Mapping[str, Tensor], what: str = "the result") -> dict[str, Tensor]:
    """d(sum of output)/d(input) for each named input; fails with the name of an input that no gradient reaches."""
    if not output.requires_grad:
        names = " and ".join(inputs)
        raise Failed(f"{what} carries no gradient at all: the path back to {names} is cut")
    try:
        grads = torch.autograd.grad(output.sum(), list(inputs.values()), allow_unused=True)
    except StudentError:
        raise
    except RuntimeError as error:
        why = re.split(r": \[|\. ", str(error).splitlines()[0])[0]  # the first sentence, without torch's advice
        raise Failed(f"{what}: the backward pass failed ({why[:200]})") from None
    found = {}
    for name, grad in zip(inputs, grads, strict=True):
        if grad is None:
            raise Failed(f"{what}: no gradient reaches {name}; its path is cut")
        if not torch.isfinite(grad).all():
            raise Failed(f"{what}: the gradient with respect to {name} is not finite")
        found[name] = grad
    return found


def gradcheck(function: Callable[..., Any], inputs: Mapping[str, Tensor], what: str) -> None:
    """Compare the gradient of sum(function(*inputs)) with central differences along three directions (float64 inputs).

    With values and third derivatives of order one, a step of 1e-5 leaves a truncation error near 1e-10 and a rounding error near
    1e-11; 1e-6 of the slope's scale is far above both. Three pairs of calls decide, where one per element would take hundreds.
    """
    leaves = {name: value.detach().requires_grad_() for name, value in inputs.items()}
    output = tensor(function(*leaves.values()), None, what)
    grads = gradients(output, leaves, what)
    step = 1e-5
    for turn in range(1, 4):
        along = {name: torch.cos(turn + turn * torch.arange(g.numel()).double()).view_as(g) for name, g in grads.items()}
        ahead = _total(function, {name: leaf + step * along[name] for name, leaf in leaves.items()}, what)
        behind = _total(function, {name: leaf - step * along[name] for name, leaf in leaves.items()}, what)
        slope = (ahead - behind) / (2 * step)
        claimed = sum(float((grads[name] * along[name]).sum()) for name in grads)
        scale = 1 + sum(float((grads[name] * along[name]).abs().sum()) for name in grads) + abs(ahead)
        if not abs(claimed - slope) <= 1e-6 * scale:
            raise Failed(f"{what}: the gradient with respect to {' and '.join(inputs)} is not the slope of the values")


def _total(function: Callable[..., Any], inputs: Mapping[str, Tensor], what: str) -> float:
    return float(tensor(function(*(value.detach() for value in inputs.values())), None, what).sum())


def _of_shape(shape: Sequence[int] | None) -> str:
    if shape is None:
        return ""
    return " with no dimensions (a single number)" if len(shape) == 0 else f" of shape {tuple(shape)}"


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _index(flat: int, shape: Sequence[int]) -> str:
    index = []
    for size in reversed(shape):
        index.append(flat % size)
        flat //= size
    return str(list(reversed(index)))


# Random numbers. The bounds hold for every n, and a right answer fails with probability at most `miss` a call.


def sample(value: object, shape: Sequence[int], what: str) -> Tensor:
    """`value` as float64 random numbers of that shape, without a graph, or fail.

    Up to three infinities are left in: a uniform number of float32 is exactly 0 once in 2^24 draws, and Box-Muller and erfinv then
    give infinity. Four of them in 10^5 draws are less likely than 1e-10.
    """
    numbers = tensor(value, shape, what, finite=False).detach().double()
    if torch.isnan(numbers).any() or torch.isinf(numbers).sum() > 3:
        raise Failed(f"{what}: the result contains {'NaN' if torch.isnan(numbers).any() else 'infinity'}")
    return numbers


def distributed(numbers: Tensor, points: Tensor, cdf: Tensor, summary: str, detail: str = "", miss: float = 1e-10) -> None:
    """Fail unless the share of i.i.d. `numbers` up to each of the sorted `points` is what `cdf` says.

    The count up to a point is Binomial(n, p); by Chernoff's bound P(n KL(count/n || p) > x) <= 2 exp(-x), both tails together,
    so x = log(2 K / miss) serves K points. Sharp in the tails, where Kolmogorov's distance is not.
    """
    n, k = numbers.numel(), points.numel()
    counts = torch.bincount(torch.bucketize(numbers.flatten(), points), minlength=k + 1).cumsum(0)[:k]
    shares(counts.double() / n, cdf, n, summary, detail, miss)


def shares(share: Tensor, p: Tensor, n: int, summary: str, detail: str = "", miss: float = 1e-10) -> None:
    """Fail unless each share of n i.i.d. numbers, counted already and in float64, is what its probability `p` makes it; bound as above."""
    kl = torch.xlogy(share, share / p) + torch.xlogy(1 - share, (1 - share) / (1 - p))
    true(bool((n * kl <= math.log(2 * p.numel() / miss)).all()), summary, detail)


def coin_flips(totals: Tensor, flips: Tensor | float, summary: str, detail: str = "", miss: float = 1e-10) -> None:
    """Fail unless each of `totals`, a sum of so many fair and independent ±1, is as small as chance makes it.

    Hoeffding: P(|total| > t) <= 2 exp(-t^2 / (2 flips)).
    """
    bound = (2 * torch.as_tensor(flips) * math.log(2 * totals.numel() / miss)).sqrt()
    largest = totals.abs().amax() if isinstance(flips, (int, float)) else totals.abs()
    true(bool((largest <= bound).all()), summary, detail)
