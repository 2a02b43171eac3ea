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
from pathlib import Path

import psutil

REPO = Path(__file__).resolve().parent.parent.parent
ROUNDS = 3
BATCH = 40


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.unpack_archive(REPO / "dist" / "autograder.zip", folder / "zip")
        notebook = str(REPO / "reference" / "vae.ipynb")
        ours = [sys.executable, "-m", "autograder", "grade", notebook, "--out", str(folder / "out")]
        otter = [sys.executable, "-m", "otter", "run", "-a", str(REPO / "dist" / "autograder.zip"), "-o", str(folder), notebook]
        cores = sorted(os.sched_getaffinity(0))
        print(f"{'one notebook, cold':<28}{'ours':>16}{'otter run':>16}{'ratio':>8}")
        alone = 0.0
        for words, pinned in ((f"{len(cores)} cores", cores), ("1 core", cores[:1])):
            runs = [(measured(ours, folder / "zip" / "files", pinned), measured(otter, folder, pinned)) for _ in range(ROUNDS)]
            times = [statistics.median(run[i][0] for run in runs) for i in (0, 1)]
            peaks = [max(run[i][1] for run in runs) for i in (0, 1)]
            alone = times[1] if pinned == cores else alone
            print(f"{'  time, ' + words:<28}{times[0]:>14.2f} s{times[1]:>14.2f} s{times[0] / times[1]:>8.2f}")
            print(f"{'  memory, ' + words:<28}{peaks[0]:>13.0f} MB{peaks[1]:>13.0f} MB{peaks[0] / peaks[1]:>8.2f}")
        many = folder / "many"
        for i in range(BATCH):
            (many / f"student{i}").mkdir(parents=True)
            shutil.copy(notebook, many / f"student{i}")
        batch = [sys.executable, "-m", "autograder", "grade", str(many), "--out", str(folder / "many-out")]
        seconds, _ = measured(batch, folder / "zip" / "files", cores)
        each = seconds / BATCH
        print(f"{BATCH} notebooks, {len(cores)} cores: {seconds:.1f} s, {each:.2f} s each")
        print(f"otter grades one after another: {alone / each:.0f} times its throughput")
    return 0


def measured(command: list[str], folder: Path, cores: list[int]) -> tuple[float, float]:
    """Seconds of wall time and the peak of all its processes' memory in MB."""
    started = time.monotonic()
    process = psutil.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, cores)
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, memory_of(process))
        time.sleep(0.05)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
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
