"""How much is told of choices, which a student could else try out, one letter after another, by submitting again.

`assignment.toml` says which policy holds, and the platform's metadata, which a student cannot write, how often they submitted:

    always          each verdict, at every submission
    summed          how many of a question's choices are right, at every submission
    at_first        each verdict in the first so many submissions; later ones are told nothing before the due date
    after_due_date  nothing before the due date

The score is always the right one. What is withheld stands in an entry of its own, which the platform shows later; as long as an entry
is hidden it shows no total either, from which it could be worked out. Where work may come in late, later means: with the grades.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from autograder.checks.assignment import Assignment

Told = Literal["each", "sum", "nothing"]


@dataclass(frozen=True)
class Choices:
    """What is told of choices in one submission's results."""

    checks: frozenset[tuple[str, str]]  # of which question, by which name
    told: Told = "each"
    visibility: str = "after_due_date"

    @property
    def when(self) -> str:
        return "after the due date" if self.visibility == "after_due_date" else "when grades are published"


def choices(assignment: Assignment, metadata: Path) -> Choices:
    """The policy, applied to the submission that the metadata speaks of. Without metadata it is a first one."""
    policy, said = assignment.choices, _read(metadata)
    earlier = said.get("previous_submissions")
    counted = (
        [one for one in earlier if not (isinstance(one, dict) and one.get("autograder_error"))] if isinstance(earlier, list) else []
    )
    told: dict[str, Told] = {
        "always": "each",
        "summed": "sum",
        "at_first": "each" if len(counted) < policy.submissions else "nothing",
        "after_due_date": "nothing",
    }
    return Choices(assignment.choice_checks, told[policy.verdicts], _visibility(said))


def _visibility(said: dict[str, Any]) -> str:
    """When the platform is to show what is withheld: not while the same student can still hand in."""
    users = said.get("users")
    own = users[0] if isinstance(users, list) and len(users) == 1 and isinstance(users[0], dict) else {}  # with their extensions
    dates: dict[str, Any] = {}
    for found in (said.get("assignment"), own.get("assignment")):
        dates |= {name: value for name, value in found.items() if value} if isinstance(found, dict) else {}
    due, late, now = _date(dates.get("due_date")), dates.get("late_due_date"), _date(said.get("created_at"))
    return "after_due_date" if due and not late and (now is None or now <= due) else "after_published"


def _date(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _read(metadata: Path) -> dict[str, Any]:
    try:
        said = json.loads(metadata.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
