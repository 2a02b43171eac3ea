"""Every small change that a mutation tool makes to our solutions must fail a check, or be listed as no mistake at all.

    python -m tests.benchmarks.mutants

The changes, one at a time, are those of mutmut (another operator or number, an argument dropped or None, a value never assigned…)
and some that a formula invites: any other operator, a term or factor left out, a method or a statement left out.
`equivalent_mutants.toml` lists those that change nothing a student's answer is judged by, each with its reason.
"""

from __future__ import annotations

import ast
import difflib
import os
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import libcst as cst
import torch
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment, Question

from .in_process import outcomes

LISTED = Path(__file__).parent / "equivalent_mutants.toml"
SEED = 3


@dataclass(frozen=True)
class Mutant:
    question: str
    answer: str  # the student's name that was changed
    was: str
    now: str
    source: str  # the changed cell

    def __str__(self) -> str:
        return f"{self.question} {self.answer}: `{self.was}` changed to `{self.now}`"


def another_operator(node: cst.BinaryOperation) -> Iterator[cst.BaseExpression]:
    for operator in (cst.Add, cst.Subtract, cst.Multiply, cst.Divide, cst.Power):
        if not isinstance(node.operator, operator):
            yield _closed(node.with_changes(left=_closed(node.left), operator=operator(), right=_closed(node.right)))


def one_operand(node: cst.BinaryOperation) -> Iterator[cst.BaseExpression]:
    yield _closed(node.left)
    yield _closed(node.right)


def without_the_call(node: cst.Call) -> Iterator[cst.BaseExpression]:
    if isinstance(node.func, cst.Attribute):
        yield _closed(node.func.value)
    if len(node.args) == 1:
        yield _closed(node.args[0].value)


def without_the_statement(node: cst.SimpleStatementLine) -> Iterator[cst.SimpleStatementLine]:
    yield node.with_changes(body=[cst.Pass()])


def another_number(node: cst.BaseNumber) -> Iterator[cst.BaseExpression]:
    for change in ("0", f"(-{node.value})", f"({node.value} * 2)", f"({node.value} / 2)"):
        yield cst.parse_expression(change)


def _closed(node: cst.BaseExpression) -> cst.BaseExpression:
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


OPERATORS = [
    *mutation_operators,
    (cst.BinaryOperation, another_operator),
    (cst.BinaryOperation, one_operand),
    (cst.Call, without_the_call),
    (cst.SimpleStatementLine, without_the_statement),
    (cst.BaseNumber, another_number),
]


def mutants(question: Question) -> Iterator[Mutant]:
    """The solution with one thing changed, for each thing that can be."""
    text = question.source("solution.py")
    visitor = MutationVisitor(OPERATORS, IgnoredCode(set(), set(), set()))
    module = cst.MetadataWrapper(cst.parse_module(text)).visit(visitor)
    old, seen = _answers(text), set()
    for mutation in visitor.mutations:
        new = _answers(module.deep_replace(mutation.original_node, mutation.mutated_node).code)
        for name, source in new.items():
            if source not in seen and source != old[name]:
                seen.add(source)
                lines = list(difflib.ndiff(old[name].splitlines(), source.splitlines()))
                was, now = ("; ".join(line[2:].strip() for line in lines if line.startswith(sign)) for sign in ("- ", "+ "))
                yield Mutant(question.id, name, was, now, source)


def _answers(text: str) -> dict[str, str]:
    """The source of each name that a student is asked for, without comments and docstring."""
    found: dict[str, str] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            node.body = node.body[isinstance(node.body[0], (ast.Expr, ast.Pass)) :]
            found[node.name] = ast.unparse(node)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = ast.unparse(node)
    return found


def killed(assignment: Assignment, mutant: Mutant) -> bool:
    """Whether a check fails on the mutant; the ones after it are not run."""
    torch.set_num_threads(1)
    found = outcomes(assignment, assignment.questions[mutant.question], mutant.answer, mutant.source, SEED)
    return any(outcome.status not in ("passed", "grader_error") for outcome in found)


def listed() -> dict[tuple[str, str, str, str], str]:
    """The reasons why some mutants are no mistakes."""
    with LISTED.open("rb") as file:
        entries = tomllib.load(file)["equivalent"]
    return {(entry["question"], entry["answer"], entry["was"], entry["now"]): entry["why"] for entry in entries}


def main() -> int:
    assignment = assignments.load()
    everything = [mutant for question in assignment.questions.values() for mutant in mutants(question)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as pool:
        dead = list(pool.map(partial(killed, assignment), everything, chunksize=8))
    alive = {(m.question, m.answer, m.was, m.now): m for m, is_dead in zip(everything, dead, strict=True) if not is_dead}
    reasons = listed()
    for key, mutant in alive.items():
        if key not in reasons:
            print(f"SURVIVED: {mutant}")
    for key in reasons.keys() - alive.keys():
        print(f"LISTED, BUT DEAD OR GONE: {' '.join(key)}")
    equivalent = len(alive.keys() & reasons.keys())
    survived = len(alive) - equivalent
    print(f"{len(everything)} mutants, killed {sum(dead)}, equivalent {equivalent} (listed), survived {survived}")
    return 1 if alive.keys() ^ reasons.keys() else 0


if __name__ == "__main__":
    sys.exit(main())
