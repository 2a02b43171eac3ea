"""What may be told of an exception that a student's code raised in a hidden check: its type, its line, and what stands in their source.

A message that was computed could say what the check fed it, in any spelling. So only text that the submission itself holds is repeated,
judged here against its source, not in the student's process. What remains is a choice: which of their own lines and messages it is.
"""

from __future__ import annotations

import ast
import builtins
from functools import lru_cache

from autograder.wire.faults import Raised, StudentError

GAP = "…"
IN_PLACE_OF = {
    "crashed": "your code raised an error, or returned far more than this question needs",
    "out_of_memory": "your code ran out of memory: does a tensor grow with the square of the batch?",
}


def discreet(error: StudentError, source: str) -> str:
    """`error` without anything that its code may have computed."""
    if not error.computed:
        return str(error)
    raised = error.raised
    if raised is None:
        return IN_PLACE_OF.get(error.status, IN_PLACE_OF["crashed"])
    known = _Source.of(source)
    kind = raised.type if known.names_a_type(raised.type) else "an exception"
    text = known.as_far_as_it_stands(raised.text)
    place = raised.place if raised.place in known.functions or raised.place == "<module>" else ""
    return str(Raised(kind, text, place, raised.line if raised.line in known.lines else ""))


class _Source:
    """The names, lines and texts of some code. What is no Python holds none."""

    def __init__(self, source: str) -> None:
        self.lines = {line.strip()[:120] for line in source.splitlines()} - {""}
        self.functions: set[str] = set()
        self.classes: set[str] = set()
        self.templates: list[list[str]] = []
        for cell in source.split("\0"):
            self._read(cell)

    @staticmethod
    @lru_cache(4)
    def of(source: str) -> _Source:
        return _Source(source)

    def _read(self, cell: str) -> None:
        try:
            nodes = list(ast.walk(ast.parse(cell)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        for node in nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions.add(node.name)
            elif isinstance(node, ast.ClassDef):
                self.classes.add(node.name)
            elif isinstance(node, ast.JoinedStr):
                self.templates.append([_fixed(part) or GAP for part in node.values])
            elif text := _fixed(node):
                self.templates.append([text])

    def names_a_type(self, name: str) -> bool:
        known = getattr(builtins, name, None)
        return name in self.classes or (isinstance(known, type) and issubclass(known, BaseException))

    def as_far_as_it_stands(self, text: str) -> str:
        """`text` where it is one string of the source, or the fixed parts of one f-string, in order; nothing else of it."""
        if [text] in self.templates:
            return text
        return max((" ".join(parts) for parts in self.templates if GAP in parts and _in_order(parts, text)), key=len, default="")


def _fixed(node: ast.AST) -> str:
    """A string of the source, on one line; nothing for any other node."""
    return " ".join(node.value.split()) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _in_order(parts: list[str], text: str) -> bool:
    if parts[0] != GAP and not text.startswith(parts[0]):
        return False
    start = 0
    for part in (part for part in parts if part != GAP):
        found = text.find(part, start)
        if found < 0:
            return False
        start = found + len(part)
    return True
