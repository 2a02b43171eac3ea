"""All attacks in one folder, graded as a class by `python -m autograder grade`, side by side with their victims."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from autograder import REPO
from autograder.checks.assignment import Assignment
from autograder.confine.layers import protects_secrets
from autograder.proof.arena.attack import Attack, AttackResult, load
from autograder.proof.arena.cells import NOTEBOOK
from autograder.proof.arena.scene import TOGETHER, Outcome, Scene, told
from autograder.run.session import Session

MEMORY = 768 << 20  # of any one process, the grader's included
HONEST = "honest"


def attack_this_machine(session: Session, attacks: Sequence[Attack] | None = None) -> Outcome | None:
    """All attacks, as this machine is; None where nothing would keep them from it: they kill, trace, write and send what they reach."""
    if not protects_secrets(session.layers()):
        return None
    return grade(session.assignment, attacks or load(), [sys.executable, "-P", "-m", "autograder"])


def grade(
    assignment: Assignment,
    attacks: Sequence[Attack],
    program: Sequence[str],
    *,
    uid: int | None = None,
    closed: bool = False,
    seccomp: bool = True,
) -> Outcome:
    """Have `program` grade the class.

    With `uid` everything belongs to that user. `closed` folders are those that no other user may enter; else they are open, and the
    confinement alone must keep attackers out. Without `seccomp` nothing keeps them silent: they may send what they have, but no secret.
    """
    with ExitStack() as stack:
        scene = Scene(stack, assignment)
        places = {name: scene.folder / name for name in ("assignment", "class", "results")}
        places["metadata"] = scene.folder / "submission_metadata.json"
        places["metadata"].write_text(scene.canary("the metadata"))
        scene.lay_out_assignment(places["assignment"])
        places["results"].mkdir()
        for attack in attacks:
            scene.hand_in(attack, places["class"] / attack.name, places)
            if attack.has_victim:
                _submit(places["class"] / f"{attack.name}_victim", scene.victim(attack.victim_seconds))
        _submit(places["class"] / HONEST, scene.honest())
        if closed:
            for path in places.values():
                path.chmod(0o700 if path.is_dir() else 0o600)
        if uid is not None:
            subprocess.run(["chown", "-hR", f"{uid}:{uid}", scene.folder], check=True)
        environment = os.environ | {
            "AUTOGRADER_ASSIGNMENT": str(places["assignment"]),
            "TMPDIR": str(scene.tmp),
            "PYTHONPATH": str(REPO),
            "GRADESCOPE_TOKEN": scene.canary("the environment"),
            "AWS_SECRET": scene.canary("the environment"),
        }
        with scene.watched(scene.tmp, places["class"], places["assignment"]):
            done = subprocess.run(
                [*program, "grade", str(places["class"]), "--out", str(places["results"]), "--jobs", "4"],
                cwd=scene.folder,
                capture_output=True,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY)),
                env=environment,
            )
        said = done.stdout + done.stderr
        found = scene.betrayed(said, seccomp)
        if done.returncode:
            found.append(AttackResult(TOGETHER, crash=f"exit status {done.returncode}: {said.decode(errors='replace')[-1500:]}"))
        results = {path.parent.name: path.read_bytes() for path in places["results"].glob("*/results.json")}
        for attack in attacks:
            victim = results.get(f"{attack.name}_victim", b"") if attack.has_victim else None
            found.append(scene.judge(attack, results.get(attack.name, b""), victim=victim, seccomp=seccomp))
        return Outcome(found, told(results[HONEST]) if HONEST in results else "")


def _submit(folder: Path, notebook: str) -> None:
    folder.mkdir()
    (folder / NOTEBOOK).write_text(notebook)
