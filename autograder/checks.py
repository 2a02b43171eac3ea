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
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch

from autograder.expect import Failed, Unusable, describe
from autograder.feedback import Catalogue
from autograder.outcomes import Missing, NotAttempted, Outcome, StudentError
from autograder.recording import Call, Recorder, alike

ANOTHER_FUNCTION = (
    "beside your own earlier functions your answer does one thing, and beside ours another, though it does not need them"
)
VALUE = re.compile(r"q\d+_")
F = TypeVar("F", bound=Callable[..., None])


class Host(Protocol):
    """Where a check finds the student's names."""

    recorder: Recorder

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

    @property
    def names(self) -> tuple[str, ...]:
        """The student's names (and scenarios) that this check asks for; it does without those that have a default."""
        return tuple(name for name in inspect.signature(self.function).parameters if name != "rng")

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
            yield Check(question, number, name, title, float(function.points), hidden, function, getattr(function, "kept", ""))


def judge(
    checks: list[Check],
    host: Host,
    seed: int,
    needs: tuple[str, ...] = (),
    trusted: frozenset[str] = frozenset(),
    catalogue: Callable[[], Catalogue] | None = None,
) -> list[Outcome]:
    """Run the checks of one question.

    What fails with the student's own earlier functions is tried once more with ours standing in for those among `needs` that
    are not `trusted` (every check of theirs passed), so that one slip costs one question. A failure that the catalogue of
    wrong answers knows gets its hint.
    """
    return judge_helped(checks, judge_alone(checks, host, seed, needs), host, seed, needs, trusted, catalogue)


@dataclass(frozen=True)
class Alone:
    """What the student's own process answered for one question, before anything was lent, and the calls of each check."""

    outcomes: tuple[Outcome, ...]
    calls: tuple[tuple[Call, ...], ...]

    @property
    def may_need_help(self) -> bool:
        return any(map(_may_be_their_fault, self.outcomes))


def judge_alone(checks: list[Check], host: Host, seed: int, needs: tuple[str, ...] = ()) -> Alone:
    """The first half of `judge`: every check with the student's own functions."""
    judged = [_run_recorded(check, host, seed, needs) for check in checks]
    return Alone(tuple(outcome for outcome, _ in judged), tuple(calls for _, calls in judged))


def judge_helped(
    checks: list[Check],
    alone: Alone,
    host: Host,
    seed: int,
    needs: tuple[str, ...] = (),
    trusted: frozenset[str] = frozenset(),
    catalogue: Callable[[], Catalogue] | None = None,
) -> list[Outcome]:
    """The second half: what failed alone is tried with our answers standing in, then explained."""
    outcomes, calls = list(alone.outcomes), [call for calls in alone.calls for call in calls]
    suspects = tuple(name for name in needs if name not in trusted and host.can_stand_in(name))
    if suspects and alone.may_need_help:
        calls = []
        with host.standing_in(suspects) as helped:
            for i, own in enumerate(alone.outcomes):
                if not _may_be_their_fault(own) or checks[i].asks_values_alone:
                    continue
                outcome, made = _run_recorded(checks[i], helped, seed, needs)
                calls += made
                if outcome.status == "passed" and _is_another(alone.calls[i], made, helped, suspects):
                    outcome = replace(own, message=ANOTHER_FUNCTION)
                outcomes[i] = _without_loans(own, outcome, suspects)
    _forgive_stubs(checks, outcomes, needs)
    if catalogue and any(outcome.status == "failed" for outcome in outcomes):
        _add_hints(checks, outcomes, host, calls, catalogue())
    return outcomes


def _run_recorded(check: Check, host: Host, seed: int, needs: tuple[str, ...]) -> tuple[Outcome, tuple[Call, ...]]:
    host.recorder.calls.clear()
    return run_check(check, host, seed, needs), tuple(host.recorder.calls)


def _is_another(own: tuple[Call, ...], made: tuple[Call, ...], helped: Host, lent: tuple[str, ...]) -> bool:
    """Whether a function that tells the two processes apart took a second guess.

    What was asked twice is answered alike, or depends on what was lent: with other values lent, the answer is another.
    """
    for one, other in zip(own, made, strict=False):
        asked_twice = (one.name, one.seed) == (other.name, other.seed) and alike(one.inputs, other.inputs)
        if not asked_twice or other.name in lent or alike(one.value, other.value):
            continue
        with suppress(StudentError):
            repeats = alike(helped.repeat(other), other.value)  # or else it draws from a source of its own, which no seed repeats
            if repeats and alike(helped.repeat(other, slanted=True), other.value):
                return True
    return False


def _without_loans(own: Outcome, helped: Outcome, lent: tuple[str, ...]) -> Outcome:
    """The outcome in a process with lent answers, in words that came from elsewhere.

    All that such a process says, an exception's text or a value that a message repeats, could carry our answers out to a student
    who submits again. So a check that fails there, too, is told as it failed without them, or in a sentence of ours.
    """
    helped = replace(helped, stand_ins=lent)
    if helped.status in ("passed", "not_attempted", "grader_error"):
        return helped
    if helped.status == own.status:
        return replace(helped, message=own.message)
    return replace(
        helped,
        message=f"this fails even with our own {', '.join(lent)} in place of yours, so something in this question is wrong as well: "
        "mend the earlier question first, then this check can say what",
    )


def _forgive_stubs(checks: list[Check], outcomes: list[Outcome], needs: tuple[str, ...]) -> None:
    """A check that stopped at an earlier question's stub says little where this question's own function is one too."""
    stubs = {name for check, o in zip(checks, outcomes, strict=True) if o.status == "not_attempted" for name in check.names}
    for i, check in enumerate(checks):
        if outcomes[i].status == "missing" and (stubs - set(needs)).intersection(check.names):
            outcomes[i] = replace(outcomes[i], status="not_attempted", message="not attempted yet")


def _add_hints(checks: list[Check], outcomes: list[Outcome], host: Host, calls: list[Call], catalogue: Catalogue) -> None:
    """Give the first failed check of each answer the hint that fits it, where just one does."""
    for target in catalogue.targets:
        mine = [i for i, check in enumerate(checks) if outcomes[i].status == "failed" and target in catalogue.asked_by(check.names)]
        if not mine:
            continue
        try:
            value = host.get(target)
        except StudentError:
            continue
        hint = catalogue.hint(target, calls) if callable(value) else catalogue.hint_for_value(target, value)
        if hint:
            best = next((i for i in mine if checks[i].names[:1] == (target,)), mine[0])
            outcomes[best] = replace(outcomes[best], hint=hint)


def _may_be_their_fault(outcome: Outcome) -> bool:
    return outcome.status not in ("passed", "not_attempted", "grader_error")


def run_check(check: Check, host: Host, seed: int, needs: tuple[str, ...] = ()) -> Outcome:
    """Run one check. Whatever happens, the outcome says whose fault it was."""
    own = _seed_of(check, seed)
    outcome = Outcome(check.question, check.name, check.title, check.points, check.hidden, "passed")
    rng = torch.Generator().manual_seed(own)
    try:
        host.begin(own, check)
        check.function(**dict(_arguments(check, host, rng, needs)))
    except NotAttempted as error:
        if error.question in (None, check.number):
            return replace(outcome, status="not_attempted", message="not attempted yet")
        return replace(outcome, status="missing", message=f"this needs question {error.question}, which is not attempted yet")
    except StudentError as error:
        return replace(outcome, status=error.status, message=_without_inputs(str(error)) if check.hidden else str(error))
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


def _without_inputs(message: str) -> str:
    """A student's exception may print what it was fed; in a hidden check tensors and decimals are left out."""
    message = re.sub(r"tensor\(.*?(?= \((?:in|line) |$)", "tensor(…)", message)
    return re.sub(r"-?\d+\.\d+(?:e[-+]?\d+)?(?=.* \((?:in|line) )", "…", message)


def _arguments(check: Check, host: Host, rng: torch.Generator, needs: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """What each parameter of a check gets. One with a default keeps it where the student has no answer to that name."""
    for name, parameter in inspect.signature(check.function).parameters.items():
        try:
            yield name, rng if name == "rng" else host.get(name)
        except (NotAttempted, Missing) as error:
            if parameter.default is not inspect.Parameter.empty:
                continue
            if name in needs and isinstance(error, NotAttempted):
                raise Missing(f"this needs `{name}`, which is not attempted yet") from None
            raise


def trusted_names(answers: tuple[str, ...], checks: list[Check], outcomes: list[Outcome]) -> frozenset[str]:
    """The answers to a question that a later one may lean on: every check that asked for them passed.

    Names of other questions are left out: with a stand-in for them, or judged by themselves, checks prove nothing of those.
    """
    asked = {name for check in checks for name in check.names}
    doubted = {name for check, outcome in zip(checks, outcomes, strict=True) if outcome.status != "passed" for name in check.names}
    return frozenset(asked.intersection(answers) - doubted)


def _seed_of(check: Check, seed: int) -> int:
    digest = hashlib.sha256(f"{seed}/{check.question}/{check.name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
