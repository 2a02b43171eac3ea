"""What a human must look at before anybody believes the numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from autograder.checks.outcomes import MARKS
from autograder.confine.layers import protects_secrets
from autograder.intake.graded import Graded
from autograder.report.statistics import KINDS, judged

HELD = ("applied", "refused", "skipped")  # how what a layer did, or an attempt on it came to, begins where all is well


@dataclass(frozen=True)
class Concern:
    """One thing to look at, and whose submissions it is about."""

    kind: str
    said: str
    who: tuple[Graded, ...] = field(repr=False)


def concerns(graded: Iterable[Graded]) -> list[Concern]:
    """Our own failures, then what could not be graded, then what ran without all its walls, then what crashed, then words for the staff."""
    those = list(graded)
    found = []
    for tell in (_ours, _refused, _unconfined, _partial, _crashed, _noted):
        told: dict[tuple[str, str], list[Graded]] = defaultdict(list)
        for one in those:
            for key in tell(one):
                told[key].append(one)
        found += sorted((Concern(*key, tuple(who)) for key, who in told.items()), key=lambda concern: -len(concern.who))
    return found


def _ours(one: Graded) -> Iterator[tuple[str, str]]:
    if one.trouble == "grader error":
        yield "Grader error", _word(one) or "the grader itself failed, and left no word why"


def _word(one: Graded, limit: int = 1500) -> str:
    """What is for the staff: of a traceback the end says what it was."""
    text = "\n\n".join(one.results["extra_data"].get("staff", []))
    return text if len(text) <= limit else f"…{text[-limit:]}"


def _refused(one: Graded) -> Iterator[tuple[str, str]]:
    if one.trouble == "not graded":
        yield "Not graded", one.results["output"].removeprefix("Not graded. ")


def _unconfined(one: Graded) -> Iterator[tuple[str, str]]:
    layers = one.results["extra_data"].get("confinement", {})
    missing = [f"{name}: {outcome}" for name, outcome in layers.items() if not outcome.startswith(HELD)]
    if missing and protects_secrets(layers):
        yield "Layer missing", "\n".join([*missing, "What is left protects hidden tests and results."])
    elif missing:
        yield (
            "Not confined",
            "\n".join([*missing, "This code could have read hidden tests or other submissions, or written results."]),
        )


def _partial(one: Graded) -> Iterator[tuple[str, str]]:
    if one.results["extra_data"].get("public_only") and judged([one]):
        yield "Public checks only", "The hidden checks were not on the machine that graded: these are no grades."


def _noted(one: Graded) -> Iterator[tuple[str, str]]:
    if not one.trouble and (text := _word(one)):
        yield "Word for the staff", text


def _crashed(one: Graded) -> Iterator[tuple[str, str]]:
    for entry in one.questions if judged([one]) else []:
        statuses = dict.fromkeys(check["status"] for check in entry["extra_data"]["checks"])
        for status in statuses:
            if KINDS.get(status) == "crashed":
                yield MARKS[status].capitalize(), f"in {entry['name']}"
