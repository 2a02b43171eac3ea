"""Every message that a student can be shown, question by question, to be read as a tired student would.

    python -m tests.benchmarks.messages [q5 …]

Every wrong answer is judged, and so is every odd value that a student's name may hold or a function return. A message stands under
the first check that says it; one that differs in numbers and names only is not repeated. Texts of the checks that none of these
answers bring up follow as they stand in the source, then the hints.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from collections.abc import Iterator

import torch

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment, Question
from autograder.checks.outcomes import Outcome

from .in_process import outcomes

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


def without_numbers(message: str) -> str:
    return re.sub(r"`\w+`|q\d+_\w+|[\d.e+-]*\d", "…", message)


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
    seen: set[str] = set()
    for question in assignment.questions.values():
        if ids and question.id not in ids:
            continue
        print(f"\n=== {question.id} {question.title}")
        found: dict[str, list[str]] = {check.name: [] for check in question.checks}
        heard = []
        for outcome in said(assignment, question):
            heard.append(outcome.message)
            if outcome.status != "passed" and without_numbers(outcome.message) not in seen:
                seen.add(without_numbers(outcome.message))
                found[outcome.check].append(f"{outcome.status}: {outcome.message}")
        for check in question.checks:
            print(f"\n{'hidden' if check.hidden else 'public'} {check.name}: {check.title}")
            for text in found[check.name]:
                print(textwrap.indent(text, "    "))
        print("\ntexts that no answer here brings up", *dict.fromkeys(unheard(question, "\n".join(heard))), sep="\n    ")
        print("\nhints")
        for entry in assignment.wrong_answers(question):
            print(f"    {entry.target} {entry.name}: {entry.hint}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
