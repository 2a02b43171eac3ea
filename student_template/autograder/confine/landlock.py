"""Landlock: which files a process may open from now on, decided by the process itself and for good.

A thin layer over the kernel's three calls. What it does *not* govern: stat, chdir, chmod, chown, times and extended
attributes, UDP, and Unix sockets that have a path; the seccomp filter refuses those.
"""

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from autograder.confine.libc import syscall

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
VERSION, PATH_BENEATH = 1, 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, MAKE_SYM = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 12
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15  # since ABI 2, 3 and 5

READ = EXECUTE | READ_FILE | READ_DIR
# No devices, sockets or pipes: whoever opens those may be made to wait. No programs either.
WORK = READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | REFER | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM
ON_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # the only rights a rule on a file may name

TCP = 0b11  # bind and connect, since ABI 4
SIGNALS_AND_ABSTRACT_SOCKETS = 0b11  # since ABI 6
NETWORK_ABI, SCOPE_ABI = 4, 6


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("rights", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def abi() -> int:
    """The version of Landlock in the kernel; OSError where there is none, or it may not be used."""
    return syscall(CREATE_RULESET, None, 0, VERSION)


def handled_rights(version: int) -> int:
    """Every right on files this version knows: what no rule grants is refused."""
    return (1 << (13 + (version >= 2) + (version >= 3) + (version >= 5))) - 1


def restrict(read: Iterable[Path], work: Iterable[Path], devices: Iterable[Path]) -> int:
    """Allow reading below `read`, everything ordinary below `work`, using `devices`; nothing else. Returns the ABI."""
    version = abi()
    files = handled_rights(version)
    network = TCP if version >= NETWORK_ABI else 0
    scope = SIGNALS_AND_ABSTRACT_SOCKETS if version >= SCOPE_ABI else 0
    attributes = _Ruleset(files, network, scope)
    size = 8 if version < NETWORK_ABI else 16 if version < SCOPE_ABI else 24
    ruleset = syscall(CREATE_RULESET, ctypes.byref(attributes), size, 0)
    try:
        for paths, rights in ((read, READ), (work, WORK), (devices, READ_FILE | WRITE_FILE)):
            for path in paths:
                _allow(ruleset, path, rights & files)
        syscall(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def _allow(ruleset: int, path: Path, rights: int) -> None:
    """Grant rights on what is below a path. A path that does not exist needs no rule."""
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return
    try:
        below = rights if stat.S_ISDIR(os.fstat(opened).st_mode) else rights & ON_A_FILE
        syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(_PathBeneath(below, opened)), 0)
    finally:
        os.close(opened)
