"""A class is graded within a bound of memory, whatever some of it hold, and each as it is graded by itself."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from book import Book

from autograder.checks.assignment import load
from tests.benchmarks.a_class import results

MOST = 700 << 20  # bytes of all processes of a run with two jobs
LOOK = 0.02  # seconds; what is filled at a gigabyte a second stays full until it is ended

FILLING = """
held = []
while True:
    held.append(b"x" * (1 << 20))
"""
HOLDING = 'held = b"x" * (220 << 20)\n'
ANSWER = """
def gaussian_kl(mu, logvar):
    held = []
    while True:
        held.append(torch.ones(1 << 18))
"""

KEEPING = """
kept = []

def gaussian_kl(mu, logvar):
    kept.append(torch.ones(20 << 20))
    return 0.5 * (mu**2 + logvar.exp() - logvar - 1).sum(-1)
"""


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two of a kind, one after the other, so that two of them are graded at the same time."""
    folder = tmp_path_factory.mktemp("class")
    for number in (1, 2):
        for name in ("a_cell_fills", "a_cell_holds", "an_answer_fills", "an_answer_keeps", "usual"):
            book = Book(load())
            if name == "an_answer_fills":
                book.define("gaussian_kl", ANSWER)
            elif name == "an_answer_keeps":
                book.define("gaussian_kl", KEEPING)
            elif name != "usual":
                book.insert({"a_cell_fills": FILLING, "a_cell_holds": HOLDING}[name])
            book.save(folder / f"{name}_{number}.ipynb")
    return folder


def held_by(pid: int) -> Iterator[int]:
    """The memory of a process and of all below it, what they share counted once."""
    for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        try:
            yield one.memory_full_info().pss
        except (psutil.Error, OSError):
            continue


def graded(folder: Path, out: Path, jobs: int) -> int:
    """The most memory that a run held."""
    most = 0
    command = [sys.executable, "-m", "autograder", "grade", folder, "--out", out, "--jobs", str(jobs)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None:
            try:
                most = max(most, sum(held_by(running.pid)))
            except psutil.Error:
                break
            time.sleep(LOOK)
    assert running.returncode == 0
    return most


def test_a_class_stays_below_its_bound_and_is_graded_as_one_by_one(handed_in: Path, tmp_path: Path) -> None:
    assert graded(handed_in, tmp_path / "two", 2) < MOST
    assert graded(handed_in, tmp_path / "one", 1) < MOST
    found = results(tmp_path / "two")
    assert found == results(tmp_path / "one") and len(found) == 10
    said = {name: text for name, text in found.items() if "ran out of memory" in text}
    assert {name.rsplit("_", 1)[0] for name in said} == {"a_cell_fills", "an_answer_fills", "an_answer_keeps"}
