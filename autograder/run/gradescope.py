"""Gradescope's container: one submission in, one results.json out, whatever happens in between.

    run_autograder     locks the folders, and leaves results that say we failed, should nothing better follow
      main             ends the grader when its time is up, then all that is left of anybody, then puts the results in place
        run            tries the confinement out, grades, and writes its results beside the place
          the clean parent, students' processes

`main` imports nothing but the standard library before it forks: torch belongs to the grader.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.checks.outcomes import GRADER_FAILED
from autograder.confine.reaper import become_subreaper, die_with_parent, kill_descendants
from autograder.run.form import not_graded

if TYPE_CHECKING:
    from autograder.checks.assignment import Limits
    from autograder.confine.selftest import Target
    from autograder.remote.process import Workplace
    from autograder.run.session import Session

USUAL_TIMEOUT = 600.0
JUDGE_WITHIN = 0.7  # of the platform's time-out: then what is judged is judged…
END_WITHIN = 0.85  # …and here the grader itself must be done
RESERVED = 1 << 20  # bytes; the largest results have a third of it
MARGIN = 2.0  # seconds, to end the student's processes and write

GRADERS_OWN = 352 << 20  # what our processes use of the container's memory at most, one student's process without its data included
LEAST_FOR_STUDENTS = 160 << 20
CGROUP = Path("/sys/fs/cgroup")

# Whoever can do one of these could read the hidden tests or write the results.
BELOW_THE_MINIMUM = {
    "read a source",
    "list a folder",
    "write a result",
    "replace a result",
    "empty a file",
    "change a mode",
    "change an owner",
    "trace the grader",
    "open its memory",
    "open its descriptors",
    "gain privileges",
}
UNCONFINED = (
    "Not graded: the machine that Gradescope lent us cannot keep a submission's code apart from the grader, so none of it was run. "
    "This is not your fault; the staff can see why and will grade your submission again."
)


def root() -> Path:
    return Path(os.environ.get("AUTOGRADER_ROOT", "/autograder"))


def main() -> int:
    """Have the submission graded by a process of its own, and answer for its results."""
    started = time.monotonic()
    folder = root() / "results"
    judged = folder / ".judged.json"
    reserve(judged)
    tempfile.tempdir = scratch = tempfile.mkdtemp(prefix="grading-")
    os.chmod(scratch, 0o711)  # students' processes have their folders in it, and may pass
    become_subreaper()
    main = os.getpid()
    grader = os.fork()
    if grader == 0:
        die_with_parent(main)
        os._exit(_grade(started, judged))
    signal.signal(signal.SIGALRM, lambda *_: os.kill(grader, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, max(0.1, END_WITHIN * time_limit() - (time.monotonic() - started)))
    _, status = os.waitpid(grader, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        kill_descendants(os.getpid())
    except Exception:  # whoever is left could not write the results, but neither is there a reason to trust them
        traceback.print_exc()
        judged.unlink(missing_ok=True)
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        json.loads(judged.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        reason = f"The grader ended without results (wait status {status}). Its standard output may tell why."
        write(not_graded(GRADER_FAILED, reason), judged)
    os.chmod(judged, 0o644)
    os.replace(judged, folder / "results.json")
    return 0


def reserve(path: Path) -> None:
    """Take the room for the results, before a student's code can. Where there is none even now, the results that stand say so."""
    with open(path, "wb") as file:
        file.write(b" " * RESERVED)
        file.flush()
        os.fsync(file.fileno())


def write(found: dict[str, Any], path: Path) -> None:
    """Write results into the room that was taken for them. What was cut off is not JSON."""
    with open(path, "r+b" if path.exists() else "wb") as file:
        file.write(json.dumps(found, allow_nan=False, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
        file.flush()
        file.truncate()
        os.fsync(file.fileno())


def _grade(started: float, out: Path) -> int:
    """The grader, in a process of its own. What it could not do, it says in its results."""
    try:
        from autograder.submissions.reading import Readers

        readers = Readers()  # before torch is imported: a small process forks quickly
        from autograder.run.session import Session

        try:
            with Session(readers=readers) as session:
                return run(session, started, out)
        except Exception:
            traceback.print_exc()
            write(not_graded(GRADER_FAILED, traceback.format_exc()[-8000:]), out)
            return 1
    except BaseException:  # not even that much can be imported
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def run(session: Session, started: float, out: Path) -> int:
    """Grade what was submitted, and write the results once nothing of the student's is left."""
    from autograder.confine.layers import applied, protects_secrets
    from autograder.run import results
    from autograder.run.choices import choices

    left = JUDGE_WITHIN * time_limit() - MARGIN - (time.monotonic() - started)
    workplace = session.workplace(fitted(session.assignment.limits, left, container_memory()))
    layers, attempts = try_confinement(workplace)
    possible = sorted(name for name in BELOW_THE_MINIMUM if attempts.get(name) == "POSSIBLE")
    if possible or not protects_secrets(layers):
        reason = "\n".join(f"{name}: {outcome}" for name, outcome in (layers | attempts).items())
        found = not_graded(UNCONFINED, reason)
        found["extra_data"]["confinement"] = layers | attempts
    else:
        workplace.required = applied(layers)  # of every process, not of the first alone
        report = session.grade(root() / "submission", workplace)
        if report.broken:
            print(report.broken, file=sys.stderr)
            found = not_graded(GRADER_FAILED, report.broken)
        else:
            for said in report.staff:  # what staff look at first is the standard output
                print(said)
            told = choices(session.assignment, root() / "submission_metadata.json")
            found = results.gradescope(replace(report, seconds=time.monotonic() - started), told)
        found["extra_data"]["confinement"] = layers | attempts
    write(found, out)
    return 0


# --- the room there is ------------------------------------------------------------------------------------------------


def time_limit() -> float:
    """After how many seconds the platform ends the run and throws its results away."""
    try:
        return max(1.0, float(os.environ.get("TIMEOUT_SECONDS", "")))
    except ValueError:
        return USUAL_TIMEOUT


def fitted(limits: Limits, seconds: float, memory: int | None) -> Limits:
    """The assignment's limits, so that they fit the time left and the container's memory.

    No single call or cell may use up what the other questions need.
    """
    seconds = max(1.0, min(limits.submission_seconds, seconds))
    room = limits.memory_mb << 20 if memory is None else max(LEAST_FOR_STUDENTS, memory - GRADERS_OWN)
    return replace(
        limits,
        submission_seconds=seconds,
        cell_seconds=min(limits.cell_seconds, seconds / 4),
        call_seconds=min(limits.call_seconds, seconds / 8),
        memory_mb=min(limits.memory_mb, room >> 20),
    )


def container_memory(cgroup: Path = CGROUP, own: Path = Path("/proc/self/cgroup")) -> int | None:
    """The bytes of memory that this container may use in all; None where nobody set a limit."""
    files = [cgroup / "memory.max", cgroup / "memory" / "memory.limit_in_bytes"]
    for line in own.read_text().splitlines() if own.exists() else []:
        _, controllers, path = line.split(":", 2)
        for step in (Path(path.strip("/")), *Path(path.strip("/")).parents):
            if not controllers:
                files.append(cgroup / step / "memory.max")
            elif "memory" in controllers.split(","):
                files.append(cgroup / "memory" / step / "memory.limit_in_bytes")
    said = [path.read_text().strip() for path in files if path.is_file()]
    limits = [int(limit) for limit in said if limit.isdigit() and int(limit) < 1 << 50]  # version 1 writes "none" as 2^63
    return min(limits, default=None)


# --- the confinement, tried out ---------------------------------------------------------------------------------------


def try_confinement(workplace: Workplace) -> tuple[dict[str, str], dict[str, str]]:
    """What a student's process in which no student's code has run says of its layers, and what it could do all the same."""
    from autograder.confine.selftest import run_selftest
    from autograder.remote.process import Process

    process = Process(workplace)

    def spawn(target: Target) -> dict[str, str]:
        reply, _ = process.exchange({"op": "selftest", "target": asdict(target)}, [], 20)
        return dict(reply["outcomes"])

    try:
        return process.layers(), run_selftest(spawn, root() / "source", root() / "results")
    finally:
        process.end()


# --- the end of setup.sh ----------------------------------------------------------------------------------------------


def smoke() -> int:
    """Grade the untouched notebook as the platform will; 0 if that worked and every question was found not attempted."""
    import subprocess

    source = root() / "source"
    with tempfile.TemporaryDirectory() as folder:
        scene = Path(folder)
        scene.chmod(0o755)
        (scene / "venv").symlink_to(sys.prefix)
        (scene / "source").symlink_to(source)
        shutil.copytree(source / "template", scene / "submission")
        subprocess.run([source / "run_autograder"], env=os.environ | {"AUTOGRADER_ROOT": folder}, cwd=folder, check=False)
        found = json.loads((scene / "results" / "results.json").read_text(encoding="utf-8"))
    wrong = problems(found)
    for problem in wrong:
        print(f"ERROR: {problem}", file=sys.stderr)
    if not wrong:
        print(f"The untouched notebook scores 0 in {found['execution_time']} s, confined.")
    return 1 if wrong else 0


def problems(found: dict[str, Any]) -> list[str]:
    """What is wrong with the results of an untouched notebook."""
    if found["extra_data"].get("grader_error"):
        return [found["output"], *(test["output"] for test in found["tests"]), *found["extra_data"].get("staff", [])]
    wrong = [f"it scored {found['score']}"] if found["score"] != 0 else []
    if "stopped with an error" in found["output"]:
        wrong.append(found["output"])
    attempted = [test for test in found["tests"] if test["extra_data"]["status"] != "not_attempted"]
    return wrong + [f"{test['name']}: {test['output']}" for test in attempted]
