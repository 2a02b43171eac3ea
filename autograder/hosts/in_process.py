"""The checks' host inside one process: pytest on our answers, and `grader.check` in the student's notebook."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import torch

from autograder.checks.check import Check, of_its_kind
from autograder.hosts.limit import Late, limited
from autograder.student.earlier import Earlier
from autograder.student.generators import generators_restored
from autograder.student.invoke import Returned, invoke
from autograder.wire.calls import Call, Recorder
from autograder.wire.faults import Missing, NotAttempted
from autograder.wire.trees import detached, slanted
from autograder.wire.values import plain


class LocalFunction:
    """A live function with the interface of a remote one."""

    def __init__(
        self, name: str, function: Callable[..., Any], recorder: Recorder, invoke: Callable[..., Returned] = invoke
    ) -> None:
        self.__name__ = name
        self._function = function
        self._recorder = recorder
        self._invoke = invoke

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.report(*args, **kwargs).value

    def report(self, *args: Any, **kwargs: Any) -> Returned:
        seed = self._recorder.next_seed()
        with generators_restored():
            report = self._invoke(self._function, args, kwargs, seed)
        facts = {"changed": report.changed, "rng_after": report.rng_after}
        self._recorder.add(self.__name__, args, kwargs, seed, report.value, **facts)
        return report

    def without_gradients(self, *args: Any) -> Any:
        """What it returns where no gradient is recorded, as when a model is looked at. No hint is made of such a call."""
        with generators_restored(), torch.no_grad():
            return self._invoke(self._function, args, {}, self._recorder.next_seed()).value


class LocalHost:
    """Finds the names a check asks for in a live namespace.

    `scenarios` are the questions' named pieces of code that need models and optimizers; `reference` holds the answers that may
    stand in for an earlier question (empty in a student's notebook). With `call_seconds` somebody sits before it: no call takes
    longer, and an interrupt is theirs.
    """

    def __init__(
        self,
        namespace: dict[str, Any],
        scenarios: Mapping[str, Callable[..., Any]],
        reference: Mapping[str, Any] | None = None,
        call_seconds: float | None = None,
    ) -> None:
        self.namespace = namespace
        self.scenarios = scenarios
        self.reference = reference or {}
        self.recorder = Recorder()
        self._call_seconds = call_seconds
        self._slanted = False
        self._earlier = Earlier()

    @property
    def source(self) -> str:
        """The functions that can be found in a file or a cell."""
        found = []
        for value in self.namespace.values():
            with suppress(OSError, TypeError):
                found.append(textwrap.dedent(inspect.getsource(value)) if inspect.isfunction(value) else "")
        return "\0".join(found)

    def begin(self, seed: int, check: Check | None = None) -> None:
        self.recorder.begin(seed)

    def get(self, name: str) -> Any:
        if name in self.scenarios:
            return LocalScenario(self, name)
        if name not in self.namespace:
            raise Missing(f"`{name}` does not exist: run its cell first, and keep its name as it was given")
        value = self.namespace[name]
        if value is None or value is Ellipsis:
            raise NotAttempted
        return of_its_kind(
            name,
            LocalFunction(name, value, self.recorder, partial(self.invoke, earlier=self._earlier))
            if callable(value)
            else plain(value),
        )

    def invoke(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        seed: int,
        earlier: Earlier | None = None,
    ) -> Returned:
        """One call, within its time where somebody waits for it."""
        if self._call_seconds is None:
            return invoke(function, args, kwargs, seed, earlier=earlier)
        with limited(self._call_seconds):
            return invoke(function, args, kwargs, seed, through=(KeyboardInterrupt, Late), earlier=earlier)

    def run_scenario(self, name: str, kwargs: Mapping[str, Any], seed: int) -> Any:
        with generators_restored():
            return self.invoke(lambda **given: self.scenarios[name](self.namespace, **given), (), kwargs, seed).value

    def repeat(self, call: Call, slanted: bool = False) -> Any:
        """What a recorded call answers when it is made again, with answers that stand in off where `slanted`."""
        self._slanted = slanted
        try:
            if call.scenario:
                return detached(self.run_scenario(call.name, call.kwargs, call.seed))
            with generators_restored():
                return detached(invoke(self.namespace[call.name], call.args, call.kwargs, call.seed).value)
        finally:
            self._slanted = False

    def _lent(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **kwargs: slanted(function(*args, **kwargs)) if self._slanted else function(*args, **kwargs)

    def can_stand_in(self, name: str) -> bool:
        return name in self.reference

    @contextmanager
    def standing_in(self, names: tuple[str, ...]) -> Iterator[LocalHost]:
        """A host in which our own answers stand in for `names`."""
        absent = object()
        own = {name: self.namespace.get(name, absent) for name in names}
        self.namespace.update({name: self._lent(self.reference[name]) for name in names})
        try:
            yield self
        finally:
            for name, value in own.items():
                if value is absent:
                    del self.namespace[name]
                else:
                    self.namespace[name] = value


class LocalScenario:
    def __init__(self, host: LocalHost, name: str) -> None:
        self._host, self._name = host, name

    def __call__(self, **kwargs: Any) -> Any:
        host = self._host
        seed = host.recorder.next_seed()
        value = host.run_scenario(self._name, kwargs, seed)
        host.recorder.add(self._name, (), kwargs, seed, value, scenario=True)
        return value
