"""What a class is promised whatever happens: a grader that is killed at any moment loses nothing."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from book import Book
from conftest import as_a_script
from test_cluster import without_times

from autograder import REPO
from autograder.course import terminal
from autograder.run.session import Session

EXAMPLE = REPO / "examples" / "least_squares" / "assignment"
KILLS, CLASS = 20, 40


@pytest.fixture(scope="module")
def small() -> Iterator[Session]:
    """A real session of the small assignment: what is killed below are graders forked from this process, with their workers."""
    with as_a_script():
        made = Session(EXAMPLE)
    with made:
        yield made


def write_class(folder: Path, assignment: Any) -> None:
    folder.mkdir()
    slips = [entry.source for question in assignment.questions.values() for entry in assignment.wrong_answers(question)]
    for number in range(CLASS):
        book = Book(assignment)
        book.append(f"mine = {number}", *(slips[number : number + 1] if number % 2 else []))
        book.save(folder / f"s{number:02}.ipynb")


def grader(session: Session, lot: Path, out: Path, status: Path) -> int:
    """Start one in a fork, and return its pid; its exit status is written last."""
    if pid := os.fork():
        return pid
    try:
        with as_a_script(), open(os.devnull, "w") as nothing:
            os.dup2(nothing.fileno(), 1)
            status.write_text(str(terminal.grade(session, [lot], out, jobs=2)))
    finally:
        os._exit(0)


def test_killed_at_twenty_moments_nothing_is_lost_and_nothing_graded_twice(small: Session, tmp_path: Path) -> None:
    lot, out, status, moments = tmp_path / "class", tmp_path / "out", tmp_path / "status", random.Random(2026)
    write_class(lot, small.assignment)
    seen: dict[Path, tuple[int, bytes]] = {}
    interrupted = 0
    for _ in range(KILLS):
        pid = grader(small, lot, out, status)
        time.sleep(moments.uniform(0.05, 1.5))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        found = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in out.glob("*/results.json")}
        assert {path: found[path] for path in seen} == seen, "what was there stays as it was"
        for path, (_, content) in found.items():
            assert json.loads(content)["tests"], path
        interrupted += 0 < len(found) < CLASS
        seen = found
    os.waitpid(grader(small, lot, out, status), 0)
    assert status.read_text() == "0" and interrupted > 5
    assert len(without_times(out)) == CLASS and not (out / ".earlier").exists()
    assert all((path.stat().st_mtime_ns, path.read_bytes()) == was for path, was in seen.items())
    assert not list(out.rglob("*.part")) and len(list(out.glob("*/index.html"))) == CLASS
    os.waitpid(grader(small, lot, tmp_path / "whole", status), 0)
    assert without_times(tmp_path / "whole") == without_times(out)
    assert (tmp_path / "whole" / "scores.csv").read_bytes() == (out / "scores.csv").read_bytes()
