"""The checks, checked across the real boundary: wrong answers caught, right ones accepted, each hint the right one."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from rich.console import Console
from rich.table import Table

from autograder.checks.assignment import ROOT, Question
from autograder.proof import scoreboard
from autograder.proof.trials import Finding, attempt_all, rounds, trials
from autograder.run.session import Session

# In an assignment's folder `proof/`, as they were accepted; as they are, under build/.
SCORES = "scores_of_wrong_answers.tsv"
REPORT = "only_caught_by.txt"


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
