"""The filter: what it refuses in a real child, and what its program would say on machines that are not at hand."""

import ctypes
import errno
import fcntl
import mmap
import os
import re
import resource
import signal
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from forks import confined, needs_x86, refusal, system_call, with_own_uid, without, workplace

from autograder.confine import seccomp
from autograder.confine.layers import Policy

X86, ARM = seccomp.MACHINES["x86_64"], seccomp.MACHINES["aarch64"]


@pytest.fixture
def policy() -> Iterator[Policy]:
    with workplace() as policy:
        yield policy


@pytest.fixture
def own_uid(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> Policy:
    return with_own_uid(policy, monkeypatch)


def test_with_a_kept_uid_threads_start_and_processes_do_not(policy: Policy) -> None:
    def in_thread() -> int:
        (thread := threading.Thread(target=lambda: None)).start()
        thread.join()
        return 1

    assert confined(policy, in_thread) == 1
    assert refusal(policy, os.fork) == errno.EPERM
    assert refusal(policy, lambda: subprocess.run(["ls"])) == errno.EPERM


def test_with_an_own_uid_processes_start(own_uid: Policy) -> None:
    assert confined(own_uid, lambda: subprocess.run(["/bin/echo", "1"], capture_output=True, text=True).stdout) == "1\n"


REFUSALS: dict[str, Callable[[], Any]] = {
    "a new user namespace": lambda: system_call(272, 0x10000000),
    "a new user namespace by clone": lambda: system_call(56, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0),
    "a key": lambda: system_call(250, 0, -3, 0),
    "shared memory": lambda: system_call(29, 0, 4096, 0o1600),
    "memory in an anonymous file": lambda: os.memfd_create("x"),
    "a pair of datagram sockets": lambda: bool(socket.socketpair(type=socket.SOCK_DGRAM)),
    "another process's limits": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU),
    "another process's processors": lambda: os.sched_setaffinity(os.getppid(), {0}),
    "everyone's priority": lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19),
    "a signal to everyone": lambda: os.kill(-1, 0),
    "a signal by way of a descriptor": lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid()),
    "typing into a terminal": lambda: fcntl.ioctl(0, 0x5412, b"x"),
    "flags of a file": lambda: fcntl.ioctl(0, 0x40086602, bytes(8)),
    "a trace": lambda: system_call(101, 0x4206, os.getppid(), 0, 0),
}


@needs_x86
@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("name", REFUSALS)
def test_the_filter_refuses(name: str, kept: bool, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen by an error of our own, which the kernel would never give."""
    policy = request.getfixturevalue("policy" if kept else "own_uid")
    monkeypatch.setattr(seccomp, "REFUSAL", errno.EDOTDOT)
    assert refusal(without(policy, "landlock"), REFUSALS[name]) == errno.EDOTDOT


@needs_x86
@pytest.mark.parametrize("number", [425, 434, 435, 999, 0x40000000 + 39], ids=["io_uring", "pidfd", "clone3", "unknown", "x32"])
def test_young_and_foreign_calls_do_not_exist(number: int, policy: Policy) -> None:
    assert refusal(policy, lambda: system_call(number, 0, 0)) == errno.ENOSYS


@needs_x86
def test_calls_of_another_architecture_do_not_exist(policy: Policy) -> None:
    def getpid_as_i386() -> int:
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        code.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20; int 0x80; ret
        address = ctypes.addressof(ctypes.c_char.from_buffer(code))
        return int(ctypes.CFUNCTYPE(ctypes.c_int)(address)())

    assert confined(policy, getpid_as_i386) == -errno.ENOSYS


def simulate(machine: seccomp.Machine, call: int, *arguments: int, kept_uid: bool = True, audit: int | None = None) -> int:
    """Run the filter as the kernel would; returns the errno, or -1 where it allows."""
    data = struct.pack("<iIQ6Q", call, audit or machine.audit, 0, *arguments, *[0] * (6 - len(arguments)))
    code, step, accumulator = seccomp.program(machine, 4321, kept_uid), 0, 0
    while True:
        operation, jump_true, jump_false, operand = code[step]
        step += 1
        if operation == seccomp.LOAD:
            (accumulator,) = struct.unpack_from("<I", data, operand)
        elif operation == seccomp.AND:
            accumulator &= operand
        elif operation == seccomp.RETURN:
            return -1 if operand == seccomp.ALLOW else operand & 0xFFFF
        else:
            holds = accumulator == operand if operation == seccomp.EQUAL else accumulator >= operand
            step += jump_true if holds else jump_false


@pytest.mark.parametrize("machine", [X86, ARM])
def test_the_program_says_the_same_on_both_machines(machine: seccomp.Machine) -> None:
    judged = seccomp.numbers(seccomp.JUDGED_BY_ARGUMENTS, machine)
    for number, answer in seccomp.answers(machine, kept_uid=True).items():
        assert simulate(machine, number) == answer
    assert simulate(machine, judged["clone"], seccomp.CLONE_THREAD) == simulate(machine, judged["kill"], 4321) == -1
    assert simulate(machine, judged["clone"], signal.SIGCHLD) == simulate(machine, judged["kill"], 1) == errno.EPERM
    assert simulate(machine, judged["clone"], signal.SIGCHLD, kept_uid=False) == -1
    for flags, answer in {0: -1, 0o3: errno.EPERM, 0o1000: errno.EPERM, 0o1003: errno.EPERM, 0o1101: -1, 0o2101: -1}.items():
        assert simulate(machine, judged["openat"], 0, 0, flags) == answer
        assert "open" not in judged or simulate(machine, judged["open"], 0, flags) == answer
    for lock in (fcntl.F_GETLK, fcntl.F_SETLK, fcntl.F_SETLKW, 36, 37, 38):  # the last three are F_OFD_…
        assert simulate(machine, judged["fcntl"], 0, lock) == 0
    assert simulate(machine, judged["fcntl"], 0, fcntl.F_DUPFD) == -1
    assert simulate(machine, 437) == errno.ENOSYS  # openat2
    assert simulate(machine, judged["sendto"], 3, 0, 0, 0, 1 << 40) == errno.EPERM
    assert simulate(machine, judged["kill"], 4321, audit=0x40000003) == errno.ENOSYS
    assert simulate(machine, seccomp.ALLOWED_COMMON["close_range"]) == -1


@pytest.mark.parametrize(
    ("machine", "header"),
    [(X86, "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), (ARM, "/usr/include/asm-generic/unistd.h")],
)
def test_the_numbers_are_those_of_the_kernels_headers(machine: seccomp.Machine, header: str) -> None:
    if not os.path.exists(header):
        pytest.skip(f"no {header} here")
    official = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", Path(header).read_text()))
    tables = [*seccomp.REFUSED.values(), *seccomp.REFUSED_WITH_A_KEPT_UID.values()]
    tables += [seccomp.IGNORED, seccomp.UNSUPPORTED, seccomp.JUDGED_BY_ARGUMENTS]
    ours = {name: number for table in tables for name, number in seccomp.numbers(table, machine).items()}
    assert {name: official[name] for name in ours} == {name: str(number) for name, number in ours.items()}
