"""A class of twelve in which everything goes wrong: the honest get what they deserve, in about the time that they take alone."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from book import Book

from autograder.checks import assignment as assignments
from autograder.proof.arena.situations import NotHere, python_for_others
from tests.confine.test_full_disk import FILLER, Disk, place  # noqa: F401 (a fixture)
from tests.submissions.test_submissions import in_a_hurry

REPO = Path(__file__).parents[2]
ASSIGNMENT = assignments.load()
HONEST = ("ana", "eva", "ida", "zoe")
BOMBS = {
    "bob_holds_threads": """\
import _thread, threading, time
threading.stack_size(1 << 15)
gate = threading.Lock()
gate.acquire()
while True:
    try:
        _thread.start_new_thread(gate.acquire, ())
    except Exception:
        time.sleep(0.01)
""",
    "cem_takes_memory": "taken = []\nwhile True:\n    taken.append(bytearray(b'x') * (64 << 20))",
    "dee_fills_the_disk": FILLER,
    "fay_never_ends": "while True:\n    pass",
    "gil_segfaults": "import ctypes\nctypes.string_at(0)",
    "hal_leaves": "import os\nos._exit(0)",
    "jan_forks": "import os\nfor _ in range(3):\n    os.fork()",
    "kim_hangs_at_exit": "import atexit, threading, time\natexit.register(time.sleep, 600)\nthreading.Thread(target=time.sleep, args=(600,)).start()",
    "lea_kills_her_grader": "",
}
# What a worker dies of is not known: it would be mended. This one dies.
DEADLY = """\
import os, signal
import autograder.run.session as s
real = s.Session._graded
def graded(self, path, *rest):
    if path.name.startswith("lea"):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, path, *rest)
s.Session._graded = graded
"""
START = """\
import sys
sys.path.insert(0, {repo!r})
from autograder.__main__ import main
from autograder.run import launch
launch.BOOT = launch.BOOT.replace("from autograder.run.launch", {boot!r})
sys.exit(main())
"""


@dataclass
class Class:
    place: Path
    python: Path

    def grade(self, out: str, *names: str, prefix: Sequence[str] = ()) -> dict[str, Any]:
        """The results of those who are named, and what was said."""
        folder = self.place / f"class-{out}"
        for name in names:
            (folder / name).mkdir(parents=True)
            book = Book(ASSIGNMENT)
            book.insert(next((cell for bomb, cell in BOMBS.items() if name.startswith(bomb)), "pass"))
            book.save(folder / name / "vae.ipynb")
            if name.startswith("mia"):  # a string of quotes that never ends
                (folder / name / "vae.ipynb").write_text('{"nbformat": 4, "cells": ["' + '\\"' * 20_000)
        code = START.format(repo=str(REPO), boot=f"exec({DEADLY!r}); from autograder.run.launch")
        environment = os.environ | {"AUTOGRADER_ASSIGNMENT": str(self.place / "assignment"), "TMPDIR": str(self.place / "tmp")}
        command = [*prefix, self.python, "-P", "-c", code, "grade", folder, "--out", self.place / out, "--jobs", "2"]
        done = subprocess.run(command, cwd=self.place, env=environment, capture_output=True, text=True)
        self.said, self.code = done.stdout + done.stderr, done.returncode
        return {path.parent.name: json.loads(path.read_text()) for path in (self.place / out).glob("*/results.json")}


@pytest.mark.parametrize("situation", ["kept uid", "own uid"])
def test_the_honest_get_their_full_score_in_about_the_time_they_take_alone(situation: str, place: Path) -> None:  # noqa: F811
    Disk(place / "tmp", "size=256m")
    in_a_hurry(place / "assignment")
    try:
        if situation == "kept uid":
            _seen(Class(place, Path(sys.executable)))
        else:
            with python_for_others() as python:
                _seen(Class(place, python / "bin" / "python"))
    except NotHere as why:
        pytest.skip(str(why))


def _seen(them: Class) -> None:
    alone = them.grade("alone", *HONEST)
    assert them.code == 0 and [alone[name]["score"] for name in HONEST] == [100] * len(HONEST), them.said
    found = them.grade("together", *sorted((*HONEST, *BOMBS, "mia_quotes")))
    assert len(found) == len(HONEST) + len(BOMBS) + 1
    assert [found[name]["score"] for name in HONEST] == [100] * len(HONEST), them.said
    usual = max(alone[name]["execution_time"] for name in HONEST)
    for name in HONEST:  # twice would do on a quiet machine
        assert found[name]["execution_time"] < 4 * usual + 5
    broken = [name for name in found if found[name]["extra_data"]["grader_error"]]
    assert broken == ["lea_kills_her_grader"] and them.code == 1
    assert "lea_kills_her_grader could not be graded" in them.said
    assert not list((them.place / "tmp").iterdir())


FEW_PIDS = ["unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", 'echo 1500 > /proc/sys/kernel/pid_max && exec "$@"', "sh"]


def test_who_holds_every_thread_that_there_may_be_pays_alone(place: Path) -> None:  # noqa: F811
    """In a place of its own, with few of them: others need a process each moment."""
    kernel = tuple(map(int, re.findall(r"\d+", platform.release())[:2]))
    if (
        kernel < (6, 14) or subprocess.run([*FEW_PIDS, "true"], capture_output=True).returncode
    ):  # before, there was one limit for all
        pytest.skip("no such place can be made here")
    (place / "tmp").mkdir(mode=0o755)
    in_a_hurry(place / "assignment")
    holders = ("bob_holds_threads", "bob_holds_threads_too")
    them = Class(place, Path(sys.executable))
    found = them.grade("out", *HONEST, *holders, prefix=FEW_PIDS)
    assert them.code == 0 and [found[name]["score"] for name in HONEST] == [100] * len(HONEST), them.said
    if found["ana"]["extra_data"]["confinement"]["user"] != "applied":  # else its uid has a limit
        assert all("threads at once" in found[name]["output"] for name in holders)
