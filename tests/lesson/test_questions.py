"""Every question's checks, judged by its own solution, its right answers and its wrong answers, in one process."""

from __future__ import annotations

import itertools
import sys
from typing import Any

import pytest
import torch

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Question
from autograder.checks.judge import judge
from autograder.checks.outcomes import Outcome
from autograder.hints.answers import Entry
from autograder.hosts.in_process import LocalHost

ASSIGNMENT = assignments.load()
QUESTIONS = list(ASSIGNMENT.questions.values())


def entries(kind: str) -> list[Any]:
    return [
        pytest.param(question, entry, id=f"{question.id}-{entry.name}"[:80])
        for question in QUESTIONS
        for entry in getattr(ASSIGNMENT, kind)(question)
    ]


def outcomes_with(question: Question, entry: Entry | None, only: str = "") -> list[Outcome]:
    """The outcomes of the reference notebook, with one answer replaced; of one check, if it is named."""
    torch.set_num_threads(1)
    namespace = ASSIGNMENT.reference()
    if entry:
        exec(compile(entry.source, "<cell>", "exec"), namespace)
    host = LocalHost(namespace, ASSIGNMENT.scenarios, ASSIGNMENT.reference())
    return judge([check for check in question.checks if only in ("", check.name)], host, seed=1)


def failures(outcomes: list[Outcome]) -> str:
    return "\n".join(f"{o.check}: {o.status}: {o.message} {o.staff}" for o in outcomes if o.status != "passed")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_answers_are_judged_for_themselves_where_a_cell_switched_gradients_off(question: Question) -> None:
    with torch.set_grad_enabled(False):
        outcomes = outcomes_with(question, None)
    assert all(outcome.status == "passed" for outcome in outcomes), failures(outcomes)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_the_points_of_the_checks_add_up(question: Question) -> None:
    assert sum(check.points for check in question.checks) == question.points
    assert len({check.name for check in question.checks}) == len(question.checks)


def test_the_assignment_is_worth_100() -> None:
    assert ASSIGNMENT.total == 100


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_the_solution_gets_full_marks(question: Question) -> None:
    outcomes = outcomes_with(question, None)
    assert sum(o.earned for o in outcomes) == question.points, failures(outcomes)


@pytest.mark.parametrize(("question", "entry"), entries("right_answers"))
def test_a_right_answer_gets_full_marks(question: Question, entry: Entry) -> None:
    outcomes = outcomes_with(question, entry)
    assert sum(o.earned for o in outcomes) == question.points, failures(outcomes)


@pytest.mark.parametrize(("question", "entry"), entries("wrong_answers"))
def test_a_wrong_answer_fails_the_check_it_names(question: Question, entry: Entry) -> None:
    """All the others are run by `verify`, across the boundary."""
    (outcome,) = outcomes_with(question, entry, only=entry.caught_by)
    assert outcome.status not in ("passed", "grader_error"), failures([outcome])


@pytest.mark.parametrize("question", [q for q in QUESTIONS if callable(ASSIGNMENT.reference()[q.answers[0]])], ids=lambda q: q.id)
def test_what_students_can_run_catches_half_of_the_wrong_functions_and_more(question: Question) -> None:
    """A green check in the notebook is to mean something: measured on the catalogue, where most slips are rarer than in a class."""
    public = [check.name for check in question.checks if not check.hidden]
    functions = [entry for entry in ASSIGNMENT.wrong_answers(question) if callable(entry.answer)]
    missed = [
        entry.name
        for entry in functions
        if all(outcome.status == "passed" for name in public for outcome in outcomes_with(question, entry, only=name))
    ]
    assert len(missed) <= 0.45 * len(functions), missed


class Weird(torch.Tensor):
    """A tensor subclass, as a student's function may return."""


WEIRD = {
    "none": None,
    "a string": "0.5",
    "nan": float("nan"),
    "a number": 3,
    "a huge number": 10**400,
    "an object": object(),
    "a list": [1.0, 2.0],
    "a nested list": [[[]]],
    "a dict": {"loss": "x"},
    "a dict with odd keys": {1: 2},
    "a module": sys,
    "empty": torch.empty(0),
    "a scalar tensor": torch.tensor(1.0),
    "a bool tensor": torch.ones(3, 2) > 0,
    "an int tensor": torch.ones(3, 2, dtype=torch.long),
    "nan tensor": torch.full((3, 2), float("nan")),
    "a complex tensor": torch.ones(3, dtype=torch.complex64),
    "a sparse tensor": torch.eye(3).to_sparse(),
    "a tuple of two": (torch.ones(3, 2), None),
    "a tuple of three": ("a", torch.ones(()), 1.0),
    "ten dimensions": torch.ones([1] * 10),
}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
@pytest.mark.parametrize("weird", WEIRD)
def test_no_return_value_is_ever_the_graders_fault(question: Question, weird: str) -> None:
    """Whatever a function returns or a value is, it's judged as an answer: never a grader_error, never full marks."""
    namespace = ASSIGNMENT.reference()
    for name in question.answers:
        value = WEIRD[weird]
        namespace[name] = (lambda *args, _value=value, **kwargs: _value) if callable(namespace[name]) else value
    outcomes = judge(question.checks, LocalHost(namespace, ASSIGNMENT.scenarios, ASSIGNMENT.reference()), seed=1)
    assert not [o for o in outcomes if o.status == "grader_error"], failures(outcomes)
    assert sum(o.earned for o in outcomes) < question.points


@pytest.mark.parametrize("id", ["q1", "q4", "q7"])
def test_no_two_slips_of_a_number_are_close_unless_they_are_told_the_same(id: str) -> None:
    """Ten tolerances apart: what a prompt allows, 0.0005, or a unit of the fourth digit."""
    entries = [entry for entry in ASSIGNMENT.wrong_answers(ASSIGNMENT.questions[id]) if isinstance(entry.answer, (int, float))]
    for one, other in itertools.combinations(entries, 2):
        if one.target == other.target and one.hint != other.hint:
            tolerance = 5e-4 * (abs(one.answer) if id == "q7" else 1)
            assert abs(one.answer - other.answer) > 10 * tolerance, (one.name, other.name)
