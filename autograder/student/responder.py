"""What runs in the student's process, beside the student's code: it answers the grader's requests with plain data.

Nothing here is trusted by the grader. A student who rewrites it can lie only about their own answers.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from typing import Any

import torch
from torch import Tensor

from autograder.confine.layers import give_memory
from autograder.confine.selftest import Target, attempt_all
from autograder.student.borrowed import Borrowed, Lender
from autograder.student.copies import PATIENCE, Copies
from autograder.student.earlier import Earlier
from autograder.student.invoke import Returned, explain, invoke
from autograder.student.shell import Shell, run_cell
from autograder.wire.faults import NotAttempted, StudentError
from autograder.wire.frames import Closed, receive, send
from autograder.wire.trees import tensors, vector_jacobian
from autograder.wire.values import Budget, decode, encode, plain

OWN_ROOM = 16 << 20  # bytes that answers leave to this side: to take a request and to send a reply
Request = tuple[dict[str, Any], list[bytearray]]
Reply = tuple[dict[str, Any], list[bytes]]
SMALL = partial(Budget, bytes_left=1 << 12, tensors_left=8, nodes_left=64, text_left=1000)
Scenarios = Mapping[str, Callable[..., Any]]


def serve(wire: socket.socket, shell: Shell, scenarios: Scenarios, confinement: dict[str, str]) -> None:
    """Answer requests until the grader hangs up."""
    torch.set_num_threads(1)

    def exchange(header: dict[str, Any], buffers: list[bytes]) -> Request:
        """Ask the grader, which waits for this process's answer, for one of its own first."""
        send(wire, header, buffers)
        return receive(wire)

    answers, copies = Answers(shell, scenarios, confinement, Lender(exchange)), Copies()
    while True:
        try:
            header, buffers = receive(wire)
        except Closed:
            return
        if header["op"] not in ("hello", "cell") or header.get("given"):
            answers.have_room()
        if header.get("fresh"):
            answers.graphs.clear()  # a check is over, and asks for no more gradients
        try:
            try:
                # A cell may switch gradients off for those after it; a function is judged for itself.
                with nullcontext() if header["op"] == "cell" else torch.set_grad_enabled(header.get("grad", True)):
                    if answers.roomy:
                        give_memory(all_but=OWN_ROOM)
                    reply, out = getattr(answers, header["op"])(header, buffers)
            finally:
                if answers.roomy:
                    give_memory(all_but=0)
                copies.end_here(header["id"])
            copies.refuse(header["id"], PATIENCE if header["op"] == "cell" else 0)
        except StudentError as error:
            reply, out = _trouble(error), []
        except Exception as error:  # the student's code changed what this one stands on
            reply, out = _trouble(explain(error)), []
        send(wire, {"id": header["id"]} | reply, out)


class Answers:
    """One method per request."""

    def __init__(self, shell: Shell, scenarios: Scenarios, confinement: dict[str, str], lender: Lender) -> None:
        self.shell, self.scenarios, self.confinement, self.lender = shell, scenarios, confinement, lender
        self.earlier = Earlier()
        self.roomy = False
        self.graphs: dict[int, tuple[list[Tensor], list[Tensor]]] = {}

    def have_room(self) -> None:
        """The cells have run, and may hold much: what is asked now needs some, too."""
        if not self.roomy:
            give_memory(all_but=0)
            self.roomy = True

    def hello(self, header: dict[str, Any], _: list[bytearray]) -> Reply:
        return {"confinement": self.confinement}, []

    def selftest(self, header: dict[str, Any], _: list[bytearray]) -> Reply:
        """Try to break out; asked only of a process in which no student's code has run."""
        target = header["target"]
        return {"outcomes": attempt_all(Target(**target | {"folders": tuple(target["folders"])}))}, []

    def cell(self, header: dict[str, Any], _: list[bytearray]) -> Reply:
        """Run one cell of the notebook."""
        return {"trouble": run_cell(self.shell, header["source"])}, []

    def names(self, header: dict[str, Any], _: list[bytearray]) -> Reply:
        """The functions that the notebook defines, to help with a renamed one."""
        found = [name for name, value in self.shell.user_ns.items() if callable(value) and not name.startswith("_")]
        return {"names": [name[:60] for name in found[:200]]}, []

    def get(self, header: dict[str, Any], _: list[bytearray]) -> Reply:
        """What each name holds: nothing, a function, or a plain value. Of many, one that is no small value is asked for alone."""
        buffers: list[bytes] = []
        alone = len(header["names"]) == 1
        return {"held": {name: self._held(name, buffers, alone) for name in header["names"]}}, buffers

    def _held(self, name: str, buffers: list[bytes], alone: bool) -> dict[str, Any]:
        if name not in self.shell.user_ns:
            return {"kind": "missing"}
        value = self.shell.user_ns[name]
        if value is None or value is Ellipsis:
            return {"kind": "empty"}
        if callable(value):
            return {"kind": "function"}
        try:
            return {"kind": "value", "value": encode(plain(value, Budget() if alone else SMALL()), buffers)}
        except Exception as error:
            if alone:
                raise explain(error) from None
            return {"kind": "large"}

    def call(self, header: dict[str, Any], buffers: list[bytearray]) -> Reply:
        """Call a function; keep its graph if the grader may ask for gradients."""
        function = self.shell.user_ns[header["name"]]
        args, kwargs = decode(header["args"], buffers, arrays=True), decode(header["kwargs"], buffers, arrays=True)
        report = invoke(function, args, kwargs, header["seed"], earlier=self.earlier)
        inputs = [leaf for leaf in tensors((args, kwargs)) if leaf.requires_grad]
        outputs = [value for value in tensors(report.value) if value.requires_grad]
        if inputs and outputs:
            self.graphs[header["id"]] = outputs, inputs
        return _reply(report)

    def vjp(self, header: dict[str, Any], buffers: list[bytearray]) -> Reply:
        """The vector-Jacobian product of an earlier call: one gradient (or null) per input that required one."""
        outputs, inputs = self.graphs[header["call"]]
        cotangents = decode(header["cotangents"], buffers)
        try:
            grads = vector_jacobian(outputs, inputs, cotangents)
        except Exception as error:
            raise explain(error) from None
        out: list[bytes] = []
        return {"value": encode(_plain(grads), out)}, out

    def scenario(self, header: dict[str, Any], buffers: list[bytearray]) -> Reply:
        """Run a named piece of the assignment's code on the student's namespace."""
        scenario, namespace = self.scenarios[header["name"]], self.shell.user_ns
        kwargs = decode(header["kwargs"], buffers, arrays=True)
        return _reply(invoke(lambda **given: scenario(namespace, **given), (), kwargs, header["seed"]))

    def stand_in(self, header: dict[str, Any], _: list[bytearray]) -> Reply:
        """Let the grader's answers stand in for some names: this process will answer for one question only."""
        self.shell.user_ns.update({name: Borrowed(name, self.lender) for name in header["names"]})
        return {}, []


def _trouble(error: StudentError) -> dict[str, Any]:
    question = error.question if isinstance(error, NotAttempted) else None
    raised = asdict(error.raised) if error.raised else None
    return {"error": error.status, "message": str(error), "question": question, "raised": raised}


def _reply(report: Returned) -> Reply:
    buffers: list[bytes] = []
    value = encode(report.value, buffers)
    return {"value": value, "changed": list(report.changed), "rng_after": report.rng_after.hex()}, buffers


def _plain(value: Any) -> Any:
    try:
        return plain(value)
    except Exception as error:
        raise explain(error) from None
