"""What a function returned the last time: a caller keeps it, and no later call may change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.wire.trees import tensors
from autograder.wire.values import bits

MOST = 20_000  # numbers of a value that are remembered


class Earlier:
    """The last value of each function, as it was and as it is now."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[Callable[..., Any], list[tuple[Tensor, Tensor]]]] = {}

    def changed_by(self, function: Callable[..., Any], value: Any) -> bool:
        """Whether the call that returned `value`, plain data, changed what the one before it had returned."""
        _, last = self._last.pop(id(function), (None, []))
        leaves = [leaf.detach() for leaf in tensors(value)]
        if sum(leaf.numel() for leaf in leaves) <= MOST:
            self._last[id(function)] = function, [(leaf, bits(leaf).clone()) for leaf in leaves]
        return any(not torch.equal(bits(leaf), was) for leaf, was in last)
