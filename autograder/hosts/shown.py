"""What a student sees of a question's public checks: which property holds, our message where one does not, and how many count besides."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace

from autograder.checks.assignment import Question
from autograder.checks.outcomes import MARKS, Outcome


def message_of(outcome: Outcome) -> str:
    """What there is to say of a check that did not pass."""
    message = outcome.message or MARKS[outcome.status]
    return f"{message}\n{outcome.hint}" if outcome.hint else message


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


def _word(outcome: Outcome) -> str:
    """Of a number whose value is judged later, only the form was seen: that is no pass."""
    return "FORM OK" if outcome.status == "passed" and not outcome.points else MARKS[outcome.status]


def _told(outcomes: list[Outcome]) -> Iterator[tuple[Outcome, str]]:
    """Each outcome with what there is to say; what was said above, a whole message or its hint, is not said again."""
    said: set[str] = set()
    for outcome in outcomes:
        message = "" if outcome.status in ("passed", "not_attempted") else message_of(outcome)
        if message in said:
            yield outcome, "the same as above"
        elif message and outcome.hint in said:
            yield outcome, message_of(replace(outcome, hint="The hint above is for this, too."))
        else:
            yield outcome, message
        said |= {message, outcome.hint} - {""}


def as_text(question: Question, outcomes: list[Outcome]) -> str:
    """A question's public outcomes on a terminal."""
    lines = [_heading(question)]
    for outcome, message in _told(outcomes):
        lines.append(f"  {_word(outcome):<13} {outcome.title}")
        lines += [f"                {line}" for line in message.splitlines()]
    return "\n".join(lines + _summary(question, outcomes))


def as_html(question: Question, outcomes: list[Outcome]) -> str:
    """The same in a notebook."""
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
