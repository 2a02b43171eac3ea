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
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from autograder.checks.assignment import Assignment, Question

GRAM = 7  # tokens in one fingerprint
WINDOW = 4  # of so many neighbours one is kept: a run of GRAM + WINDOW - 1 = 10 equal tokens is always seen
LEAST = 12  # fingerprints that two must have left to be compared
ALIKE = 0.7  # of the smaller one's
COMMON = 0.15  # of the class: what so many have is no sign
MOST = 60  # pairs that are shown
BITS = 32  # of a fingerprint

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
    questions, known = list(assignment.questions), _known(assignment)
    marks = [_prints(questions, {id: code(name, id) for id in questions}, known) for name in names]
    if not marks:
        return []
    each, counts = np.unique(np.concatenate(marks), return_counts=True)
    common = counts > max(3, COMMON * len(names))
    sizes = [len(mine) - int(np.isin(mine, each[common]).sum()) for mine in marks]
    shared = [np.intersect1d(mine, each[(counts > 1) & ~common]).tolist() for mine in marks]  # by two at least: few are
    owners: dict[int, list[int]] = {}
    found = []
    for one, mine in enumerate(shared):
        both: dict[int, list[int]] = {}  # with whom before, what: a class has too many pairs to be held at once
        for mark in mine if sizes[one] >= LEAST else ():
            for other in owners.setdefault(mark, []):
                both.setdefault(other, []).append(mark)
            owners[mark].append(one)
        for other, theirs in both.items():
            share = len(theirs) / min(sizes[one], sizes[other])
            if share >= ALIKE:
                where = sorted({questions[mark >> BITS] for mark in theirs})
                found.append(Pair(names[other], names[one], share, tuple(where)))
    return sorted(found, key=lambda pair: (-pair.share, pair.one, pair.other))[:MOST]


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


def _prints(questions: list[str], code: Mapping[str, str], known: set[int]) -> NDArray[np.uint64]:
    """A number for each fingerprint, and for the question that it is of."""
    found = {number << BITS | mark for number, id in enumerate(questions) for mark in fingerprints(code[id])}
    return np.array(sorted(found - known), np.uint64)


def _known(assignment: Assignment) -> set[int]:
    """What the assignment itself says."""
    return {
        number << BITS | mark
        for number, question in enumerate(assignment.questions.values())
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
