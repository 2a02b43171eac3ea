"""The attacks of `tests/attacks` on stock otter and on our grader, side by side: `python -m tests.benchmarks.side_by_side [NAME]…`.

Tried are those whose `attack.py` says what they get from otter: points, a hidden test, or no results at all. Both graders are given
the same submissions and judge them with the same zip. An attack that gets nothing from otter either would prove nothing about us, so
the exit status is 0 only where each got from otter what it says, and nothing from us.

Nothing confines student code in otter. What is tried there changes only the folders of its own run, and ends no process but its own grader.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograder import REPO
from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment
from autograder.confine.reaper import become_subreaper, kill_descendants
from autograder.proof.arena.attack import Attack, load, valid
from autograder.proof.arena.cells import assignment_cells, attacking_cells, function_names

ZIP = REPO / "dist" / "autograder.zip"
HIDDEN = b"_average_log_ratio"  # a name that stands in the hidden tests alone
PATIENCE = 40  # seconds; a notebook that lets it takes otter six, or ten beside another
MOMENT = 0.5  # seconds until a platform reads the results of a grader that has ended
TOGETHER = 2  # submissions at a time
NOTHING, POINTS, A_HIDDEN_TEST, NO_RESULTS = "nothing", "points", "a hidden test", "no results"


@dataclass(frozen=True)
class Got:
    """What an attack got from one grader, and that with a number."""

    kind: str
    words: str


@dataclass(frozen=True)
class Room:
    """Where everything lies, laid out as in the arena: both graders write results/NAME/results.json for class/NAME."""

    folder: Path

    @property
    def grader(self) -> Path:
        """The zip's files, unpacked: what we grade with."""
        return self.folder / "zip" / "files"

    def submission(self, attack: Attack) -> Path:
        return self.folder / "class" / attack.name

    def results(self, attack: Attack) -> Path:
        return self.folder / "results" / attack.name / "results.json"

    def hand_in(self, attack: Attack, assignment: Assignment) -> None:
        scene = {  # no ports, no metadata: nothing that is tried here asks for them
            "footprint": "footprint",
            "me": attack.name,
            "functions": function_names(assignment),
            "breach": "breach",
            "assignment": str(assignment.root),
            "class": str(self.folder / "class"),
            "results": str(self.folder / "results"),
        }
        self.submission(attack).mkdir(parents=True)
        cells = assignment_cells(assignment, attack.solved)
        attack.write(self.submission(attack), attacking_cells(cells, attack.cells_for_otter, scene))

    def said(self, command: list[str], cwd: Path, seconds: float | None = None) -> bytes:
        """All that a grader wrote on the terminal in its time. What outlives it is given a moment, then ended."""
        become_subreaper()
        tmp = Path(tempfile.mkdtemp(dir=self.folder))
        environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "AUTOGRADER_ASSIGNMENT")}
        environment |= {"HOME": str(tmp), "TMPDIR": str(tmp)}  # so that nothing of it lies anywhere else
        # A file, not a pipe, which would be read until all that hold it have ended.
        with (tmp / "terminal").open("wb") as file, suppress(subprocess.TimeoutExpired):
            subprocess.run(
                [sys.executable, *command],
                cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file, timeout=seconds, check=False,
            )  # fmt: skip
        time.sleep(MOMENT)
        kill_descendants(os.getpid())
        return (tmp / "terminal").read_bytes()


def main(names: Sequence[str]) -> int:
    if not ZIP.exists():
        print("Build first: python -m autograder build", file=sys.stderr)
        return 2
    started, missed = time.monotonic(), []
    attacks = [attack for attack in load(names) if attack.gets_from_otter]
    print(f"{'attack':28}{'stock otter':18}{'ours':18}{'otter gives, we say':21}what it tries")
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as folder:
        os.chmod(folder, 0o755)  # the confinement alone must keep attackers out
        room = Room(Path(folder))
        shutil.unpack_archive(ZIP, room.grader.parent)
        assignment = assignments.load(room.grader / "assignment")
        for attack in attacks:
            room.hand_in(attack, assignment)
        ours = by_us(room, attacks, len(assignment.questions))
        with ProcessPoolExecutor(TOGETHER) as pool:
            theirs = pool.map(by_otter, [room] * len(attacks), [attack.name for attack in attacks])
            for attack, otter, own in zip(attacks, theirs, ours, strict=True):
                tries = textwrap.shorten(attack.says, 70, placeholder=" …")
                print(f"{attack.name:28}{otter.words:18}{own.words:18}{attack.gets_from_otter:21}{tries}", flush=True)
                if otter.kind != attack.gets_from_otter:
                    missed.append(f"{attack.name} got {otter.kind} from otter")
                if own.kind != NOTHING:
                    missed.append(f"{attack.name} got {own.kind} from us")
    print(f"{len(attacks)} attacks in {time.monotonic() - started:.0f} s, {len(missed)} surprises", *missed, sep="\n")
    return 1 if missed else 0


def by_us(room: Room, attacks: Sequence[Attack], questions: int) -> list[Got]:
    """What all of them get from us, graded as one class; what is on the terminal, they have all got."""
    command = ["-m", "autograder", "grade", str(room.folder / "class"), "--out", str(room.folder / "results")]
    said = room.said([*command, "--jobs", str(TOGETHER)], room.grader)
    found = []
    for attack in attacks:
        try:
            text = room.results(attack).read_bytes()
            found.append(_got(attack, valid(text, questions)["score"], said + text))
        except (OSError, ValueError, KeyError, TypeError):
            found.append(Got(NO_RESULTS, "no valid results"))
    shutil.rmtree(room.folder / "results", ignore_errors=True)
    return found


def by_otter(room: Room, name: str) -> Got:
    """What one attack, given by its name since modules do not travel between processes, gets from otter."""
    [attack] = load([name])
    results = room.results(attack)
    results.parent.mkdir(parents=True)
    file = _one_file(room.submission(attack))
    said = room.said(
        ["-m", "otter", "run", "--no-logo", "-a", str(ZIP), "-o", str(results.parent), str(file)], room.folder, PATIENCE
    )
    if not results.exists():
        return Got(NO_RESULTS, NO_RESULTS)
    text = results.read_bytes()
    found = json.loads(text)
    return _got(attack, float(found.get("score", sum(test.get("score", 0) for test in found["tests"]))), said + text)


def _got(attack: Attack, score: float, told: bytes) -> Got:
    """By the score, and by all that was told."""
    if score > attack.max_score:
        return Got(POINTS, f"{score:g} points")
    if HIDDEN in told:
        return Got(A_HIDDEN_TEST, A_HIDDEN_TEST)
    return Got(NOTHING, f"{score:g} points")


def _one_file(submission: Path) -> Path:
    """The notebook, or a zip of all that was handed in with it: otter takes no folder."""
    files = list(submission.iterdir())
    return files[0] if len(files) == 1 else Path(shutil.make_archive(str(submission), "zip", submission))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
