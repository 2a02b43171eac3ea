"""Otter as a host for our checks: one test case runs one check on the live namespace.

The generated test files only call `run`. In a notebook, what `grader.check` and `grader.check_all` return is then shown by us:
which property holds, our message where one does not, and how many hidden checks count besides. None of the test's code.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from typing import Any

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment, Question
from autograder.checks.check import PUBLIC_SEED
from autograder.checks.judge import forgive_stubs, judge, trusted_names
from autograder.checks.outcomes import Outcome
from autograder.hosts.fingerprints import History, kept_hints
from autograder.hosts.in_process import LocalHost
from autograder.student import lazy_dynamo

WORDS = {
    "passed": "PASS",
    "failed": "FAIL",
    "not_attempted": "NOT YET",
    "crashed": "ERROR",
    "timed_out": "TOO SLOW",
    "out_of_memory": "OUT OF MEMORY",
    "missing": "MISSING",
    "grader_error": "OUR FAULT",
}

_latest: dict[str, dict[str, Outcome]] = {}  # of each question, the outcome of each check when it last ran

_histories: dict[str, History] = {}  # of each question, what its functions returned in the checks so far


class NotPassed(Exception):
    """Otter's way to hear that a check did not pass."""


class Interrupted(KeyboardInterrupt):
    """Ends the cell, with one line in place of a traceback."""

    def _render_traceback_(self) -> list[str]:
        return ["Interrupted: the checks after this one did not run."]


def run(question_id: str, check_name: str, env: dict[str, Any]) -> None:
    """Judge one check on the namespace `env`; raises NotPassed with our message."""
    _show_results_ourselves()
    question = _assignment().questions[question_id]
    check = next(check for check in question.checks if check.name == check_name)
    host = LocalHost(env, _assignment().scenarios, _stand_ins(), _assignment().limits.call_seconds)
    catalogue = None
    if host.reference:
        catalogue = partial(_assignment().catalogue, question)
        for source in _assignment().given:  # put back, as the grader does
            exec(source, env)
    try:
        with _without_compiler():
            [outcome] = judge([check], host, PUBLIC_SEED, question.needs, _trusted(question, host), catalogue)
    except KeyboardInterrupt:
        raise Interrupted from None
    history = _histories.setdefault(question_id, History())
    history.add(check, host.recorder.calls)
    if outcome.status == "failed" and not catalogue:
        hints = (history.hint(name, _locked_hints(question_id)) for name in question.answers)
        outcome = replace(outcome, hint=next(filter(None, hints), ""))
    _latest.setdefault(question_id, {})[check_name] = outcome
    if outcome.status != "passed":
        raise NotPassed(_message(outcome))


@contextmanager
def _without_compiler() -> Iterator[None]:
    """The first optimizer step would import torch's compiler: seconds in which a student waits. The notebook may have it after."""
    lazy_dynamo.install()
    try:
        yield
    finally:
        lazy_dynamo.remove()


@cache
def _assignment() -> Assignment:
    return assignments.load()


@cache
def _locked_hints(question_id: str) -> dict[str, str]:
    return kept_hints(_assignment()).get(question_id, {})


@cache
def _stand_ins() -> dict[str, Any]:
    """Our answers, where this is a grader; a student's copy has none."""
    return _assignment().lendable if _assignment().has_hidden_tests else {}


def _trusted(question: Question, host: LocalHost) -> frozenset[str]:
    """The names this question leans on that passed every check of their own."""
    trusted: frozenset[str] = frozenset()
    if host.reference:
        for earlier in _assignment().questions.values():
            if earlier.number < question.number and set(earlier.answers) & set(question.needs):
                trusted |= _trusted_of(earlier, host)
    return trusted


_trust: dict[str, frozenset[str]] = {}


def _trusted_of(question: Question, host: LocalHost) -> frozenset[str]:
    """Judged once in a process: a notebook that is graded runs once."""
    if question.id not in _trust:
        outcomes = judge(question.checks, host, PUBLIC_SEED, question.needs, _trusted(question, host))
        _trust[question.id] = trusted_names(question.answers, question.checks, outcomes)
    return _trust[question.id]


def _message(outcome: Outcome) -> str:
    message = outcome.message or WORDS[outcome.status]
    return f"{message}\n{outcome.hint}" if outcome.hint else message


# --- what a student sees -------------------------------------------------------------------------------------------


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
        formatters["text/html"].for_type(kind, lambda shown, names=names: as_html(names(shown)))
        formatters["text/plain"].for_type(kind, lambda shown, printer, cycle, names=names: printer.text(as_text(names(shown))))


def as_text(question_ids: Iterable[str]) -> str:
    return "\n\n".join(map(_text_of, _in_order(question_ids)))


def as_html(question_ids: Iterable[str]) -> str:
    return "\n".join(map(_html_of, _in_order(question_ids)))


def _in_order(question_ids: Iterable[str]) -> list[Question]:
    known = _assignment().questions
    return sorted((known[id] for id in question_ids if id in known), key=lambda question: question.number)


def _heading(question: Question) -> str:
    return f"Question {question.number} · {question.title}"


def _summary(question: Question, outcomes: list[Outcome]) -> list[str]:
    """How it stands, and that this is not all."""
    if outcomes and all(outcome.status == "not_attempted" for outcome in outcomes):
        lines = ["Not attempted yet: write your answer in the cell above, run that cell, then run this one again."]
    else:
        judged = [outcome for outcome in outcomes if outcome.points]
        passed = sum(outcome.status == "passed" for outcome in judged)
        lines = (
            [f"{passed} of {len(judged)} public {_checks(len(judged))} pass{'es' if len(judged) == 1 else ''}."] if judged else []
        )
        if len(judged) < len(outcomes):
            lines.append("FORM OK says that an answer can be read, not that it is right: its value is judged when you submit.")
    if question.hidden_checks:
        verb = "counts" if question.hidden_checks == 1 else "count"
        lines.append(
            f"{question.hidden_checks} hidden {_checks(question.hidden_checks)} {verb} too: "
            "passing what is shown here does not mean full marks."
        )
    return lines


def _checks(number: int) -> str:
    return "check" if number == 1 else "checks"


def _outcomes(question: Question) -> list[Outcome]:
    """The public outcomes in the order of the checks."""
    latest = _latest.get(question.id, {})
    checks = [check for check in question.checks if check.name in latest and not check.hidden]
    outcomes = [latest[check.name] for check in checks]
    forgive_stubs(checks, outcomes, question.needs)
    return outcomes


def _word(outcome: Outcome) -> str:
    """Of a number whose value is judged later, only the form was seen: that is no pass."""
    return "FORM OK" if outcome.status == "passed" and not outcome.points else WORDS[outcome.status]


def _told(outcomes: list[Outcome]) -> Iterator[tuple[Outcome, str]]:
    """Each outcome with what there is to say; what was said above, a whole message or its hint, is not said again."""
    said: set[str] = set()
    for outcome in outcomes:
        message = "" if outcome.status in ("passed", "not_attempted") else _message(outcome)
        if message in said:
            yield outcome, "the same as above"
        elif message and outcome.hint in said:
            yield outcome, _message(replace(outcome, hint="The hint above is for this, too."))
        else:
            yield outcome, message
        said |= {message, outcome.hint} - {""}


def _text_of(question: Question) -> str:
    outcomes = _outcomes(question)
    lines = [_heading(question)]
    for outcome, message in _told(outcomes):
        lines.append(f"  {_word(outcome):<8} {outcome.title}")
        lines += [f"           {line}" for line in message.splitlines()]
    return "\n".join(lines + _summary(question, outcomes))


def _html_of(question: Question) -> str:
    outcomes = _outcomes(question)
    rows = "".join(_html_row(outcome, message) for outcome, message in _told(outcomes))
    summary = "<br>".join(html.escape(line) for line in _summary(question, outcomes))
    return (
        '<div style="border-left: 4px solid #767676; padding: 0.2em 0 0.2em 1em">'
        f"<p><strong>{html.escape(_heading(question))}</strong></p>"
        f'<ul style="list-style: none; padding: 0; margin: 0">{rows}</ul><p>{summary}</p></div>'
    )


def _html_row(outcome: Outcome, message: str) -> str:
    mark = {"passed": "✓" if outcome.points else "·", "not_attempted": "…"}.get(outcome.status, "✗")
    if message:
        style = "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; margin: 0.2em 0 0.6em 1.5em"
        message = f'<pre style="{style}">{html.escape(message)}</pre>'
    return f"<li>{mark} <strong>{_word(outcome)}</strong> {html.escape(outcome.title)}{message}</li>"
