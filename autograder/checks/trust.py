"""Which answers a question may lean on: the student's own, where every check of theirs passed; ours stand in for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from autograder.checks.assignment import Question
from autograder.checks.check import Check
from autograder.checks.outcomes import Outcome


class Trust:
    """Each question judged once, those before it that it leans on first."""

    def __init__(self, questions: Iterable[Question], judge: Callable[[Question, frozenset[str]], Sequence[Outcome]]) -> None:
        """`judge` finds the outcomes of a question that may lean on these names."""
        self._questions, self._judge = tuple(questions), judge
        self._outcomes: dict[str, Sequence[Outcome]] = {}

    def outcomes(self, question: Question) -> Sequence[Outcome]:
        if question.id not in self._outcomes:
            self._outcomes[question.id] = self._judge(question, self.names(question))
        return self._outcomes[question.id]

    def names(self, question: Question) -> frozenset[str]:
        """The names that this question leans on and may."""
        earlier = [
            other for other in self._questions if other.number < question.number and set(other.answers) & set(question.needs)
        ]
        return frozenset().union(*(trusted_names(other.answers, other.checks, self.outcomes(other)) for other in earlier))


def trusted_names(answers: tuple[str, ...], checks: Sequence[Check], outcomes: Sequence[Outcome]) -> frozenset[str]:
    """The answers to a question that a later one may lean on: every check that asked for them passed.

    Names of other questions are left out: with a stand-in for them, or judged by themselves, checks prove nothing of those.
    """
    asked = {name for check in checks for name in check.names}
    doubted = {name for check, outcome in zip(checks, outcomes, strict=True) if outcome.status != "passed" for name in check.names}
    return frozenset(asked.intersection(answers) - doubted)
