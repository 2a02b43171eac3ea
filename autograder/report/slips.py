"""The mistakes that a class made: those that a hint named, and those that nobody has named yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from autograder.intake.graded import Graded
from autograder.report.statistics import KINDS, judged


@dataclass(frozen=True)
class Slip:
    """A mistake that a hint named, and who made it."""

    question: str
    hint: str
    checks: tuple[str, ...]
    who: tuple[Graded, ...] = field(repr=False)


@dataclass(frozen=True)
class Failure:
    """What checks said to those whose mistakes in its question no hint named."""

    question: str
    checks: tuple[str, ...]  # in which the same people were told the same
    status: str
    message: str
    who: tuple[Graded, ...] = field(repr=False)


def slips(graded: Iterable[Graded]) -> list[Slip]:
    """The hints that were given, the most frequent first."""
    found: dict[tuple[str, str], list[tuple[Graded, str]]] = defaultdict(list)
    for one, question, check in _failures(graded):
        if check["hint"]:
            found[question, check["hint"]].append((one, check["name"]))
    made = [
        Slip(*key, tuple(dict.fromkeys(name for _, name in mine)), _each(one for one, _ in mine)) for key, mine in found.items()
    ]
    return sorted(made, key=lambda slip: -len(slip.who))


def unexplained(graded: Iterable[Graded]) -> list[Failure]:
    """The failures in questions in which the student got no hint, by check and message, the most frequent first.

    A hint stands at one check of an answer and explains what the others found in it. Checks that told the same people the same are one.
    """
    failures = list(_failures(graded))
    explained = {(id(one), question) for one, question, check in failures if check["hint"]}
    found: dict[tuple[str, str, str, str], list[Graded]] = defaultdict(list)
    for one, question, check in failures:
        if (id(one), question) not in explained:
            found[question, check["name"], check["status"], check["message"]].append(one)
    alike: dict[tuple[str, str, str, tuple[int, ...]], dict[str, tuple[Graded, ...]]] = defaultdict(dict)
    for (question, name, status, message), those in found.items():
        who = _each(those)
        alike[question, status, message, tuple(map(id, who))][name] = who
    merged = [Failure(key[0], tuple(names), *key[1:3], next(iter(names.values()))) for key, names in alike.items()]
    return sorted(merged, key=lambda failure: -len(failure.who))


def _failures(graded: Iterable[Graded]) -> Iterable[tuple[Graded, str, dict[str, Any]]]:
    """Whose, in which question, and the check that an attempt did not pass."""
    for one in judged(graded):
        for entry in one.questions:
            for check in entry["extra_data"]["checks"]:
                if KINDS.get(check["status"]) in ("failed", "crashed"):
                    yield one, entry["extra_data"]["question"], check


def _each(graded: Iterable[Graded]) -> tuple[Graded, ...]:
    """Every submission once."""
    return tuple({id(one): one for one in graded}.values())
