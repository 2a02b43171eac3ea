"""What a class costs: `python -m tests.benchmarks.a_class [SUBMISSIONS]…`, drawn from right answers, wrong ones, and one in a hundred each that
hangs, crashes, takes all memory, attacks.

Stock otter grades a few of them first, one after another. Then the whole class is graded, for each number of submissions: with two jobs,
and the smallest class with one, and by a Dask cluster of two workers on this machine, too. Printed are submissions a minute and how many
times otter's those are, processor seconds of all processes, the most memory that they had together and that the grader's own had (a
student's may take as much as assignment.toml allows), and whether all results are the same, however they were made. At last, what that
makes of a hundred thousand on a cluster of fifty machines as this one is.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from book import Book

from autograder import REPO
from autograder.checks import assignment as assignments

STORIES = {  # each of one submission in a hundred
    "hangs": "def gaussian_kl(mu, logvar):\n    while True:\n        pass",
    "crashes": "import ctypes\n\ndef gaussian_kl(mu, logvar):\n    ctypes.string_at(0)",
    "takes all memory": "def gaussian_kl(mu, logvar):\n    kept = []\n    while True:\n        kept.append(b'x' * 10_000_000)",
    "attacks": "import os, signal\nfor pid in range(2, 400):\n    try:\n        os.kill(pid, signal.SIGKILL)\n    except OSError:\n        pass",
}
BY_OTTER = 4  # submissions, none of them a story: stock otter would wait for those
MACHINES, MANY = 50, 100_000
MODULE = [sys.executable, "-m"]


@dataclass
class Cost:
    """Of one run."""

    count: int
    seconds: float = 0.0
    processor: float = 0.0  # seconds of all processes
    memory: int = 0  # bytes, proportional set size of all processes together, sampled
    own: int = 0  # the same without students' processes

    @property
    def rate(self) -> float:
        """Submissions a minute."""
        return 60 * self.count / self.seconds

    def told(self, otter: Cost) -> str:
        measured = f"{self.processor / self.count:8.2f} s{self.memory >> 20:10} MB{self.own >> 20:7} MB" if self.processor else ""
        return f"{self.rate:9.0f}{self.rate / otter.rate:9.1f}{measured}"


def main(counts: Sequence[int]) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder, fine = Path(name), True
        folder.chmod(0o755)
        write_class(folder / "all", max(counts))
        print(f"{'':34}{'a minute':>9}{'of otter':>9}{'processor':>10}{'memory':>13}{'our own':>10}")
        otter = by_otter(folder)
        print(f"{f'{BY_OTTER} by stock otter run':34}{otter.told(otter)}", flush=True)
        for count in sorted(counts):
            some = folder / f"class-{count}"
            some.mkdir()
            for path in sorted((folder / "all").iterdir())[:count]:
                os.link(path, some / path.name)
            ways = {"two jobs": ["--jobs", "2"]}
            if count == min(counts):
                ways = {"one job": ["--jobs", "1"]} | ways
            costs = {words: graded(some, folder / f"{count} {words}", way) for words, way in ways.items()}
            if count == min(counts):
                with cluster(folder / "cluster") as address:
                    words = "Dask, two workers"
                    costs[words] = graded(some, folder / f"{count} {words}", ["--scheduler", address])
                    costs[words].processor = 0  # the workers' own is not seen from here
            for words, cost in costs.items():
                same = results(folder / f"{count} {words}") == results(folder / f"{count} two jobs")
                judged = len(results(folder / f"{count} {words}"))
                fine = fine and same and judged == count
                print(
                    f"{f'{count}, {words}':34}{cost.told(otter)}{'' if same and judged == count else '   NOT THE SAME'}", flush=True
                )
            if "one job" in costs:
                share = costs["Dask, two workers"].rate / costs["two jobs"].rate
        again = graded(some, folder / f"{count} two jobs", ["--jobs", "2"])
        report = folder / f"{count} two jobs" / "report.html"
        print(
            f"the report of {count}: {report.stat().st_size / 1e6:.2f} MB; the same class again, nothing changed: {again.seconds:.1f} s"
        )
        hours = MANY / (MACHINES * costs["two jobs"].rate * share * 60)
        print(f"{MANY:,} on {MACHINES} machines as this one, at Dask's {share:.0%} of the rate above: {hours * 60:.0f} minutes")
        return 0 if fine else 1


def write_class(folder: Path, count: int) -> None:
    """Each student with up to three slips; the stories at the first places of each hundred."""
    assignment, draw = assignments.load(), random.Random(2026)
    questions = list(assignment.questions.values())
    folder.mkdir()
    for number in range(count):
        book = Book(assignment)
        for question in draw.sample(questions, draw.randrange(4)):
            book.append(draw.choice(assignment.wrong_answers(question)).source)
        story = list(STORIES.values())[number % 100] if number % 100 < len(STORIES) else "pass"
        book.append(story, f"student = {number}")
        book.save(folder / f"student-{number:05}.ipynb")


def by_otter(folder: Path) -> Cost:
    total = Cost(BY_OTTER)
    for path in sorted((folder / "all").iterdir())[len(STORIES) :][:BY_OTTER]:
        command = ["otter", "run", "-a", str(REPO / "dist" / "autograder.zip"), "-o", str(folder), str(path)]
        one = cost_of(command, folder, 1)
        total.seconds, total.processor = total.seconds + one.seconds, total.processor + one.processor
        total.memory, total.own = max(total.memory, one.memory), max(total.own, one.own)
    return total


def graded(some: Path, out: Path, way: list[str]) -> Cost:
    return cost_of(["autograder", "grade", str(some), "--out", str(out), *way], REPO, len(list(some.iterdir())))


def cost_of(module: list[str], where: Path, count: int) -> Cost:
    cost, started, before = Cost(count), time.monotonic(), os.times()
    with subprocess.Popen([*MODULE, *module], cwd=where, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        watching = threading.Thread(target=_watch, args=(running.pid, cost))
        watching.start()
        running.wait()
        cost.seconds = time.monotonic() - started
        watching.join()
    if running.returncode:
        sys.exit(f"Nothing to compare: `python -m {' '.join(module)}` ended with {running.returncode}. Try it by itself.")
    after = os.times()
    cost.processor = after.children_user + after.children_system - before.children_user - before.children_system
    return cost


def _watch(pid: int, cost: Cost) -> None:
    while psutil.pid_exists(pid):
        try:
            parent = psutil.Process(pid)
            if parent.status() == psutil.STATUS_ZOMBIE:
                return
            those, total, own = [parent, *parent.children(recursive=True)], 0, 0
        except psutil.Error:
            return
        for one in those:
            try:
                size = one.memory_full_info().pss
                total += size
                own += 0 if is_students(one.pid) else size
            except (psutil.Error, OSError):
                continue
        cost.memory, cost.own = max(cost.memory, total), max(cost.own, own)
        time.sleep(2)  # to look takes a tenth of a second of the machine's


def is_students(pid: int) -> bool:
    """Whether a process is a student's: the system is told to end those first, should memory run out."""
    return Path(f"/proc/{pid}/oom_score_adj").read_text().strip() == "1000"


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The address of a scheduler with two workers of one thread."""
    folder.mkdir()
    said = f"--scheduler-file={folder / 'scheduler.json'}"
    options = [said, "--no-dashboard"]
    commands = (
        ["distributed.cli.dask_scheduler", *options, "--host=127.0.0.1", "--port=0"],
        ["distributed.cli.dask_worker", *options, "--nworkers=2", "--nthreads=1", f"--local-directory={folder}"],
    )
    with open(folder / "log", "w") as log:
        running = [subprocess.Popen([*MODULE, *command], cwd=REPO, stdout=log, stderr=log) for command in commands]
        try:
            while not (folder / "scheduler.json").exists():
                time.sleep(0.1)
            time.sleep(5)  # the workers are there
            yield json.loads((folder / "scheduler.json").read_text())["address"]
        finally:
            for process in reversed(running):
                process.terminate()
                process.wait()


def results(out: Path) -> dict[str, str]:
    """What was said of each student, without the time that it took."""
    found = {}
    for path in out.glob("*/results.json"):
        lines = path.read_text(encoding="utf-8").splitlines()
        found[path.parent.name] = "\n".join(line for line in lines if '"execution_time"' not in line)
    return found


if __name__ == "__main__":
    sys.exit(main([int(count) for count in sys.argv[1:]] or [100]))
