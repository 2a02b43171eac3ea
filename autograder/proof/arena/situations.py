"""Every attack in each kind of machine that a grader may find itself on: `python -m autograder.proof.arena.situations [NAME]…`, as root.

Prints a line for each, and what got through. An honest submission among the attackers must be told the same everywhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from autograder.authors import build
from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment
from autograder.confine.layers import closed_to_others
from autograder.confine.reaper import pick_uid
from autograder.pieces import archive
from autograder.proof.arena import classroom, image
from autograder.proof.arena.attack import Attack, load, summary
from autograder.proof.arena.scene import Outcome
from autograder.proof.arena.start import command


class NotHere(Exception):
    """This situation cannot be made on this machine; the message says why."""


@dataclass(frozen=True)
class Situation:
    """A kind of machine."""

    says: str
    open_python: bool = True  # an interpreter that other users can run; else this one, which may lie under a closed /root
    ordinary: bool = False  # the grader is not root
    docker: bool = False  # Docker's default capabilities and system-call filter
    without: tuple[str, ...] = ()  # layers that the kernel does not offer
    old_landlock: bool = False  # its first version, of Linux 5.13: without truncation, network, signals
    gradescope: bool = False  # through run_autograder

    def run(self, assignment: Assignment, attacks: Sequence[Attack]) -> Outcome:
        with python_for_others() if self.open_python else _ours() as python:
            if self.gradescope:
                with tempfile.TemporaryDirectory() as folder:
                    package = Path(folder) / "autograder.zip"
                    package.write_bytes(archive.zipped(build.make(assignment).autograder, build.EXECUTABLE))
                    return image.grade(assignment, attacks, package, python, landlock="landlock" not in self.without)
            uid = pick_uid() if self.ordinary else None
            options = ["--docker"] if self.docker else []
            options += [f"--as={uid}"] if uid else []
            options += [f"--without={layer}" for layer in self.without]
            options += ["--landlock=1"] if self.old_landlock else []
            program = command(python / "bin" / "python", *options)
            closed, seccomp = "landlock" in self.without, "seccomp" not in self.without
            return classroom.grade(assignment, attacks, program, uid=uid, closed=closed, seccomp=seccomp)


SITUATIONS = {
    "own-uid": Situation("root, with a Python that others can run"),
    "kept-uid": Situation("root, with a Python in a private folder", open_python=False, without=("user",)),
    "ordinary-user": Situation("an ordinary user", ordinary=True),
    "old-landlock": Situation("an ordinary user of Linux 5.13", ordinary=True, old_landlock=True),
    "docker": Situation("root in a default container", docker=True),
    "no-landlock": Situation("root, a kernel without Landlock, secrets closed to others", without=("landlock",)),
    "no-seccomp": Situation("root, a kernel without seccomp: files and points, not packets", without=("seccomp",)),
    "gradescope": Situation("run_autograder on Gradescope", gradescope=True),
    "gradescope-no-landlock": Situation("the same, a kernel without Landlock", gradescope=True, without=("landlock",)),
}


@contextmanager
def python_for_others() -> Iterator[Path]:
    """An environment whose interpreter any user can run, with the packages of ours."""
    packages = Path(sysconfig.get_path("purelib"))
    system = Path(f"/usr/bin/python3.{sys.version_info.minor}")
    if closed_to_others(packages):
        raise NotHere("no other user can read the installed packages")
    if not closed_to_others(Path(sys.base_prefix) / "lib"):
        yield Path(sys.prefix)
        return
    if not system.exists():
        raise NotHere("there is no interpreter of our version that other users can run")
    folder = Path(tempfile.mkdtemp(prefix="open-python-"))
    try:
        folder.chmod(0o755)
        subprocess.run([system, "-m", "venv", "--without-pip", folder], check=True)
        (folder / "lib" / f"python3.{sys.version_info.minor}" / "site-packages" / "ours.pth").write_text(f"{packages}\n")
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _ours() -> Iterator[Path]:
    yield Path(sys.prefix)


def main(names: Sequence[str]) -> int:
    if os.geteuid() != 0 or sys.platform != "linux":
        print("Only root on Linux can put itself into all these situations.", file=sys.stderr)
        return 2
    assignment, attacks = assignments.load(), load()
    failed = False
    told = ""
    for name in names or SITUATIONS:
        situation, started = SITUATIONS[name], monotonic()
        try:
            found = situation.run(assignment, attacks)
        except NotHere as why:
            print(f"{name:24} not tried here: {why}", flush=True)
            continue
        told = told or found.honest
        print(f"{name:24} {summary(found.attacks)}   {monotonic() - started:4.0f} s   {situation.says}", flush=True)
        for result in found.attacks:
            if not result.held:
                print(f"    MISS: {result}", flush=True)
        if found.honest != told:
            print(f"    MISS: an honest submission was told something else:\n{found.honest}", flush=True)
        failed |= found.honest != told or not all(result.held for result in found.attacks)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
