"""Starts the program as another machine would: `python start.py [--docker] [--as UID] [--without LAYER]… [--landlock ABI] -- grade …`.

It takes powers away first, then leaves the layers of the confinement out that such a machine would not have.
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from autograder.__main__ import main as begin
from autograder.confine import layers as confinement
from autograder.confine import seccomp
from autograder.confine.libc import PR_CAPBSET_DROP
from autograder.run import launch

DOCKER = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}  # the capabilities that Docker leaves root by default
# Before the program's own boot, in its clean process: students' processes are made with these layers disabled.
PATCH = """\
import autograder.confine.landlock as l
l.abi = (lambda known: lambda: min(known(), {abi}))(l.abi)
import autograder.run.session as s
made = s.Session.workplace
s.Session.workplace = lambda self, limits=None, disable=frozenset(): made(self, limits, frozenset({layers!r}))
"""


def command(python: str | Path, *options: str) -> list[str]:
    """What starts the program so; its own arguments follow."""
    return [str(python), "-P", __file__, *options, "--"]


def enter_container() -> None:
    """Docker's default: 14 capabilities, and a filter that refuses namespaces, mounts and tracing."""
    machine = seccomp.this_machine()
    assert machine
    refused = seccomp.numbers("unshare:272:97 setns:308:268 mount:165:40 ptrace:101:117 bpf:321:280", machine)
    code = [(seccomp.LOAD, 0, 0, seccomp.NUMBER_AT)]
    for number in refused.values():
        code += [(seccomp.EQUAL, 0, 1, number), (seccomp.RETURN, 0, 0, seccomp.ERRNO | errno.EPERM)]
    seccomp.load([*code, (seccomp.RETURN, 0, 0, seccomp.ALLOW)])
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in set(range(41)) - DOCKER:
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    bits = sum(1 << capability for capability in DOCKER)
    header = (ctypes.c_uint32 * 2)(confinement.CAPABILITY_VERSION_3, 0)
    if libc.capset(header, (ctypes.c_uint32 * 6)(bits, bits, 0, 0, 0, 0)):
        raise OSError(ctypes.get_errno(), "capset")


def become(uid: int) -> None:
    """An ordinary user."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def main() -> None:
    own, program = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    parser = argparse.ArgumentParser()
    parser.add_argument("--docker", action="store_true")
    parser.add_argument("--as", dest="uid", type=int)
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--landlock", dest="abi", type=int, default=99)
    asked = parser.parse_args(own)
    if asked.docker:
        enter_container()
    if asked.uid is not None:
        become(asked.uid)
    patch = PATCH.format(layers=asked.without, abi=asked.abi)
    launch.BOOT = launch.BOOT.replace("from autograder.run.launch", f"exec({patch!r}); from autograder.run.launch")
    begin(program)


if __name__ == "__main__":
    main()
