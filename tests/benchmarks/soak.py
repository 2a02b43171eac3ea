"""Answers graded over and over with fresh seeds: no bad luck may ever cost a point, and no good luck earn one.

    python -m tests.benchmarks.soak [N [M]]        N = 2,000 rounds of right answers, M = 10 N regrades of wrong ones, unless said otherwise

Each wrong answer of the catalogue in turn must pass and fail the same checks whenever its turn comes. Each round of right ones grades two notebooks in this process: the reference, and one that takes a right answer for each name, which one by lot.
Every 25th round runs with two threads, and every other one flushes denormal numbers to zero: grades must not notice.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context

import torch

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment, Question
from autograder.checks.judge import judge
from autograder.hints.answers import Entry
from autograder.hosts.in_process import LocalHost


@dataclass(frozen=True)
class Round:
    """What one round graded, and each check that did not pass."""

    chosen: frozenset[tuple[str, str]]  # the student's name, and the right answer that stood for it
    changes: tuple[str, ...]


@cache
def rivals(assignment: Assignment, question: Question) -> dict[str, list[Entry | None]]:
    """The right answers to each name; None is the reference's own."""
    found: dict[str, list[Entry | None]] = {}
    for entry in assignment.right_answers(question):
        found.setdefault(entry.target, [None]).append(entry)
    return found


def soak(assignment: Assignment, first_seed: int, number: int) -> Round:
    """One round: the reference, then right answers by lot. A question leans on the reference's earlier answers both times."""
    seed = first_seed + number
    torch.set_num_threads(2 if number % 25 == 0 else 1)
    torch.set_flush_denormal(number % 2 == 1)
    lot = random.Random(seed)
    chosen, changes = set(), []
    for question in assignment.questions.values():
        changes += [f"seed {seed}: the reference: {lost}" for lost in _lost(assignment, question, seed, [])]
        drawn = [entry for entry in (lot.choice(entries) for entries in rivals(assignment, question).values()) if entry]
        names = ", ".join(entry.name for entry in drawn)
        changes += [f"seed {seed}: {names}: {lost}" for lost in _lost(assignment, question, seed, drawn)]
        chosen |= {(entry.target, entry.name) for entry in drawn}
    return Round(frozenset(chosen), tuple(changes))


def _lost(assignment: Assignment, question: Question, seed: int, drawn: list[Entry]) -> list[str]:
    """Each check of a question that right answers did not pass."""
    namespace = assignment.reference()
    for entry in drawn:
        exec(compile(entry.source, "<cell>", "exec"), namespace)
    host = LocalHost(namespace, assignment.scenarios)
    with warnings.catch_warnings(action="ignore"):
        outcomes = judge(question.checks, host, seed)
    return [f"{o.question} {o.check} {o.status}: {o.message} {o.staff}" for o in outcomes if o.status != "passed"]


@cache
def wrong_ones(assignment: Assignment) -> list[tuple[Question, Entry]]:
    return [(question, entry) for question in assignment.questions.values() for entry in assignment.wrong_answers(question)]


def regrade(assignment: Assignment, first_seed: int, number: int) -> tuple[str, frozenset[str]]:
    """A wrong answer, and the checks that it passed."""
    torch.set_num_threads(1)
    question, entry = wrong_ones(assignment)[number % len(wrong_ones(assignment))]
    namespace = assignment.reference()
    exec(compile(entry.source, "<cell>", "exec"), namespace)
    with warnings.catch_warnings(action="ignore"):
        outcomes = judge(question.checks, LocalHost(namespace, assignment.scenarios), first_seed + number)
    return f"{question.id} {entry.name}", frozenset(o.check for o in outcomes if o.status == "passed")


def changes_of(regrades: list[tuple[str, frozenset[str]]]) -> list[str]:
    """Each wrong answer that passed a check at one time and not at another."""
    often: dict[str, Counter[str]] = {}
    for name, passed in regrades:
        often.setdefault(name, Counter()).update(passed)
    times = Counter(name for name, _ in regrades)
    return [
        f"{name} passes {check} {count} times of {times[name]}"
        for name, checks in often.items()
        for check, count in checks.items()
        if count != times[name]
    ]


def main(rounds: int = 2000, wrong: int | None = None, say: Callable[[str], None] = print) -> int:
    assignment = assignments.load()
    started, first_seed = time.monotonic(), secrets.randbelow(2**31)
    for question in assignment.questions.values():
        question.checks  # noqa: B018 (read once here, before workers are forked)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as pool:
        found = list(pool.map(partial(soak, assignment, first_seed), range(rounds), chunksize=4))
        regrades = list(
            pool.map(partial(regrade, assignment, first_seed), range(10 * rounds if wrong is None else wrong), chunksize=20)
        )
    for done in found:
        for change in done.changes:
            say(change)
    changed = sum(bool(done.changes) for done in found)
    seen = Counter(answer for done in found for answer in done.chosen)
    everything = [
        (target, entry.name)
        for question in assignment.questions.values()
        for target, entries in rivals(assignment, question).items()
        for entry in entries
        if entry
    ]
    unsteady = changes_of(regrades)
    for change in unsteady:
        say(change)
    often = len(regrades) // max(len(wrong_ones(assignment)), 1)
    say(f"{len(regrades)} regrades of wrong answers, each at least {often} times: changes of verdict {len(unsteady)}")
    least = min(seen[answer] for answer in everything)
    say(
        f"{2 * rounds} regrades in {time.monotonic() - started:.0f} s from seed {first_seed} ({rounds} of the reference, "
        f"{rounds} of {len(everything)} right answers by lot, each at least {least} times), changes of score {changed}"
    )
    return 1 if changed or unsteady else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
