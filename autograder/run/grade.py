"""From a submission to its report: the one path on which a grade is made."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from autograder.checks.assignment import Assignment, Question
from autograder.checks.judge import Alone, judge_alone, judge_helped
from autograder.checks.outcomes import Outcome
from autograder.checks.trust import Trust
from autograder.hosts.fingerprints import kept_hints, opened
from autograder.remote.host import RemoteHost
from autograder.remote.process import Workplace
from autograder.submissions.cells import Submission
from autograder.submissions.handed_in import Refused
from autograder.wire.faults import Status


@dataclass(frozen=True)
class Verdict:
    """The outcomes of one question's checks."""

    question: Question
    outcomes: tuple[Outcome, ...]

    @property
    def earned(self) -> float:
        return sum(outcome.earned for outcome in self.outcomes)

    @property
    def possible(self) -> float:
        return sum(outcome.points for outcome in self.outcomes)

    @property
    def status(self) -> Status:
        """One word for the question: the first of these that any of its checks came to."""
        statuses = {outcome.status for outcome in self.outcomes}
        if statuses <= {"passed"}:
            return "passed"
        if statuses == {"not_attempted"} or (statuses == {"not_attempted", "passed"} and self.earned == 0):
            return "not_attempted"
        order: tuple[Status, ...] = ("grader_error", "timed_out", "out_of_memory", "crashed", "missing", "failed")
        return next((status for status in order if status in statuses), "failed")


@dataclass(frozen=True)
class Report:
    """Everything there is to say about one submission."""

    name: str
    verdicts: tuple[Verdict, ...] = ()
    notes: tuple[str, ...] = ()  # for the student
    refused: str = ""  # why nothing could be graded, for the student
    broken: str = ""  # the grader's own failure, for the staff
    seconds: float = 0.0
    seed: int = 0
    public_only: bool = False  # the hidden tests were not on this machine
    confinement: dict[str, str] = field(default_factory=dict)

    @property
    def failed_by_us(self) -> bool:
        """Whether the grader itself failed, altogether or in a check."""
        return bool(self.broken) or any(o.status == "grader_error" for verdict in self.verdicts for o in verdict.outcomes)

    @property
    def staff(self) -> list[str]:
        """What only instructors should read: our own tracebacks."""
        said = (self.broken, *(outcome.staff for verdict in self.verdicts for outcome in verdict.outcomes))
        return [text for text in said if text]

    @property
    def score(self) -> float:
        return sum(verdict.earned for verdict in self.verdicts)

    @property
    def possible(self) -> float:
        return sum(verdict.possible for verdict in self.verdicts)


def grade(path: Path, assignment: Assignment, workplace: Workplace, seed: int | None = None) -> Report:
    """Grade the submission at `path`. Whatever it is, a report comes back.

    The seed of all random inputs follows from the submission, so that a regrade repeats them exactly.
    """
    started = time.monotonic()
    names = tuple(name for question in assignment.questions.values() for name in question.answers)
    try:
        submission = workplace.readers.read(path, assignment.slug, assignment.version, names)
    except Refused as refusal:
        return Report(path.name, _nothing(assignment), refused=str(refusal), seconds=time.monotonic() - started)
    if seed is None:
        seed = int.from_bytes(hashlib.sha256(submission.code.encode()).digest()[:4], "big")
    host = RemoteHost(workplace, assignment, submission.cells, started + workplace.limits.submission_seconds)
    try:
        verdicts, troubles = _judge_all(assignment, host, seed)
    finally:
        host.close()
    return Report(
        submission.name,
        verdicts,
        notes=(*submission.notes, *_troubles(submission, troubles)),
        seconds=time.monotonic() - started,
        seed=seed,
        public_only=not assignment.has_hidden_tests,
        confinement=host.confinement,
    )


def _judge_all(assignment: Assignment, host: RemoteHost, seed: int) -> tuple[tuple[Verdict, ...], dict[int, str]]:
    """The verdicts, and the troubles of the cells.

    The student's own process answers for every question before answers of ours are lent to another, and every public check before
    any hidden one: what a public check shows in full, its inputs and a student's exception, comes from a process that has seen no other.
    """
    alone: dict[str, Alone] = {}
    judged: dict[str, list[Outcome]] = {}
    for hidden in (False, True):
        for id, question in assignment.questions.items():
            some = judge_alone([check for check in question.checks if check.hidden is hidden], host, seed, question.needs)
            alone[id] = alone[id] + some if id in alone else some
    host.rest()  # or its memory would be held beside that of the processes that follow
    hints = kept_hints(assignment)
    calls = {id: alone[id].calls for id in hints}
    for id, question in assignment.questions.items():
        if not question.needs or not alone[id].may_need_help:
            judged[id] = judge_helped(question.checks, alone.pop(id), host, seed, catalogue=partial(assignment.catalogue, question))
    troubles = dict(host.diary.troubles)

    def outcomes(question: Question, trusted: frozenset[str]) -> list[Outcome]:
        id, catalogue = question.id, partial(assignment.catalogue, question)
        found = judged.get(id) or judge_helped(question.checks, alone[id], host, seed, question.needs, trusted, catalogue)
        return opened(question, found, calls[id], hints[id]) if id in hints else found

    questions = tuple(assignment.questions.values())
    trust = Trust(questions, outcomes)
    return tuple(Verdict(question, tuple(trust.outcomes(question))) for question in questions), troubles


def _nothing(assignment: Assignment) -> tuple[Verdict, ...]:
    """Every check missed, for a submission that could not be read."""
    return tuple(
        Verdict(
            question,
            tuple(
                Outcome(question.id, check.name, check.title, check.points, check.hidden, "missing", "nothing could be graded")
                for check in question.checks
            ),
        )
        for question in assignment.questions.values()
    )


def _troubles(submission: Submission, troubles: dict[int, str]) -> list[str]:
    """What went wrong while the cells ran. A stub that was called by a cell of the lesson is no trouble."""
    first = {cell.number: cell.source.strip().splitlines()[0][:60] for cell in submission.cells}
    return [
        f"Cell {number} (`{first[number]}`) stopped with an error: {_sentence(trouble)} The cells after it still ran."
        for number, trouble in sorted(troubles.items())
        if "NotImplementedError" not in trouble and trouble != "not attempted yet"
    ]


def _sentence(text: str) -> str:
    return text if text.endswith(("?", ".")) else f"{text}."
