"""A local Gradescope: plays the platform around an autograder.zip, as its harness was measured to behave.

    python -m autograder.proof.local_gradescope dist/autograder.zip notebook.ipynb     grades one submission and prints what would be posted

It needs nothing but Python 3.10, so that it also runs inside a bare system (tests/fresh_system.py). What it imitates:

- the zip unpacked in <root>/source with its run bits, run_autograder copied to <root>, the submission in <root>/submission (0644);
- root, cwd <root>, 14 capabilities as Docker leaves them, an environment with the harness's token, the metadata world-readable;
- stdout and stderr together in results/stdout;
- at the time-out only the direct child is killed, and results.json overwritten with a score of 0;
- results.json is read a moment after the direct child is gone, so that whoever survived it may still write;
- the exit status is ignored, a missing file posts nothing, NaN and texts that are not strings lose the run, long texts are cut.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.proof.memory_group import memory_limit

TOKEN = "canary-70ce704f1d70ce70"  # as those of the attacks' scene, so that a thief knows them when he sees them
NAME, EMAIL = "canary-4a3e4f1d4a3e4f1d", "canary-e3a114f1de3a114f@university.example"
EARLIER = "canary-ea711e24f1dea711"
SECRETS = (TOKEN, NAME, EMAIL, EARLIER)
LONGEST = 100_000  # characters of a text
LINGER = 0.3  # seconds between the end of the direct child and the reading of its results
DOCKER = [
    "chown",
    "dac_override",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "net_bind_service",
    "net_raw",
    "sys_chroot",
    "mknod",
    "audit_write",
    "setfcap",
]

METADATA = {
    "id": 7,
    "created_at": "2026-11-20T17:57:40.143363-07:00",
    "assignment": {"id": 3, "title": "Homework", "due_date": "2026-11-28T19:31:00.000000-07:00", "total_points": "100.0"},
    "submission_method": "upload",
    "users": [{"id": 2, "email": EMAIL, "name": NAME, "sid": ""}],
    "previous_submissions": [
        {"submission_time": "2026-11-19T17:48:37.207356-07:00", "score": "20.0", "autograder_error": False,
         "results": {"score": None, "tests": [{"name": EARLIER, "score": 5, "max_score": 5, "visibility": "hidden"}]}}
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Posted:
    """What the platform has of one run."""

    results: dict[str, Any] | None  # as it was posted; None when there was no file
    stdout: str
    seconds: float
    timed_out: bool = False
    lost: str = ""  # why the platform would not take the results
    peak_bytes: int | None = None  # of memory, all processes together; None where it cannot be measured
    killed_for_memory: int = 0  # how many processes

    @property
    def score(self) -> float:
        assert self.results is not None, self.stdout
        return float(self.results["score"])

    @property
    def everything(self) -> str:
        """All that anybody could read of the run."""
        return json.dumps(self.results, ensure_ascii=False) + self.stdout


class Gradescope:
    """One image, and a fresh run of it for each submission."""

    def __init__(self, package: Path, root: Path, venv: Path | None = None) -> None:
        """Build the image at `root`. With `venv` its Python is used, and setup.sh is not run."""
        self.root, self.venv = root, venv
        self.metadata: dict[str, Any] = {}  # what the platform says otherwise of a submission
        source = root / "source"
        source.mkdir(parents=True)
        root.chmod(0o755)
        unpack(package, source)
        shutil.copy(source / "run_autograder", root / "run_autograder")
        (root / "run_autograder").chmod(0o755)
        if venv:
            (root / "venv").symlink_to(venv)

    def setup(self, environment: Mapping[str, str]) -> None:
        """Run setup.sh as the platform does when it builds the image."""
        subprocess.run(["bash", self.root / "source" / "setup.sh"], cwd=self.root, env=dict(environment), check=True)

    def grade(
        self, files: Mapping[str, bytes] | Path, timeout: float = 600, memory_mb: int | None = None, cores: set[int] | None = None
    ) -> Posted:
        """One run: submit `files`, by name or as a folder, and return what the platform makes of it."""
        self.lay_out(files)
        results = self.root / "results" / "results.json"
        with memory_limit(memory_mb) as group, (self.root / "results" / "stdout").open("wb") as stdout:

            def start() -> None:
                if group:
                    group.enter()
                if cores:
                    os.sched_setaffinity(0, cores)

            started = time.monotonic()
            child = subprocess.Popen(
                [*as_docker(), self.root / "run_autograder"],
                cwd=self.root,
                env=self.environment(timeout),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=subprocess.STDOUT,
                preexec_fn=start if group or cores else None,
            )
            timed_out = False
            try:
                child.wait(timeout)
            except subprocess.TimeoutExpired:
                timed_out = True
                child.kill()
                child.wait()
            seconds = time.monotonic() - started
            time.sleep(LINGER)
            if timed_out:
                results.write_text(json.dumps({"score": 0, "output": "Your submission timed out."}))
            said = (self.root / "results" / "stdout").read_text(errors="replace")
            posted, lost = post(results)
            peak, killed = (group.peak(), group.killed()) if group else (None, 0)
        return Posted(posted, cut(said), seconds, timed_out, lost, peak, killed)

    def lay_out(self, files: Mapping[str, bytes] | Path) -> None:
        """What a run finds: the submission, its metadata, and a folder for the results."""
        for name in ("submission", "results"):
            subprocess.run(["rm", "-rf", self.root / name], check=True)  # however deep
            (self.root / name).mkdir()
            (self.root / name).chmod(0o755)
        if isinstance(files, Path):
            subprocess.run(["cp", "-a", f"{files}/.", self.root / "submission"], check=True)
            files = {}
        for name, content in files.items():
            path = self.root / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o644)
        metadata = self.root / "submission_metadata.json"
        metadata.write_text(json.dumps(METADATA | self.metadata))
        metadata.chmod(0o644)

    def environment(self, timeout: float) -> dict[str, str]:
        """Of a run."""
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/root", "TIMEOUT_SECONDS": f"{timeout:g}"}
        environment |= {"AUTHENTICATION_TOKEN": TOKEN, "SUBMISSION_USER": NAME}
        return environment | ({"AUTOGRADER_ROOT": str(self.root)} if self.venv else {})


def unpack(package: Path, folder: Path) -> None:
    """A zip with the modes it holds, as `unzip` gives them."""
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
        for entry in archive.infolist():
            if mode := entry.external_attr >> 16 & 0o777:
                (folder / entry.filename).chmod(mode)


def as_docker() -> list[str]:
    """A command's beginning that leaves it root with the capabilities of a default container."""
    setpriv = shutil.which("setpriv")
    kept = ",".join(f"+{name}" for name in DOCKER)
    return [setpriv, f"--bounding-set=-all,{kept}", "--inh-caps=-all"] if setpriv and os.geteuid() == 0 else []


# --- what becomes of results.json ---------------------------------------------------------------------------------------


def post(path: Path) -> tuple[dict[str, Any] | None, str]:
    """The results as they would be posted, and why they are lost if they are."""
    if not path.exists():
        return None, "there is no results.json"
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeError) as error:
        return None, f"results.json is not JSON: {error}"
    if not isinstance(results, dict):
        return None, "results.json is not an object"
    problems = [*_strange(results), *_wrong_texts(results)]
    if "score" not in results and "tests" not in results:
        problems.append("neither a score nor tests")
    return _cut_all(results), "; ".join(problems)


def _strange(value: Any, where: str = "results") -> Iterator[str]:
    """Every number that JSON has no word for, and every null."""
    if value is None:
        yield f"{where} is null"
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{where} is {value}"
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strange(item, f"{where}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strange(item, f"{where}[{index}]")


def _wrong_texts(results: dict[str, Any]) -> Iterator[str]:
    tests = results.get("tests", [])
    if not isinstance(tests, list) or not all(isinstance(test, dict) for test in tests):
        yield "tests is not a list of objects"
        return
    for entry in (results, *tests):
        for key in ("output", "name", "number", "status", "visibility", "output_format", "stdout_visibility"):
            if key in entry and not isinstance(entry[key], str):
                yield f"{key} is not a string"
        for key in ("score", "max_score", "execution_time"):
            if key in entry and (isinstance(entry[key], bool) or not isinstance(entry[key], (int, float))):
                yield f"{key} is not a number"


def _cut_all(results: dict[str, Any]) -> dict[str, Any]:
    tests = results.get("tests", [])
    for entry in [results, *(tests if isinstance(tests, list) else [])]:
        if isinstance(entry, dict) and isinstance(entry.get("output"), str):
            entry["output"] = cut(entry["output"])
    return results


def cut(text: str) -> str:
    """The middle goes when a text is too long."""
    half = LONGEST // 2 - 50
    return text if len(text) < LONGEST else f"{text[:half]}\n… cut …\n{text[-half:]}"


def main() -> int:
    package, submission = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        platform = Gradescope(package, Path(folder) / "autograder", Path(sys.prefix))
        Path(folder).chmod(0o755)
        posted = platform.grade({submission.name: submission.read_bytes()}, memory_mb=768)
    print(json.dumps(posted.results, indent=1, ensure_ascii=False))
    print(f"{posted.seconds:.1f} s, peak {(posted.peak_bytes or 0) >> 20} MB {posted.lost}\n{posted.stdout}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
