"""The page for authors has all that there is to know, and nothing that is not so."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from pathlib import Path

import pytest

from autograder import authoring
from autograder.__main__ import parser
from autograder.checks import expect
from autograder.checks.assignment import ChoicePolicy, Flashcards, Lesson, Limits

REPO = Path(__file__).resolve().parents[2]
PAGE = (REPO / "assignment" / "AUTHORING.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"\w+", " ".join(re.findall(r"`+([^`]+)`+", PAGE))))
EXAMPLE = REPO / "examples" / "least_squares" / "assignment"


def test_it_names_all_that_a_question_may_import() -> None:
    assert [name for name in authoring.__all__ if name not in WORDS] == []


def test_it_names_every_expectation() -> None:
    found = [name for name, value in vars(expect).items() if inspect.isfunction(value) and value.__module__ == expect.__name__]
    assert [name for name in found if not name.startswith("_") and name not in (*WORDS, "fail")] == []


@pytest.mark.parametrize("table", [Limits, ChoicePolicy, Flashcards, Lesson], ids=lambda table: table.__name__)
def test_it_names_every_key_of_a_table(table: type) -> None:
    assert [field.name for field in dataclasses.fields(table) if field.name not in WORDS] == []


def test_it_names_every_command_and_every_file_of_a_question() -> None:
    assert [name for name in parser()._subparsers._group_actions[0].choices if f"python -m autograder {name}" not in PAGE] == []
    files = {path.name for root in (EXAMPLE, REPO / "assignment") for path in root.glob("questions/*/*") if path.is_file()}
    assert [name for name in files if f"`{name}`" not in PAGE] == []


def test_what_it_shows_is_python() -> None:
    shown = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(shown) >= 3
    for block in shown:
        ast.parse(block)


def test_what_it_says_of_the_example_is_so() -> None:
    """To the nearest ten lines."""
    kinds = ("solution.py", "*_tests.py", "*_answers.py")
    counted = [sum(len(path.read_text().splitlines()) for path in EXAMPLE.glob(f"questions/*/{kind}")) for kind in kinds]
    told = re.search(r"(\d+) lines are solutions, (\d+) are checks, and (\d+) are right and wrong answers", PAGE)
    assert told and [abs(int(said) - lines) <= 10 for said, lines in zip(told.groups(), counted, strict=True)] == [True] * 3
