"""What is said of a random answer's gradients: the number that was drawn says what they should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from autograder.differences.relations import Pair, arguments
from autograder.differences.slopes import FACTORS
from autograder.wire.calls import Call
from autograder.wire.comparing import numbers_alike
from autograder.wire.trees import tensors

EXACT, LOOSE = 1e-4, 100.0  # of a line in float32
DRAWN = "Whatever numbers it drew, in every call that was checked "


def slopes_of_a_draw(pairs: Sequence[Pair], right: Callable[..., Any], lawful: bool = True) -> str:
    """The same of a random answer: its own number says what the gradient should be, where the right one is linear in that number.

    Elementwise, right gradients are fitted by a straight line in the arguments and the value. Where that fits exactly, the line
    says what the gradient of the number that was seen should be. Unless the law of the numbers is right, one wrong gradient alone is told.
    """
    met: dict[str, list[tuple[Tensor, Tensor]]] = defaultdict(list)
    reached: set[str] = set()
    for mine, ours in pairs:
        names = {id(value): name for name, value in arguments(right, mine).items()}
        asked = [names.get(id(leaf), "") for leaf in tensors(mine.inputs) if leaf.requires_grad]
        for ((cotangent, *more), found), (_, wanted) in zip(mine.grads, ours.grads, strict=True):
            for name, a, b in zip(asked, found, wanted, strict=True):
                should = None if more or b is None else _on_the_line(mine, ours, b, cotangent)
                if should is not None and b is not None:
                    met[name].append((torch.zeros_like(b) if a is None else a, should))
                    reached |= {name} if a is not None else set()
    off = [name for name, grads in met.items() if not all(numbers_alike(a, b, LOOSE) for a, b in grads)]
    if not off or "" in off or not reached or (len(off) > 1 and not lawful):
        return ""
    grads, which = [pair for name in off for pair in met[name]], " and ".join(f"`{name}`" for name in off)
    if reached.issuperset(off) and all(float(a.abs().max()) <= EXACT * float(b.abs().max()) for a, b in grads):
        return (
            f"{DRAWN}the gradient that reaches {which} is 0: there is a way back, but what goes along it cancels, or is multiplied "
            "by 0 (is the noise worked out from a draw that is still attached?)."
        )
    for words, factor in FACTORS.items():
        if all(numbers_alike(a, factor * b, LOOSE) for a, b in grads):
            return f"{DRAWN}the gradient that reaches {which} is {words} what goes with them."
    return (
        f"{DRAWN}the gradient that reaches {which} does not go with them: is it that of another draw, is a part of its way cut "
        "(detach, .data, no_grad), is something added or rounded on the way, or is it changed on the way back (a hook, a backward of your own)?"
    )


def _on_the_line(mine: Call, ours: Call, grad: Tensor, cotangent: Tensor) -> Tensor | None:
    """What the gradient should be, given the number that came out; None where the right one is no straight line."""
    designs = []
    for call in (mine, ours):
        leaves = [leaf for leaf in tensors((call.args, call.kwargs, call.value)) if leaf.shape == grad.shape == cotangent.shape]
        columns = [leaf.detach().double().flatten() for leaf in leaves]
        designs.append(torch.stack([*columns, torch.ones(grad.numel(), dtype=torch.float64)], 1))
    seen, right = designs
    if seen.shape != right.shape or len(right) < 3 * right.shape[1] or not bool(torch.isfinite(torch.cat(designs)).all()):
        return None
    slope = (grad.double() / cotangent.double()).flatten()[:, None]
    line = torch.linalg.lstsq(right, slope).solution
    if not bool(((right @ line - slope).abs() <= EXACT * (1 + slope.abs())).all()):
        return None
    made: Tensor = seen @ line
    return made.reshape(grad.shape) * cotangent.double()
