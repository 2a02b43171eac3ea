"""A check is a function whose parameters are the student's names; here it is loaded, run on a host, and judged.

The same function has three hosts: pytest on our own answers, otter in the student's notebook, and the grader, where the
names are proxies into another process. `judge` is the one way from a question to its outcomes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch

from autograder.expect import Failed, Unusable
from autograder.outcomes import Missing, NotAttempted, Outcome, StudentError
from autograder.recording import Recorder

F = TypeVar("F", bound=Callable[..., None])


class Host(Protocol):
    """Where a check finds the student's names."""

    recorder: Recorder

    def begin(self, seed: int) -> None: ...
    def get(self, name: str) -> Any: ...
    def can_stand_in(self, name: str) -> bool: ...
    def standing_in(self, names: tuple[str, ...]) -> AbstractContextManager[Host]: ...


@dataclass(frozen=True)
class Check:
    question: str
    number: int
    name: str
    title: str
    points: float
    hidden: bool
    function: Callable[..., None]

    @property
    def names(self) -> tuple[str, ...]:
        """The student's names (and scenarios) that this check asks for; it does without those that have a default."""
        return tuple(name for name in inspect.signature(self.function).parameters if name != "rng")


def points(value: float) -> Callable[[F], F]:
    """Say what a check is worth."""

    def mark(function: F) -> F:
        function.points = value  # type: ignore[attr-defined]
        return function

    return mark


def load_checks(path: Path, question: str, hidden: bool) -> list[Check]:
    """The `test_…` functions of a file, in the order they stand. A file that is not there holds none."""
    if not path.exists():
        return []
    spec = importlib.util.spec_from_file_location(f"{path.stem}_of_{question}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(_checks_in(vars(module), question, hidden))


def _checks_in(namespace: dict[str, Any], question: str, hidden: bool) -> Iterator[Check]:
    for name, function in namespace.items():
        if name.startswith("test_") and inspect.isfunction(function):
            title = (function.__doc__ or "").strip().split("\n")[0].strip()
            if not title or not hasattr(function, "points"):
                raise ValueError(f"{question}: {name} needs a docstring that says the property, and @points(…)")
            number = int(question.removeprefix("q"))
            yield Check(question, number, name, title, float(function.points), hidden, function)


def judge(
    checks: list[Check], host: Host, seed: int, needs: tuple[str, ...] = (), trusted: frozenset[str] = frozenset()
) -> list[Outcome]:
    """Run the checks of one question.

    What fails with the student's own earlier functions is tried once more with ours standing in for those among `needs` that
    are not `trusted` (every check of theirs passed), so that one slip costs one question.
    """
    outcomes = [run_check(check, host, seed) for check in checks]
    suspects = tuple(name for name in needs if name not in trusted and host.can_stand_in(name))
    failed = [i for i, outcome in enumerate(outcomes) if _may_be_their_fault(outcome)]
    if suspects and failed:
        with host.standing_in(suspects) as helped:
            for i in failed:
                outcomes[i] = replace(run_check(checks[i], helped, seed), stand_ins=suspects)
    return outcomes


def _may_be_their_fault(outcome: Outcome) -> bool:
    return outcome.status not in ("passed", "not_attempted", "grader_error")


def run_check(check: Check, host: Host, seed: int) -> Outcome:
    """Run one check. Whatever happens, the outcome says whose fault it was."""
    own = _seed_of(check, seed)
    outcome = Outcome(check.question, check.name, check.title, check.points, check.hidden, "passed")
    rng = torch.Generator().manual_seed(own)
    try:
        host.begin(own)
        check.function(**dict(_arguments(check, host, rng)))
    except NotAttempted as error:
        if error.question in (None, check.number):
            return replace(outcome, status="not_attempted", message="not attempted yet")
        return replace(outcome, status="failed", message=f"this needs question {error.question}, which is not attempted yet")
    except StudentError as error:
        return replace(outcome, status=error.status, message=str(error))
    except Failed as error:
        detail = f"\n{error.detail}" if error.detail and not check.hidden else ""
        return replace(outcome, status="failed", message=error.summary + detail)
    except Unusable as error:
        return replace(outcome, status="failed", message=f"this leans on `{error.name}`, which {error}: mend it first")
    except Exception as error:
        return replace(
            outcome,
            status="grader_error",
            message="the grader itself failed here. This is our fault, not yours; the staff can see why",
            staff="".join(traceback.format_exception(error))[-4000:],
        )
    return outcome


def _arguments(check: Check, host: Host, rng: torch.Generator) -> Iterator[tuple[str, Any]]:
    """What each parameter of a check gets. One with a default keeps it where the student has no answer to that name."""
    for name, parameter in inspect.signature(check.function).parameters.items():
        try:
            yield name, rng if name == "rng" else host.get(name)
        except (NotAttempted, Missing):
            if parameter.default is inspect.Parameter.empty:
                raise


def trusted_names(checks: list[Check], outcomes: list[Outcome]) -> frozenset[str]:
    """The names that a later question may lean on: every check that asked for them passed."""
    asked = {name for check in checks for name in check.names}
    doubted = {name for check, outcome in zip(checks, outcomes, strict=True) if outcome.status != "passed" for name in check.names}
    return frozenset(asked - doubted)


def _seed_of(check: Check, seed: int) -> int:
    digest = hashlib.sha256(f"{seed}/{check.question}/{check.name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
