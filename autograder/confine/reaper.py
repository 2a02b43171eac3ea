"""Uids for students' processes, and the end of everything that runs under one or descends from a process.

The grader calls these; the confined child never does. Zombies are dead: they are not counted, nor waited for.
"""

import os
import pwd
import re
import secrets
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from autograder.confine.libc import PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, prctl

FIRST_UID, UIDS = 1_900_000_000, 200_000_000  # so many that two runs at once do not pick the same
FIRST_UID_OF_FEW, FEW_UIDS = 60_600, 4_000  # where a container maps but 65,536
LAST_SYSTEM_UID = 999
PATIENCE = 5.0  # seconds until what was killed must be gone
SETPRIV = shutil.which("setpriv", path="/usr/bin:/bin")  # of util-linux
KILLED_ALL = 42  # the exit status of who could
LINUX = sys.platform == "linux"
# A process may name itself anything, but on a line that has a name.
TOLD = re.compile(rb"^(State|PPid|Uid|Threads):\t(\w+)", re.MULTILINE)


def pick_uid() -> int:
    """A uid that nobody has and under which nothing runs."""
    first, count = (FIRST_UID, UIDS) if _is_mapped(FIRST_UID + UIDS) else (FIRST_UID_OF_FEW, FEW_UIDS)
    while True:
        uid = first + secrets.randbelow(count)
        if not _has_a_name(uid) and not any(live_processes_of(uid)):
            return uid


def tasks_of(uid: int) -> int:
    """How many processes and threads of a uid there are, as RLIMIT_NPROC counts them."""
    total = 0
    for pid in _all_pids():
        with suppress(OSError):
            tasks = os.stat(f"/proc/{pid}/task")  # each is a folder here, and so a link to it
            total += tasks.st_nlink - 2 if tasks.st_uid == uid else 0
    return total


def live_processes_of(uid: int) -> Iterator[int]:
    """The processes whose real uid this is, zombies aside."""
    for pid in _all_pids():
        status = _status(pid)
        if status and _lives(status) and int(status["Uid"]) == uid:
            yield pid


def kill_everything_of(uid: int) -> None:
    """SIGKILL to every process of a student's uid, until none lives. Only root can; it is for uids from `pick_uid`."""
    if uid <= LAST_SYSTEM_UID or uid == os.getuid():
        raise ValueError(f"refusing to kill everything of uid {uid}")
    if os.geteuid() != 0:
        raise PermissionError("only root can take another uid")
    deadline = time.monotonic() + PATIENCE
    while not _kill_all_as(uid) or any(live_processes_of(uid)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"processes of uid {uid} survive SIGKILL")
        time.sleep(0.001)


def become_subreaper() -> None:
    """From now on the orphans among our descendants become our children, where `kill_descendants` finds them."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int) -> None:
    """From now on whatever ends our parent ends us, and if it ended before we came to say so, that does."""
    if LINUX:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def fork() -> int:
    """os.fork, tried again for a while where there are too many tasks: whoever holds them is about to be ended."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return os.fork()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def close_everything_but(fd: int) -> None:
    """In a fork: keep nothing of what the parent holds open, but standard input and output. Whoever keeps a channel, keeps it from ending."""
    os.closerange(3, fd)
    os.closerange(fd + 1, os.sysconf("SC_OPEN_MAX"))


def kill_descendants(pid: int, spare: Iterable[int] = ()) -> None:
    """SIGKILL to everything below a process, and to itself unless it is the caller; children in `spare` live on.

    All are stopped before the first dies: an orphan would leave the tree. What was orphaned earlier is below whoever called
    `become_subreaper`. Whatever becomes the caller's zombie is reaped, save `pid` itself. What forks all the time may slip
    through; a confined child with a kept uid cannot fork.
    """
    oneself = set() if pid == os.getpid() else {pid}
    stopped: set[int] = set()
    while found := (oneself | set(descendants(pid, spare))) - stopped:
        _kill(found, signal.SIGSTOP)
        stopped |= found
    _kill(stopped)
    deadline = time.monotonic() + PATIENCE
    while {killed for killed in stopped if _is_alive(killed, reap=killed != pid)} and time.monotonic() < deadline:
        time.sleep(0.001)


def descendants(pid: int, spare: Iterable[int] = ()) -> Iterator[int]:
    """Everything below a process, but for children in `spare` and what is below them."""
    children: dict[int, set[int]] = {}
    for other in _all_pids():
        if status := _status(other):
            children.setdefault(int(status["PPid"]), set()).add(other)
    waiting = [pid]
    while waiting:
        found = children.get(waiting.pop(), set()).difference(spare)
        yield from found
        waiting += found


def _kill_all_as(uid: int) -> bool:
    """Whether a process that took the uid could send SIGKILL to all others of it, before one of them killed it.

    kill(-1) reaches them all at once, and none can fork meanwhile; one by one, those that fork all the time would slip through.
    """
    try:
        ended = os.waitstatus_to_exitcode(os.waitpid(_small_killer(uid) or _killer(uid), 0)[1])
        if ended not in (KILLED_ALL, -signal.SIGKILL):  # a setpriv that could not
            ended = os.waitstatus_to_exitcode(os.waitpid(_killer(uid), 0)[1])
    except OSError:  # no room for another process: the caller tries again
        return False
    return ended == KILLED_ALL


def _small_killer(uid: int) -> int:
    """The pid of a small program that does it; 0 where the system has none. A fork of ours has hundreds of MB to map and to unmap."""
    if not SETPRIV:
        return 0
    take = [SETPRIV, f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    return os.posix_spawn(SETPRIV, [*take, "/bin/sh", "-c", f"kill -KILL -1 2>/dev/null; exit {KILLED_ALL}"], {})


def _killer(uid: int) -> int:
    """The pid of a fork that does it."""
    if killer := os.fork():
        return killer
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        os._exit(KILLED_ALL)
    finally:
        os._exit(1)


def _kill(pids: Iterable[int], how: signal.Signals = signal.SIGKILL) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, how)


def _all_pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _status(pid: int) -> dict[str, str]:
    """The state (a letter), the parent, the real uid and the number of threads of a process; nothing once it is gone."""
    try:
        with open(f"/proc/{pid}/status", "rb") as file:
            told = file.read()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name.decode(): value.decode() for name, value in TOLD.findall(told)}


def _is_alive(pid: int, reap: bool) -> bool:
    alive = _lives(_status(pid))
    if reap and not alive:  # looked at first: one that dies between the two would be left as a zombie
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
    return alive


def _lives(status: dict[str, str]) -> bool:
    """A zombie is dead, unless it is but the first thread of a process that has others."""
    return status.get("State", "X") not in "ZX" or int(status.get("Threads", 0)) > 1


def _has_a_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _is_mapped(uid: int) -> bool:
    """Whether this user namespace knows a uid; an unmapped one cannot be taken."""
    ranges = (map(int, line.split()) for line in Path("/proc/self/uid_map").read_text().splitlines())
    return any(first <= uid < first + count for first, _, count in ranges)
