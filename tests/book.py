"""A notebook of the assignment, made from its sources, to be spoiled in every way that students find."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from autograder.authors import notebook
from autograder.checks.assignment import Assignment
from autograder.pieces import stub


class Book:
    """The solved notebook (or, unsolved, the one that students are given) as a list of cells."""

    def __init__(self, assignment: Assignment, solved: bool = True) -> None:
        self.assignment = assignment
        self.metadata: dict[str, Any] = dict(notebook.METADATA)
        self.cells: list[dict[str, Any]] = []
        for part in assignment.order:
            if part in assignment.questions:
                self._add_question(part, solved)
            else:
                text = (assignment.root / "lesson" / f"{part}.md").read_text(encoding="utf-8")
                self.cells += [dict(cell) for cell in notebook.prose(text, part)]
        setup = next(cell for cell in self.cells if cell["cell_type"] == "code")
        marker = f"# Assignment: {assignment.slug} {assignment.version}"
        setup["source"] = f"{marker}\n{setup['source']}\n\nimport otter\n\ngrader = otter.Notebook()"

    def _add_question(self, id: str, solved: bool) -> None:
        question = self.assignment.questions[id]
        for number, text in enumerate(stub.cells(question.source("given.py")), 1):
            self.cells.append(code(text, f"{id}-given-{number}"))
        for number, text in enumerate(stub.cells(question.source("solution.py")), 1):
            source = stub.answer(text) if solved else stub.stub(text, question.number)
            self.cells.append(code(source, f"{id}-answer-{number}"))
        self.cells.append(code(f'grader.check("{id}")', f"{id}-check"))

    @property
    def code(self) -> str:
        return "\n".join(cell["source"] for cell in self.cells if cell["cell_type"] == "code")

    def where(self, name: str) -> int:
        """The place of the cell that defines `name`."""
        defines = re.compile(rf"^(def {name}\(|class {name}\b|{name} *=)", re.MULTILINE)
        return next(i for i, cell in enumerate(self.cells) if cell["cell_type"] == "code" and defines.search(cell["source"]))

    def number(self, name: str) -> int:
        """What a reader, and a message, calls the cell that defines `name`."""
        return self.where(name) + 1

    def define(self, name: str, source: str) -> None:
        """Put another definition right after the one that is there."""
        self.cells.insert(self.where(name) + 1, code(source, f"mine-{len(self.cells)}"))

    def replace(self, name: str, source: str) -> None:
        """Put `source` in place of the whole cell that defines `name`."""
        self.cells[self.where(name)]["source"] = source

    def edit(self, old: str, new: str) -> None:
        """Search and replace in the code."""
        assert old in self.code, old
        for cell in self.cells:
            if cell["cell_type"] == "code":
                cell["source"] = cell["source"].replace(old, new)

    def delete(self, id: str) -> None:
        """Delete the answers to a question, as a slip of the keyboard does."""
        self.cells = [cell for cell in self.cells if not cell["id"].startswith(f"{id}-answer")]

    def append(self, *sources: str) -> None:
        self.cells += [code(source, f"mine-{len(self.cells)}-{i}") for i, source in enumerate(sources)]

    def insert(self, *sources: str) -> None:
        """Put cells after the imports."""
        first = next(i for i, cell in enumerate(self.cells) if cell["cell_type"] == "code") + 1
        self.cells[first:first] = [code(source, f"early-{i}") for i, source in enumerate(sources)]

    def as_dict(self) -> dict[str, Any]:
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": self.metadata, "cells": self.cells}

    def text(self) -> str:
        return json.dumps(self.as_dict(), indent=1, ensure_ascii=False)

    def save(self, path: Path) -> None:
        path.write_text(self.text(), encoding="utf-8")


def code(source: str, id: str) -> dict[str, Any]:
    return {"cell_type": "code", "id": id, "metadata": {}, "source": source, "outputs": [], "execution_count": None}
