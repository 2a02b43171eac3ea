"""How many hints strangers' spellings of the catalogued slips get: the noise drawn in other ways, a right formula times a slip.

`python -m tests.benchmarks.strangers q2 q3` prints, for each question, recall and precision on spellings made from the catalogue by
transformation, none of which was written by hand. A hint counts as right if it is the entry's own, or the sentence of an edit.
"""

from __future__ import annotations

import ast
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import partial

import torch

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment, Question
from autograder.checks.judge import judge
from autograder.differences import edits
from autograder.hints.answers import Entry
from autograder.hosts.in_process import LocalHost

SEED = 20
NORMAL = "torch.distributions.Normal(0.0, 1.0)"
SPELLINGS = {  # of torch.randn_like(X), and of torch.randn(N)
    "randn": ("torch.randn(({0}).shape)", "torch.randn({0}).clone()"),
    "normal": ("torch.normal(0.0, 1.0, size=({0}).shape)", "torch.normal(0.0, 1.0, size=[{0}])"),
    "numpy": ("torch.from_numpy(np.random.randn(*({0}).shape)).to(({0}).dtype)", "torch.from_numpy(np.random.randn({0}))"),
    "sample": (NORMAL + ".sample(({0}).shape)", NORMAL + ".sample([{0}])"),
    "generator": (
        "torch.randn(({0}).shape, generator=torch.Generator().manual_seed(int(torch.randint(2**40, ()))))",
        "torch.randn({0}, generator=torch.Generator().manual_seed(int(torch.randint(2**40, ()))))",
    ),
    "in place": ("torch.empty(({0}).shape).normal_()", "torch.zeros({0}).normal_()"),
}


def spelled(source: str, like: str, sized: str) -> str:
    """The source with its normal noise drawn in another way."""

    class Rewrite(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            self.generic_visit(node)
            called = ast.unparse(node.func)
            if called == "torch.randn_like" and len(node.args) == 1 and not node.keywords:
                return ast.parse(like.format(ast.unparse(node.args[0])), mode="eval").body
            if called == "torch.randn" and node.args and not node.keywords and not isinstance(node.args[0], ast.Starred):
                return ast.parse(sized.format(", ".join(map(ast.unparse, node.args))), mode="eval").body
            return node

    return ast.unparse(Rewrite().visit(ast.parse(source)))


def strangers(assignment: Assignment, question: Question) -> Iterator[tuple[Entry, str, str]]:
    """An entry, the way its noise is drawn, and the source."""
    for entry in assignment.wrong_answers(question):
        if not callable(entry.answer):
            continue
        for way, (like, sized) in SPELLINGS.items():
            source = spelled(entry.source, like, sized)
            if source != ast.unparse(ast.parse(entry.source)):
                yield entry, way, source


def hints_of(assignment: Assignment, question: Question, source: str) -> tuple[bool, set[str], float]:
    namespace = assignment.reference()
    exec(source, namespace)
    host = LocalHost(namespace, assignment.scenarios)
    started = time.perf_counter()
    with warnings.catch_warnings(action="ignore"):
        plain = judge(question.checks, host, SEED, question.needs, frozenset(question.needs))
        middle = time.perf_counter()
        outcomes = judge(
            question.checks, host, SEED, question.needs, frozenset(question.needs), partial(assignment.catalogue, question)
        )
    cost = time.perf_counter() - middle - (middle - started)
    failed = any(outcome.status == "failed" for outcome in plain)
    return failed, {outcome.hint for outcome in outcomes if outcome.hint}, cost


def main(ids: list[str]) -> None:
    torch.set_num_threads(1)
    assignment = assignments.load()
    for id in ids:
        question = assignment.questions[id]
        counts: Counter[str] = Counter()
        costs = []
        for entry, way, source in strangers(assignment, question):
            failed, hints, cost = hints_of(assignment, question, source)
            if not failed:
                continue
            costs.append(cost)
            ok = {hint for hint in hints if hint in (entry.hint, entry.idea) or edits.is_edit(hint)}
            result = "wrong" if hints - ok else "right" if ok else "silent"
            counts[result] += 1
            if result != "right":
                print(f"{id} {entry.name} ({way}): {result} {' | '.join(hints - ok)}", flush=True)
        spoken = counts["right"] + counts["wrong"]
        print(
            f"{id}: {sum(counts.values())} strangers, recall {counts['right'] / max(1, sum(counts.values())):.1%}, precision "
            f"{counts['right'] / max(1, spoken):.1%}, a hint costs {sum(costs) / max(1, len(costs)):.2f} s, at most {max(costs, default=0):.2f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:] or ["q2", "q3", "q8"])
