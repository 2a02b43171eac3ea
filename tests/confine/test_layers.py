"""The confinement attacked, by real forks, in every situation the grader can find itself in.
A situation that cannot be made here (root's powers, Landlock) is skipped, with the reason.
"""

import ctypes
import errno
import json
import mmap
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from forks import (
    UID,
    confined,
    in_child,
    libc,
    needs_landlock,
    needs_root,
    refusal,
    with_own_uid,
    without,
    workplace,
)

from autograder.confine import landlock, selftest
from autograder.confine import layers as confinement
from autograder.confine.layers import Policy, confine, protects_secrets, weakness
from autograder.confine.reaper import pick_uid
from autograder.proof.arena.start import become, enter_container

ORDINARY_UID = pick_uid()
Situation = Callable[[Path], None]


@pytest.fixture
def policy() -> Iterator[Policy]:
    """The grader's uid is kept."""
    with workplace() as policy:
        yield policy


@pytest.fixture
def own_uid(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> Policy:
    return with_own_uid(policy, monkeypatch)


@pytest.fixture
def secrets(policy: Policy) -> Path:
    folder = policy.workdir.parent / "source"
    folder.mkdir(mode=0o700)
    return folder


def report_of(policy: Policy) -> dict[str, str]:
    report: dict[str, str] = {}
    return in_child(lambda: report, lambda wire: report.update(confine(policy, (wire,))))


def tried(policy: Policy, secrets: Path) -> dict[str, str]:
    return selftest.run_selftest(lambda target: confined(policy, lambda: selftest.attempt_all(target)), secrets)


def possible(outcomes: dict[str, str]) -> set[str]:
    return {name for name, outcome in outcomes.items() if outcome == selftest.POSSIBLE}


# --- situations -------------------------------------------------------------------------------------------------------


def as_root(_secrets: Path) -> None: ...


def as_ordinary_user(secrets: Path) -> None:
    if os.geteuid() == 0:
        for folder in (secrets, secrets.parent / "work"):
            os.chown(folder, ORDINARY_UID, ORDINARY_UID)
        become(ORDINARY_UID)
        libc.prctl(4, 1, 0, 0, 0)  # dumpable, as a process that started as this user would be


def in_container(_secrets: Path) -> None:
    enter_container()


ROOTS = [pytest.param(situation, marks=needs_root) for situation in (as_root, in_container)]


@needs_landlock
@pytest.mark.parametrize("situation", [*ROOTS, as_ordinary_user])
def test_with_a_kept_uid_nothing_that_must_fail_is_possible(situation: Situation, policy: Policy, secrets: Path) -> None:
    outcomes = in_child(lambda: tried(policy, secrets), lambda _: situation(secrets))
    assert len(outcomes) == len(selftest.ATTEMPTS) and not possible(outcomes)


@needs_landlock
def test_an_old_landlock_protects_as_well(policy: Policy, secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first version, of Linux 5.13, lets an owner empty files, use the network, and signal: seccomp does not."""
    monkeypatch.setattr(landlock, "abi", lambda: 1)
    assert not possible(tried(policy, secrets))
    assert "empty a file" in possible(tried(without(policy, "seccomp"), secrets))


@pytest.mark.parametrize("situation", ROOTS)
@pytest.mark.parametrize("missing", [(), ("landlock",)])
def test_with_an_own_uid_nothing_is_possible_even_without_landlock(
    situation: Situation, missing: tuple[str, ...], own_uid: Policy, secrets: Path
) -> None:
    outcomes = in_child(lambda: tried(without(own_uid, *missing), secrets), lambda _: situation(secrets))
    assert set(outcomes.values()) == {"refused"}


def test_with_an_own_uid_and_neither_filter_only_the_network_is_open(own_uid: Policy, secrets: Path) -> None:
    outcomes = tried(without(own_uid, "landlock", "seccomp"), secrets)
    assert possible(outcomes) == {"connect by tcp", "send by udp", "connect to a unix socket"}


WEAKENED: list[tuple[str, tuple[str, ...], set[str]]] = [
    ("landlock", (), {"read a source", "list a folder", "write a result", "replace a result"}),
    ("landlock", ("seccomp",), {"connect by tcp", "signal the grader"}),
    ("seccomp", (), {"change a mode", "change times", "change an owner", "send by udp", "start too many tasks"}),
    ("limits", (), {"raise a limit"}),
    ("capabilities", ("landlock",), {"read its environment", "open its memory", "open its descriptors"}),
]


@needs_root
@needs_landlock
@pytest.mark.parametrize(("layer", "others", "opened"), WEAKENED)
def test_each_layer_is_what_refuses_something(
    layer: str, others: tuple[str, ...], opened: set[str], policy: Policy, secrets: Path
) -> None:
    if "signal the grader" in opened and landlock.abi() < landlock.SCOPE_ABI:
        pytest.skip("this Landlock knows nothing of signals")
    assert not opened & possible(tried(without(policy, *others), secrets))
    assert opened <= possible(tried(without(policy, layer, *others), secrets))


def test_the_process_limit_is_what_refuses_a_fork_bomb_of_an_own_uid(own_uid: Policy, secrets: Path) -> None:
    assert possible(tried(without(own_uid, "processes"), secrets)) == {"start too many tasks"}


def test_no_new_privileges_is_what_refuses_a_setuid_program(own_uid: Policy, secrets: Path) -> None:
    assert "gain privileges" in possible(tried(without(own_uid, "privileges", "landlock"), secrets))


@pytest.mark.parametrize(
    ("missing", "own", "protected"),
    [
        ((), False, True),
        ((), True, True),
        (("landlock",), True, True),
        (("seccomp",), True, False),
        (("landlock",), False, False),
        (("seccomp",), False, False),
        (("privileges",), True, False),
        (("descriptors",), True, False),
        (("capabilities",), False, False),
    ],
)
def test_secrets_count_as_protected_only_with_the_minimum(missing: tuple[str, ...], own: bool, protected: bool) -> None:
    names = ["descriptors", "environment", "user", "capabilities", "privileges", "landlock", "seccomp"]
    absent = {*missing, *(() if own else ("user",))}
    assert protects_secrets({name: "unavailable: x" if name in absent else "applied" for name in names}) is protected


def test_without_landlock_an_own_uid_protects_only_what_is_closed_to_others(policy: Policy) -> None:
    """And the sentence says what to close."""
    names = ["descriptors", "environment", "user", "capabilities", "privileges", "landlock", "seccomp"]
    report = dict.fromkeys(names, "applied")
    folder, file = policy.workdir.parent / "tests", policy.workdir.parent / "notebook.ipynb"
    folder.mkdir(mode=0o755)
    file.touch(mode=0o644)
    assert weakness(report, [folder, file]) == ""
    report["landlock"] = "unavailable: not in this kernel"
    assert weakness(report, [folder, file]).endswith(f"say chmod go-rwx {folder} {file}")
    file.chmod(0o600)
    assert weakness(report, [folder, file]).endswith(f"say chmod go-rwx {folder}")
    folder.chmod(0o711)  # closed to listing, but not to whoever knows a name
    assert str(folder) in weakness(report, [folder])
    folder.chmod(0o700)
    assert weakness(report, [folder, file]) == ""
    report["user"] = "unavailable: only root can change its uid"
    assert "landlock is unavailable: not in this kernel" in weakness(report, [folder])


def test_a_layer_that_is_missing_says_why(policy: Policy) -> None:
    report = report_of(without(policy, "landlock"))
    assert report["landlock"] == "unavailable: disabled" and report["seccomp"] == "applied"
    assert report["user"] == "unavailable: no uid was asked for"


@needs_root
def test_a_uid_that_could_not_run_python_is_not_taken(policy: Policy) -> None:
    closed = policy.workdir.parent / "closed" / "public"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    report = report_of(replace(policy, uid=UID, readable=(closed,)))
    assert report["user"].startswith("unavailable: another uid could not use")


@needs_root
def test_another_interpreter_imports_lazily_under_its_own_uid(policy: Policy) -> None:
    """Run by the system's Python, which any uid can read."""
    python = "/usr/bin/python3"
    if not os.path.exists(python) or confinement.closed_to_others(Path(python)):
        pytest.skip("no interpreter that another uid can read")
    root = Path(__file__).parents[2]
    code = f"""import os, json; from pathlib import Path; from autograder.confine.layers import *
wire = os.dup(1)
report = confine(Policy(Path({str(policy.workdir)!r}), (), {UID}, 1 << 30, 20, 32, 1 << 20), (wire,))
import sqlite3, decimal, subprocess
listing = subprocess.run(["ls", "-a"], capture_output=True, text=True, timeout=10).stdout
os.write(wire, json.dumps([os.getuid(), report, listing, os.getcwd()]).encode())"""
    done = subprocess.run([python, "-c", code], env={"PYTHONPATH": str(root)}, capture_output=True, check=True, timeout=30)
    uid, report, listing, cwd = json.loads(done.stdout)
    assert (uid, report["user"], listing, cwd) == (UID, "applied", ".\n..\n", str(policy.workdir))


# --- what is left to inherit ------------------------------------------------------------------------------------------


def test_an_inherited_descriptor_is_closed_and_the_standard_ones_lead_nowhere(policy: Policy) -> None:
    secret = os.open(__file__, os.O_RDONLY)
    assert refusal(policy, lambda: os.read(secret, 1)) == errno.EBADF
    assert confined(policy, lambda: [os.read(0, 1).decode(), os.write(1, b"x")]) == ["", 1]
    assert confined(without(policy, "descriptors"), lambda: len(os.read(secret, 1))) == 1
    os.close(secret)


def test_the_environment_is_empty_also_in_memory(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    def block() -> str:
        return Path("/proc/self/environ").read_bytes().strip(b"\0").decode()

    monkeypatch.setenv("TOKEN", "secret")
    readable = ("landlock", "privileges")  # these would keep the block closed
    assert confined(without(policy, *readable), lambda: [os.getenv("TOKEN"), block()]) == [None, ""]
    assert confined(without(policy, "environment", *readable), lambda: [os.getenv("TOKEN"), bool(block())]) == ["secret", True]


def test_the_death_signal_survives_the_change_of_uid_and_cannot_be_cleared(own_uid: Policy) -> None:
    def signal_at_death() -> int:
        value = ctypes.c_int()
        libc.prctl(2, ctypes.byref(value))
        assert libc.prctl(1, 0, 0, 0, 0) == -1
        return value.value

    assert confined(own_uid, signal_at_death, before=lambda: libc.prctl(1, 9, 0, 0, 0)) == 9


# --- limits -----------------------------------------------------------------------------------------------------------


def test_memory_beyond_the_budget_is_refused_also_when_shared(policy: Policy) -> None:
    def allocate(size: int) -> str:
        try:
            return f"{len(bytearray(size))}"
        except MemoryError:
            return "MemoryError"

    assert confined(policy, lambda: [allocate(1 << 29), allocate(5 << 28)]) == [str(1 << 29), "MemoryError"]
    assert refusal(policy, lambda: bool(mmap.mmap(-1, 2 << 30))) == errno.ENOMEM


def test_a_file_cannot_outgrow_its_limit(policy: Policy) -> None:
    assert confined(policy, lambda: Path("small").write_bytes(bytes(1 << 20))) == 1 << 20
    assert refusal(policy, lambda: Path("large").write_bytes(bytes((1 << 20) + 1))) == errno.EFBIG


def test_few_signals_can_wait(policy: Policy) -> None:
    """They are counted per uid, and a kept uid is a person's."""

    def queue() -> int:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
        information = ctypes.create_string_buffer(struct.pack("iii", signal.SIGRTMIN, 0, -1), 128)
        return sum(libc.syscall(129, os.getpid(), signal.SIGRTMIN, information) == 0 for _ in range(500))

    assert confined(policy, queue) <= 64


def test_endless_computing_ends_with_the_signal_for_it(policy: Policy) -> None:
    def forever() -> None:
        while True:
            pass

    with pytest.raises(ChildProcessError) as death:
        confined(replace(policy, cpu_seconds=1), forever)
    assert death.value.errno == -signal.SIGXCPU


# --- what an honest notebook needs ------------------------------------------------------------------------------------


def test_honest_code_keeps_what_it_needs(policy: Policy) -> None:
    def honest() -> list[Any]:
        one, other = socket.socketpair()
        one.send(b"hi")
        Path("a").write_text("a")
        Path("c").touch()
        shutil.copy("a", "b")
        os.kill(os.getpid(), 0)
        return [other.recv(2).decode(), Path("b").read_text(), sorted(os.listdir()), os.isatty(0), tempfile.gettempdir()]

    assert confined(policy, honest) == ["hi", "a", ["a", "b", "c"], False, str(policy.workdir)]


@needs_landlock
def test_torch_and_ipython_work_as_in_a_notebook(policy: Policy) -> None:
    torch = pytest.importorskip("torch")

    def lesson() -> list[Any]:
        x = torch.randn(3, requires_grad=True)
        x.exp().sum().backward()
        import sympy
        from IPython.core.interactiveshell import InteractiveShell

        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115  # pytest's own were closed with the other descriptors
        result = InteractiveShell.instance().run_cell("await __import__('asyncio').sleep(0)\n6 * 7")
        result.raise_error()
        torch.save({"x": x}, "x.pt")
        return [bool(torch.equal(x.grad, x.exp())), sympy.Integer(2).is_prime, result.result, os.path.exists("x.pt")]

    assert confined(policy, lesson) == [True, True, 42, True]
