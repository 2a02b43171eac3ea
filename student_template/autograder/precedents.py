"""What known answers did in calls that came before: a class makes the same mistakes in the same calls, and each is run once."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import torch

from autograder.invoke import invoke
from autograder.outcomes import StudentError
from autograder.recording import Call, tensors, vector_jacobian
from autograder.values import encode

MAX_NUMBERS, MAX_IN_ONE = 4_000_000, 20_000  # in all that is remembered, and in one call
MAX_CALLS = 4_000


class Precedents:
    """Calls by who made them and which came before: a function may remember, so a call is another after other calls."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], Call | None] = {}
        self._numbers = 0

    def __contains__(self, key: tuple[str, str]) -> bool:
        return key in self._calls

    def __getitem__(self, key: tuple[str, str]) -> Call | None:
        return self._calls[key]

    def __setitem__(self, key: tuple[str, str], call: Call | None) -> None:
        numbers = sum(leaf.numel() for leaf in tensors((call.args, call.kwargs, call.value, tuple(call.grads)))) if call else 0
        if numbers > MAX_IN_ONE:
            return
        self._numbers += numbers
        if self._numbers > MAX_NUMBERS or len(self._calls) >= MAX_CALLS:
            self._calls.clear()
            self._numbers = numbers
        self._calls[key] = call


def chain(calls: Sequence[Call]) -> list[str]:
    """For each of these calls a digest of what it and those before it were asked."""
    found, so_far = [], hashlib.sha256()
    for call in calls:
        buffers: list[bytes] = []
        cotangents = tuple(each for each, _ in call.grads)
        asked = [call.name, call.seed, call.scenario, encode((call.args, call.kwargs, cotangents), buffers)]
        so_far.update(json.dumps(asked).encode())
        for buffer in buffers:
            so_far.update(buffer)
        found.append(so_far.hexdigest())
    return found


def repeat(function: Callable[..., Any], call: Call, seed: int) -> Call | None:
    """What `function` does where the student's did what `call` says; None if it raises."""
    try:
        with torch.random.fork_rng(devices=[]), warnings.catch_warnings(action="ignore"):
            report = invoke(function, call.args, call.kwargs, seed)
        flows = tuple(leaf.requires_grad for leaf in tensors(report.value))
        again = Call(
            call.name, call.args, call.kwargs, seed, report.value, flows, report.changed, report.rng_after, scenario=call.scenario
        )
        flowing = [leaf for leaf in tensors(report.value) if leaf.requires_grad]
        inputs = [leaf for leaf in tensors((call.args, call.kwargs)) if leaf.requires_grad]
        for cotangents, _ in call.grads:
            again.grads.append((cotangents, vector_jacobian(flowing, inputs, cotangents)))
    except (StudentError, RuntimeError, ValueError):
        return None
    return again
