"""What a check asked of the student's functions: the seeds it handed out and every call with its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Call:
    """One call and its plain value, detached from any graph."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    seed: int
    value: Any


@dataclass
class Recorder:
    """Seeds are drawn from a generator of the check's own, so a regrade repeats them."""

    calls: list[Call] = field(default_factory=list)
    _seeds: torch.Generator = field(default_factory=torch.Generator)

    def begin(self, seed: int) -> None:
        self.calls = []
        self._seeds.manual_seed(seed)

    def next_seed(self) -> int:
        return int(torch.randint(2**31, (), generator=self._seeds))

    def add(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], seed: int, value: Any) -> None:
        detached = {key: _detached(item) for key, item in kwargs.items()}
        self.calls.append(Call(name, tuple(map(_detached, args)), detached, seed, _detached(value)))


def _detached(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.detach()
    if isinstance(value, tuple):
        return tuple(map(_detached, value))
    if isinstance(value, dict):
        return {key: _detached(item) for key, item in value.items()}
    return value
