"""What Python has no function for, called in the C library: one way, with errors as OSError."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress

# prctl(2), from <linux/prctl.h> and <linux/securebits.h>
PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_SET_DUMPABLE = 1, 2, 4
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_SECUREBITS = 22, 24, 28
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
SECCOMP_MODE_FILTER = 2
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # mallopt(3), from <malloc.h>

libc = ctypes.CDLL(None, use_errno=True)


def prctl(option: int, *arguments: object) -> None:
    """Raises OSError. The kernel refuses some options whose unused arguments are not zero, and each is a long."""
    rest = [*arguments, 0, 0, 0, 0][:4]
    checked(libc.prctl(option, *(ctypes.c_ulong(word) if isinstance(word, int) else word for word in rest)))


def syscall(number: int, *arguments: object) -> int:
    """A system call that the library has no name for. Raises OSError."""
    return checked(libc.syscall(number, *(ctypes.c_long(word) if isinstance(word, int) else word for word in arguments)))


def keep_memory(most: int) -> None:
    """Let this process, and all that it forks, keep up to so many bytes of what it frees, for what it needs next.

    A tensor of a few MB costs less to compute than to have its pages given back and brought anew.
    """
    with suppress(AttributeError):
        for option in (M_TRIM_THRESHOLD, M_MMAP_THRESHOLD):
            libc.mallopt(option, most)


def trim_memory() -> None:
    """Give the system back what is free but lies between what is not, where the library knows how."""
    with suppress(AttributeError):
        libc.malloc_trim(0)


def checked(result: int) -> int:
    """What a call returned, unless that says that it failed. Raises OSError."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
