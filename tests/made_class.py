"""Classes that nobody graded: submissions with the results that a test wants."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from autograder.intake.graded import Graded, HandedIn, Student
from autograder.run import form

LAYERS = dict.fromkeys(("descriptors", "environment", "user", "capabilities", "privileges", "landlock", "seccomp"), "applied")
FIRST = ("Ana", "Ben", "Cai", "Dee", "Eva", "Fay", "Gil", "Hal", "Ida", "Jan", "Kim", "Lea", "Mia", "Ned", "Oya", "Pia")
LAST = ("Abel", "Baker", "Çelik", "Diaz", "Eriksen", "Fuchs", "García", "Huang", "Ito", "Jansen", "Koç", "Lund", "Moreau")
HINTS = tuple(f"Slip {number}: the ½ in front of the bracket belongs to each of its {number + 2} terms." for number in range(40))


def check(name: str = "test_it", status: str = "passed", points: float = 1, **facts: Any) -> dict[str, Any]:
    whole = {
        "name": name,
        "title": f"{name} holds.",
        "status": status,
        "points": points,
        "hidden": False,
        "message": "",
        "hint": "",
    }
    if status not in ("passed", "not_attempted"):
        whole["message"] = "it does not"
    return whole | facts


def question(id: str = "q1", *checks: dict[str, Any]) -> dict[str, Any]:
    """A question's entry, as in the results."""
    statuses = [one["status"] for one in checks]
    status = next((status for status in statuses if status != "passed"), "passed")
    return {
        "name": f"{id} · Question {id[1:]}",
        "number": id[1:],
        "score": sum(one["points"] for one in checks if one["status"] == "passed"),
        "max_score": sum(one["points"] for one in checks),
        "status": "passed" if status == "passed" else "failed",
        "output": "",
        "visibility": "visible",
        "extra_data": {"question": id, "status": status, "checks": list(checks)},
    }


def graded(name: str, *questions: dict[str, Any], seconds: float = 1.0, output: str = "", who: tuple[Student, ...] | None = None,
           late: bool = False, **extra: Any) -> Graded:  # fmt: skip
    """A submission with these questions' entries."""
    facts = {"confinement": LAYERS, "grader_error": False, "public_only": False, "refused": False, "staff": []} | extra
    found = form.results(sum(one["score"] for one in questions), output, list(questions), facts, seconds)
    return Graded(HandedIn(Path(name), name, (Student(name),) if who is None else who, late=late), found)


def class_of(count: int, questions: int = 10, checks: int = 10) -> list[Graded]:
    """As big as asked for; abler students pass more, and most who fail get a hint."""
    random.seed(count)
    return [_student(number, questions, checks) for number in range(count)]


def _student(number: int, questions: int, checks: int) -> Graded:
    name = f"{random.choice(FIRST)} {random.choice(LAST)}"
    student = Student(name, sid=f"{20260000 + number}", section="AB"[number % 2])
    folder = f"{name}_{4_000_000 + number}_assignsubmission_file"
    if number % 40 == 7:
        refused = question("q1", check(status="missing", message="nothing could be graded"))
        return graded(folder, refused, who=(student,), output="Not graded. The file is cut off.", refused=True)
    able, entries = random.random(), []
    for q in range(questions):
        right = random.random() < able
        made = [check(f"test_{q}_{c}", hidden=c > 2, **_met(q, c, right, number)) for c in range(checks)]
        entries.append(question(f"q{q + 1}", *made))
    return graded(folder, *entries, seconds=random.expovariate(0.2), who=(student,), late=number % 9 == 0)


def _met(q: int, c: int, right: bool, number: int) -> dict[str, Any]:
    if right or c == 0:
        return {}
    if c == 1:
        return {
            "status": "failed",
            "message": f"expected {q}, got {number % 50}",
            "hint": HINTS[q * 4 % 40 + number % 4] if number % 3 else "",
        }
    status = random.choice(("passed", "failed", "failed", "crashed", "not_attempted"))
    return {"status": status, "message": f"expected {c}, got {number % 200 / 7:.3f}" if status in ("failed", "crashed") else ""}
