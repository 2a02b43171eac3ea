"""Which submissions answer in the same code: winnowed fingerprints of their answer cells, as Schleimer, Wilkerson and Aiken have them
("Winnowing: local algorithms for document fingerprinting", SIGMOD 2003).

Only answers are compared, never prose or given cells. A name that a function binds is any name, so that renaming hides nothing; what our own
answers, the stub, or many in the class have says nothing of anybody and is left out. Right answers of one line are alike by nature: what is
left of them is too little to compare.
"""

from __future__ import annotations

import ast
import io
import keyword
import tokenize
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

from autograder.checks.assignment import Assignment, Question

GRAM = 7  # tokens in one fingerprint
WINDOW = 4  # of so many neighbours one is kept: a run of GRAM + WINDOW - 1 = 10 equal tokens is always seen
LEAST = 12  # fingerprints that two must have left to be compared
ALIKE = 0.7  # of the smaller one's
COMMON = 0.15  # of the class: what so many have is no sign
MOST = 60  # pairs that are shown

Code = Callable[[str, str], str]  # of a submission (by name), for a question (by id)


@dataclass(frozen=True)
class Pair:
    """Two submissions with the share of the smaller one's fingerprints that the other has, and the questions in which they lie."""

    one: str
    other: str
    share: float
    questions: tuple[str, ...]


def pairs(names: list[str], code: Code, assignment: Assignment) -> list[Pair]:
    """The pairs that are alike, the most alike first."""
    known, first = _known(assignment), dict[tuple[str, int], tuple[str, int]]()
    left: dict[str, set[tuple[str, int]]] = {}
    for name in names:
        marks = _prints(assignment, {id: code(name, id) for id in assignment.questions}) - known
        left[name] = {first.setdefault(mark, mark) for mark in marks}  # held once, however many have it
    counts = Counter(mark for marks in left.values() for mark in marks)
    common = {mark for mark, count in counts.items() if count > max(3, COMMON * len(names))}
    for name in names:
        left[name] -= common
    owners: dict[tuple[str, int], list[str]] = {}
    for name, marks in left.items():
        for mark in marks:
            owners.setdefault(mark, []).append(name)
    shared: Counter[tuple[str, str]] = Counter(pair for those in owners.values() for pair in combinations(those, 2))
    found = [_pair(one, other, left) for one, other in shared]
    alike = [pair for pair in found if pair.share >= ALIKE and min(len(left[pair.one]), len(left[pair.other])) >= LEAST]
    return sorted(alike, key=lambda pair: (-pair.share, pair.one, pair.other))[:MOST]


def by_nature(assignment: Assignment) -> tuple[int, int]:
    """Of the pairs of our own right answers to one question that are long enough to be compared, how many are alike."""
    alike = compared = 0
    for question in assignment.questions.values():
        sources = {entry.source for entry in assignment.right_answers(question) if callable(entry.answer)}
        marks = [found for source in sources if len(found := fingerprints(source)) >= LEAST]
        for one, other in combinations(marks, 2):
            compared += 1
            alike += len(one & other) >= ALIKE * min(len(one), len(other))
    return alike, compared


def fingerprints(source: str) -> frozenset[int]:
    """Of runs of tokens the ones that winnowing keeps; none of what is no Python."""
    tokens = list(_tokens(source))
    grams = [crc32("\0".join(tokens[i : i + GRAM]).encode("utf-8", "replace")) for i in range(len(tokens) - GRAM + 1)]
    return frozenset(min(grams[i : i + WINDOW]) for i in range(max(len(grams) - WINDOW + 1, min(len(grams), 1))))


def _pair(one: str, other: str, left: Mapping[str, set[tuple[str, int]]]) -> Pair:
    both = left[one] & left[other]
    share = len(both) / max(1, min(len(left[one]), len(left[other])))
    return Pair(one, other, share, tuple(dict.fromkeys(id for id, _ in sorted(both))))


def _prints(assignment: Assignment, code: Mapping[str, str]) -> set[tuple[str, int]]:
    return {(id, mark) for id in assignment.questions for mark in fingerprints(code[id])}


def _known(assignment: Assignment) -> set[tuple[str, int]]:
    """What the assignment itself says."""
    return {
        (question.id, mark)
        for question in assignment.questions.values()
        for text in _texts(question)
        for mark in fingerprints(text)
    }


def _texts(question: Question) -> Iterable[str]:
    return [question.source("solution.py"), question.source("given.py"), question.source("public_tests.py")]


def _tokens(source: str) -> Iterator[str]:
    try:
        bound = _bound(ast.parse(source))
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
                yield "name" if token.string in bound else token.string
            elif token.type in (tokenize.OP, tokenize.NAME, tokenize.NUMBER, tokenize.STRING):
                yield token.string
    except (SyntaxError, ValueError, tokenize.TokenError, RecursionError, MemoryError):
        return


def _bound(tree: ast.AST) -> set[str]:
    """Names that are a student's to choose."""
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
