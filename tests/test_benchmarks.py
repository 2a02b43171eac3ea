"""What the benchmarks take for granted."""

from __future__ import annotations

from pathlib import Path

from autograder.checks import assignment as assignments
from tests.benchmarks.side_by_side import A_HIDDEN_TEST, HIDDEN

REPO = Path(__file__).resolve().parents[1]


def test_what_a_stolen_hidden_test_is_known_by_stands_in_the_hidden_tests_alone() -> None:
    """Else an attack that reads them would seem to get nothing, from otter and from us."""
    name = HIDDEN.decode()
    assignment = assignments.load()
    assert any(name in question.source("hidden_tests.py") for question in assignment.questions.values())
    assert not any(name in question.source("public_tests.py") for question in assignment.questions.values())
    attacks = [path.read_text(encoding="utf-8") for path in (REPO / "tests" / "attacks").glob("*/attack.py")]
    assert sum(f'OTTER = "{A_HIDDEN_TEST}"' in text and "_average_log" in text for text in attacks) == 3
