"""The right and the wrong answers that judge the checks, and from which a failed check finds its hint."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_open: list[list[Entry]] = []


@dataclass(frozen=True)
class Entry:
    """One answer, right or wrong, to `target`, one of the student's names."""

    target: str
    name: str
    answer: Any
    source: str  # a cell that defines `target` so
    right: bool
    caught_by: str = ""
    hint: str = ""


def wrong(target: str, *, caught_by: str, hint: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function as a wrong answer to `target` which the check `caught_by` must fail."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        _add(Entry(target, function.__name__, function, "", False, caught_by, hint))
        return function

    return mark


def right(target: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function as another right answer to `target`: it must get full marks."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        _add(Entry(target, function.__name__, function, "", True))
        return function

    return mark


def wrong_value(target: str, answer: Any, *, caught_by: str, hint: str) -> None:
    """A wrong number or choice."""
    _add(Entry(target, f"{target} = {answer!r}", answer, "", False, caught_by, hint))


def right_value(target: str, answer: Any) -> None:
    """Another right way to give a number or choice."""
    _add(Entry(target, f"{target} = {answer!r}", answer, "", True))


def _add(entry: Entry) -> None:
    if not _open:
        raise RuntimeError("answers are collected by load_answers, not by importing their file")
    _open[-1].append(entry)


def load_answers(path: Path, namespace: dict[str, Any]) -> list[Entry]:
    """The entries of a right_answers.py or wrong_answers.py, run in a copy of `namespace` (the notebook's names and all answers)."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    with _collecting() as entries:
        exec(compile(text, str(path), "exec"), dict(namespace))  # our own file, never a student's
    sources = dict(_sources(text))
    return [
        Entry(e.target, e.name, e.answer, _cell(e, sources), e.right, e.caught_by, inspect.cleandoc(e.hint)) for e in entries
    ]


@contextmanager
def _collecting() -> Iterator[list[Entry]]:
    _open.append([])
    try:
        yield _open[-1]
    finally:
        _open.pop()


def _sources(text: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node


def _cell(entry: Entry, functions: dict[str, ast.FunctionDef]) -> str:
    """Source that defines the target as this entry does, to be put into a notebook."""
    if entry.name in functions:
        node = functions[entry.name]
        node.name, node.decorator_list = entry.target, []
        return ast.unparse(node)
    answer = entry.answer
    shown = f"torch.tensor({answer.tolist()!r})" if hasattr(answer, "tolist") else repr(answer)
    return f"{entry.target} = {shown}"
