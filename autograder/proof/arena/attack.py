"""An attack is a folder with an `attack.py`. Its docstring says what is tried, and it holds

CELLS       sources added after those of the notebook (none: []); SCENE tells them where everything lies, tell() reveals loot, did()
            boasts of what should be impossible, or would be but for a kernel without seccomp
BASE        "blank" (the default), the notebook as students get it, or "solved"
MAX_SCORE   what it must not exceed; 0 unless said otherwise
VICTIM      True: an honest, solved submission is graded beside it, and must get every point
build       instead of a plain notebook: build(folder, cells) writes the submission itself
OTTER       what it gets from stock otter, which nothing confines: "points", "a hidden test" or "no results"; none: not tried there
OTTER_CELLS what to add instead of CELLS where the same idea takes other code there
"""

from __future__ import annotations

import importlib.util
import json
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder import REPO
from autograder.proof.arena.cells import NOTEBOOK, notebook

FOLDER = REPO / "tests" / "attacks"


@dataclass(frozen=True)
class Attack:
    """What one folder holds."""

    name: str
    folder: Path

    @cached_property
    def module(self) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"attack_{self.name}", self.folder / "attack.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
        spec.loader.exec_module(module)
        sys.dont_write_bytecode = before
        return module

    @property
    def says(self) -> str:
        return " ".join((self.module.__doc__ or "").split())

    @property
    def solved(self) -> bool:
        return bool(getattr(self.module, "BASE", "blank") == "solved")

    @property
    def max_score(self) -> float:
        return float(getattr(self.module, "MAX_SCORE", 0))

    @property
    def has_victim(self) -> bool:
        return bool(getattr(self.module, "VICTIM", False))

    @property
    def victim_seconds(self) -> float:
        """How long its victim's last cell takes, so that the two meet."""
        return float(getattr(self.module, "VICTIM_SECONDS", 1.5))

    @property
    def cells(self) -> list[str]:
        return list(self.module.CELLS)

    @property
    def gets_from_otter(self) -> str:
        return str(getattr(self.module, "OTTER", ""))

    @property
    def cells_for_otter(self) -> list[str]:
        return list(getattr(self.module, "OTTER_CELLS", self.cells))

    def write(self, folder: Path, cells: list[str]) -> None:
        """Put the submission into an empty folder."""
        if hasattr(self.module, "build"):
            self.module.build(folder, cells)
        else:
            (folder / NOTEBOOK).write_text(notebook(cells))


def load(only: Iterable[str] = (), folder: Path = FOLDER) -> list[Attack]:
    """All attacks, or `only` these, by name."""
    wanted = set(only)
    names = sorted(path.parent.name for path in folder.glob("*/attack.py"))
    return [Attack(name, folder / name) for name in names if not wanted or name in wanted]


@dataclass(frozen=True)
class AttackResult:
    """What an attack got."""

    name: str
    score: float = 0.0
    undeserved: float = 0.0  # points above what it may have, or taken from its victim
    leaks: tuple[str, ...] = ()
    crash: str = ""

    @property
    def held(self) -> bool:
        return not (self.undeserved or self.leaks or self.crash)

    def __str__(self) -> str:
        what = [f"{self.undeserved:g} undeserved points" if self.undeserved else "", *self.leaks, self.crash]
        return f"{self.name}: {'; '.join(filter(None, what)) or 'held'}"


def summary(results: Sequence[AttackResult]) -> str:
    undeserved = sum(result.undeserved for result in results)
    leaks, crashes = sum(len(result.leaks) for result in results), sum(bool(result.crash) for result in results)
    return f"{len(results)} attacks: undeserved points {undeserved:g}, leaks {leaks}, crashes {crashes}"


def valid(text: bytes, questions: int) -> dict[str, Any]:
    """The results, if they are what the platform reads and every question is in them; else a ValueError, KeyError or TypeError."""
    found: dict[str, Any] = json.loads(text, parse_constant=_refuse)
    if type(found["output"]) is not str or not math.isfinite(found["score"]) or len(found["tests"]) != questions:
        raise ValueError(f"results without their form: {found['output']} {found['extra_data'].get('staff')}")
    for test in found["tests"]:
        if test["score"] > test["max_score"] or test["score"] < 0 or type(test["output"]) is not str:
            raise ValueError("a test without its form")
    if None in found.values() or not math.isclose(found["score"], sum(test["score"] for test in found["tests"])):
        raise ValueError("the score is not the sum of the tests'")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(constant)
