"""In a student's process, an answer of ours as a function without a text: each call is computed by the grader, and so is its gradient.

Nothing of the answer is here, neither its source nor its code: whoever takes this apart finds a wire.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.student.generators import seed_of, standing, step_on
from autograder.wire.trees import map_tensors, tensors
from autograder.wire.values import decode, encode, plain

Exchange = Callable[[dict[str, Any], list[bytes]], tuple[dict[str, Any], list[bytearray]]]


class Refused(RuntimeError):
    """The grader could not or would not compute a call; the message says why."""


@dataclass(frozen=True)
class Lender:
    """The way to whoever computes: one question at a time, from whichever thread."""

    exchange: Exchange
    lock: threading.RLock = field(default_factory=threading.RLock)

    def ask(self, header: dict[str, Any], value: Any) -> tuple[dict[str, Any], Any]:
        buffers: list[bytes] = []
        tree = encode(value, buffers)
        with self.lock:
            reply, out = self.exchange(header | {"value": tree}, buffers)
        if "refused" in reply:
            raise Refused(reply["refused"])
        return reply, decode(reply["value"], out)


class Borrowed:
    """A function that stands in for the student's own of this name."""

    def __init__(self, name: str, lender: Lender) -> None:
        self.__name__ = self.__qualname__ = name
        self._lender = lender

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = plain((args, kwargs))
        if any(isinstance(value, np.ndarray) for value in (*args, *kwargs.values())):
            return self._on_arrays(given)
        call = _Call(self._lender, self.__name__, given, torch.is_grad_enabled())
        outputs = _Lent.apply(call, *tensors(given))  # type: ignore[no-untyped-call]
        found = iter(outputs)
        return map_tensors(call.value, lambda _: next(found))

    def _on_arrays(self, given: Any) -> Any:
        """A lesson without torch: arrays in, arrays out, and no gradient. Seeded by numpy's generator, which it draws from."""
        header = {"lent": "call", "name": self.__name__, "graph": False, "seed": seed_of(standing(arrays=True)), "arrays": True}
        reply, value = self._lender.ask(header, given)
        if reply["drew"]:
            step_on(arrays=True)
        return map_tensors(value, lambda leaf: leaf.numpy())


@dataclass
class _Call:
    """One call, and where its answer is kept between a pass forward and one backward."""

    lender: Lender
    name: str
    given: Any
    graph: bool  # whether a gradient may be asked for
    value: Any = None
    number: Any = 0  # the grader's; of a vmapped call, one for each element
    flows: tuple[bool, ...] = ()

    def forward(self, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        leaves = iter(inputs)
        given = map_tensors(self.given, lambda _: next(leaves).detach())
        header = {"lent": "call", "name": self.name, "graph": self.graph, "seed": seed_of(standing())}
        reply, self.value = self.lender.ask(header, given)
        if reply["drew"]:
            step_on()
        self.number, self.flows = reply["number"], tuple(leaf.requires_grad for leaf in tensors(self.value))
        return tuple(leaf.detach() for leaf in tensors(self.value))


class _Lent(torch.autograd.Function):
    """The call as a node of the student's graph; torch's own way, so that `torch.func` and `vmap` find theirs."""

    @staticmethod
    def forward(call: _Call, *inputs: Tensor) -> tuple[Tensor, ...]:
        return call.forward(inputs)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
        call = inputs[0]
        ctx.lender, ctx.number, ctx.flows = call.lender, call.number, call.flows
        ctx.mark_non_differentiable(*(leaf for leaf, flows in zip(output, call.flows, strict=True) if not flows))

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        cotangents = tuple(grad.contiguous() for grad, flows in zip(grads, ctx.flows, strict=True) if flows)
        return (None, *_LentGradient.apply(ctx.lender, ctx.number, *cotangents))  # type: ignore[no-untyped-call]

    @staticmethod
    def vmap(info: Any, in_dims: tuple[Any, ...], call: _Call, *inputs: Tensor) -> tuple[tuple[Tensor, ...], tuple[int, ...]]:
        """One call an element."""
        calls = [_Call(call.lender, call.name, call.given, call.graph) for _ in range(info.batch_size)]
        rows = [_Lent.apply(one, *_element(i, inputs, in_dims[1:])) for i, one in enumerate(calls)]  # type: ignore[no-untyped-call]
        call.value, call.flows, call.number = calls[0].value, calls[0].flows, [one.number for one in calls]
        stacked = tuple(torch.stack(column) for column in zip(*rows, strict=True))
        return stacked, (0,) * len(stacked)


class _LentGradient(torch.autograd.Function):
    """The vector-Jacobian product of a call. It is linear in the cotangents, and differentiated no further."""

    @staticmethod
    def forward(lender: Lender, number: Any, *cotangents: Tensor) -> tuple[Tensor | None, ...]:
        _, grads = lender.ask({"lent": "vjp", "number": number}, tuple(cotangent.detach() for cotangent in cotangents))
        return tuple(grads)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Any, ...]) -> None: ...

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[None, ...]:
        raise Refused("an answer of ours that stands in for yours gives first derivatives alone")

    @staticmethod
    def vmap(
        info: Any, in_dims: tuple[Any, ...], lender: Lender, number: Any, *cotangents: Tensor
    ) -> tuple[tuple[Tensor | None, ...], tuple[int | None, ...]]:
        numbers = number if isinstance(number, list) else [number] * info.batch_size
        rows = [
            _LentGradient.apply(lender, one, *_element(i, cotangents, in_dims[2:]))  # type: ignore[no-untyped-call]
            for i, one in enumerate(numbers)
        ]
        columns = [None if column[0] is None else torch.stack(column) for column in zip(*rows, strict=True)]
        return tuple(columns), tuple(None if column is None else 0 for column in columns)


def _element(i: int, batched: tuple[Tensor, ...], in_dims: tuple[int | None, ...]) -> list[Tensor]:
    return [x if dim is None else x.select(dim, i) for x, dim in zip(batched, in_dims, strict=True)]
