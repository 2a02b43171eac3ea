"""What catalogued answers did is remembered: each runs once for a call, and those that remember themselves once for a history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment
from autograder.checks.judge import judge
from autograder.hints.answers import Entry
from autograder.hints.catalogue import Catalogue
from autograder.hints.precedents import MAX_CALLS, MAX_IN_ONE, Precedents, remembers, repeat
from autograder.hosts.in_process import LocalFunction, LocalHost
from autograder.wire.calls import Call, Recorder
from autograder.wire.comparing import same
from autograder.wire.trees import tensors

INPUT = torch.tensor([0.5, -1.0, 2.0])


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return assignments.load()


def small_calls(assignment: Assignment, question: str) -> list[Call]:
    """The calls that the checks of a question make of the reference, three of each function or scenario: those with the fewest numbers."""
    host = LocalHost(assignment.reference(), assignment.scenarios)
    found: dict[str, list[Call]] = {}
    for check in assignment.questions[question].checks:
        judge([check], host, seed=5)
        for call in host.recorder.calls:
            found.setdefault(call.name, []).append(call)
    return [call for calls in found.values() for call in sorted(calls, key=_numbers)[:3]]


def _numbers(call: Call) -> int:
    return sum(leaf.numel() for leaf in tensors((call.args, call.kwargs, call.value)))


def done(assignment: Assignment, entry: Entry, calls: list[Call]) -> Iterator[tuple[Call, Call | None]]:
    """What a wrong answer does in these calls, one after another."""
    for call in calls:
        if call.scenario:
            namespace = assignment.reference() | {entry.target: entry.answer}
            scenario = assignment.scenarios[call.name]
            yield (
                call,
                repeat(lambda scenario=scenario, namespace=namespace, **given: scenario(namespace, **given), call, call.seed),
            )
        elif call.name == entry.target:
            yield call, repeat(entry.answer, call, call.seed)


@pytest.mark.parametrize("question", ["q1", "q2", "q3", "q5", "q6", "q8", "q9"])
def test_an_answer_without_a_default_that_can_change_does_the_same_after_other_calls(assignment: Assignment, question: str) -> None:
    calls = small_calls(assignment, question)
    assert len(calls) >= 3
    different = []
    for entry in assignment.wrong_answers(assignment.questions[question]):
        if not callable(entry.answer) or remembers(entry.answer) or "torch.seed()" in entry.source:  # nothing repeats the last
            continue
        forwards = {id(call): again for call, again in done(assignment, entry, calls)}
        for call, again in done(assignment, entry, calls[::-1]):
            before = forwards[id(call)]
            if (again is None) != (before is None) or (again is not None and before is not None and not same(before, again)):
                different.append(f"{entry.name} in {call.name}")
    assert not different


def test_the_catalogue_has_answers_that_remember(assignment: Assignment) -> None:
    names = {
        entry.name
        for question in assignment.questions.values()
        for entry in assignment.wrong_answers(question)
        if callable(entry.answer) and remembers(entry.answer)
    }
    assert {"noise_kept_from_the_first_call", "moving_average", "latents_kept_for_later_calls"} <= names


def seen(function: Callable[..., Any], *inputs: torch.Tensor) -> list[Call]:
    recorder = Recorder()
    recorder.begin(3)
    for value in inputs:
        LocalFunction("f", function, recorder)(value)
    return recorder.calls


def test_a_second_submission_finds_what_a_rival_did_for_the_first() -> None:
    runs: list[int] = []

    def doubled(x: torch.Tensor) -> torch.Tensor:
        runs.append(1)
        return 2 * x

    known = Catalogue((Entry("f", "doubled", doubled, False, hint="twice"),), {"f": torch.square}, {})
    assert known.hint("f", seen(lambda x: x + x, INPUT, INPUT + 1)) == "twice"
    first = len(runs)
    assert known.hint("f", seen(lambda x: x + x, INPUT, INPUT + 1)) == "twice"
    assert len(runs) == first > 0


def test_a_rival_that_remembers_starts_afresh_for_every_submission_and_runs_in_order() -> None:
    def counts(x: torch.Tensor, calls: list[int] = []) -> torch.Tensor:  # noqa: B006
        calls.append(1)
        return x + len(calls)

    known = Catalogue((Entry("f", "counts", counts, False, hint="it counts"),), {"f": torch.square}, {})
    for inputs in ([INPUT], [INPUT + 1, INPUT], [INPUT], [INPUT + 1, INPUT]):
        calls: list[int] = []
        assert known.hint("f", seen(lambda x, calls=calls: x + (calls.append(1) or len(calls)), *inputs)) == "it counts"


def scattered(runs: list[int]) -> Catalogue:
    """A question whose right answer draws; what is said of others is worked out of its draws."""

    def right(x: torch.Tensor) -> torch.Tensor:
        runs.append(1)
        return x + torch.randn_like(x)

    return Catalogue((Entry("f", "still", torch.clone, False, hint="no noise"),), {"f": right}, {})


def uniform(x: torch.Tensor) -> torch.Tensor:
    return x + torch.rand_like(x)


def test_how_the_right_answer_scatters_is_worked_out_once_for_all_who_are_asked_the_same() -> None:
    runs: list[int] = []
    known, asked = scattered(runs), torch.full((20, 30), 0.5)
    said = known.hint("f", seen(uniform, asked, asked + 1))
    first = len(runs)
    assert "never go beyond a limit" in said and first > 100
    assert known.hint("f", seen(uniform, asked, asked + 1)) == said
    assert len(runs) - first < first / 4


def test_what_was_worked_out_is_forgotten_with_the_calls_when_it_is_too_much() -> None:
    """Nothing, too, takes room: a class of thousands asks for ever more of it."""
    precedents = Precedents()
    for number in range(3 * MAX_CALLS):
        assert precedents.once(("what", str(number)), lambda: None) is None
    assert len(precedents._worked_out) <= MAX_CALLS


def test_arguments_are_those_of_whoever_asks_and_large_calls_are_not_kept() -> None:
    precedents = Precedents()
    (call,) = seen(torch.square, INPUT)
    precedents.add(("name", "digest"), call)
    (other,) = seen(torch.square, INPUT)
    found = precedents.of(("name", "digest"), other)
    assert found is not None and found.args is other.args and torch.equal(found.value, call.value)
    (large,) = seen(torch.square, torch.ones(MAX_IN_ONE + 1))
    precedents.add(("name", "large"), large)
    assert ("name", "large") not in precedents
