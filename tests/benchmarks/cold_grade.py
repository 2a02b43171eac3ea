"""What one grade costs, cold, beside stock otter; and how many a minute, warm: `python -m tests.benchmarks.cold_grade`.

Both grade the reference notebook with the same zip, in turn, so that what else the machine does weighs on both. Memory is the
proportional set size of all processes together, sampled.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from autograder.proof.local_gradescope import Gradescope, as_docker

REPO = Path(__file__).resolve().parent.parent.parent
PACKAGE = REPO / "dist" / "autograder.zip"
NOTEBOOK = REPO / "reference" / "vae.ipynb"
GRADE = [sys.executable, "-m", "autograder", "grade"]
ROUNDS = 3
BATCH = 200


@dataclass(frozen=True)
class Way:
    """A way to grade one notebook."""

    command: list[str]
    folder: Path
    environment: dict[str, str] | None = None


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.unpack_archive(PACKAGE, folder / "zip")
        ways = {"grade": Way([*GRADE, str(NOTEBOOK), "--out", str(folder / "out")], folder / "zip" / "files")}
        if os.geteuid() == 0:
            platform = Gradescope(PACKAGE, folder / "autograder", Path(sys.prefix))
            platform.lay_out({NOTEBOOK.name: NOTEBOOK.read_bytes()})
            ways["run_autograder"] = Way(
                [*as_docker(), str(platform.root / "run_autograder")], platform.root, platform.environment(600)
            )
        otter = [sys.executable, "-m", "otter", "run", "-a", str(PACKAGE), "-o", str(folder), str(NOTEBOOK)]
        ways["otter run"] = Way(otter, folder)
        cores = sorted(os.sched_getaffinity(0))
        print(f"{'one notebook, cold':<20}{'':<16}{'time':>10}{'of otter':>10}{'memory':>12}{'of otter':>10}")
        stock = 0.0
        for words, pinned in ((f"{len(cores)} cores", cores), ("1 core", cores[:1])):
            runs = [{name: measured(way, pinned) for name, way in ways.items()} for _ in range(ROUNDS)]
            times = {name: statistics.median(run[name][0] for run in runs) for name in ways}
            peaks = {name: max(run[name][1] for run in runs) for name in ways}
            stock = stock or times["otter run"]
            for name in ways:
                seconds, memory = times[name] / times["otter run"], peaks[name] / peaks["otter run"]
                print(f"  {words:<18}{name:<16}{times[name]:>8.2f} s{seconds:>10.2f}{peaks[name]:>9.0f} MB{memory:>10.2f}")
        many = folder / "many"
        for i in range(BATCH):
            (many / f"student{i}").mkdir(parents=True)
            shutil.copy(NOTEBOOK, many / f"student{i}")
        seconds, _ = measured(Way([*GRADE, str(many), "--out", str(folder / "many-out")], folder / "zip" / "files"), cores)
        each = seconds / BATCH
        print(f"{BATCH} notebooks, {len(cores)} cores: {seconds:.1f} s, {each:.2f} s each")
        print(f"otter grades one after another: {stock / each:.0f} times its throughput")
    return 0


def measured(way: Way, cores: list[int]) -> tuple[float, float]:
    """Seconds of wall time and the peak of all its processes' memory in MB."""
    started = time.monotonic()
    process = psutil.Popen(
        way.command,
        cwd=way.folder,
        env=way.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, memory_of(process))
        time.sleep(0.05)
    if process.returncode:
        raise RuntimeError(f"{way.command} ended with {process.returncode}")
    return time.monotonic() - started, peak


def memory_of(process: psutil.Process) -> float:
    total = 0
    for each in [process, *process.children(recursive=True)]:
        try:
            total += each.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError, ProcessLookupError):
            continue
    return total / 2**20


if __name__ == "__main__":
    sys.exit(main())
