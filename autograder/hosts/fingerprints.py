"""Hints in a student's notebook, where no wrong answer may ever be: each hint is locked with what the wrong answer does.

At build time every wrong answer goes through the public checks, and its hint is encrypted with a digest of all its results. In the
notebook the same digest is taken of the student's results: only a function that makes that very mistake opens that very hint.
"""

from __future__ import annotations

import base64
import hashlib
import json
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from torch import Tensor

from autograder.checks.assignment import Assignment, Question
from autograder.checks.check import PUBLIC_SEED, Check
from autograder.checks.judge import judge
from autograder.checks.outcomes import Outcome
from autograder.hosts.in_process import LocalHost
from autograder.wire.calls import Call
from autograder.wire.comparing import needs_gradient
from autograder.wire.values import Foreign

STEPS = 2000  # to how many parts of its largest number a tensor is rounded
RIGHT = ""  # stands for the hint of the right answer: what it does opens nothing
FORGET = 1e-5  # a tensor whose numbers are all smaller is zero


def locked_hints(assignment: Assignment, question: Question) -> dict[str, str]:
    """The question's hints, by the digest that finds each and encrypted with the one that opens it."""
    found: dict[str, set[str]] = {}
    for entry in (None, *assignment.wrong_answers(question)):
        namespace = assignment.reference()
        if entry:
            exec(entry.source, namespace)
        host, history = LocalHost(namespace, assignment.scenarios), History()
        for check in question.checks:
            if check.hidden:
                continue
            with warnings.catch_warnings(action="ignore"):  # a wrong answer may well provoke one
                judge([check], host, PUBLIC_SEED, question.needs)
            history.add(check, host.recorder.calls)
            for target in question.answers if entry is None else (entry.target,):
                for digest in history.digests(target):
                    found.setdefault(digest, set()).add(entry.hint if entry else RIGHT)
    clear = {digest: hints for digest, hints in sorted(found.items()) if len(hints) == 1 and RIGHT not in hints}
    return {_find(digest): _lock(digest, *hints) for digest, hints in clear.items()}


@dataclass
class History:
    """The calls of a question's public checks, in the order in which they run: two slips may differ only in an earlier one."""

    checks: list[str] = field(default_factory=list)
    calls: list[list[Call]] = field(default_factory=list)

    def add(self, check: Check, calls: Iterable[Call]) -> None:
        if check.name in self.checks:  # they are run from the start again
            self.checks, self.calls = [], []
        self.checks.append(check.name)
        self.calls.append(list(calls))

    def hint(self, target: str, locked: dict[str, str]) -> str:
        """The hint that this function's results open, or nothing."""
        return next((_open(digest, locked[_find(digest)]) for digest in self.digests(target) if _find(digest) in locked), "")

    def digests(self, target: str) -> list[str]:
        """Of what a function returned in all checks so far, and in the last one; none if it returned nothing."""
        rounded = [[_facts(call) for call in calls if call.name == target or call.scenario] for calls in self.calls]
        seen = [(self.checks, rounded), (self.checks[-1:], rounded[-1:])]
        return [hashlib.sha256(json.dumps([target, *each]).encode()).hexdigest() for each in seen] if rounded[-1] else []


def kept_hints(assignment: Assignment) -> dict[str, dict[str, str]]:
    """The hints that a student's copy has under lock, by question; none elsewhere."""
    path = assignment.root / "hints.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))["hints"]) if path.exists() else {}


def opened(question: Question, outcomes: list[Outcome], calls: Iterable[tuple[Call, ...]], locked: dict[str, str]) -> list[Outcome]:
    """The outcomes of a question's public checks, each new hint at the first failure whose results open it."""
    history, said, told = History(), {""}, []
    for check, outcome, made in zip(question.checks, outcomes, calls, strict=True):
        history.add(check, made)
        hint = (
            next(filter(None, (history.hint(name, locked) for name in question.answers)), "") if outcome.status == "failed" else ""
        )
        told.append(outcome if hint in said else replace(outcome, hint=hint))
        said.add(hint)
    return told


def _facts(call: Call) -> list[Any]:
    """What a call did. What flows says nothing where nothing needs to."""
    return [call.flows if needs_gradient(call) else (), call.changed, _rounded(call.value)]


def _rounded(value: Any) -> Any:
    """Plain data as JSON, coarse enough to be the same on any machine."""
    if isinstance(value, Tensor):
        numbers = value.detach().double().nan_to_num(nan=12345.0, posinf=54321.0, neginf=-54321.0)
        scale = float(numbers.abs().max()) if numbers.numel() else 0.0
        steps = (numbers * (STEPS / scale)).round().long().flatten().tolist() if scale > FORGET else []
        return [str(value.dtype), list(value.shape), f"{scale:.3g}" if scale > FORGET else "0", steps]
    if isinstance(value, tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) > FORGET else "0"
    return value.type_name if isinstance(value, Foreign) else repr(value)


def _find(digest: str) -> str:
    return hashlib.sha256(f"find {digest}".encode()).hexdigest()[:16]


def _lock(digest: str, hint: str) -> str:
    return base64.b64encode(_mixed(digest, hint.encode())).decode()


def _open(digest: str, locked: str) -> str:
    return _mixed(digest, base64.b64decode(locked)).decode()


def _mixed(digest: str, data: bytes) -> bytes:
    """XOR with a keystream made from the digest."""
    blocks = (hashlib.sha256(f"open {digest} {i}".encode()).digest() for i in range(len(data) // 32 + 1))
    return bytes(a ^ b for a, b in zip(data, b"".join(blocks), strict=False))
