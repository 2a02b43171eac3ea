"""The grader's side of a borrowed function: it computes what a student's process asks of our answers, and never sends their text.

What may be asked is bounded by what the check needs: our own answers are run through it once, and all that it moves is counted.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import torch
from torch import Tensor

from autograder.checks.assignment import Assignment
from autograder.checks.check import Check, run_check
from autograder.hosts.in_process import LocalHost
from autograder.student.generators import apart
from autograder.wire.faults import Crashed
from autograder.wire.trees import map_tensors, slanted, tensors, vector_jacobian
from autograder.wire.values import Malformed, decode, encode, plain

MORE = 4  # so many times what the check moves with our own answers may be asked for
SPARE_CALLS, SPARE_NUMBERS = 64, 1 << 14
MAX_REFUSALS = 100


@dataclass
class Usage:
    """How many calls there were, with how many rows and numbers; numbers as if all were broadcast against each other."""

    calls: int = 0
    rows: int = 0
    numbers: int = 0
    largest: int = 0  # numbers in one call

    def add(self, given: Any) -> None:
        rows, numbers = _rows(given), _numbers(given)
        self.calls, self.rows, self.numbers = self.calls + 1, self.rows + rows, self.numbers + numbers
        self.largest = max(self.largest, numbers)

    def exceeds(self, needed: Usage) -> bool:
        """Whether this is more than an honest answer asks in a check that needs so much; it may go row by row."""
        return (
            self.calls > MORE * (needed.calls + needed.rows) + SPARE_CALLS
            or self.numbers > MORE * needed.numbers + SPARE_NUMBERS
            or self.largest > MORE * needed.largest + SPARE_NUMBERS
        )


@dataclass
class Lender:
    """Our answers to some names, for one student's process."""

    functions: dict[str, Callable[..., Any]]
    needed: Usage = field(default_factory=Usage)  # by the check that is being judged
    used: Usage = field(default_factory=Usage)  # in it, so far
    slanted: bool = False  # answers are off, to see what depends on them
    _answered: int = 0
    _refused: int = 0
    _graphs: dict[int, tuple[list[Tensor], list[Tensor]]] = field(default_factory=dict)

    def begin(self, needed: Usage) -> None:
        """A check begins."""
        self.needed, self.used, self.slanted = needed, Usage(), False
        self._graphs.clear()

    def answer(self, header: dict[str, Any], buffers: list[bytearray]) -> tuple[dict[str, Any], list[bytes]]:
        """What goes back to the student's process. Raises Malformed for what no honest process asks, Crashed where it will not end."""
        value, ask = decode(header.get("value"), buffers), header.get("lent")
        if ask == "call":
            return self._call(header, value)
        if ask == "vjp":
            return self._vjp(header, value)
        raise Malformed("a request that nobody may make")

    def _call(self, header: dict[str, Any], given: Any) -> tuple[dict[str, Any], list[bytes]]:
        name, seed = header.get("name"), header.get("seed")
        if type(name) is not str or name not in self.functions or type(seed) is not int or not 0 <= seed < 2**31:
            raise Malformed("a call of nothing that was lent")
        if type(given) is not tuple or len(given) != 2 or type(given[0]) is not tuple or type(given[1]) is not dict:
            raise Malformed("a call without its arguments")
        self.used.add(given)
        if self.used.exceeds(self.needed):
            return self._refuse(f"our own {name} stands in for yours here, and was asked for far more than this check needs")
        arrays = header.get("arrays") is True
        args, kwargs = map_tensors(
            given, lambda leaf: leaf.numpy() if arrays else leaf.detach().requires_grad_(leaf.is_floating_point())
        )
        try:
            with torch.set_grad_enabled(header.get("graph") is True):
                value, drew = apart(seed, lambda: plain(self.functions[name](*args, **kwargs)), arrays)
                value = slanted(value) if self.slanted else value
        except Exception as error:  # what it was given is no input of ours; the words are not told
            return self._refuse(
                f"our own {name} stands in for yours here, and could not work with what it was given: {type(error).__name__}"
            )
        self._answered += 1
        outputs = [leaf for leaf in tensors(value) if leaf.requires_grad]
        if outputs:
            self._graphs[self._answered] = outputs, tensors((args, kwargs))
        buffers: list[bytes] = []
        return {"value": encode(value, buffers), "number": self._answered, "drew": drew}, buffers

    def _vjp(self, header: dict[str, Any], cotangents: Any) -> tuple[dict[str, Any], list[bytes]]:
        number = header.get("number")
        outputs, inputs = self._graphs.get(number, ([], [])) if type(number) is int else ([], [])
        fits = type(cotangents) is tuple and len(cotangents) == len(outputs)
        if not outputs or not fits or not all(map(_fits, cotangents, outputs)):
            return self._refuse("the gradient of a call that our own answer did not make in this check")
        self.used.add((cotangents, {}))
        if self.used.exceeds(self.needed):
            return self._refuse(
                "our own answer stands in for yours here, and was asked for far more gradients than this check needs"
            )
        self._answered += 1
        flowing = [leaf for leaf in inputs if leaf.requires_grad]
        with torch.enable_grad():
            found = iter(vector_jacobian(outputs, flowing, cotangents))
        buffers: list[bytes] = []
        return {"value": encode(tuple(next(found) if leaf.requires_grad else None for leaf in inputs), buffers)}, buffers

    def _refuse(self, why: str) -> tuple[dict[str, Any], list[bytes]]:
        self._refused += 1
        if self._refused > MAX_REFUSALS:
            raise Crashed(why)
        return {"refused": why, "value": None}, []


@cache
def needed_by(check: Check, assignment: Assignment) -> Usage:
    """What the check moves when all answers are ours: what it asks and is told, and what they ask of each other."""
    usage = Usage()
    namespace = assignment.reference()
    for name in assignment.answer_names & namespace.keys():
        if callable(namespace[name]):
            namespace[name] = _counted(namespace[name], usage)
    host = LocalHost(namespace, assignment.scenarios)
    run_check(check, host, seed=0)
    for call in host.recorder.calls:
        usage.add((call.args, call.kwargs, call.value))
    return usage


def _counted(function: Callable[..., Any], usage: Usage) -> Callable[..., Any]:
    """The function, with each call added to `usage`: once for its value, and once for its gradient."""

    def called(*args: Any, **kwargs: Any) -> Any:
        for _ in ("value", "gradient"):
            usage.add(plain((args, kwargs)))
        return function(*args, **kwargs)

    return called


def _fits(cotangent: Any, output: Tensor) -> bool:
    return isinstance(cotangent, Tensor) and cotangent.shape == output.shape and cotangent.dtype == output.dtype


def _rows(given: Any) -> int:
    return max((leaf.shape[0] for leaf in tensors(given) if leaf.dim()), default=1)


def _numbers(given: Any) -> int:
    """How many numbers the arguments make when they are broadcast against each other, as an answer of ours may do."""
    leaves = tensors(given)
    return max(math.prod(_broadcast(leaf.shape for leaf in leaves)), sum(leaf.numel() for leaf in leaves))


def _broadcast(shapes: Iterable[torch.Size]) -> list[int]:
    """The largest size at each place, counted from the last; places that do not fit are the answer's own error."""
    found: Counter[int] = Counter()
    for shape in shapes:
        for place, size in enumerate(reversed(shape)):
            found[place] = max(found[place], size)
    return list(found.values())
