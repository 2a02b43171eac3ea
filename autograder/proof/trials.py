"""Answers judged across the real boundary, each in an otherwise solved notebook: what the checks made of it, and what was said."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal

from autograder.checks.assignment import Assignment, Question
from autograder.checks.judge import judge
from autograder.checks.outcomes import Outcome
from autograder.hints.answers import Entry, load_answers
from autograder.hints.lineup import is_description
from autograder.remote.host import RemoteHost
from autograder.remote.process import Workplace
from autograder.run.session import Session
from autograder.submissions.cells import Cell

SEED = 20
# What an assignment may have in its folder `proof/`; none of it leaves the repository.
UNLISTED = "unlisted_mistakes.py"
FOREIGN = "foreign"
PIECE = 25  # trials that are dealt out at once
FEW = 3  # processes: of more, some would have nothing to do while the largest questions are judged

Kind = Literal["right", "wrong", "unlisted", "foreign"]
KINDS: tuple[Kind, ...] = ("right", "wrong", "unlisted", "foreign")


@dataclass(frozen=True)
class Trial:
    """One answer of a catalogue, by its place in it: entries hold functions, which do not travel between processes."""

    question: str
    kind: Kind
    index: int


@dataclass(frozen=True)
class Finding:
    """What the checks made of one answer."""

    trial: Trial
    target: str
    name: str
    caught_by: str
    hint: str
    possible: float
    outcomes: tuple[Outcome, ...]
    right: bool = False
    idea: str = ""  # is as apt as its own hint, said where others do the same

    @property
    def earned(self) -> float:
        return sum(outcome.earned for outcome in self.outcomes)

    @property
    def failed(self) -> set[str]:
        return {outcome.check for outcome in self.outcomes if outcome.status != "passed"}

    @property
    def caught(self) -> bool:
        return self.caught_by in self.failed and self.earned < self.possible

    @property
    def accepted(self) -> bool:
        return self.earned == self.possible

    @property
    def silent(self) -> bool:
        """Whether it failed without an error of its own, which speaks for itself and needs no hint."""
        return any(outcome.status == "failed" for outcome in self.outcomes)

    @property
    def hints(self) -> set[str]:
        return {outcome.hint for outcome in self.outcomes if outcome.hint}

    @property
    def is_named(self) -> bool:
        """Whether a hint said what the slip is."""
        return not self.hints.isdisjoint({self.hint, self.idea} - {""})

    @property
    def wrong_hints(self) -> set[str]:
        """What was said and is not known to be apt; a sentence about the right value holds by construction."""
        return {hint for hint in self.hints - {self.hint, self.idea} if not is_description(hint)}


def solved_cells(assignment: Assignment) -> list[Cell]:
    """All code of a fully solved notebook in one cell, without its prose and plots: two thousand processes run it."""
    sources = [assignment.imports]
    for question in assignment.questions.values():
        sources += [question.source("given.py"), question.source("solution.py")]
    return [Cell(1, "\n\n".join(filter(None, sources)))]


@lru_cache
def entries(assignment: Assignment, question: Question, kind: Kind) -> list[Entry]:
    if kind == "right":
        return assignment.right_answers(question)
    if kind == "wrong":
        return assignment.wrong_answers(question)
    if kind == "foreign":
        return load_answers(assignment.proof / FOREIGN / f"{question.id}.py", assignment.reference())
    return [entry for entry in unlisted(assignment) if entry.target in (*question.answers, *question.needs)]


@lru_cache
def unlisted(assignment: Assignment) -> list[Entry]:
    """Mistakes that no catalogue holds: what is said of them must be apt, and of a question that only leans on them, nothing."""
    return load_answers(assignment.proof / UNLISTED, assignment.reference())


def trials(assignment: Assignment) -> Iterator[Trial]:
    for question in assignment.questions.values():
        for kind in KINDS:
            for index in range(len(entries(assignment, question, kind))):
                yield Trial(question.id, kind, index)


def rounds(assignment: Assignment, jobs: int) -> list[list[Trial]]:
    """The trials as they are dealt out, the largest rounds first.

    Where processes are few, each gets one of the largest questions whole: what known answers did in its calls is remembered there. The
    rest comes in pieces, which keep all of them busy to the end.
    """
    everything = list(trials(assignment))
    mine = sorted(([trial for trial in everything if trial.question == id] for id in assignment.questions), key=len, reverse=True)
    whole = jobs if jobs <= FEW else 0
    return mine[:whole] + [some[start : start + PIECE] for some in mine[whole:] for start in range(0, len(some), PIECE)]


def attempt_all(session: Session, some: list[Trial], workplace: Workplace) -> list[Finding]:
    return [attempt(session, trial, workplace) for trial in some]


def attempt(session: Session, trial: Trial, workplace: Workplace, seed: int = SEED) -> Finding:
    """Judge one answer in an otherwise solved notebook, in a student process of its own."""
    assignment = session.assignment
    question = assignment.questions[trial.question]
    entry = entries(assignment, question, trial.kind)[trial.index]
    cells = solved_cells(assignment)
    cells.append(Cell(len(cells) + 1, entry.source))
    host = RemoteHost(workplace, assignment, tuple(cells), time.monotonic() + workplace.limits.submission_seconds)
    try:
        trusted = frozenset(question.needs) - {entry.target}
        outcomes = judge(question.checks, host, seed, question.needs, trusted, partial(assignment.catalogue, question))
    finally:
        host.close()
    hint, idea = _apt_hint(assignment, question, entry, trial.kind)
    return Finding(
        trial,
        entry.target,
        entry.name,
        entry.caught_by,
        hint,
        question.points,
        tuple(outcomes),
        entry.right or trial.kind == "right",
        idea,
    )


@lru_cache
def apt_foreign_hints(assignment: Assignment) -> dict[str, str]:
    """What was said of foreign answers, and read by somebody who found it true of them; whatever else is said counts as wrong."""
    path = assignment.proof / FOREIGN / "apt_hints.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _apt_hint(assignment: Assignment, question: Question, entry: Entry, kind: Kind) -> tuple[str, str]:
    """What may be said of this answer, or instead: of an unlisted mistake, what is said of the wrong answer that does the same."""
    if kind == "foreign":
        return apt_foreign_hints(assignment).get(f"{question.id} {entry.name}", ""), ""
    listed = entries(assignment, question, "wrong") if entry.like else [entry]
    alike = (other for other in listed if other.target == entry.target and other.name == (entry.like or entry.name))
    return next(((other.hint, other.idea) for other in alike), ("", ""))
