"""What a class costs: `python -m tests.benchmarks.a_class [SUBMISSIONS]`, drawn from right answers, wrong ones, and one in a hundred that hangs,
crashes, takes all memory or attacks.

Printed for one job and for two: submissions a minute, processor seconds of all processes, the most memory that they had together, what the
report and the tables take, and how many were judged. Then the same class once more, with nothing changed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from book import Book

from autograder.checks import assignment as assignments

STORIES = {  # each of one submission in a hundred
    "hangs": "def gaussian_kl(mu, logvar):\n    while True:\n        pass",
    "crashes": "import ctypes\n\ndef gaussian_kl(mu, logvar):\n    ctypes.string_at(0)",
    "takes all memory": "def gaussian_kl(mu, logvar):\n    kept = []\n    while True:\n        kept.append(bytes(10_000_000))",
    "attacks": "import os, signal\nfor pid in range(2, 400):\n    try:\n        os.kill(pid, signal.SIGKILL)\n    except OSError:\n        pass",
}


@dataclass
class Cost:
    """Of one run."""

    seconds: float = 0.0
    processor: float = 0.0
    memory: int = 0  # bytes, proportional set size of all processes together, sampled

    def told(self, count: int) -> str:
        return f"{60 * count / self.seconds:6.0f} a minute, {self.processor / count:.2f} processor seconds each, {self.memory >> 20} MB at most"


def main(count: int = 100) -> int:
    assignment = assignments.load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_class(folder / "class", count)
        for jobs in (1, 2):
            cost = graded(folder, f"out-{jobs}", jobs)
            judged = len(list((folder / f"out-{jobs}").glob("*/results.json")))
            print(f"{count} submissions, {jobs} job{'s' * (jobs > 1)}: {cost.told(count)}; {judged} judged", flush=True)
        report = (folder / "out-2" / "report.html").stat().st_size
        print(
            f"the report of the class: {report / 1e6:.2f} MB; once more, with nothing changed: {graded(folder, 'out-2', 2).seconds:.1f} s"
        )
        same = all(
            without_time(path) == without_time(folder / "out-1" / path.parent.name / path.name)
            for path in (folder / "out-2").glob("*/results.json")
        )
        print(f"the same results with one job and with two: {'yes' if same else 'NO'} ({assignment.title})")
        return 0 if same and judged == count else 1


def write_class(folder: Path, count: int) -> None:
    """Each student with up to three slips; the stories at every hundredth place."""
    assignment, draw = assignments.load(), random.Random(2026)
    questions = list(assignment.questions.values())
    folder.mkdir()
    for number in range(count):
        book = Book(assignment)
        for question in draw.sample(questions, draw.randrange(4)):
            book.append(draw.choice(assignment.wrong_answers(question)).source)
        story = list(STORIES.values())[number % 100] if number % 100 < len(STORIES) else "pass"
        book.append(story, f"student = {number}")
        book.save(folder / f"student {number:04}.ipynb")


def graded(folder: Path, out: str, jobs: int) -> Cost:
    command = [sys.executable, "-m", "autograder", "grade", folder / "class", "--out", folder / out, "--jobs", str(jobs)]
    cost, started, before = Cost(), time.monotonic(), os.times()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        watching = threading.Thread(target=_watch, args=(running.pid, cost))
        watching.start()
        running.wait()
        watching.join()
    after = os.times()
    cost.seconds = time.monotonic() - started
    cost.processor = after.children_user + after.children_system - before.children_user - before.children_system
    return cost


def _watch(pid: int, cost: Cost) -> None:
    while psutil.pid_exists(pid):
        try:
            parent = psutil.Process(pid)
            if parent.status() == psutil.STATUS_ZOMBIE:
                return
            those, total = [parent, *parent.children(recursive=True)], 0
        except psutil.Error:
            return
        for one in those:
            try:
                total += one.memory_full_info().pss
            except psutil.Error:
                continue
        cost.memory = max(cost.memory, total)
        time.sleep(0.5)


def without_time(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if '"execution_time"' not in line)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
