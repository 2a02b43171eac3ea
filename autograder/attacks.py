"""The attacks of `tests/attacks`, graded as one class by the real program, and what came of each.

An attack is a folder with an `attack.py`. Its docstring says what is tried, and it holds

    CELLS       sources added after those of the notebook (none: []); SCENE tells them where everything lies, tell() reveals loot
    BASE        "blank" (the default), the notebook as students get it, or "solved"
    MAX_SCORE   what it must not exceed; 0 unless said otherwise
    VICTIM      True: an honest, solved submission is graded beside it, and must get every point
    build       instead of a plain notebook: build(folder, cells) writes the submission itself

Canaries lie wherever something is worth stealing: environment, hidden tests, answers, metadata, other submissions. None may turn
up in the results, on the terminal, in a file left behind or at a listening port. What attacks try to leave behind carries FOOTPRINT.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import re
import resource
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder import stub
from autograder.assignment import Assignment
from autograder.confinement import protects_secrets
from autograder.process import Process, remove
from autograder.reaper import _descendants, become_subreaper, kill_descendants
from autograder.session import Session
from autograder.submission import files_below

REPO = Path(__file__).resolve().parent.parent
FOLDER = REPO / "tests" / "attacks"
HURRY = {"call_seconds": 3, "cell_seconds": 4, "submission_seconds": 60, "memory_mb": 512}
MEMORY = 768 << 20  # of any one process, the grader's included
PATIENCE = 20
CANARY = re.compile(rb"canary-[0-9a-f]{16}")
OPEN_TO_ALL = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path("/run/lock")]
OUTCOMES = {"passed", "failed", "not_attempted", "crashed", "timed_out", "out_of_memory", "missing"}

PREAMBLE = """\
# Assignment: {slug} {version}
import math
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
"""
# Loot reaches the thief through what students are shown: the message of an exception.
TOOLS = """\
import re as _re

SCENE = {scene!r}
FOOTPRINT = SCENE["footprint"]
LOOT = []

def tell(found):
    text = found if isinstance(found, bytes) else str(found).encode("utf-8", "replace")
    canaries = set(_re.findall(rb"canary-[0-9a-f]{{16}}", text))
    LOOT.append(b" ".join(canaries) or b"loot: " + text[:100])
"""
REVEAL = """\
def _reveal(*_, **__):
    raise RuntimeError(b" ".join(sorted(set(LOOT), key=lambda found: b"canary" not in found)).decode("utf-8", "replace"))

if LOOT:
    for _name in SCENE["functions"]:
        globals()[_name] = _reveal
"""


@dataclass(frozen=True)
class AttackResult:
    """What an attack got."""

    name: str
    says: str
    score: float = 0.0
    undeserved: float = 0.0  # points above what it may have, or taken from its victim
    leaks: tuple[str, ...] = ()
    crash: str = ""

    @property
    def held(self) -> bool:
        return not (self.undeserved or self.leaks or self.crash)

    def __str__(self) -> str:
        what = [f"{self.undeserved:g} undeserved points" if self.undeserved else "", *self.leaks, self.crash]
        return f"{self.name}: {'; '.join(filter(None, what)) or 'held'}"


def summary(results: Sequence[AttackResult]) -> str:
    undeserved = sum(result.undeserved for result in results)
    leaks, crashes = sum(len(result.leaks) for result in results), sum(bool(result.crash) for result in results)
    return f"{len(results)} attacks: undeserved points {undeserved:g}, leaks {leaks}, crashes {crashes}"


def names(folder: Path = FOLDER) -> list[str]:
    return sorted(path.parent.name for path in folder.glob("*/attack.py"))


def run_attacks(
    session: Session, folder: Path = FOLDER, jobs: int = 2, only: Iterable[str] = (), program: Sequence[str] = ()
) -> list[AttackResult]:
    """Grade all attacks (or `only` these) in one run of the program.

    Nothing happens where there are none, nor where nothing would keep them from this machine: they kill, trace, write and send what
    they can reach. `program` starts the grader in another situation, for which the caller answers.
    """
    chosen = [name for name in names(folder) if not only or name in set(only)]
    if not chosen or not (program or _is_safe(session)):
        return []
    with ExitStack() as stack:
        scene = Scene(stack, session.assignment, {name: load(folder / name) for name in chosen})
        done = scene.run(program or [sys.executable, "-P", "-m", "autograder"], jobs)
        return scene.judge(done)


def _is_safe(session: Session) -> bool:
    workplace = session.workplace()
    process = Process(workplace)
    try:
        reply, _ = process.exchange({"op": "hello"}, [], 20)
        return protects_secrets(dict(reply["confinement"])) and reply["confinement"]["seccomp"] == "applied"
    finally:
        process.end()
        workplace.channel.close()


def load(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"attack_{folder.name}", folder / "attack.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    spec.loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


def notebook(cells: Iterable[str], **more: Any) -> str:
    """A notebook file of these code cells."""
    made: list[dict[str, Any]] = [
        {"cell_type": "code", "id": f"cell-{i}", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for i, source in enumerate(cells)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made} | more)


def base_cells(assignment: Assignment, solved: bool) -> list[str]:
    """The code of the notebook, as students get it or solved."""
    found = [PREAMBLE.format(slug=assignment.slug, version=assignment.version)]
    for question in assignment.questions.values():
        found += stub.cells(question.source("given.py"))
        for cell in stub.cells(question.source("solution.py")):
            found.append(stub.answer(cell) if solved else stub.stub(cell, question.number))
    return found


class Scene:
    """A class of attackers and victims, an assignment full of canaries, and ears for whatever gets out."""

    def __init__(self, stack: ExitStack, assignment: Assignment, attacks: dict[str, ModuleType]) -> None:
        self.assignment, self.attacks = assignment, attacks
        self.canaries: dict[bytes, str] = {}
        self.footprint = f"footprint-{secrets.token_hex(8)}"
        # Like a home folder that others may pass through; under the usual /tmp, where the graders' own files lie, too.
        self.folder = Path(tempfile.mkdtemp(prefix="attacks-"))
        stack.callback(remove, self.folder)
        self.folder.chmod(0o755)
        self.tmp, self.students, self.results = (self.folder / name for name in ("tmp", "class", "results"))
        for folder in (self.tmp, self.students):
            folder.mkdir()
        self.tmp.chmod(0o1777)
        self.ears = stack.enter_context(_listening(self.folder))
        self._lay_out_assignment()
        self.metadata = self.folder / "submission_metadata.json"
        self.metadata.write_text(json.dumps({"users": [{"email": self.canary("the metadata")}]}))
        self._hand_in()

    def canary(self, where: str) -> str:
        token = f"canary-{secrets.token_hex(8)}"
        self.canaries[token.encode()] = where
        return token

    def _lay_out_assignment(self) -> None:
        self.root = self.folder / "assignment"
        shutil.copytree(self.assignment.root, self.root, ignore=shutil.ignore_patterns("__pycache__"))
        text = (self.root / "assignment.toml").read_text(encoding="utf-8")
        for name, value in HURRY.items():
            text = re.sub(rf"^{name} = \d+", f"{name} = {value}", text, flags=re.MULTILINE)
        (self.root / "assignment.toml").write_text(text, encoding="utf-8")
        for path in self.root.glob("questions/*/*.py"):
            kind = path.stem
            if kind in ("hidden_tests", "wrong_answers", "right_answers", "solution"):
                text = path.read_text(encoding="utf-8")
                if kind == "solution":  # in each function too, where it would travel with a stand-in
                    text = re.sub(r'"""', lambda _: f'"""{self.canary("an answer")} ', text, count=1)
                path.write_text(f'{text}\n\nCANARY = "{self.canary(f"{path.parent.name}/{path.name}")}"\n', encoding="utf-8")

    def _hand_in(self) -> None:
        blank, solved = (base_cells(self.assignment, solved) for solved in (False, True))
        scene = {
            "footprint": self.footprint,
            "assignment": str(self.root),
            "class": str(self.students),
            "results": str(self.results),
            "metadata": str(self.metadata),
            "functions": [name for q in self.assignment.questions.values() for name in q.answers if not re.match(r"q\d", name)],
            **self.ears.addresses,
        }
        for name, attack in self.attacks.items():
            base = solved if getattr(attack, "BASE", "blank") == "solved" else blank
            tools = TOOLS.format(scene=scene | {"me": name})
            cells = [base[0], tools, *base[1:], *getattr(attack, "CELLS", []), REVEAL]
            (self.students / name).mkdir()
            if hasattr(attack, "build"):
                attack.build(self.students / name, cells)
            else:
                (self.students / name / "vae.ipynb").write_text(notebook(cells))
            if getattr(attack, "VICTIM", False):
                (self.students / f"{name}_victim").mkdir()
                secret = f"SECRET = '{self.canary('another submission')}'\nopen('secret.txt', 'w').write(SECRET)"
                wait = f"import time\ntime.sleep({getattr(attack, 'VICTIM_SECONDS', 1.5)})"
                (self.students / f"{name}_victim" / "vae.ipynb").write_text(notebook([*solved, secret, wait]))

    def run(self, program: Sequence[str], jobs: int) -> subprocess.CompletedProcess[bytes]:
        before = {path for folder in OPEN_TO_ALL if folder.is_dir() for path in folder.iterdir()} | set(self._files())
        become_subreaper()
        started = time.monotonic()
        mine = set(_descendants(os.getpid(), set()))
        done = subprocess.run(
            [*program, "grade", str(self.students), "--out", str(self.results), "--jobs", str(jobs)],
            cwd=self.folder,
            capture_output=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY)),
            env=os.environ
            | {"AUTOGRADER_ASSIGNMENT": str(self.root), "TMPDIR": str(self.tmp), "PYTHONPATH": str(REPO)}
            | {"GRADESCOPE_TOKEN": self.canary("the environment"), "AWS_SECRET": self.canary("the environment")},
        )
        self.seconds = time.monotonic() - started
        end = time.monotonic() + PATIENCE  # a folder of theirs may still be being removed
        while (survivors := set(_descendants(os.getpid(), set())) - mine) and time.monotonic() < end:
            time.sleep(0.1)
            for pid in survivors:
                with suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
        self.survivors = survivors
        for pid in self.survivors:
            kill_descendants(pid)
        after = {path for folder in OPEN_TO_ALL if folder.is_dir() for path in folder.iterdir()} | set(self._files())
        self.left = sorted(after - before)
        return done

    def _files(self) -> Iterator[Path]:
        for folder in (self.tmp, self.students, self.root):
            yield from folder.iterdir()
            yield from files_below(folder)

    def judge(self, done: subprocess.CompletedProcess[bytes]) -> list[AttackResult]:
        crash = (
            ""
            if done.returncode == 0
            else f"the program ended with {done.returncode}: {done.stderr.decode(errors='replace')[-1500:]}"
        )
        found = [self._judge_one(name) for name in self.attacks]
        everybody = [f"{self.canaries[token]} on the terminal" for token in self._canaries_in(done.stdout + done.stderr)]
        for path in self.left:
            theirs = self.folder not in path.parents
            if self.footprint in path.name or (not theirs and path.parent == self.tmp) or self._marked(path):
                everybody.append(f"left behind: {path}")
        everybody += [f"heard by {ear}: {said[:60]!r}" for ear, said in self.ears.heard()]
        everybody += [f"a process outlived the run: {pid}" for pid in self.survivors]
        if everybody or crash:
            found.append(AttackResult("(all together)", "what cannot be laid to one attack", leaks=tuple(everybody), crash=crash))
        return found

    def _marked(self, path: Path) -> bool:
        try:
            text = path.read_bytes() if path.is_file() and path.stat().st_size < 1 << 20 else b""
        except OSError:
            return False
        return self.footprint.encode() in text or bool(self._canaries_in(text) and self.root not in path.parents)

    def _judge_one(self, name: str) -> AttackResult:
        attack = self.attacks[name]
        says = " ".join((attack.__doc__ or "").split())
        may = getattr(attack, "MAX_SCORE", 0)
        try:
            text = (self.results / name / "results.json").read_bytes()
            found = valid(json.loads(text, parse_constant=_refuse), len(self.assignment.questions))
        except (OSError, ValueError, KeyError, TypeError) as error:
            return AttackResult(name, says, crash=f"no valid results: {type(error).__name__}: {error}")
        leaks = [f"{self.canaries[token]} in its results" for token in self._canaries_in(text)]
        undeserved = max(0.0, found["score"] - may)
        victim = self.results / f"{name}_victim" / "results.json"
        if getattr(attack, "VICTIM", False):
            try:
                theirs = valid(json.loads(victim.read_bytes()), len(self.assignment.questions))
                undeserved += self.assignment.total - theirs["score"]
            except (OSError, ValueError, KeyError, TypeError) as error:
                return AttackResult(name, says, found["score"], crash=f"its victim has no valid results: {error}")
        crash = f"grader error: {found['extra_data']['staff']}" if found["extra_data"]["grader_error"] else ""
        if found["execution_time"] > HURRY["submission_seconds"] + PATIENCE:
            crash = f"took {found['execution_time']} s"
        return AttackResult(name, says, found["score"], undeserved, tuple(leaks), crash)

    def _canaries_in(self, text: bytes) -> list[bytes]:
        return [token for token in dict.fromkeys(CANARY.findall(text)) if token in self.canaries]


def valid(found: dict[str, Any], questions: int) -> dict[str, Any]:
    """The results, if they are what the platform reads and every question is in them."""
    if type(found["output"]) is not str or not math.isfinite(found["score"]) or len(found["tests"]) != questions:
        raise ValueError("results without their form")
    for test in found["tests"]:
        if test["score"] > test["max_score"] or test["score"] < 0 or type(test["output"]) is not str:
            raise ValueError("a test without its form")
    if None in found.values() or not math.isclose(found["score"], sum(test["score"] for test in found["tests"])):
        raise ValueError("the score is not the sum of the tests'")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


class Ears:
    """Sockets that nobody should reach."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self._udp.bind(("127.0.0.1", 0))
        self._unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        path, abstract = str(folder / "socket"), f"\0{secrets.token_hex(8)}"
        self._unix.bind(path)
        os.chmod(path, 0o777)
        self._abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        self._abstract.bind(abstract)
        for ear in (self._tcp, self._udp, self._unix, self._abstract):
            ear.setblocking(False)
        self._unix.listen()
        self._abstract.listen()
        self.addresses = {
            "tcp": self._tcp.getsockname()[1], "udp": self._udp.getsockname()[1], "unix": path, "abstract": abstract,
        }  # fmt: skip

    def heard(self) -> Iterator[tuple[str, bytes]]:
        for name, ear in (
            ("TCP", self._tcp),
            ("UDP", self._udp),
            ("a Unix socket", self._unix),
            ("an abstract one", self._abstract),
        ):
            try:
                if name == "UDP":
                    yield name, ear.recv(1000)
                else:
                    with ear.accept()[0] as caller:
                        yield name, caller.recv(1000)
            except OSError:
                continue


@contextmanager
def _listening(folder: Path) -> Iterator[Ears]:
    with ExitStack() as stack:
        yield Ears(stack, folder)
