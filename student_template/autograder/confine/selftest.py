"""The confinement tried out: a confined child attempts what must fail, on bait laid by the grader.

Layers report what they did; this reports what follows. The grader calls `run_selftest`, whose `spawn` has a freshly confined
child, in which no student's code has run, call `attempt_all`. `Target` is plain data, so it can travel on the wire.
"""

import _thread
import os
import resource
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from autograder.confine.libc import checked, libc

PTRACE_SEIZE = 0x4206  # attaches without stopping the process
TOO_MANY_TASKS = 200
SECONDS = 1.0

Thing = TypeVar("Thing")
REFUSED, POSSIBLE = "refused", "POSSIBLE"


@dataclass(frozen=True)
class Target:
    """Where the bait lies."""

    pid: int  # the grader's
    folders: tuple[str, ...]  # whose files may be neither read nor written
    tcp_port: int
    udp_port: int
    socket_path: str
    abstract_name: str
    setuid_program: str  # "" if none could be made


class Skipped(Exception):
    """This attempt would prove nothing here; the message says why."""


def run_selftest(spawn: Callable[[Target], dict[str, str]], *canary_dirs: Path) -> dict[str, str]:
    """What a confined child could do: 'refused', 'POSSIBLE' or 'skipped: why' for each attempt.

    Give the folders that must be protected, such as the source and the results: a canary is put in each, with the mode any file
    made there would get, and taken away again.
    """
    with _bait(canary_dirs) as target:
        return spawn(target)


def attempt_all(target: Target) -> dict[str, str]:
    """Called in the confined child."""
    return {name: _outcome(attempt, target) for name, attempt in ATTEMPTS.items()}


def _outcome(attempt: Callable[[Target], None], target: Target) -> str:
    try:
        attempt(target)
    except Skipped as why:
        return f"skipped: {why}"
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError):
        return REFUSED
    return POSSIBLE


# --- the bait ---------------------------------------------------------------------------------------------------------


@contextmanager
def _bait(folders: tuple[Path, ...]) -> Iterator[Target]:
    with ExitStack() as stack:
        for folder in folders:
            canary = _canary(folder)
            canary.write_text("not for students\n")
            stack.callback(canary.unlink, missing_ok=True)
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        open_to_all = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="selftest-")))
        open_to_all.chmod(0o755)
        path, name = str(open_to_all / "socket"), f"\0selftest-{secrets.token_hex(8)}"
        for address in (path, name):
            unix = stack.enter_context(socket.socket(socket.AF_UNIX))
            unix.bind(address)
            unix.listen()
        os.chmod(path, 0o777)
        yield Target(
            pid=os.getpid(),
            folders=tuple(map(str, folders)),
            tcp_port=tcp.getsockname()[1],
            udp_port=udp.getsockname()[1],
            socket_path=path,
            abstract_name=name,
            setuid_program=_make_setuid(open_to_all),
        )


def _canary(folder: str | Path) -> Path:
    return Path(folder) / ".selftest-canary"


def _make_setuid(folder: Path) -> str:
    """A copy of cat that runs as root, wherever root can make one: it prints what it has become."""
    cat = shutil.which("cat")
    if os.geteuid() != 0 or cat is None:
        return ""
    program = Path(shutil.copy(cat, folder / "cat"))
    program.chmod(0o4755)
    return str(program)


# --- the attempts: each returns if it succeeded -------------------------------------------------------------------------


def read_a_source(target: Target) -> None:
    _first_that_works(target.folders, lambda folder: _canary(folder).read_text())


def list_a_folder(target: Target) -> None:
    _first_that_works(target.folders, os.listdir)


def write_a_result(target: Target) -> None:
    _first_that_works(target.folders, lambda folder: _canary(folder).open("a").close())


def replace_a_result(target: Target) -> None:
    def replace(folder: str) -> None:
        new = Path(folder) / f".selftest-{secrets.token_hex(4)}"
        new.touch()
        new.rename(_canary(folder))

    _first_that_works(target.folders, replace)


def empty_a_file(target: Target) -> None:
    def empty(folder: str) -> None:
        path, ways = _canary(folder), (None, os.O_RDONLY | os.O_TRUNC, os.O_ACCMODE | os.O_TRUNC)
        _first_that_works(ways, lambda flags: os.truncate(path, 0) if flags is None else os.open(path, flags))

    _first_that_works(target.folders, empty)


def change_a_mode(target: Target) -> None:
    def change(folder: str) -> None:
        before = os.stat(_canary(folder)).st_mode
        os.chmod(_canary(folder), before ^ 0o010)
        if os.stat(_canary(folder)).st_mode == before:
            raise PermissionError("ignored")

    _first_that_works(target.folders, change)


def change_times(target: Target) -> None:
    _first_that_works(target.folders, lambda folder: os.utime(_canary(folder), (0, 0)))


def change_an_owner(target: Target) -> None:
    _first_that_works(target.folders, lambda folder: os.chown(_canary(folder), os.getuid(), os.getgid()))


def set_an_attribute(target: Target) -> None:
    _first_that_works(target.folders, lambda folder: os.setxattr(_canary(folder), "user.selftest", b"1"))


def connect_by_tcp(target: Target) -> None:
    with socket.socket() as tcp:
        tcp.settimeout(SECONDS)
        tcp.connect((b"127.0.0.1", target.tcp_port))  # as bytes: Python need not look for a codec


def send_by_udp(target: Target) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(b"hello", (b"127.0.0.1", target.udp_port))


def connect_to_a_unix_socket(target: Target) -> None:
    def connect(address: str) -> None:
        with socket.socket(socket.AF_UNIX) as unix:
            unix.settimeout(SECONDS)
            unix.connect(address)

    _first_that_works((target.socket_path, target.abstract_name), connect)


def signal_the_grader(target: Target) -> None:
    os.kill(target.pid, 0)


def trace_the_grader(target: Target) -> None:
    checked(libc.ptrace(PTRACE_SEIZE, target.pid, None, None))


def read_its_environment(target: Target) -> None:
    _read_proc(target.pid, "environ")


def read_its_memory_map(target: Target) -> None:
    _read_proc(target.pid, "maps")


def open_its_memory(target: Target) -> None:
    with open(f"/proc/{target.pid}/mem", "rb"):
        pass


def open_its_descriptors(target: Target) -> None:
    for name in os.listdir(f"/proc/{target.pid}/fd"):
        os.readlink(f"/proc/{target.pid}/fd/{name}")


def raise_a_limit(_target: Target) -> None:
    limits = (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)

    def raise_one(limit: int) -> None:
        soft, hard = resource.getrlimit(limit)
        if hard != resource.RLIM_INFINITY:
            resource.setrlimit(limit, (soft, hard + 1))

    _first_that_works(limits, raise_one)


def start_too_many_tasks(_target: Target) -> None:
    """The limit counts threads and processes alike, and threads are the quicker to start."""
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)
    gate = threading.Lock()

    def wait() -> None:
        with gate:
            pass

    threading.stack_size(1 << 16)
    with gate:
        for _ in range(TOO_MANY_TASKS):
            _thread.start_new_thread(wait, ())  # unlike threading's, does not wait until it runs


def gain_privileges(target: Target) -> None:
    if not target.setuid_program:
        raise Skipped("only root can make a setuid program to try")
    command = [target.setuid_program, "/proc/self/status"]
    output = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True).stdout
    status = dict(line.split(":", 1) for line in output.splitlines())
    became_root = os.geteuid() != 0 and int(status["Uid"].split()[1]) == 0
    if not became_root and int(status["CapEff"], 16) == 0:
        raise PermissionError("it ran, and lent nothing")


def _read_proc(pid: int, name: str) -> None:
    if not Path(f"/proc/{pid}/{name}").read_bytes():
        raise PermissionError("nothing to read")


def _first_that_works(things: Iterable[Thing], attempt: Callable[[Thing], object]) -> None:
    """Fails only if the attempt fails on everything."""
    for thing in things:
        with suppress(OSError, ValueError):
            attempt(thing)
            return
    raise PermissionError("refused everywhere")


ATTEMPTS: dict[str, Callable[[Target], None]] = {
    attempt.__name__.replace("_", " "): attempt
    for attempt in (
        read_a_source,
        list_a_folder,
        write_a_result,
        replace_a_result,
        empty_a_file,
        change_a_mode,
        change_times,
        change_an_owner,
        set_an_attribute,
        connect_by_tcp,
        send_by_udp,
        connect_to_a_unix_socket,
        signal_the_grader,
        trace_the_grader,
        read_its_environment,
        read_its_memory_map,
        open_its_memory,
        open_its_descriptors,
        raise_a_limit,
        gain_privileges,
        start_too_many_tasks,  # last: its threads take a moment to end
    )
}
