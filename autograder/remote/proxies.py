"""What a check holds in place of the student's functions: each call crosses the boundary, and so does its gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from torch import Tensor

from autograder.remote.joint import joined
from autograder.student.invoke import Returned
from autograder.wire.calls import Call
from autograder.wire.faults import Crashed
from autograder.wire.trees import map_tensors, tensors
from autograder.wire.values import encode

if TYPE_CHECKING:
    from autograder.remote.host import RemoteHost
    from autograder.remote.process import Process


class RemoteFunction:
    """A student's function, called across the boundary."""

    def __init__(self, host: RemoteHost, name: str) -> None:
        self.__name__ = name
        self._host = host

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.report(*args, **kwargs).value

    def report(self, *args: Any, **kwargs: Any) -> Returned:
        seed = self._host.recorder.next_seed()
        reply, out = self._host.request(self.__name__, args, kwargs, seed)
        value = self._host.decoded(reply.get("value"), out)
        changed = _strings(reply.get("changed"))
        rng_after = _float(reply.get("rng_after"))
        facts = {"changed": changed, "rng_after": rng_after}
        call = self._host.recorder.add(self.__name__, args, kwargs, seed, value, **facts)
        inputs = [leaf for leaf in tensors((args, kwargs)) if leaf.requires_grad]
        if inputs:
            value = joined(value, Link(self._host, self._host.process, reply["call"], inputs, call))
        else:
            value = map_tensors(value, Tensor.detach)
        return Returned(value, changed, rng_after)

    def without_gradients(self, *args: Any) -> Any:
        """What it returns where no gradient is recorded, as when a model is looked at. No hint is made of such a call."""
        reply, out = self._host.request(self.__name__, args, {}, self._host.recorder.next_seed(), grad=False)
        return map_tensors(self._host.decoded(reply.get("value"), out), Tensor.detach)


class RemoteScenario:
    """A named piece of the assignment's code, run on the student's namespace in their process."""

    def __init__(self, host: RemoteHost, name: str) -> None:
        self._host, self._name = host, name

    def __call__(self, **kwargs: Any) -> Any:
        seed = self._host.recorder.next_seed()
        reply, out = self._host.request(self._name, (), kwargs, seed, scenario=True)
        value = map_tensors(self._host.decoded(reply.get("value"), out), Tensor.detach)
        self._host.recorder.add(self._name, (), kwargs, seed, value, scenario=True)
        return value


@dataclass
class Link:
    """What a backward pass needs to find its call again."""

    host: RemoteHost
    process: Process | None
    call: int
    inputs: list[Tensor]
    record: Call

    def vjp(self, cotangents: tuple[Tensor, ...]) -> list[Tensor | None]:
        if self.host.process is not self.process:
            raise Crashed("your code's process ended before its gradients were asked for")
        buffers: list[bytes] = []
        header = {"op": "vjp", "call": self.call, "cotangents": encode(cotangents, buffers)}
        reply, out = self.host.ask(header, buffers)
        grads = self.host.decoded(reply.get("value"), out)
        if type(grads) is not tuple or len(grads) != len(self.inputs):
            raise Crashed("your code's process sent gradients that do not fit its inputs")
        for grad, leaf in zip(grads, self.inputs, strict=True):
            if grad is not None and not (isinstance(grad, Tensor) and grad.shape == leaf.shape and grad.dtype == leaf.dtype):
                raise Crashed("your code's process sent gradients that do not fit its inputs")
        detached = [None if grad is None else grad.detach() for grad in grads]
        self.record.grads.append((cotangents, tuple(detached)))
        return detached


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(item[:60] for item in value[:50] if type(item) is str) if type(value) is list else ()


def _float(value: Any) -> float:
    try:
        return float.fromhex(value) if type(value) is str else 0.0
    except (ValueError, OverflowError):
        return 0.0
