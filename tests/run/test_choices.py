"""Choices cannot be tried out by submitting again, and the score is always the right one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.checks import assignment as assignments
from autograder.checks.assignment import ChoicePolicy
from autograder.checks.outcomes import Outcome
from autograder.run.choices import choices
from autograder.run.grade import Report, Verdict
from autograder.run.results import gradescope

ASSIGNMENT = assignments.load()
DUE = "2026-05-28T19:31:00-07:00"


def metadata(folder: Path, earlier: int = 0, **said: Any) -> Path:
    dates = {"due_date": DUE, "late_due_date": None}
    facts = {"created_at": "2026-05-20T10:00:00-07:00", "assignment": dates, "users": [{"id": 1, "assignment": dates}]}
    path = folder / "submission_metadata.json"
    path.write_text(
        json.dumps(facts | {"previous_submissions": [{"id": n, "autograder_error": False} for n in range(earlier)]} | said)
    )
    return path


def report(wrong: tuple[str, ...]) -> Report:
    """Everything right but some choices."""
    verdicts = []
    for question in ASSIGNMENT.questions.values():
        outcomes = []
        for check in question.checks:
            failed = check.names[0] in wrong and check.hidden
            told = {"message": f"{check.names[0]} is another letter", "hint": f"about {check.names[0]}"} if failed else {}
            status: Any = "failed" if failed else "passed"
            outcomes.append(Outcome(question.id, check.name, check.title, check.points, check.hidden, status, **told))
        verdicts.append(Verdict(question, tuple(outcomes)))
    return Report("vae.ipynb", tuple(verdicts))


def shown(found: dict[str, Any]) -> dict[str, Any]:
    """What a student can see before the due date; with a hidden entry the platform shows no total."""
    tests = [
        {key: test[key] for key in ("name", "score", "max_score", "status", "output", "extra_data")}
        for test in found["tests"]
        if test["visibility"] == "visible"
    ]
    return {"output": found["output"], "tests": tests} | ({} if len(tests) < len(found["tests"]) else {"score": found["score"]})


def policy(verdicts: Any, submissions: int = 1) -> Any:
    return replace(ASSIGNMENT, choices=ChoicePolicy(verdicts, submissions))


def test_the_choices_are_found_by_what_our_answers_are() -> None:
    names = {
        name
        for id, check in ASSIGNMENT.choice_checks
        for name in next(c for c in ASSIGNMENT.questions[id].checks if c.name == check).names
    }
    assert {"q1_choice", "q3_choice", "q9_choice", "q10_a", "q10_f"} <= names and not any("kl" in name for name in names)


@pytest.mark.parametrize("verdicts", ["always", "summed", "at_first", "after_due_date"])
@pytest.mark.parametrize("earlier", [0, 1, 30])
def test_the_score_is_right_whatever_is_told(verdicts: str, earlier: int, tmp_path: Path) -> None:
    for wrong in ((), ("q1_choice",), ("q3_choice", "q10_a", "q10_b")):
        judged = report(wrong)
        found = gradescope(judged, choices(policy(verdicts), metadata(tmp_path, earlier)))
        assert found["score"] == judged.score == pytest.approx(sum(test["score"] for test in found["tests"]))
        assert sum(test["max_score"] for test in found["tests"]) == pytest.approx(ASSIGNMENT.total)


def test_a_first_submission_is_told_and_later_ones_cannot_try(tmp_path: Path) -> None:
    """As the assignment is set: what a student sees of a third submission does not depend on what was chosen."""
    first = gradescope(report(("q1_choice",)), choices(ASSIGNMENT, metadata(tmp_path)))
    assert "about q1_choice" in json.dumps(first) and {test["visibility"] for test in first["tests"]} == {"visible"}
    for earlier in (2, 3, 30):
        told = choices(ASSIGNMENT, metadata(tmp_path, earlier))
        views = [shown(gradescope(report(wrong), told)) for wrong in ((), ("q1_choice",), ("q10_a", "q10_c", "q9_choice"))]
        assert views[0] == views[1] == views[2]
        assert "is told after the due date; it counts" in json.dumps(views[0]) and "score" not in views[0]


def test_a_sum_does_not_say_which(tmp_path: Path) -> None:
    told = choices(policy("summed"), metadata(tmp_path, 5))
    alike = [
        check.names[:1]
        for check in ASSIGNMENT.questions["q10"].checks
        if check.hidden and check.points == max(c.points for c in ASSIGNMENT.questions["q10"].checks)
    ]
    views = [shown(gradescope(report(wrong), told)) for wrong in alike[:2]]
    assert views[0] == views[1] and "5 of 6 choices are right" in json.dumps(views[0])


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ({}, "after_due_date"),
        ({"created_at": "2026-05-29T10:00:00-07:00"}, "after_published"),  # late: the date is over
        ({"assignment": {"due_date": DUE, "late_due_date": "2026-06-10T00:00:00-07:00"}, "users": []}, "after_published"),
        ({"assignment": {"due_date": None}, "users": []}, "after_published"),
        ({"users": [{"assignment": {"due_date": "2026-05-01T00:00:00-07:00"}}]}, "after_published"),
        ({"created_at": "yesterday", "users": "nobody"}, "after_due_date"),
    ],
)
def test_what_is_withheld_is_shown_when_nobody_can_use_it_any_more(said: dict[str, Any], when: str, tmp_path: Path) -> None:
    assert choices(ASSIGNMENT, metadata(tmp_path, 3, **said)).visibility == when


def test_a_run_on_which_the_platform_failed_does_not_count(tmp_path: Path) -> None:
    path = metadata(tmp_path, previous_submissions=[{"id": n, "autograder_error": n > 1} for n in (1, 2, 3)])
    assert choices(ASSIGNMENT, path).told == "each"


@pytest.mark.parametrize("text", ["", "[]", "null", '{"previous_submissions": {"a": 1}, "assignment": 5}', "[" * 100_000])
def test_metadata_of_no_use_do_not_stop_a_grade(text: str, tmp_path: Path) -> None:
    (tmp_path / "submission_metadata.json").write_text(text)
    assert choices(ASSIGNMENT, tmp_path / "submission_metadata.json").told == "each"
    assert choices(ASSIGNMENT, tmp_path / "nothing").told == "each"


def test_a_policy_that_does_not_exist_is_said(tmp_path: Path) -> None:
    (tmp_path / "assignment.toml").write_text(
        (ASSIGNMENT.root / "assignment.toml").read_text().replace('"at_first"\n', '"sometimes"\n')
    )
    with pytest.raises(ValueError, match="'sometimes' is none of the policies"):
        assignments.load(tmp_path)
