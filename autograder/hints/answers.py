"""The right and the wrong answers that judge the checks, and from which a failed check finds its hint."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

_open: list[list[Entry]] = []


@dataclass(frozen=True)
class Entry:
    """One answer, right or wrong, to `target`, one of the student's names."""

    target: str
    name: str
    answer: Any
    right: bool
    caught_by: str = ""
    hint: str = ""
    idea: str = ""  # what is said instead where it cannot be told from others that share the idea
    rare: bool = False  # gives way to one that does the same
    like: str = ""  # the catalogued wrong answer that an unlisted one cannot be told from
    text: str = ""  # of the file it stands in

    @property
    def source(self) -> str:
        """A cell that defines `target` as this answer does."""
        node = _functions(self.text).get(self.name)
        if node is None:
            answer = self.answer
            shown = f"torch.tensor({answer.tolist()!r})" if hasattr(answer, "tolist") else repr(answer)
            home = type(answer).__module__
            return (
                f"from {home} import {type(answer).__name__}\n" if home in ("fractions", "decimal") else ""
            ) + f"{self.target} = {shown}"
        renamed = copy(node)
        renamed.name, renamed.decorator_list = self.target, node.decorator_list[1:]  # the first is our mark
        return ast.unparse(renamed)


@dataclass(frozen=True, eq=False)
class Instead:
    """The right answer to `target` where `needed`, which it builds on, is another: as of somebody who wrote that anew, and wrongly."""

    target: str
    needed: str
    other: Callable[..., Any]
    namespace: dict[str, Any]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        right = self.namespace[self.needed]
        self.namespace[self.needed] = self.other
        try:
            return self.namespace[self.target](*args, **kwargs)
        finally:
            self.namespace[self.needed] = right


def inherited(entry: Entry, target: str, namespace: dict[str, Any]) -> Entry:
    """The right answer to `target` in which a wrong answer to an earlier question stands in place of the right one."""
    answer = Instead(target, entry.target, entry.answer, namespace)
    where = f"Where `{entry.target}` belongs: "
    idea = f"{where}{entry.idea}" if entry.idea else ""
    return replace(entry, target=target, name=f"{entry.target} {entry.name}", answer=answer, hint=f"{where}{entry.hint}", idea=idea)


def wrong(
    target: str, *, caught_by: str, hint: str, idea: str = "", rare: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function as a wrong answer to `target` which the check `caught_by` must fail.

    `idea` is told where several that share it match; a `rare` slip gives way to one that does the same.
    """

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        _add(Entry(target, function.__name__, function, False, caught_by, hint, idea, rare))
        return function

    return mark


def right(target: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function as another right answer to `target`: it must get full marks."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        _add(Entry(target, function.__name__, function, True))
        return function

    return mark


def wrong_value(target: str, answer: Any, *, caught_by: str, hint: str) -> None:
    """A wrong number or choice."""
    _add(Entry(target, f"{target} = {answer!r}", answer, False, caught_by, hint))


def right_value(target: str, answer: Any) -> None:
    """Another right way to give a number or choice."""
    _add(Entry(target, f"{target} = {answer!r}", answer, True))


def unlisted(target: str, *, like: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A mistake that the catalogue does not hold, or holds under the name `like`, which behaves the same: it tests the hints."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        _add(Entry(target, function.__name__, function, False, like=like))
        return function

    return mark


def unlisted_value(target: str, answer: Any) -> None:
    """A wrong number that the catalogue does not hold."""
    _add(Entry(target, f"{target} = {answer!r}", answer, False))


def foreign_wrong(target: str, *, slip: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A wrong answer by somebody who knew the prompts alone, and what they say is wrong with it."""
    return _foreign(target, False, slip)


def foreign_right(target: str, *, why: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A right answer by somebody who knew the prompts alone, and what is unusual about it."""
    return _foreign(target, True, why)


def foreign_wrong_value(target: str, answer: Any, *, slip: str) -> None:
    _add(Entry(target, f"{target} = {answer!r}", answer, False, like=slip))


def foreign_right_value(target: str, answer: Any, *, why: str) -> None:
    _add(Entry(target, f"{target} = {answer!r}", answer, True, like=why))


def _foreign(target: str, right: bool, says: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        _add(Entry(target, function.__name__, function, right, like=says))
        return function

    return mark


def _add(entry: Entry) -> None:
    if not _open:
        raise RuntimeError("answers are collected by load_answers, not by importing their file")
    _open[-1].append(entry)


def load_answers(path: Path, namespace: dict[str, Any]) -> list[Entry]:
    """The entries of a right_answers.py or wrong_answers.py, run in a copy of `namespace`."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    with _collecting() as entries:
        exec(compiled(text, path), dict(namespace))  # our own file, never a student's
    return [replace(entry, hint=inspect.cleandoc(entry.hint), text=text) for entry in entries]


@lru_cache(128)
def compiled(text: str, path: Path) -> CodeType:
    """The code of one of our own files, compiled once."""
    return compile(text, str(path), "exec")


@lru_cache(128)
def _functions(text: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}


@contextmanager
def _collecting() -> Iterator[list[Entry]]:
    _open.append([])
    try:
        yield _open[-1]
    finally:
        _open.pop()
