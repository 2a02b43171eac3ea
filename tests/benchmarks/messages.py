"""Every message that a student can be shown, question by question, each once, to be read as a tired student would.

    python -m tests.benchmarks.messages [q5 …]

Every answer of the catalogues is judged, and so is every odd value that a student's function may return; numbers that differ from
one answer to the next are shown once. Texts of the checks that none of these answers brought up follow, as they stand in the source.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from collections.abc import Iterator

import torch

from autograder import assignment as assignments
from autograder.assignment import Assignment, Question
from autograder.outcomes import Outcome
from tests.benchmarks.in_process import outcomes

SEED = 5
ODD_CELLS = (
    "lambda *args, **kwargs: None",
    "lambda *args, **kwargs: 'text'",
    "lambda *args, **kwargs: 3",
    "lambda *args, **kwargs: object()",
    "lambda *args, **kwargs: torch.tensor(float('nan'))",
    "lambda *args, **kwargs: torch.ones(3, 2)",
    "lambda *args, **kwargs: (torch.ones(()), None)",
    "lambda *args, **kwargs: (torch.ones(()),) * 3",
    "lambda *args, **kwargs: {'loss': 1.0}",
    "lambda *args, **kwargs: args[7]",
    "lambda: None",
    "3.5",
    "'text'",
    "torch.ones(2)",
    "float('nan')",
    "True",
)


def said(assignment: Assignment, question: Question) -> Iterator[Outcome]:
    """What the checks say of every wrong and every odd answer."""
    for entry in assignment.wrong_answers(question):
        yield from outcomes(assignment, question, entry.target, entry.source, SEED)
    for target in question.answers:
        for cell in ("", *(f"{target} = {value}" for value in ODD_CELLS)):
            yield from outcomes(assignment, question, target, cell, SEED)


def messages(assignment: Assignment, question: Question) -> dict[str, list[str]]:
    """Each check's messages, its hints aside, without repeating those that differ in numbers only."""
    found: dict[str, dict[str, str]] = {check.name: {} for check in question.checks}
    for outcome in said(assignment, question):
        if outcome.status != "passed":
            found[outcome.check].setdefault(re.sub(r"[\d.e+-]*\d", "0", outcome.message), f"{outcome.status}: {outcome.message}")
    return {name: sorted(texts.values()) for name, texts in found.items()}


def unheard(question: Question, heard: str) -> Iterator[str]:
    """Texts of the check files that stand in none of these messages."""
    for file in ("public_tests.py", "hidden_tests.py"):
        for node in ast.walk(ast.parse(question.source(file))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "expect":
                for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value not in heard:
                        yield f"{node.func.attr}: {argument.value}"


def main(ids: list[str]) -> int:
    torch.set_num_threads(1)
    assignment = assignments.load()
    for question in assignment.questions.values():
        if ids and question.id not in ids:
            continue
        print(f"\n=== {question.id} {question.title}")
        found = messages(assignment, question)
        for check in question.checks:
            print(f"\n{'hidden' if check.hidden else 'public'} {check.name}: {check.title}")
            for text in found[check.name]:
                print(textwrap.indent(text, "    "))
        heard = "\n".join(text for texts in found.values() for text in texts)
        rest = list(dict.fromkeys(unheard(question, heard)))
        print("\ntexts that no answer here brings up", *rest, sep="\n    ")
        print("\nhints")
        for entry in assignment.wrong_answers(question):
            print(f"    {entry.target} {entry.name}: {entry.hint}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
