"""A check is a function whose parameters are the student's names; here it is loaded, run on a host, and judged.

The same function has three hosts: pytest on our own answers, otter in the student's notebook, and the grader, where the
names are proxies into another process. `judge` is the one way from a question to its outcomes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch

from autograder.checks import description
from autograder.checks.description import describe
from autograder.checks.discretion import discreet
from autograder.checks.expect import Failed, Unusable
from autograder.checks.outcomes import Outcome
from autograder.wire.calls import Call, Recorder
from autograder.wire.faults import Missing, NotAttempted, StudentError

# What a check may raise over a value of the student's. Anything else, and anything before one was read, is a fault of ours.
OF_ODD_VALUES = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RuntimeError)
PUBLIC_SEED = 1
LEANED_ON = (
    "what fails here fails others too: they are worth nothing without it"  # a reason to keep a check that catches nothing alone
)
VALUE = re.compile(r"[a-z]+\d+_")  # how the name of a number or a letter begins: with its question's id
F = TypeVar("F", bound=Callable[..., None])


class Host(Protocol):
    """Where a check finds the student's names."""

    recorder: Recorder

    @property
    def source(self) -> str: ...  # the student's cells, parted by \0: what may be repeated of an exception
    def begin(self, seed: int, check: Check | None = None) -> None: ...
    def get(self, name: str) -> Any: ...
    def repeat(self, call: Call, slanted: bool = False) -> Any: ...  # `slanted`: answers of ours that stand in are off, on purpose
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
    kept: str = ""  # why it stays although no wrong answer needs it
    words: str = "a tensor"  # what its lesson calls one

    @cached_property
    def parameters(self) -> dict[str, bool]:
        """Those of its function, and whether it does without one that has a default."""
        said = inspect.signature(self.function).parameters
        return {name: parameter.default is not inspect.Parameter.empty for name, parameter in said.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """The student's names (and scenarios) that this check asks for."""
        return tuple(name for name in self.parameters if name != "rng")

    @property
    def asks_values_alone(self) -> bool:
        """Then it leans on no function, and is asked once: in another process it would be a second guess."""
        return all(map(VALUE.match, self.names))


def of_its_kind(name: str, value: Any) -> Any:
    """`value` as what its name promises: a number or a letter is called q4_…, anything else is a function. Raises Missing."""
    if VALUE.match(name) and callable(value):
        raise Missing(f"`{name}` should be a number or a letter, but after your notebook ran it is a function")
    if not VALUE.match(name) and not callable(value):
        raise Missing(f"`{name}` should be a function, but after your notebook ran it is {describe(value)}")
    return value


def points(value: float, *, kept: str = "") -> Callable[[F], F]:
    """Say what a check is worth and, where no wrong answer of the catalogue needs a hidden one, why it is `kept`."""

    def mark(function: F) -> F:
        function.points = value  # type: ignore[attr-defined]
        function.kept = kept  # type: ignore[attr-defined]
        return function

    return mark


def load_checks(path: Path, question: str, number: int, hidden: bool, words: str = "a tensor") -> list[Check]:
    """The `test_…` functions of a file, in the order they stand. A file that is not there holds none."""
    if not path.exists():
        return []
    spec = importlib.util.spec_from_file_location(f"{path.stem}_of_{question}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(_checks_in(vars(module), question, number, hidden, words))


def _checks_in(namespace: dict[str, Any], question: str, number: int, hidden: bool, words: str) -> Iterator[Check]:
    for name, function in namespace.items():
        if name.startswith("test_") and inspect.isfunction(function):
            title = (function.__doc__ or "").strip().split("\n")[0].strip()
            if not title or not hasattr(function, "points"):
                raise ValueError(f"{question}: {name} needs a docstring that says the property, and @points(…)")
            kept = getattr(function, "kept", "")
            yield Check(question, number, name, title, float(function.points), hidden, function, kept, words)


def run_check(check: Check, host: Host, seed: int, needs: tuple[str, ...] = ()) -> Outcome:
    """Run one check. Whatever happens, the outcome says whose fault it was.

    A public check asks the same everywhere, so that what it said in the notebook is what it says in the grade.
    """
    own, before = _seed_of(check, seed if check.hidden else PUBLIC_SEED), len(host.recorder.calls)
    outcome = Outcome(check.question, check.name, check.title, check.points, check.hidden, "passed")
    rng = torch.Generator().manual_seed(own)
    try:
        host.begin(own, check)
        with (
            description.discreet(check.hidden),
            description.in_the_words_of(check.words),
            torch.enable_grad(),
        ):  # in a notebook a cell may have switched gradients off
            check.function(**dict(_arguments(check, host, rng, needs)))
    except NotAttempted as error:
        if error.question in (None, check.number):
            return replace(outcome, status="not_attempted", message="not attempted yet")
        return replace(outcome, status="missing", message=f"this needs question {error.question}, which is not attempted yet")
    except StudentError as error:
        return replace(outcome, status=error.status, message=discreet(error, host.source) if check.hidden else str(error))
    except Failed as error:
        detail = f"\n{error.detail}" if error.detail and not check.hidden else ""
        return replace(outcome, status="failed", message=error.summary + detail)
    except Unusable as error:
        return replace(outcome, status="failed", message=f"this leans on `{error.name}`, which {error.why}: mend it first")
    except Exception as error:
        staff = "".join(traceback.format_exception(error))[-4000:]
        if isinstance(error, OF_ODD_VALUES) and (host.recorder.calls[before:] or check.asks_values_alone):
            return replace(outcome, status="failed", message=_odd(host.recorder.calls[before:]), staff=staff)
        return replace(
            outcome,
            status="grader_error",
            message="the grader itself failed here. This is our fault, not yours; the staff can see why",
            staff=staff,
        )
    return outcome


def _odd(calls: list[Call]) -> str:
    """What a student is told of a value that no expectation of the check foresaw."""
    came = f" It came back as {describe(calls[-1].value).partition(':')[0]}." if calls else ""
    return f"this check could not work with your answer, which is not in the form that the question asks for.{came}"


def _arguments(check: Check, host: Host, rng: torch.Generator, needs: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """What each parameter of a check gets. One with a default keeps it where the student has no answer to that name."""
    for name, has_default in check.parameters.items():
        try:
            yield name, rng if name == "rng" else host.get(name)
        except (NotAttempted, Missing) as error:
            if has_default:
                continue
            if name in needs and isinstance(error, NotAttempted):
                raise Missing(f"this needs `{name}`, which is not attempted yet") from None
            raise


def _seed_of(check: Check, seed: int) -> int:
    digest = hashlib.sha256(f"{seed}/{check.question}/{check.name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
