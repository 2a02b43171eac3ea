"""What known answers did in calls that came before: a class makes the same mistakes in the same calls, and each is run once."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from types import FunctionType
from typing import Any, TypeVar

import torch
from torch import Tensor

from autograder.student.invoke import invoke
from autograder.wire.calls import Call
from autograder.wire.faults import StudentError
from autograder.wire.trees import tensors, vector_jacobian
from autograder.wire.values import encode

MAX_NUMBERS, MAX_IN_ONE = 2_000_000, 15_000  # in all that is remembered (30 MB with what is around them), and in one call
MAX_CALLS = 10_000  # and what was worked out of them

T = TypeVar("T")


class Precedents:
    """Calls by who made them and what was asked; never of a function that remembers."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], Call | None] = {}
        self._worked_out: dict[tuple[str, str], Any] = {}
        self._numbers = 0
        self.played: dict[tuple[str, ...], frozenset[str]] = {}  # what scenarios look up

    def __contains__(self, key: tuple[str, str]) -> bool:
        return key in self._calls

    def of(self, key: tuple[str, str], asked: Call) -> Call | None:
        """What was done where it was asked what `asked` says."""
        done = self._calls[key]
        return done and replace(done, args=asked.args, kwargs=asked.kwargs)

    def add(self, key: tuple[str, str], call: Call | None) -> None:
        """Remember a call, without its arguments, which are whoever's who asks."""
        if self._has_room(sum(leaf.numel() for leaf in tensors((call.value, tuple(call.grads)))) if call else 0):
            self._calls[key] = call and replace(call, args=(), kwargs={})

    def once(self, key: tuple[str, str], work: Callable[[], T]) -> T:
        """What was worked out of our own draws, where it was asked what `key` says."""
        if key not in self._worked_out:
            found = work()
            if not self._has_room(sum(leaf.numel() for leaf in tensors(found))):
                return found
            self._worked_out[key] = found
        kept: T = self._worked_out[key]
        return kept

    def _has_room(self, numbers: int) -> bool:
        """Whether so many are to be remembered. Where they are too many in all, what came before is forgotten."""
        if numbers > MAX_IN_ONE:
            return False
        self._numbers += numbers
        if self._numbers > MAX_NUMBERS or len(self._calls) + len(self._worked_out) >= MAX_CALLS:
            self._calls.clear()
            self._worked_out.clear()
            self._numbers = numbers
        return True


def remembers(function: Callable[..., Any]) -> bool:
    """Whether a call may depend on those before it: a default that can be changed is where the catalogued answers keep things."""
    return any(isinstance(default, (list, dict, set)) for default in getattr(function, "__defaults__", None) or ())


def forgetful(function: Any) -> Callable[..., Any]:
    """A function that remembers, with nothing remembered yet, as long as `function` itself is never called."""
    return FunctionType(
        function.__code__, function.__globals__, function.__name__, deepcopy(function.__defaults__), function.__closure__
    )


def digest(call: Call) -> str:
    """What a call was asked."""
    buffers: list[bytes] = []
    cotangents = tuple(each for each, _ in call.grads)
    asked = [
        call.name,
        call.seed,
        call.scenario,
        call.flows if cotangents else (),
        encode((call.args, call.kwargs, cotangents), buffers),
    ]
    found = hashlib.sha256(json.dumps(asked).encode())
    for buffer in buffers:
        found.update(buffer)
    return found.hexdigest()


def repeat(function: Callable[..., Any], call: Call, seed: int) -> Call | None:
    """What `function` does where the student's did what `call` says; None if it raises."""
    try:
        with torch.random.fork_rng(devices=[]), warnings.catch_warnings(action="ignore"):
            report = invoke(function, call.args, call.kwargs, seed)
        flows = tuple(leaf.requires_grad for leaf in tensors(report.value))
        again = Call(
            call.name, call.args, call.kwargs, seed, report.value, flows, report.changed, report.rng_after, scenario=call.scenario
        )
        inputs = [leaf for leaf in tensors((call.args, call.kwargs)) if leaf.requires_grad]
        for cotangents, _ in call.grads:
            again.grads.append((cotangents, _gradients(tensors(report.value), inputs, call.flows, cotangents)))
    except (StudentError, RuntimeError, ValueError):
        return None
    return again


def _gradients(
    leaves: list[Tensor], inputs: list[Tensor], flows: tuple[bool, ...], cotangents: tuple[Tensor, ...]
) -> tuple[Tensor | None, ...]:
    """What comes back to the inputs, asked of the parts of the value that were asked: those that flow in the student's."""
    asked = [leaf for leaf, flow in zip(leaves, flows, strict=True) if flow]
    pairs = [(leaf, weight) for leaf, weight in zip(asked, cotangents, strict=True) if leaf.requires_grad]
    if not pairs:
        return (None,) * len(inputs)
    return vector_jacobian([leaf for leaf, _ in pairs], inputs, tuple(weight for _, weight in pairs))
