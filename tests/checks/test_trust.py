"""Which answers a question may lean on, composed from the outcomes of the earlier questions: each judged once, in time."""

from __future__ import annotations

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Question
from autograder.checks.outcomes import Outcome
from autograder.checks.trust import Trust
from autograder.wire.faults import Status

QUESTIONS = assignments.load().questions


def trust(wrong: set[str]) -> tuple[Trust, list[tuple[str, frozenset[str]]]]:
    """Of a student whose answers to these names fail every check that asks for one; and what was judged, leaning on which names."""
    judged: list[tuple[str, frozenset[str]]] = []

    def judge(question: Question, trusted: frozenset[str]) -> list[Outcome]:
        judged.append((question.id, trusted))
        found = []
        for check in question.checks:
            status: Status = "failed" if wrong & set(check.names) else "passed"
            found.append(Outcome(question.id, check.name, check.title, check.points, check.hidden, status))
        return found

    return Trust(QUESTIONS.values(), judge), judged


def test_all_that_a_question_needs_is_trusted_where_nothing_is_wrong() -> None:
    answers = {name for question in QUESTIONS.values() for name in question.answers}
    for question in QUESTIONS.values():
        assert trust(set())[0].names(question) >= answers & set(question.needs)


def test_an_answer_that_fails_a_check_is_not_leaned_on() -> None:
    names = trust({"gaussian_kl"})[0].names(QUESTIONS["q6"])
    assert "gaussian_kl" not in names and trust({"split_params"})[0].names(QUESTIONS["q6"]) >= {"gaussian_kl"}


def test_each_question_is_judged_once_and_those_that_it_leans_on_before_it() -> None:
    found, judged = trust(set())
    for question in reversed(QUESTIONS.values()):
        found.outcomes(question)
    order = [id for id, _ in judged]
    assert sorted(order) == sorted(QUESTIONS)
    for question in QUESTIONS.values():
        earlier = [
            other.id for other in QUESTIONS.values() if other.number < question.number and set(other.answers) & set(question.needs)
        ]
        assert all(order.index(question.id) >= 0 and other in order for other in earlier)
        assert dict(judged)[question.id] == found.names(question)


def test_nothing_is_judged_for_a_question_that_leans_on_none() -> None:
    found, judged = trust(set())
    found.outcomes(QUESTIONS["q1"])
    assert judged == [("q1", frozenset())]
