"""The form of results.json, as Gradescope reads it. Nothing is imported here but the standard library: it must be had when all else fails."""

from __future__ import annotations

from typing import Any

MAX_OUTPUT = 20_000  # Gradescope cuts at 100,000


def results(score: float, output: str, tests: list[dict[str, Any]], extra: dict[str, Any], seconds: float) -> dict[str, Any]:
    """A whole results.json: everything that is ours is visible, what was printed is the staff's."""
    return {
        "score": score,
        "execution_time": round(seconds, 3),
        "output": output,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": extra,
    }


def for_the_staff(reason: str) -> dict[str, Any]:
    """An entry that students do not see. With one Gradescope shows no total, so that nobody takes a 0 for a grade."""
    return {"name": "For the staff", "score": 0, "max_score": 0, "output": reason[-MAX_OUTPUT:], "visibility": "hidden"}


def not_graded(sentence: str, reason: str) -> dict[str, Any]:
    """Results of a run that judged nothing: a sentence for the student, and a hidden entry for the staff."""
    reason = reason.encode("utf-8", "replace").decode().replace("\0", "")[-MAX_OUTPUT:]
    return results(0, sentence, [for_the_staff(reason)], {"grader_error": True, "staff": [reason]}, 0.0)
