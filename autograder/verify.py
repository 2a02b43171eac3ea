"""The checks, checked across the real boundary: wrong answers caught, right ones accepted, each hint the right one."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from rich.console import Console
from rich.table import Table

from autograder.assignment import Assignment, Question
from autograder.catalogue import Entry
from autograder.checks import judge
from autograder.outcomes import Outcome
from autograder.remote import RemoteHost, Workplace
from autograder.session import Session
from autograder.submission import Cell

SEED = 20
PREAMBLE = "import math\nimport numpy as np\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn"


@dataclass(frozen=True)
class Trial:
    """One answer of a catalogue, by its place in it: entries hold functions, which do not travel between processes."""

    question: str
    right: bool
    index: int


@dataclass(frozen=True)
class Finding:
    """What the checks made of one answer."""

    trial: Trial
    name: str
    caught_by: str
    hint: str
    earned: float
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> set[str]:
        return {outcome.check for outcome in self.outcomes if outcome.status != "passed"}

    @property
    def crashed(self) -> bool:
        """Whether it failed by an error of its own, which speaks for itself and needs no hint."""
        return not any(outcome.status == "failed" for outcome in self.outcomes)

    @property
    def hints(self) -> set[str]:
        return {outcome.hint for outcome in self.outcomes if outcome.hint}


def solved_cells(assignment: Assignment) -> list[Cell]:
    """The cells of a fully solved notebook, without its prose and plots."""
    sources = [PREAMBLE]
    for question in assignment.questions.values():
        sources += [question.source("given.py"), question.source("solution.py")]
    return [Cell(number, source) for number, source in enumerate(sources, 1) if source]


@lru_cache
def entries(assignment: Assignment, question: Question, right: bool) -> list[Entry]:
    return assignment.right_answers(question) if right else assignment.wrong_answers(question)


def trials(assignment: Assignment) -> Iterator[Trial]:
    for question in assignment.questions.values():
        for right in (True, False):
            for index in range(len(entries(assignment, question, right))):
                yield Trial(question.id, right, index)


def attempt(session: Session, trial: Trial, workplace: Workplace, seed: int = SEED) -> Finding:
    """Judge one answer in an otherwise solved notebook, in a student process of its own."""
    assignment = session.assignment
    question = assignment.questions[trial.question]
    entry = entries(assignment, question, trial.right)[trial.index]
    cells = solved_cells(assignment)
    cells.append(Cell(len(cells) + 1, entry.source))
    host = RemoteHost(workplace, assignment, tuple(cells), time.monotonic() + workplace.limits.submission_seconds)
    try:
        others = frozenset(question.needs)
        outcomes = judge(question.checks, host, seed, question.needs, others, partial(assignment.catalogue, question))
    finally:
        host.close()
    earned = sum(outcome.earned for outcome in outcomes)
    return Finding(trial, entry.name, entry.caught_by, entry.hint, earned, tuple(outcomes))


def verify(session: Session) -> int:
    """Print the figures, question by question; 0 when nothing was missed."""
    console = Console()
    started = time.monotonic()
    findings = list(session.map(attempt, list(trials(session.assignment)), os.cpu_count() or 1))
    table = Table(title="The checks, checked", title_justify="left")
    for heading in ("question", "wrong caught", "right accepted", "own hint", "other hint", "alone"):
        table.add_column(heading, justify="left" if heading == "question" else "right")
    misses: list[str] = []
    for question in session.assignment.questions.values():
        mine = [finding for finding in findings if finding.trial.question == question.id]
        table.add_row(*_row(question, mine, misses))
    table.add_section()
    everything = [finding for finding in findings if not finding.trial.right]
    table.add_row("all", *_figures(everything, [f for f in findings if f.trial.right], session.assignment.questions), "")
    console.print(table)
    for miss in misses:
        console.print(f"MISS: {miss}", markup=False, highlight=False)
    console.print(f"{len(findings)} answers judged across the boundary in {time.monotonic() - started:.0f} s", highlight=False)
    return 1 if misses else 0


def _row(question: Question, findings: list[Finding], misses: list[str]) -> list[str]:
    wrong = [finding for finding in findings if not finding.trial.right]
    right = [finding for finding in findings if finding.trial.right]
    for finding in wrong:
        if not _caught(finding, question.points):
            misses.append(f"{question.id}: wrong answer {finding.name} was not caught by {finding.caught_by}")
    for finding in right:
        if finding.earned != question.points:
            misses.append(f"{question.id}: right answer {finding.name} got {finding.earned:g} of {question.points:g}")
    for finding in findings:
        if any(outcome.status == "grader_error" for outcome in finding.outcomes):
            misses.append(f"{question.id}: the grader itself failed on {finding.name}")
    alone = Counter(next(iter(finding.failed)) for finding in wrong if len(finding.failed) == 1)
    needed = sum(1 for check in question.checks if alone[check.name])
    return [
        f"{question.number:2}  {question.title}",
        *_figures(wrong, right, {question.id: question}),
        f"{needed} of {len(question.checks)}",
    ]


def _figures(wrong: list[Finding], right: list[Finding], questions: dict[str, Question]) -> list[str]:
    silent = [finding for finding in wrong if not finding.crashed]
    return [
        f"{sum(_caught(f, questions[f.trial.question].points) for f in wrong)}/{len(wrong)}",
        f"{sum(f.earned == questions[f.trial.question].points for f in right)}/{len(right)}",
        f"{sum(f.hint in f.hints for f in silent)}/{len(silent)}",
        f"{sum(bool(f.hints - {f.hint}) for f in wrong)}",
    ]


def _caught(finding: Finding, points: float) -> bool:
    return finding.caught_by in finding.failed and finding.earned < points
