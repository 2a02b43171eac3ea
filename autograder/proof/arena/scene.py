"""An assignment full of canaries, a class of attackers and victims, and everything that could betray one that got out.

Canaries lie wherever something is worth stealing: environment, hidden tests, answers, metadata, other submissions. None may turn up in
the results, on the terminal, in a file left behind or at a listening port. What attacks try to leave behind carries the footprint.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.checks.assignment import Assignment
from autograder.confine.leftovers import OPEN_TO_ALL, remove, system_v_objects
from autograder.confine.reaper import become_subreaper, descendants, kill_descendants
from autograder.proof.arena.attack import Attack, AttackResult, valid
from autograder.proof.arena.cells import assignment_cells, attacking_cells, function_names, notebook
from autograder.proof.arena.ears import Ears
from autograder.submissions.handed_in import files_below

HURRY = {"call_seconds": 3, "cell_seconds": 4, "submission_seconds": 60, "memory_mb": 512}
PATIENCE = 20
CANARY = re.compile(rb"canary-[0-9a-f]{16}")
TOGETHER = "(all together)"
SYSTEM_V = Path("/proc/sysvipc")


@dataclass(frozen=True)
class Outcome:
    """What came of one run of the attacks."""

    attacks: list[AttackResult]
    honest: str  # all that an honest, half right submission among them was told


class Scene:
    """One folder in which everything lies that the attackers may know of."""

    def __init__(self, stack: ExitStack, assignment: Assignment) -> None:
        self.assignment = assignment
        self.canaries: dict[bytes, str] = {}
        self.footprint = f"footprint-{secrets.token_hex(8)}"
        self.breach = f"breach-{secrets.token_hex(8)}"
        self._cells = {solved: assignment_cells(assignment, solved) for solved in (False, True)}
        # Like a home folder that others may pass through; under the usual /tmp, where the graders' own files lie, too.
        self.folder = Path(tempfile.mkdtemp(prefix="attacks-"))
        stack.callback(remove, self.folder)
        self.folder.chmod(0o755)
        self.tmp = self.folder / "tmp"
        self.tmp.mkdir()
        self.tmp.chmod(0o1777)
        self.ears = Ears(stack, self.folder)
        self.left: list[Path] = []
        self.survivors: set[int] = set()

    def canary(self, where: str) -> str:
        token = f"canary-{secrets.token_hex(8)}"
        self.canaries[token.encode()] = where
        return token

    def canaries_in(self, text: bytes) -> list[str]:
        """Where the canaries in a text come from."""
        return [self.canaries[token] for token in dict.fromkeys(CANARY.findall(text)) if token in self.canaries]

    # --- what is laid out ---------------------------------------------------------------------------------------------

    def lay_out_assignment(self, root: Path) -> None:
        """Put the assignment at `root`, with little patience and a canary in each file and answer that is hidden."""
        shutil.copytree(self.assignment.root, root, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        text = (root / "assignment.toml").read_text(encoding="utf-8")
        for name, value in HURRY.items():
            text = re.sub(rf"^{name} = \d+", f"{name} = {value}", text, flags=re.MULTILINE)
        (root / "assignment.toml").write_text(text, encoding="utf-8")
        for path in root.glob("questions/*/*.py"):
            if path.stem in ("hidden_tests", "wrong_answers", "right_answers", "solution"):
                text = path.read_text(encoding="utf-8")
                if path.stem == "solution":  # in each function too, where it would travel with a stand-in
                    text = re.sub(r'"""', lambda _: f'"""{self.canary("an answer")} ', text, count=1)
                path.write_text(f'{text}\n\nCANARY = "{self.canary(f"{path.parent.name}/{path.name}")}"\n', encoding="utf-8")

    def hand_in(self, attack: Attack, folder: Path, places: dict[str, Path]) -> None:
        """Write an attack's submission into a new folder; it knows where the `places` are."""
        scene = {
            "footprint": self.footprint,
            "breach": self.breach,
            "me": attack.name,
            "functions": function_names(self.assignment),
            **self.ears.addresses,
            **{name: str(path) for name, path in places.items()},
        }
        folder.mkdir(parents=True)
        attack.write(folder, attacking_cells(self._cells[attack.solved], attack.cells, scene))

    def victim(self, seconds: float) -> str:
        """A solved notebook with a secret."""
        secret = f"SECRET = '{self.canary('another submission')}'\nopen('secret.txt', 'w').write(SECRET)"
        return notebook([*self._cells[True], secret, f"import time\ntime.sleep({seconds})"])

    def honest(self) -> str:
        """A notebook with a wrong answer, an unanswered question, and the rest right: all that there is to say about one."""
        asked = [question for question in self.assignment.questions.values() if self.assignment.wrong_answers(question)]
        wrong, name = self.assignment.wrong_answers(asked[0])[0].source, asked[-1].answers[0]
        return notebook([*self._cells[True], wrong, f"def {name}(*args, **kwargs):\n    raise NotImplementedError"])

    # --- what is watched ----------------------------------------------------------------------------------------------

    @contextmanager
    def watched(self, *folders: Path) -> Iterator[None]:
        """Note what the run leaves in these folders and those open to all, and which processes outlive it."""
        become_subreaper()
        before, mine = {*_files(folders), *_system_v_objects()}, set(descendants(os.getpid()))
        yield
        end = time.monotonic() + PATIENCE  # a folder of theirs may still be being removed
        while (survivors := set(descendants(os.getpid())) - mine) and time.monotonic() < end:
            time.sleep(0.1)
            for pid in survivors:
                with suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
        self.survivors = survivors
        for pid in survivors:
            kill_descendants(pid)
        self.left = sorted({*_files(folders), *_system_v_objects()} - before)

    def betrayed(self, said: bytes = b"", seccomp: bool = True) -> list[AttackResult]:
        """What cannot be laid to one attack: on the terminal, left behind, heard, alive. Without `seccomp` only secrets count as heard."""
        leaks = [f"{where} on the terminal" for where in self.canaries_in(said)]
        leaks += [f"left behind: {path}" for path in self.left if self._is_theirs(path)]
        for ear, words in self.ears.heard():
            if seccomp or self.canaries_in(words):
                leaks.append(f"heard by {ear}: {words[:60]!r}")
        leaks += [f"a process outlived the run: {pid}" for pid in self.survivors]
        return [AttackResult(TOGETHER, leaks=tuple(leaks))] if leaks else []

    def _is_theirs(self, path: Path) -> bool:
        if self.footprint in path.name or path.parent == self.tmp or SYSTEM_V in path.parents:
            return True
        try:
            text = path.read_bytes() if path.is_file() and path.stat().st_size < 1 << 20 else b""
        except OSError:
            return False
        of_the_assignment = "questions" in path.parts  # Python's cache of a hidden test, say
        return self.footprint.encode() in text or bool(self.canaries_in(text) and not of_the_assignment)

    # --- what is judged -----------------------------------------------------------------------------------------------

    def judge(
        self, attack: Attack, text: bytes, said: bytes = b"", victim: bytes | None = None, seccomp: bool = True
    ) -> AttackResult:
        """What an attack got, by its results, what it had printed, and the results of its victim; with `seccomp` or not."""
        questions = len(self.assignment.questions)
        try:
            found = valid(text, questions)
            lost = self.assignment.total - valid(victim, questions)["score"] if victim is not None else 0
        except (ValueError, KeyError, TypeError) as error:
            return AttackResult(attack.name, crash=f"no valid results: {type(error).__name__}: {error}")
        leaks = tuple(f"{where} in its results" for where in self.canaries_in(text + said))
        leaks += tuple(what for excused, what in self._boasts(text + said) if seccomp or not excused)
        undeserved = max(0.0, found["score"] - attack.max_score) + lost
        return AttackResult(attack.name, found["score"], undeserved, leaks, _crash(found))

    def _boasts(self, text: bytes) -> list[tuple[bool, str]]:
        """What should have been impossible, and whether that is so but for seccomp."""
        found = re.findall(rb"%b(s?) ([^\"\\]{0,200})" % self.breach.encode(), text)
        return [(bool(excused), f"it could {what.decode(errors='replace')}") for excused, what in dict.fromkeys(found)]


def _crash(found: dict[str, Any]) -> str:
    if found["extra_data"]["grader_error"]:
        return f"grader error: {found['extra_data']['staff']}"
    late = found["execution_time"] > HURRY["submission_seconds"] + PATIENCE
    return f"took {found['execution_time']} s" if late else ""


def told(text: bytes) -> str:
    """All that a student reads of results, and nothing that may differ between two runs."""
    found = json.loads(text)
    return json.dumps([found["score"], found["output"], found["tests"]], indent=1)


def _system_v_objects() -> Iterator[Path]:
    for kind, number, _ in system_v_objects():
        yield SYSTEM_V / kind / str(number)


def _files(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in map(Path, OPEN_TO_ALL):
        with suppress(OSError):
            yield from folder.iterdir()
    for folder in folders:
        yield from folder.iterdir()
        yield from files_below(folder)
