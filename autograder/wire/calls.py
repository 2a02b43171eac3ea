"""What a question's checks asked of the student's functions: the seeds handed out, and every call with all that it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from autograder.wire.faults import Crashed
from autograder.wire.trees import detached, parts_of, size, tensors

MAX_BYTES = 4 << 20  # remembered of one check: twice what any needs
MOST_BYTES = 16 << 20  # of the answers to one check, which may hold all of them until it judges the first
EARLIER_VALUE, GLOBAL_SEED, GRADIENT = "what it returned before", "the global seed", ".grad"  # stand among what a call changed
FORGOTTEN = "more than is remembered"  # stands for a value beyond


@dataclass
class Call:
    """One call of a function or a scenario, detached from any graph.

    Arguments still say whether they required grad. `grads` pairs the cotangents of each backward pass with what came of it.
    """

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    seed: int
    value: Any
    flows: tuple[bool, ...] = ()  # whether each tensor of the value carried a graph
    changed: tuple[str, ...] = ()
    rng_after: float = 0.0
    grads: list[tuple[tuple[Tensor, ...], tuple[Tensor | None, ...]]] = field(default_factory=list)
    scenario: bool = False

    @cached_property
    def parts(self) -> dict[str, Any]:
        return parts_of(self.value)

    @property
    def inputs(self) -> tuple[Any, ...]:
        return self.args, self.kwargs


def various(calls: Sequence[Call], most: int) -> list[int]:
    """The places of at most so many calls, in their order: one of each form (shapes, dtypes, numbers) before any second."""
    met: Counter[tuple[Any, ...]] = Counter()
    turns = []
    for i, call in enumerate(calls):
        met[form := _form(call)] += 1
        turns.append((met[form], i))
    return sorted(i for _, i in sorted(turns)[:most])


def _form(call: Call) -> tuple[Any, ...]:
    leaves = [(tuple(leaf.shape), leaf.dtype, leaf.requires_grad) for leaf in tensors(call.inputs)]
    numbers = [value for value in (*call.args, *call.kwargs.values()) if isinstance(value, (int, float))]
    return (call.name, *leaves, *numbers)


@dataclass
class Recorder:
    """Seeds are drawn from a generator of the check's own, so a regrade repeats them.

    Of values of more than MAX_BYTES in one check none is kept, and more than MOST_BYTES end it: answers as big as may cross would fill the
    grader's memory.
    """

    calls: list[Call] = field(default_factory=list)
    _room: int = MAX_BYTES
    _seeds: torch.Generator = field(default_factory=torch.Generator)

    def begin(self, seed: int) -> None:
        """A check begins."""
        self._seeds.manual_seed(seed)
        self._room = MAX_BYTES

    def next_seed(self) -> int:
        return int(torch.randint(2**31, (), generator=self._seeds))

    def add(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], seed: int, value: Any, **facts: Any) -> Call:
        """Remember a call. Raises Crashed when a check was answered with more than any could need."""
        flows = tuple(leaf.requires_grad for leaf in tensors(value))
        self._room -= size(value)
        if self._room < MAX_BYTES - MOST_BYTES:
            raise Crashed(f"your code returned {MOST_BYTES >> 20} MB to one check, far more than this question needs")
        kept = detached(value) if self._room >= 0 else FORGOTTEN
        call = Call(name, detached(args), detached(kwargs), seed, kept, flows, **facts)
        self.calls.append(call)
        return call
