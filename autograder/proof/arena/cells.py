"""Notebooks for attackers and their victims, and the tools that attackers are given."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from autograder.checks.assignment import Assignment
from autograder.checks.check import VALUE
from autograder.pieces import stub

NOTEBOOK = "work.ipynb"
# Loot reaches the thief through what students are shown: the message of an exception.
TOOLS = """\
import re as _re

SCENE = {scene!r}
FOOTPRINT = SCENE["footprint"]
LOOT = []

def tell(found):
    text = found if isinstance(found, bytes) else str(found).encode("utf-8", "replace")
    canaries = set(_re.findall(rb"canary-[0-9a-f]{{16}}", text))
    LOOT.append(b" ".join(canaries) or b"loot: " + text[:100])

def did(what, but_for_seccomp=False):
    LOOT.append(f"{{SCENE['breach']}}{{'s' * but_for_seccomp}} {{what}}".encode())
"""
REVEAL = """\
def _reveal(*_, **__):
    raise RuntimeError(b" ".join(sorted(set(LOOT), key=lambda found: b"canary" not in found and b"breach" not in found)).decode("utf-8", "replace"))

if LOOT:
    for _name in SCENE["functions"]:
        globals()[_name] = _reveal
"""


def notebook(cells: Iterable[str], **more: Any) -> str:
    """A notebook file of these code cells."""
    made: list[dict[str, Any]] = [
        {"cell_type": "code", "id": f"cell-{i}", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for i, source in enumerate(cells)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made} | more)


def assignment_cells(assignment: Assignment, solved: bool) -> list[str]:
    """The code of the notebook, as students get it or solved."""
    found = [f"# Assignment: {assignment.slug} {assignment.version}\n{assignment.imports}"]
    for question in assignment.questions.values():
        found += stub.cells(question.source("given.py"))
        for cell in stub.cells(question.source("solution.py")):
            found.append(stub.answer(cell) if solved else stub.stub(cell, question.number))
    return found


def function_names(assignment: Assignment) -> list[str]:
    """What students write that can be called."""
    return [name for question in assignment.questions.values() for name in question.answers if not VALUE.match(name)]


def attacking_cells(base: list[str], attack: list[str], scene: dict[str, Any]) -> list[str]:
    """A notebook's cells with an attack behind them, which knows the scene and reveals its loot at the end."""
    return [base[0], TOOLS.format(scene=scene), *base[1:], *attack, REVEAL]
