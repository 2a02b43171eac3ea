"""Otter as a host for our checks: one test case runs one check on the live namespace.

The generated test files only call `run`. In a notebook, what `grader.check` and `grader.check_all` return is then shown by us (`shown`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from typing import Any

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment, Question
from autograder.checks.check import PUBLIC_SEED, Check
from autograder.checks.judge import forgive_stubs, judge
from autograder.checks.outcomes import Outcome
from autograder.checks.trust import Trust
from autograder.hosts import shown
from autograder.hosts.fingerprints import History, kept_hints
from autograder.hosts.in_process import LocalHost
from autograder.student import lazy_dynamo


class NotPassed(Exception):
    """Otter's way to hear that a check did not pass."""


class Interrupted(KeyboardInterrupt):
    """Ends the cell, with one line in place of a traceback."""

    def _render_traceback_(self) -> list[str]:
        return ["Interrupted: the checks after this one did not run."]


def run(question_id: str, check_name: str, env: dict[str, Any]) -> None:
    """Judge one check on the namespace `env`; raises NotPassed with our message."""
    _show_results_ourselves()
    outcome = sitting().judged(question_id, check_name, env)
    if outcome.status != "passed":
        raise NotPassed(shown.message_of(outcome))


@cache
def sitting() -> Sitting:
    """This process's: a notebook that is graded runs once, and a student's kernel is one student's."""
    return Sitting(assignments.load())


@dataclass
class Sitting:
    """The checks that were run on one notebook, and what they found."""

    assignment: Assignment
    latest: dict[str, dict[str, Outcome]] = field(default_factory=dict)  # of each question, what each check found when it last ran
    _histories: dict[str, History] = field(default_factory=dict)  # of each question, what its functions returned so far
    _trust: Trust | None = None

    def judged(self, question_id: str, check_name: str, env: dict[str, Any]) -> Outcome:
        """What one check finds."""
        question = self.assignment.questions[question_id]
        check = next(check for check in question.checks if check.name == check_name)
        host = LocalHost(env, self.assignment.scenarios, self._stand_ins, self.assignment.limits.call_seconds)
        catalogue = None
        if host.reference:
            catalogue = partial(self.assignment.catalogue, question)
            for source in self.assignment.given:  # put back, as the grader does
                exec(source, env)
        try:
            with _without_compiler():
                [outcome] = judge([check], host, PUBLIC_SEED, question.needs, self._leaned_on(question, host), catalogue)
        except KeyboardInterrupt:
            raise Interrupted from None
        outcome = self._hinted(question, check, host, outcome, locked=not catalogue)
        self.latest.setdefault(question_id, {})[check_name] = outcome
        return outcome

    def _hinted(self, question: Question, check: Check, host: LocalHost, outcome: Outcome, locked: bool) -> Outcome:
        history = self._histories.setdefault(question.id, History())
        history.add(check, host.recorder.calls)
        if outcome.status != "failed" or not locked:
            return outcome
        hints = self._locked_hints.get(question.id, {})
        return replace(outcome, hint=next(filter(None, (history.hint(name, hints) for name in question.answers)), ""))

    @cached_property
    def _locked_hints(self) -> dict[str, dict[str, str]]:
        return kept_hints(self.assignment)

    @cached_property
    def _stand_ins(self) -> dict[str, Any]:
        """Our answers, where this is a grader; a student's copy has none."""
        return self.assignment.lendable if self.assignment.has_hidden_tests else {}

    def _leaned_on(self, question: Question, host: LocalHost) -> frozenset[str]:
        """The names this question may lean on; a student's copy lends none, and need not ask."""
        if not host.reference:
            return frozenset()
        if self._trust is None:

            def outcomes(asked: Question, trusted: frozenset[str]) -> list[Outcome]:
                return judge(asked.checks, host, PUBLIC_SEED, asked.needs, trusted)

            self._trust = Trust(self.assignment.questions.values(), outcomes)
        return self._trust.names(question)

    def outcomes(self, question: Question) -> list[Outcome]:
        """The public outcomes in the order of the checks."""
        latest = self.latest.get(question.id, {})
        checks = [check for check in question.checks if check.name in latest and not check.hidden]
        outcomes = [latest[check.name] for check in checks]
        forgive_stubs(checks, outcomes, question.needs)
        return outcomes

    def shown(self, question_ids: Iterable[str], form: Callable[[Question, list[Outcome]], str], between: str) -> str:
        """Questions in their order, each in a `form` of `shown`."""
        known = self.assignment.questions
        asked = sorted((known[id] for id in question_ids if id in known), key=lambda question: question.number)
        return between.join(form(question, self.outcomes(question)) for question in asked)


@contextmanager
def _without_compiler() -> Iterator[None]:
    """The first optimizer step would import torch's compiler: seconds in which a student waits. The notebook may have it after."""
    lazy_dynamo.install()
    try:
        yield
    finally:
        lazy_dynamo.remove()


@cache
def _show_results_ourselves() -> None:
    """Replace otter's rendering of its results, in IPython, once."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None:
        return
    from otter.test_files import GradingResults, TestFile

    kinds = {TestFile: lambda file: [file.name], GradingResults: lambda results: results.test_files}
    formatters = shell.display_formatter.formatters
    for kind, names in kinds.items():
        formatters["text/html"].for_type(kind, lambda found, names=names: as_html(names(found)))
        formatters["text/plain"].for_type(kind, lambda found, printer, cycle, names=names: printer.text(as_text(names(found))))


def as_text(question_ids: Iterable[str]) -> str:
    return sitting().shown(question_ids, shown.as_text, "\n\n")


def as_html(question_ids: Iterable[str]) -> str:
    return sitting().shown(question_ids, shown.as_html, "\n")
