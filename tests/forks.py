"""What the tests of the confinement share: a place to work, and attacks made in a forked child."""

import ctypes
import json
import os
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.confine import landlock, seccomp
from autograder.confine import layers as confinement
from autograder.confine.layers import Policy, confine
from autograder.confine.reaper import pick_uid

UID = pick_uid()  # not a fixed one: several runs may go on at once
confinement.python_folders()  # asked once, while everything can be read
MACHINE = seccomp.this_machine()
libc = ctypes.CDLL(None, use_errno=True)


def has_landlock() -> bool:
    try:
        return landlock.abi() > 0
    except OSError:
        return False


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change uids")
needs_landlock = pytest.mark.skipif(not has_landlock(), reason="no Landlock in this kernel")
needs_x86 = pytest.mark.skipif(seccomp.MACHINES["x86_64"] != MACHINE, reason="the numbers are x86_64's")


@contextmanager
def workplace() -> Iterator[Policy]:
    """A policy that keeps the uid, in a folder that every uid can pass through, unlike pytest's own."""
    area = Path(tempfile.mkdtemp(prefix="confinement-"))
    area.chmod(0o755)
    workdir = area / "work"
    workdir.mkdir()
    yield Policy(workdir, (), None, memory_bytes=1 << 30, cpu_seconds=20, processes=32, file_bytes=1 << 20)
    shutil.rmtree(area)


def with_own_uid(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> Policy:
    """This interpreter passes for readable, wherever it lies."""
    if os.geteuid() != 0:
        pytest.skip("only root can change uids")
    monkeypatch.setattr(confinement, "closed_to_others", lambda *_, **__: None)
    return replace(policy, uid=UID)


def without(policy: Policy, *layers: str) -> Policy:
    return replace(policy, disable=frozenset(layers))


def in_child(work: Callable[[], Any], prepare: Callable[[int], Any] = lambda wire: None) -> Any:
    """What `work` returns in a forked child that called `prepare` first; raises what it raised, or how it died."""
    ours, theirs = os.pipe()
    if (pid := os.fork()) == 0:
        signal.alarm(20)  # whatever goes wrong
        try:
            prepare(theirs)
            answer = {"value": work()}
        except BaseException as error:
            answer = {"error": traceback.format_exc(), "errno": getattr(error, "errno", None)}
        os.write(theirs, json.dumps(answer).encode())
        os._exit(0)
    os.close(theirs)
    with open(ours, "rb") as wire:
        received = wire.read()
    _, status = os.waitpid(pid, 0)
    if not received:
        raise ChildProcessError(os.waitstatus_to_exitcode(status), "died")
    answer = json.loads(received)
    if "error" in answer:
        raise OSError(answer["errno"], answer["error"])
    return answer["value"]


def confined(policy: Policy, work: Callable[[], Any], before: Callable[[], Any] = lambda: None) -> Any:
    return in_child(work, lambda wire: (before(), confine(policy, (wire,))))


def refusal(policy: Policy, attempt: Callable[[], Any]) -> int | None:
    """The errno with which an attempt is refused; None if it succeeded."""
    try:
        confined(policy, attempt)
    except OSError as error:
        return error.errno
    return None


def system_call(number: int, *arguments: int) -> int:
    result = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")
    return int(result)
