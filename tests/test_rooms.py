"""The rooms of the program: what each may import, and that a reader finds their way."""

from __future__ import annotations

import ast
import importlib
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import PACKAGE
from autograder.authors.contents import NOT_SHIPPED

TOP_TO_BOTTOM = (
    "proof",
    "authors",
    "pieces",
    "cluster",
    "course",
    "report",
    "intake",
    "run",
    "remote",
    "hosts",
    "submissions",
    "checks",
    "hints",
    "draws",
    "differences",
    "pencil",
    "student",
    "wire",
    "confine",
)
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
TO_COPY = PACKAGE / "authors" / "new_assignment"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.stem != "__init__" and TO_COPY not in path.parents)
LONGEST, MEDIAN = 300, 130
IN_A_ROOM = 10


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it: later imports are imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def rooms_of(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("autograder.")}


def test_each_room_has_its_tests_in_a_folder_of_its_name() -> None:
    """Another room's folder is the lesson's, which is no part of the program."""
    tests = Path(__file__).parent
    assert [room for room in ROOMS if not list((tests / room).glob("test_*.py"))] == []
    assert {path.parent.name for path in tests.glob("*/test_*.py")} - {"browser"} == {*ROOMS, "lesson"}


def test_all_rooms_have_their_place() -> None:
    assert sorted(TOP_TO_BOTTOM) == ROOMS


@pytest.mark.parametrize("room", TOP_TO_BOTTOM)
def test_a_room_imports_itself_and_what_lies_below_it(room: str) -> None:
    below = set(TOP_TO_BOTTOM[TOP_TO_BOTTOM.index(room) :])
    if room == "proof":
        below.add("__main__")  # the arena starts the program as other machines would
    found = {path.name: rooms_of(path) - below for path in MODULES if room_of(path) == room}
    assert len(found) > 1 and {name: above for name, above in found.items() if above} == {}


@pytest.mark.parametrize("room", ["wire", "confine"])
def test_the_lowest_rooms_import_no_other(room: str) -> None:
    assert set().union(*(rooms_of(path) for path in MODULES if room_of(path) == room)) == {room}


def test_nobody_below_enters_the_rooms_that_are_not_shipped() -> None:
    """But for the command line, which asks whether they are there."""
    others = [path for path in MODULES if room_of(path) not in NOT_SHIPPED and path.name != "__main__.py"]
    assert [path for path in others if rooms_of(path) & set(NOT_SHIPPED)] == []


def test_the_program_never_imports_its_tests() -> None:
    assert [path for path in MODULES if any(name.split(".")[0] == "tests" for name in imported(path))] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_docstring_says_what_it_is_for_and_who_may_enter(room: str) -> None:
    said = (importlib.import_module(f"autograder.{room}").__doc__ or "").strip().splitlines()
    assert 3 <= len(said) <= 5 and said[0].endswith(".")


def test_a_newcomer_reads_the_program_in_an_afternoon() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path.name: count for path, count in lines.items() if count > LONGEST} == {}
    assert statistics.median(lines.values()) < MEDIAN
    rooms = Counter(path.parent for path in MODULES if len(path.relative_to(PACKAGE).parts) == 2)
    assert {room.name: count for room, count in rooms.items() if count > IN_A_ROOM} == {}
