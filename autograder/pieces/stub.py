"""What a student finds in an answer cell, derived from the answer: there is one text of each answer, never two copies.

A `solution.py` is cells separated by `# %%`. In a cell, what stands between `# BEGIN SOLUTION` and `# END SOLUTION` and the
value on a line that ends in `# SOLUTION` is the answer; the rest is the student's too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Literal

Part = Literal["open", "begin", "hidden", "end", "value"]

_SEPARATOR = re.compile(r"^# %%.*$", re.MULTILINE)
_FENCE = re.compile(r"\s*# (BEGIN|END) SOLUTION\s*")
_VALUE = re.compile(r"(\w+)( *=).*#\s*SOLUTION\s*")


def cells(source: str) -> list[str]:
    """The cells of a `solution.py` or `given.py`."""
    return [cell.strip("\n") for cell in _SEPARATOR.split(source) if cell.strip()]


def stub(cell: str, number: int) -> str:
    """The cell a student starts from: names, signatures and docstrings, no answer."""
    return "\n".join(_replaced(cell, number, otter=False))


def otter_solution(cell: str, number: int) -> str:
    """The cell as an otter master has it: `otter assign` makes the same stub of it."""
    return "\n".join(_replaced(cell, number, otter=True))


def answer(cell: str) -> str:
    """The cell solved, without the fences."""
    return "\n".join(_unmarked(line) for part, line in _parts(cell) if part not in ("begin", "end"))


def secret_lines(source: str) -> list[str]:
    """The lines of a `solution.py` that no student may see before they have written them."""
    return [_unmarked(line) for part, line in _parts(source) if part in ("hidden", "value")]


def _unmarked(line: str) -> str:
    return re.sub(r"\s*#\s*SOLUTION\s*$", "", line)


def _replaced(cell: str, number: int, otter: bool) -> Iterator[str]:
    names = _owners(cell)
    told: set[str] = set()
    for row, (part, line) in enumerate(_parts(cell), start=1):
        if part == "value":
            match = _VALUE.fullmatch(line)
            assert match
            yield line if otter else f"{match[1]}{match[2]} ..."
        elif part == "open" or (otter and part == "hidden"):
            yield line
        elif part == "begin" and otter:
            yield line.rstrip() + " NO PROMPT"
        elif part == "end":
            if otter:
                yield line
            name = names.get(row)
            if name and name not in told:  # a second fence in the same function needs no second notice
                told.add(name)
                indent = line[: len(line) - len(line.lstrip())]
                notice = f'{indent}raise NotImplementedError("Question {number}: write {name} …")'
                yield from [f'{indent}""" # BEGIN PROMPT', notice, f'{indent}""" # END PROMPT'] if otter else [notice]


def _parts(cell: str) -> Iterator[tuple[Part, str]]:
    inside = False
    for line in cell.splitlines():
        fence = _FENCE.fullmatch(line)
        if fence:
            if inside == (fence[1] == "BEGIN"):
                raise ValueError(f"a fence is opened or closed twice: {line.strip()}")
            inside = not inside
            yield ("begin" if inside else "end"), line
        elif inside:
            yield "hidden", line
        elif re.search(r"#\s*SOLUTION\s*$", line):
            if not _VALUE.fullmatch(line):
                raise ValueError(f"`# SOLUTION` marks `name = value` only, not: {line.strip()}")
            yield "value", line
        else:
            yield "open", line
    if inside:
        raise ValueError("a `# BEGIN SOLUTION` is never ended")


def _owners(cell: str) -> dict[int, str]:
    """Which top-level function or class each row belongs to; the fences are comments, so the row after the last line counts."""
    owners: dict[int, str] = {}
    for node in ast.parse(cell).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.end_lineno:
            owners |= dict.fromkeys(range(node.lineno, node.end_lineno + 3), node.name)
    return owners
