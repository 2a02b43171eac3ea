"""The checks, checked across the real boundary: wrong answers caught, right ones accepted, each hint the right one."""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Literal

from rich.console import Console
from rich.table import Table

from autograder.checks.assignment import ROOT, Assignment, Question
from autograder.checks.judge import judge
from autograder.checks.outcomes import Outcome
from autograder.hints.answers import Entry, load_answers
from autograder.hints.lineup import is_description
from autograder.proof import scoreboard
from autograder.remote.host import RemoteHost
from autograder.remote.process import Workplace
from autograder.run.session import Session
from autograder.submissions.cells import Cell

SEED = 20
# What an assignment may have in its folder `proof/`. All but the record is optional, and none of it leaves the repository.
UNLISTED = "unlisted_mistakes.py"
FOREIGN = "foreign"
SCORES = "scores_of_wrong_answers.tsv"  # as they were accepted; as they are, under build/
REPORT = "only_caught_by.txt"

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
    """The trials as they are dealt out: those of one question together, since what known answers did in its calls is remembered there.

    The largest come first. A few rounds for each process keep all of them busy to the end.
    """
    each = max(1, round(jobs / 3))  # there are ten questions, of which two take half of the time
    everything = list(trials(assignment))
    mine = [[trial for trial in everything if trial.question == id] for id in assignment.questions]
    return sorted((some[start::each] for some in mine for start in range(each) if some[start::each]), key=len, reverse=True)


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


def verify(session: Session) -> int:
    """Print the figures, question by question; 0 when nothing was missed."""
    console = Console()
    started = time.monotonic()
    jobs = os.cpu_count() or 1
    found = {f.trial: f for some in session.map(attempt_all, rounds(session.assignment, jobs), jobs) for f in some}
    everything = [found[trial] for trial in trials(session.assignment)]
    findings = [finding for finding in everything if finding.trial.kind != "foreign"]
    misses: list[str] = []
    report: list[str] = []
    table = Table(title="The checks, checked", title_justify="left")
    for heading in ("", "wrong caught", "right accepted", "own hint", "wrong hint", "needed checks"):
        table.add_column(heading, justify="right" if heading else "left")
    for question in session.assignment.questions.values():
        mine = [finding for finding in findings if finding.trial.question == question.id]
        misses += _misses(question, mine)
        needed = needed_checks(question, mine, report)
        hidden = [check for check in question.checks if check.hidden]
        idle = [check.name for check in hidden if not needed[check.name] and not check.kept]
        misses += [f"{question.id}: no wrong answer needs {name}: drop it, or say why it is kept" for name in idle]
        table.add_row(question.id, *_figures(mine), f"{sum(bool(needed[check.name]) for check in hidden)}/{len(hidden)}")
    table.add_section()
    table.add_row("all", *_figures(findings), "")
    console.print(table)
    foreign = [finding for finding in everything if finding.trial.kind == "foreign"]
    misses += _foreign_misses(foreign)
    wrong = {id: [f for f in findings if f.trial.kind == "wrong" and f.trial.question == id] for id in session.assignment.questions}
    written = session.assignment.root.parent / "build"
    written.mkdir(exist_ok=True)
    misses += scoreboard.changes(scoreboard.table(wrong), session.assignment.proof / SCORES, written / SCORES)
    for miss in misses:
        console.print(f"MISS: {miss}", markup=False, highlight=False)
    (written / REPORT).write_text("\n".join(report) + "\n", encoding="utf-8")
    console.print(
        f"Which wrong answers only one check catches: {os.path.relpath(written / REPORT)}", highlight=False, soft_wrap=True
    )
    odd = sum(finding.trial.kind == "unlisted" for finding in findings)
    seconds = time.monotonic() - started
    say = partial(console.print, highlight=False, soft_wrap=True)
    say(
        f"{len(everything)} answers judged across the boundary in {seconds:.0f} s, {odd} of them for mistakes that no catalogue lists"
    )
    say(_hint_figures(findings))
    if foreign:
        say(_foreign_figures(foreign))
    say(scoreboard.summary(wrong))
    return 1 if not _withstands_attacks(session, say) or misses else 0


def _withstands_attacks(session: Session, say: Callable[..., None]) -> bool:
    """The attacks, which lie with the tests, were written against the repository's own assignment; another has none."""
    if session.assignment.root.resolve() != ROOT.resolve():
        say("attacks: none, they belong to the repository's own assignment")
        return True
    from autograder.proof.arena.attack import summary
    from autograder.proof.arena.classroom import attack_this_machine

    found = attack_this_machine(session)
    if found is None:
        say("attacks: not run, since nothing on this machine would hold them (see SECURITY.md)")
        return True
    say(summary(found.attacks))
    for result in found.attacks:
        if not result.held:
            say(f"MISS: {result}", markup=False)
    return all(result.held for result in found.attacks)


def _misses(question: Question, findings: list[Finding]) -> Iterator[str]:
    for finding in findings:
        kind = finding.trial.kind
        if kind == "wrong" and not finding.caught:
            yield f"{question.id}: wrong answer {finding.name} was not caught by {finding.caught_by}"
        if kind == "right" and not finding.accepted:
            yield f"{question.id}: right answer {finding.name} got {finding.earned:g} of {question.points:g}"
        if any(outcome.staff or outcome.status == "grader_error" for outcome in finding.outcomes):
            yield f"{question.id}: the grader itself failed on {finding.name}, or a check of ours on what it returned"
        for hint in finding.wrong_hints:
            yield f"{question.id}: {kind} answer {finding.name} of {finding.target} got a hint that is not its own: {hint}"


def _foreign_misses(findings: list[Finding]) -> Iterator[str]:
    for finding in findings:
        name = f"{finding.trial.question}: foreign answer {finding.name} of {finding.target}"
        if finding.right != finding.accepted:
            yield f"{name}, which is {'right' if finding.right else 'wrong'}, got {finding.earned:g} of {finding.possible:g}"
        if any(outcome.staff or outcome.status == "grader_error" for outcome in finding.outcomes):
            yield f"{name}: the grader itself failed, or a check of ours on what it returned"


def _foreign_figures(findings: list[Finding]) -> str:
    """What became of answers by people who knew the prompts alone."""
    right, wrong = ([f for f in findings if f.right is side] for side in (True, False))
    caught, accepted = sum(not f.accepted for f in wrong), sum(f.accepted for f in right)
    hints = _hint_figures([replace(f, trial=replace(f.trial, kind="wrong")) for f in wrong])
    return f"foreign answers: {caught}/{len(wrong)} wrong caught, {accepted}/{len(right)} right accepted; {hints}"


def needed_checks(question: Question, findings: list[Finding], report: list[str]) -> dict[str, list[str]]:
    """The wrong answers that each check alone catches, also written to `report`."""
    needed: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        if finding.trial.kind == "wrong" and len(finding.failed) == 1:
            needed[min(finding.failed)].append(finding.name)
    for check in question.checks:
        why = f"  kept: {check.kept}" if check.kept else "  public: students run it before they submit" if not check.hidden else ""
        report.append(f"{question.id} {check.name}: {len(needed[check.name])}{why if not needed[check.name] else ''}")
        report += [f"    {name}" for name in needed[check.name]]
    return needed


def _figures(findings: list[Finding]) -> list[str]:
    wrong, right = ([f for f in findings if f.trial.kind == kind] for kind in ("wrong", "right"))
    silent = [finding for finding in wrong if finding.silent]
    return [
        f"{sum(finding.caught for finding in wrong)}/{len(wrong)}",
        f"{sum(finding.accepted for finding in right)}/{len(right)}",
        f"{sum(finding.is_named for finding in silent)}/{len(silent)}",
        f"{sum(len(finding.wrong_hints) for finding in findings)}",
    ]


def _hint_figures(findings: list[Finding]) -> str:
    """How many of the wrong answers that run without an error get their own hint, and how many of all hints given are right."""
    silent = [finding for finding in findings if finding.trial.kind == "wrong" and finding.silent]
    own = sum(finding.is_named for finding in silent)
    given = sum(len(finding.hints) for finding in findings)
    off = sum(len(finding.wrong_hints) for finding in findings)
    return f"hints: recall {own / max(len(silent), 1):.1%} ({own} of {len(silent)}), precision {1 - off / max(given, 1):.1%} ({off} of {given} wrong)"
