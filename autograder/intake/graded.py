"""One submission of a class: whose it is, and its results."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Source = Literal["plain", "gradescope", "canvas", "moodle"]


@dataclass(frozen=True)
class Student:
    """Who handed in, as far as the platform says."""

    name: str
    sid: str = ""  # the institution's number
    email: str = ""
    platform_id: str = ""  # Canvas's user, Moodle's participant
    section: str = ""  # of the course, where a roster says so


@dataclass(frozen=True)
class HandedIn:
    """What one student or group handed in."""

    path: Path
    name: str  # of its folder of results: unique in the class
    students: tuple[Student, ...]
    source: Source = "plain"
    late: bool = False
    submitted: str = ""  # when, as the platform says
    doubt: str = ""  # why it may be somebody else's


@dataclass(frozen=True)
class Graded:
    """A submission with its results: those of `run.results.gradescope`, whether made now or found from an earlier run."""

    handed_in: HandedIn
    results: dict[str, Any] = field(repr=False)
    again: bool = False  # found, not graded now

    @property
    def name(self) -> str:
        return self.handed_in.name

    @property
    def score(self) -> float:
        return float(self.results["score"])

    @property
    def possible(self) -> float:
        return float(sum(test["max_score"] for test in self.results["tests"]))

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The entries that are a question's, in order."""
        return [test for test in self.results["tests"] if "question" in test.get("extra_data", {})]

    @property
    def trouble(self) -> str:
        """Why a human must look: "grader error", "not graded", or nothing."""
        if self.results["extra_data"].get("grader_error"):
            return "grader error"
        return "not graded" if self.results["extra_data"].get("refused") else ""
