"""Name the slip: find the one wrong answer of the catalogue that does exactly what the student's function did.

Every call that the checks made is made again, with the same arguments and seed, on each wrong answer and on the right one. A wrong
answer matches when it agrees with the student's function in all that was seen of it (values, shapes, dtypes, whether a gradient
flows and which, arguments changed), on every call, and when some of that is not what the right answer does. One match, or
several that would say the same, is a hint. Anything else is silence.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from autograder.catalogue import Entry
from autograder.invoke import invoke
from autograder.outcomes import StudentError
from autograder.recording import Call, tensors, vector_jacobian
from autograder.values import Foreign

MAX_CALLS = 40  # of one function; later ones add little


@dataclass(frozen=True)
class Catalogue:
    """The wrong answers to one question, and what is needed to run them."""

    entries: tuple[Entry, ...]
    reference: dict[str, Any]
    scenarios: Mapping[str, Callable[..., Any]]

    @property
    def targets(self) -> list[str]:
        return list(dict.fromkeys(entry.target for entry in self.entries))

    def asked_by(self, names: Iterable[str]) -> set[str]:
        """The answers that a check which asks for `names` may have judged, by itself or in a scenario."""
        names = set(names)
        return names | {target for target in self.targets for name in names & self.scenarios.keys() if self._plays(target, name)}

    def _plays(self, target: str, scenario: str) -> bool:
        """Whether a scenario looks the answer up, as `ns["train_step"]`."""
        return target in self.scenarios[scenario].__code__.co_consts

    def hint(self, target: str, calls: Iterable[Call]) -> str:
        """The hint for a function that failed, or nothing."""
        seen = [call for call in calls if (self._plays(target, call.name) if call.scenario else call.name == target)][:MAX_CALLS]
        if not seen:
            return ""
        if self._does_the_same(target, self.reference[target], seen):
            return ""
        rivals = [entry for entry in self.entries if entry.target == target and callable(entry.answer)]
        return _only({entry.hint for entry in rivals if self._does_the_same(target, entry.answer, seen)})

    def hint_for_value(self, target: str, value: Any) -> str:
        """The hint for a number or a choice, or nothing."""
        return _only({entry.hint for entry in self.entries if entry.target == target and _same_answer(entry.answer, value)})

    def _does_the_same(self, target: str, answer: Callable[..., Any], seen: list[Call]) -> bool:
        again = []
        for call in seen:  # in order: some slips remember
            again.append(self._repeat(target, answer, call))
            if not _same(call, again[-1]):
                return False
        return _reseeds(seen) == _reseeds([call for call in again if call])

    def _repeat(self, target: str, answer: Callable[..., Any], call: Call) -> Call | None:
        """What `answer` does where the student's function did what `call` says; None if it raises."""
        if not call.scenario:
            function = answer
        else:
            scenario, namespace = self.scenarios[call.name], self.reference | {target: answer}
            function = lambda **given: scenario(namespace, **given)  # noqa: E731
        try:
            with torch.random.fork_rng(devices=[]), warnings.catch_warnings(action="ignore"):
                report = invoke(function, call.args, call.kwargs, call.seed)
            flows = tuple(leaf.requires_grad for leaf in tensors(report.value))
            again = Call(call.name, call.args, call.kwargs, call.seed, report.value, flows, report.changed, report.rng_after)
            flowing = [leaf for leaf in tensors(report.value) if leaf.requires_grad]
            inputs = [leaf for leaf in tensors((call.args, call.kwargs)) if leaf.requires_grad]
            for cotangents, _ in call.grads:
                again.grads.append((cotangents, vector_jacobian(flowing, inputs, cotangents)))
        except (StudentError, RuntimeError, ValueError):
            return None
        return again


def _only(hints: set[str]) -> str:
    return hints.pop() if len(hints) == 1 else ""


def _reseeds(calls: list[Call]) -> bool:
    """Whether calls that were seeded differently left the global generator in one state."""
    states = [call.rng_after for call in calls if not call.scenario]
    return len(states) > 1 and len(set(states)) == 1


def _same(seen: Call, again: Call | None) -> bool:
    """Whether two calls did the same in all that was recorded."""
    if again is None:
        return False
    facts = (seen.flows, sorted(seen.changed)) if not seen.scenario else ()
    if facts != ((again.flows, sorted(again.changed)) if not seen.scenario else ()) or not _alike(seen.value, again.value):
        return False
    return all(_alike(a, b) for (_, a), (_, b) in zip(seen.grads, again.grads, strict=True))


def _alike(a: Any, b: Any) -> bool:
    """Whether two plain values agree, to the rounding of their dtype; NaN agrees with NaN."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        if a.shape != b.shape or a.dtype != b.dtype:
            return False
        rtol = 1e-9 if a.dtype == torch.float64 else 2e-5
        a, b = a.detach().double(), b.detach().double()
        scale = float(b.abs().nan_to_num(posinf=0).max()) if b.numel() else 0.0
        return torch.allclose(a, b, rtol=rtol, atol=rtol * min(scale, 1.0), equal_nan=True)
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return math.isclose(a, b, rel_tol=2e-5, abs_tol=1e-7) or (a != a and b != b)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(_alike, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_alike(a[key], b[key]) for key in a)
    return bool(a == b) if not isinstance(a, Foreign) else True


def _same_answer(known: Any, value: Any) -> bool:
    """Whether a value is the catalogued one: a letter exactly, a number as it would be rounded."""
    if isinstance(known, str):
        return isinstance(value, str) and value.strip().upper() == known
    if isinstance(known, tuple):
        return _alike(known, value)
    value = value.item() if isinstance(value, Tensor) and value.numel() == 1 else value
    if not all(isinstance(number, (int, float)) and not isinstance(number, bool) for number in (value, known)):
        return False
    return math.isclose(value, known, rel_tol=2e-4, abs_tol=1e-5)
