"""What a class is promised whatever happens: a grader that is killed at any moment loses nothing, and a big class needs little memory."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from book import Book
from conftest import as_a_script

from autograder import REPO
from autograder.checks import assignment as assignments
from autograder.course import terminal
from autograder.run.session import Session
from tests import made_class
from tests.cluster.test_cluster import without_times

EXAMPLE = REPO / "examples" / "least_squares" / "assignment"
KILLS, CLASS = 20, 40
MOST = 200 << 20  # bytes by which two thousand submissions may make the coordinator bigger


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


def how_long(session: Session, lot: Path, out: Path, status: Path) -> tuple[float, float]:
    """Seconds until the first results are there, and until all are."""
    started, first = time.monotonic(), 0.0
    pid = grader(session, lot, out, status)
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        first = first or (time.monotonic() - started if list(out.glob("*/results.json")) else 0.0)
        time.sleep(0.002)
    return first, time.monotonic() - started


def test_killed_at_twenty_moments_nothing_is_lost_and_nothing_graded_twice(small: Session, tmp_path: Path) -> None:
    lot, out, status, moments = tmp_path / "class", tmp_path / "out", tmp_path / "status", random.Random(2026)
    write_class(lot, small.assignment)
    first, whole = how_long(small, lot, tmp_path / "undisturbed", status)
    seen: dict[Path, tuple[int, bytes]] = {}
    interrupted = 0
    for _ in range(KILLS):
        pid = grader(small, lot, out, status)
        time.sleep(moments.uniform(first / 2, first + (whole - first) / 6))
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


# --- memory -------------------------------------------------------------------------------------------------------------

WORDS = ("mean", "total", "log", "var", "mu", "scale", "batch", "dims", "weights", "loss")


class Unread:
    """A session whose submissions all have some code of their own, and that grades nothing."""

    def __init__(self) -> None:
        self.assignment = assignments.load()
        self.workspace = SimpleNamespace(folder=Path("no zip of a class is among them"))
        self.readers = self
        self.answers = [answer for question in self.assignment.questions.values() for answer in question.answers]

    def read(self, path: Path, *_: object) -> SimpleNamespace:
        draw = random.Random(path.stem)
        cells = [f"def {answer}(x):\n" + "\n".join(f"    {draw.choice(WORDS)} = {draw.choice(WORDS)}({draw.random()})" for _ in range(3))
                 for answer in self.answers[:4]]  # fmt: skip
        return SimpleNamespace(cells=[SimpleNamespace(source=cell) for cell in cells])


def judged(handed_in: list[Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Nobody's results are alike, and each has as many words as a page of it holds."""
    for place in range(len(handed_in)):
        results = made_class._student(place, 10, 10).results
        for test in results["tests"]:
            test["output"] = f"{place} " + "FAIL: what a student reads of it. " * 60
        yield place, results


def measured(folder: Path, count: int) -> None:
    """Grade so many, and print by how many bytes that made this process bigger at most."""
    (folder / "class").mkdir()
    for number in range(count):
        (folder / "class" / f"s{number:04}.ipynb").write_text("{}")
    session: Any = Unread()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert terminal.grade(session, [folder / "class"], folder / "out", 1, judge=judged) == 0
    print("bigger by", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10)


def bigger(folder: Path, count: int) -> int:
    folder.mkdir()
    program = f"from pathlib import Path; from tests.course.test_holds import measured; measured(Path({str(folder)!r}), {count})"
    path = os.pathsep.join(map(str, (REPO, REPO / "tests")))
    done = subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def test_two_thousand_submissions_make_the_coordinator_little_bigger(tmp_path: Path) -> None:
    """It has some 300 MB when it begins, and two workers share those."""
    assert bigger(tmp_path / "2000", 2000) < MOST
