"""What is said of an answer whose values are right and whose gradients are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from autograder.differences.relations import Pair, arguments, roughly_same_values
from autograder.wire.comparing import numbers_alike
from autograder.wire.trees import tensors

FACTORS = {"twice": 2.0, "half": 0.5, "minus": -1.0}
ENOUGH = 8  # numbers of a gradient
SLACK = 10.0


def slopes(pairs: Sequence[Pair], right: Callable[..., Any]) -> str:
    """Which arguments' gradients are wrong where every value is right, and by what factor; nothing where a value is wrong."""
    if not all(roughly_same_values(mine, ours) for mine, ours in pairs):
        return ""
    met: dict[str, list[tuple[Tensor, Tensor]]] = defaultdict(list)
    for mine, ours in pairs:
        names = {id(value): name for name, value in arguments(right, mine).items()}
        asked = [names.get(id(leaf), "") for leaf in tensors(mine.inputs) if leaf.requires_grad]
        for (_, found), (_, wanted) in zip(mine.grads, ours.grads, strict=True):
            for name, a, b in zip(asked, found, wanted, strict=True):
                if b is not None:
                    met[name].append((torch.zeros_like(b) if a is None else a, b))
    off = [name for name, grads in met.items() if not all(numbers_alike(a, b, SLACK) for a, b in grads)]
    if not off or "" in off or sum(b.numel() for name in off for _, b in met[name]) < ENOUGH:
        return ""
    grads = [pair for name in off for pair in met[name]]
    reach = f"the gradient that reaches {' and '.join(f'`{name}`' for name in off)}"
    for words, factor in FACTORS.items():
        if all(numbers_alike(a, factor * b) for a, b in grads):
            return f"is right, and {reach} is {words} what it should be"
    limit = max(float(a.abs().max()) for a, _ in grads)
    if (
        limit > 0
        and sum(int((b.abs() > limit).sum()) for _, b in grads) > 1
        and all(numbers_alike(a, b.clamp(-limit, limit)) for a, b in grads)
    ):
        return f"is right, and {reach} is cut off at ±{limit:.4g} on its way back (clipped in a hook or in a backward of your own?)"
    return (
        f"is right, but {reach} is not: a part of its way is cut (detach, .data, no_grad, a number taken out and put back), or changed "
        "on the way back"
    )
