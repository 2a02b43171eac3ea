"""results.json: valid on every path, written whole or not at all, and never a secret or a trick in it."""

from __future__ import annotations

import json
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from autograder.checks import assignment as assignments
from autograder.checks.outcomes import Outcome
from autograder.run.grade import Report, Verdict
from autograder.run.results import MARKS, clean, explain, gradescope, headline, write
from autograder.wire.faults import Status

QUESTIONS = assignments.load().questions
SCHEMA = Path(__file__).parents[1] / "schemas" / "results.schema.json"
NASTY = "<b>&\x00\x1b[31m\u202e\ud800\ufeff\u2028" + "long " * 10_000


def outcome(status: Status = "passed", **facts: Any) -> Outcome:
    said: dict[str, Any] = {"question": "q5", "check": "test_it", "title": "It holds.", "points": 1.5, "hidden": True}
    return Outcome(**(said | {"status": status, "message": "" if status == "passed" else "because"} | facts))


def report(*outcomes: Outcome, **facts: Any) -> Report:
    return Report("vae.ipynb", (Verdict(QUESTIONS["q5"], outcomes),), **facts)


REPORTS = {
    "passed": report(outcome(), outcome(points=0, hidden=False)),
    **{status: report(outcome(), outcome(status)) for status in MARKS},
    "refused": report(outcome("missing"), refused=NASTY),
    "broken": Report("x", broken=NASTY),
    "nasty": report(outcome("failed", message=NASTY, hint=NASTY, staff=NASTY), notes=(NASTY,), confinement={NASTY: NASTY}),
    "many notes": report(outcome(), notes=("note " * 100,) * 500),
    "public only": report(outcome(), public_only=True),
}


@pytest.mark.parametrize("name", REPORTS)
def test_the_results_are_what_the_platform_reads(name: str, tmp_path: Path) -> None:
    write(gradescope(REPORTS[name]), tmp_path / "results.json")
    text = (tmp_path / "results.json").read_bytes().decode("utf-8")
    found = json.loads(text, parse_constant=lambda constant: pytest.fail(constant))
    assert not nulls(found)
    assert len(found["output"]) <= 20_000 and len(text) < 200_000
    assert not {"\x00", "\x1b", "\u202e", "\ufeff", "\u2028"} & set(text) and "\\u001b" not in text
    failed_by_us = REPORTS[name].failed_by_us
    assert [test["name"] for test in found["tests"] if test["visibility"] == "hidden"] == ["For the staff"] * failed_by_us
    assert all(test["output_format"] == "text" for test in found["tests"] if test["visibility"] == "visible")
    jsonschema.validate(found, json.loads(SCHEMA.read_text()))


def nulls(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(nulls, value.values()))
    return any(map(nulls, value)) if isinstance(value, list) else value is None


def test_scores_add_up_and_only_full_marks_are_passed() -> None:
    found = gradescope(report(outcome(), outcome(points=0.25), outcome("failed", points=2)))
    assert found["score"] == found["tests"][0]["score"] == 1.75
    assert found["tests"][0]["max_score"] == 3.75 and found["tests"][0]["status"] == "failed"
    assert gradescope(report(outcome()))["tests"][0]["status"] == "passed"


@pytest.mark.parametrize("points", [math.nan, math.inf])
def test_a_score_that_is_no_number_is_never_written(points: float) -> None:
    with pytest.raises(ValueError):
        gradescope(report(outcome(points=points)))


def test_our_failure_reads_like_ours_and_its_traceback_is_for_the_staff_alone() -> None:
    found = gradescope(report(outcome(), outcome("grader_error", message="our fault", staff="Traceback: secret")))
    assert found["extra_data"]["grader_error"] and found["extra_data"]["staff"] == ["Traceback: secret"]
    assert "GRADER ERROR" in found["tests"][0]["output"] and "secret" not in found["tests"][0]["output"] + found["output"]
    assert not gradescope(report(outcome("failed")))["extra_data"]["grader_error"]


def test_a_reason_that_all_checks_share_is_said_once() -> None:
    lines = explain(Verdict(QUESTIONS["q5"], (outcome("missing"),) * 5))
    assert lines == ["MISSING: because"]
    lines = explain(Verdict(QUESTIONS["q5"], (outcome("missing"), outcome("failed"))))
    assert sum("because" in line for line in lines) == 2


def test_a_check_is_explained_in_words() -> None:
    judged = Verdict(QUESTIONS["q5"], (outcome(stand_ins=("f",)), outcome("failed", hint="think"), outcome(points=0, hidden=False)))
    text = "\n".join(explain(judged))
    for words in (
        "PASS (1.5/1.5): It holds.",
        "our own earlier answers",
        "FAIL (0/1.5)",
        "    because",
        "Hint: think",
        "2 of these 3 checks are hidden",
    ):
        assert words in text


def test_passing_the_public_checks_alone_is_not_called_a_grade() -> None:
    assert "not your grade" in "\n".join(headline(report(outcome(), public_only=True)))


def test_text_is_cleaned_and_bounded() -> None:
    assert clean("a\r\nb\tc\x7f\x9b\u2066") == "a\nb\tc\ufffd\ufffd\ufffd"
    assert len(clean("x" * 10_000)) == 2000 and clean("x" * 10_000).endswith("…")
    assert clean("½(μ² + σ²) — 👩🏽‍🎓") == "½(μ² + σ²) — 👩🏽‍🎓"


def test_results_appear_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deep" / "results.json"
    write({"score": 0}, path)
    write({"score": 1}, path)
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(ValueError):
        write({"score": math.nan}, path)
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError):
        write({"score": 2}, path)
    assert json.loads(path.read_text()) == {"score": 1}
    assert path.stat().st_mode & 0o777 == 0o644


def test_the_names_of_statuses_are_complete() -> None:
    assert set(MARKS) == set(get_args(Status))
    assert replace(outcome(), status="failed").earned == 0
