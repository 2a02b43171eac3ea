"""Each attack graded by the built `run_autograder` in a local Gradescope, one after another in the same image, cold.

A container holds one submission, so there are no victims beside the attackers here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

from autograder.checks.assignment import Assignment
from autograder.confine.leftovers import remove
from autograder.proof.arena.attack import Attack, AttackResult
from autograder.proof.arena.cells import NOTEBOOK
from autograder.proof.arena.scene import CANARY, Outcome, Scene, told
from autograder.proof.local_gradescope import SECRETS, Gradescope, Posted

TIMEOUT = 100  # seconds
IMAGES = 2  # at work side by side: attacks wait more than they work
NO_LANDLOCK = '\n\ndef syscall(*_: object) -> int:\n    raise OSError("not in this kernel")\n'


def grade(assignment: Assignment, attacks: Sequence[Attack], package: Path, python: Path, landlock: bool = True) -> Outcome:
    """Grade them with `package`, the built zip, by the environment `python`. Without `landlock` the kernel seems to have none."""
    with ExitStack() as stack:
        scene = Scene(stack, assignment)
        scene.canaries |= dict.fromkeys(CANARY.findall(" ".join(SECRETS).encode()), "the platform's secrets")
        images: SimpleQueue[Gradescope] = SimpleQueue()
        for number in range(IMAGES):
            image = Gradescope(package, scene.folder / f"autograder-{number}", python)
            scene.lay_out_assignment(image.root / "source" / "files" / "assignment")
            if not landlock:
                with (image.root / "source" / "files" / "autograder" / "confine" / "landlock.py").open("a") as module:
                    module.write(NO_LANDLOCK)
            images.put(image)

        def run(attack: Attack) -> AttackResult:
            image = images.get()
            try:
                return _judge(scene, attack, image)
            finally:
                images.put(image)

        with scene.watched(scene.tmp):
            with ThreadPoolExecutor(IMAGES) as pool:
                found = list(pool.map(run, attacks))
            honest = images.get().grade({NOTEBOOK: scene.honest().encode()}, TIMEOUT)
        return Outcome([*scene.betrayed(), *found], told(json.dumps(honest.results).encode()) if honest.results else "")


def _judge(scene: Scene, attack: Attack, image: Gradescope) -> AttackResult:
    places = {
        "assignment": image.root / "source" / "files" / "assignment",
        "class": image.root / "submission",
        "results": image.root / "results",
        "metadata": image.root / "submission_metadata.json",
    }
    desk = image.root.with_name(f"{image.root.name}-desk")  # laid out as the classroom is: some attacks lean on that
    desk.mkdir()
    (desk / "assignment").symlink_to(places["assignment"])
    scene.hand_in(attack, desk / "class" / attack.name, places)
    posted: Posted = image.grade(desk / "class" / attack.name, TIMEOUT)
    remove(desk)
    if posted.lost or posted.timed_out:
        return AttackResult(attack.name, crash=posted.lost or "timed out")
    return scene.judge(attack, json.dumps(posted.results).encode(), posted.stdout.encode())
