"""From a question's checks to its outcomes: first with the student's own functions, then, where an earlier one is wrong, with ours lent.

`judge` is the one way there, for pytest, for otter and for the grader.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from autograder.checks.check import Check, Host, run_check
from autograder.checks.outcomes import Outcome
from autograder.hints.catalogue import Catalogue
from autograder.wire.calls import FORGOTTEN, Call
from autograder.wire.faults import StudentError
from autograder.wire.trees import alike, size

MAX_BYTES = 6 << 20  # of the calls of one question's public or hidden checks that are kept until all is judged: more than any need

ANOTHER_FUNCTION = (
    "beside your own earlier functions your answer does one thing, and beside ours another, though it does not need them"
)


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

    def __add__(self, later: Alone) -> Alone:
        return Alone(self.outcomes + later.outcomes, self.calls + later.calls)

    @property
    def may_need_help(self) -> bool:
        return any(map(_may_be_their_fault, self.outcomes))


def judge_alone(checks: list[Check], host: Host, seed: int, needs: tuple[str, ...] = ()) -> Alone:
    """The first half of `judge`: every check with the student's own functions."""
    outcomes: list[Outcome] = []
    kept: list[tuple[Call, ...]] = []
    room = MAX_BYTES
    for check in checks:
        outcome, calls = _run_recorded(check, host, seed, needs)
        outcomes.append(outcome)
        room -= _size(calls)
        kept.append(calls if room >= 0 else tuple(replace(call, value=FORGOTTEN) for call in calls))
    return Alone(tuple(outcomes), tuple(kept))


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
    lent = suspects if alone.may_need_help else ()
    if lent:
        calls, room = [], MAX_BYTES
        with host.standing_in(suspects) as helped:
            for i, own in enumerate(alone.outcomes):
                if not _may_be_their_fault(own) or checks[i].asks_values_alone:
                    continue
                outcome, made = _run_recorded(checks[i], helped, seed, needs)
                room -= _size(made)
                calls += made if room >= 0 else ()
                if outcome.status == "passed" and _is_another(alone.calls[i], made, helped, suspects):
                    outcome = replace(own, message=ANOTHER_FUNCTION)
                outcomes[i] = _without_loans(own, outcome, suspects)
    forgive_stubs(checks, outcomes, needs)
    if catalogue and any(outcome.status == "failed" for outcome in outcomes):
        _add_hints(checks, outcomes, host, calls, replace(catalogue(), lent=lent))
    return outcomes


def _run_recorded(check: Check, host: Host, seed: int, needs: tuple[str, ...]) -> tuple[Outcome, tuple[Call, ...]]:
    host.recorder.calls.clear()
    return run_check(check, host, seed, needs), tuple(host.recorder.calls)


def _size(calls: tuple[Call, ...]) -> int:
    return sum(size(call.value) for call in calls)


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


def forgive_stubs(checks: list[Check], outcomes: list[Outcome], needs: tuple[str, ...]) -> None:
    """A check that stopped at an earlier question's stub says little where this question's own function is one too."""
    stubs = {name for check, o in zip(checks, outcomes, strict=True) if o.status == "not_attempted" for name in check.names}
    for i, check in enumerate(checks):
        if outcomes[i].status == "missing" and (stubs - set(needs)).intersection(check.names):
            outcomes[i] = replace(outcomes[i], status="not_attempted", message="not attempted yet")


def _add_hints(checks: list[Check], outcomes: list[Outcome], host: Host, calls: list[Call], catalogue: Catalogue) -> None:
    """Give the first failed check of each answer the hint that fits it, where just one does."""
    failed = [i for i, outcome in enumerate(outcomes) if outcome.status == "failed"]
    for target in catalogue.targets:
        mine = [i for i in failed if target in catalogue.asked_by(checks[i].names, calls)]
        if not mine:
            continue
        try:
            value = host.get(target)
        except StudentError:
            continue
        try:
            hint = catalogue.hint(target, calls) if callable(value) else catalogue.hint_for_value(target, value)
        except Exception:  # a hint that fails is no reason to lose a grade
            outcomes[mine[0]] = replace(outcomes[mine[0]], staff=f"No hint could be looked for:\n{traceback.format_exc()}"[-4000:])
            continue
        if hint:
            best = next((i for i in mine if checks[i].names[:1] == (target,)), mine[0])
            outcomes[best] = replace(outcomes[best], hint=hint)


def _may_be_their_fault(outcome: Outcome) -> bool:
    return outcome.status not in ("passed", "not_attempted", "grader_error")
