"""What a student's process may do: every layer of its confinement, in the order in which they are applied.

`confine` is called in the forked child, before any student code. Each layer is a function one can read alone; it
applies what it can and raises when it cannot, which the report repeats. A layer that is missing weakens the
confinement but never stops the run: whether what is left suffices is `protects_secrets`' to say.

    descriptors   nothing inherited but the wire; /dev/null for standard input, output and error; a session of its own
    environment   empty but for what programs need to start; the memory it lay in is wiped
    workdir       an own, empty working directory
    limits        processor time, memory, file size, open files; no core dumps
    user          a uid of its own, when root can give one
    processes     how many processes and threads that uid may have
    capabilities  none, and no way back to any
    privileges    no_new_privs: setuid programs lend nothing
    landlock      files: read Python and the system's libraries, write the working directory; TCP and signals where known
    seccomp       system calls: no sockets, ptrace, keys, namespaces, mounts…

Not covered by any layer: the names, sizes and times of files (stat), the list of processes, and how many files of the allowed
size are written. Memory is limited per process, and what it has for itself alone: `shares` looks at the rest.
"""

import ctypes
import os
import resource
import site
import stat
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from autograder.confine import landlock, seccomp
from autograder.confine.libc import (
    PR_CAP_AMBIENT,
    PR_CAP_AMBIENT_CLEAR_ALL,
    PR_CAPBSET_DROP,
    PR_GET_PDEATHSIG,
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    PR_SET_SECUREBITS,
    checked,
    libc,
    prctl,
)
from autograder.confine.reaper import tasks_of

NO_WAY_BACK = 0b11101111  # SECBIT_NOROOT, NO_SETUID_FIXUP, KEEP_CAPS off, NO_CAP_AMBIENT_RAISE, all locked
CAPABILITY_VERSION_3 = 0x20080522

MINIMAL_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LOGNAME": "student", "MPLBACKEND": "agg"}
OPEN_FILES = 256
KEPT_BACK = 4  # this part of the memory, while cells run; half of it is given to those after one that filled the rest
RESERVED_ADDRESSES = 512 << 20  # threads reserve stacks and heaps that they never fill

SYSTEM_LIBRARIES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache")
SYSTEM_PROGRAMS = ("/usr/bin", "/bin")
SYSTEM_FACTS = ("/etc/localtime", "/usr/share/zoneinfo", "/proc/cpuinfo", "/sys/devices/system/cpu")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class Policy:
    """What one student process is given."""

    workdir: Path  # its own, empty; made its property
    readable: tuple[Path, ...]  # public folders
    uid: int | None  # the uid to become; None keeps the grader's
    memory_bytes: int  # on top of what the parent already maps; per process
    cpu_seconds: int  # per process
    processes: int  # with their threads; counts only with an own uid, else none can be started
    file_bytes: int  # the largest file
    disable: frozenset[str] = field(default_factory=frozenset)  # layers left out, for tests


class Unavailable(Exception):
    """This layer cannot be applied here; the message says why."""


def confine(policy: Policy, keep_fds: tuple[int, ...]) -> dict[str, str]:
    """Apply every layer that can be had to this process, for good. Returns 'applied' or 'unavailable: why' for each.

    The wire in `keep_fds` should be pipes or stream sockets. A parent-death signal survives; set it before.
    """
    python_folders()  # while all of it can be read
    report = {}
    for name, layer in layers(policy, keep_fds).items():
        try:
            if name in policy.disable:
                raise Unavailable("disabled")
            layer()
        except Exception as error:  # whatever went wrong, this layer is missing
            report[name] = f"unavailable: {error}"
        else:
            report[name] = "applied"
    return report


def layers(policy: Policy, keep_fds: tuple[int, ...]) -> dict[str, Callable[[], None]]:
    """The layers by name, in order: each leaves the later ones what they need."""
    return {
        "descriptors": lambda: close_descriptors(keep_fds),
        "environment": lambda: empty_environment(policy.workdir),
        "workdir": lambda: os.chdir(policy.workdir),
        "limits": lambda: limit_resources(policy),
        "user": lambda: become_user(policy),
        "processes": lambda: limit_processes(policy),
        "capabilities": drop_capabilities,
        "privileges": refuse_new_privileges,
        "landlock": lambda: restrict_files(policy),
        "seccomp": lambda: filter_system_calls(policy),
    }


def protects_secrets(report: dict[str, str]) -> bool:
    """Whether a student could neither read the hidden tests nor write results.

    Another uid suffices for files of mode 0700 and 0600, as `run_autograder` makes them; `weakness` asks about others. Whoever keeps
    the grader's uid owns those files, even without capabilities: there Landlock must refuse them. Without seccomp a packet could carry
    away an answer of ours that was lent to a question.
    """
    always = {"descriptors", "environment", "capabilities", "privileges", "seccomp"}
    held = applied(report)
    return always <= held and not held.isdisjoint({"user", "landlock"})


def applied(report: dict[str, str]) -> frozenset[str]:
    """The layers that hold."""
    return frozenset(name for name, outcome in report.items() if outcome == "applied")


def weakness(report: dict[str, str], secrets: Iterable[Path]) -> str:
    """How a student could read one of `secrets` or write results, and what to do about it; nothing if they could not."""
    if not protects_secrets(report):
        return "; ".join(f"{name} is {outcome}" for name, outcome in report.items() if outcome != "applied")
    exposed = [] if report["landlock"] == "applied" else [str(path) for path in secrets if open_to_others(path)]
    return f"without Landlock whatever every user can read; say chmod go-rwx {' '.join(exposed)}" if exposed else ""


# --- the layers -----------------------------------------------------------------------------------------------------


def close_descriptors(keep: tuple[int, ...]) -> None:
    """Nothing inherited but `keep`, and no terminal that could be typed into."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in {0, 1, 2}.difference(keep):
        os.dup2(nothing, standard)
    for descriptor in {int(name) for name in os.listdir("/proc/self/fd")}.difference(keep, {0, 1, 2}):
        with suppress(OSError):  # the one that listed the folder is closed already
            os.close(descriptor)
    if os.getsid(0) != os.getpid():
        os.setsid()


def empty_environment(home: Path) -> None:
    """No variable of the grader's, neither in os.environ nor in the block of memory the kernel put them in."""
    os.environ.clear()
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(fields[47]), int(fields[48])  # env_start and env_end, the 50th and 51st field
    ctypes.memset(start, 0, end - start)
    os.environ.update(MINIMAL_ENVIRONMENT, OMP_NUM_THREADS="1", HOME=str(home), TMPDIR=str(home))
    tempfile.tempdir = None  # the grader's, remembered


def limit_resources(policy: Policy) -> None:
    """Hard limits: without capabilities nobody can raise them again."""
    page = resource.getpagesize()
    mapped, _, _, _, _, data, _ = (int(pages) * page for pages in Path("/proc/self/statm").read_text().split())
    limits = {
        resource.RLIMIT_CPU: policy.cpu_seconds + 1,
        resource.RLIMIT_DATA: data + policy.memory_bytes,
        resource.RLIMIT_AS: mapped + policy.memory_bytes + RESERVED_ADDRESSES,  # shared memory counts only here
        resource.RLIMIT_FSIZE: policy.file_bytes,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_RTPRIO: 0,
        resource.RLIMIT_SIGPENDING: 64,  # counted per uid: a kept one is somebody's
    }
    for kind, wanted in limits.items():
        _lower(kind, wanted)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (hard - 1, hard))  # SIGXCPU tells it from other deaths, then SIGKILL
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard - policy.memory_bytes // KEPT_BACK, hard))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # should memory run out, let it be this process that goes


def give_memory(all_but: int | None = None) -> None:
    """Let this process use half of the memory that is kept back from it, or all but so much: who fills theirs leaves room for what follows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_DATA, ((soft + hard) // 2 if all_but is None else hard - all_but, hard))


def _lower(kind: int, wanted: int) -> None:
    """Set a limit for good; one that is stricter already stays."""
    _, hard = resource.getrlimit(kind)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (value, value))


def become_user(policy: Policy) -> None:
    """A uid of its own, if it could still run Python: torch imports lazily."""
    if policy.uid is None:
        raise Unavailable("no uid was asked for")
    if os.geteuid() != 0:
        raise Unavailable("only root can change its uid")
    for path in (policy.workdir.parent, *policy.readable, *python_folders(), Path(sys.executable)):
        if closed := closed_to_others(path, to_pass=path == policy.workdir.parent):
            raise Unavailable(f"another uid could not use {path}: {closed} is closed to it")
    signal_at_death = ctypes.c_int()
    prctl(PR_GET_PDEATHSIG, ctypes.byref(signal_at_death))
    os.chown(policy.workdir, policy.uid, policy.uid)
    os.chmod(policy.workdir, 0o700)
    os.setgroups([])
    os.setresgid(policy.uid, policy.uid, policy.uid)
    os.setresuid(policy.uid, policy.uid, policy.uid)
    prctl(PR_SET_PDEATHSIG, signal_at_death.value)  # a change of uid clears it


def limit_processes(policy: Policy) -> None:
    """The limit counts all tasks of a uid, so a kept one's own come on top."""
    if os.getuid() == policy.uid:
        _lower(resource.RLIMIT_NPROC, policy.processes)
    elif os.getuid() == 0:
        raise Unavailable("no such limit binds root; with its uid kept, seccomp lets it start no process")
    else:
        _lower(resource.RLIMIT_NPROC, tasks_of(os.getuid()) + policy.processes)


def drop_capabilities() -> None:
    """No capability now, and none that executing a program would bring back to root."""
    with suppress(OSError):  # needs CAP_SETPCAP; whoever lacks it has, with no_new_privs, no way back either
        for capability in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text()) + 1):
            prctl(PR_CAPBSET_DROP, capability)
        prctl(PR_SET_SECUREBITS, NO_WAY_BACK)
    with suppress(OSError):  # before Linux 4.3 there were none
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, twice 32 bits
    checked(libc.capset(header, nothing))


def refuse_new_privileges() -> None:
    """Setuid programs lend nothing, and other processes of this uid cannot trace this one."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_DUMPABLE, 0)


def restrict_files(policy: Policy) -> None:
    """Python, the system's libraries and the public folders can be read; only the working directory written."""
    system = (*SYSTEM_LIBRARIES, *SYSTEM_PROGRAMS, *SYSTEM_FACTS)
    read = [*python_folders(), *map(Path, system), *policy.readable]
    landlock.restrict(read, work=[policy.workdir], devices=map(Path, DEVICES))


def filter_system_calls(policy: Policy) -> None:
    """With a uid of its own it may start processes, and do as it likes with its own files."""
    seccomp.install(os.getpid(), kept_uid=os.getuid() != policy.uid)


# --- what the layers ask ----------------------------------------------------------------------------------------------


@cache
def python_folders() -> list[Path]:
    """Where this Python, its libraries and its packages lie. A parent that asks once spares each child 3 ms."""
    prefixes = {sys.prefix, sys.base_prefix}
    folders = {os.path.join(prefix, name) for prefix in prefixes for name in ("bin", "lib", "lib64")}
    folders |= {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    if site.ENABLE_USER_SITE:
        folders.add(site.getusersitepackages())
    if torch := sys.modules.get("torch"):
        package = Path(str(torch.__file__)).parent
        folders |= {str(package), str(package.parent)}
    return [Path(folder) for folder in sorted(folders) if os.path.exists(folder)]


def closed_to_others(path: Path, to_pass: bool = False) -> Path | None:
    """What a stranger could not pass through on the way to a folder or program, or not read at its end."""
    for real in {path.absolute(), path.resolve()}:
        for step in (*reversed(real.parents), real):
            needed = stat.S_IXOTH if step != real or to_pass else stat.S_IXOTH | stat.S_IROTH
            if step.stat().st_mode & needed != needed:
                return step
    return None


def open_to_others(path: Path) -> bool:
    """Whether a stranger could read a file, or what lies in a folder."""
    real = path.resolve()
    needed = stat.S_IXOTH if real.is_dir() else stat.S_IROTH
    return bool(real.stat().st_mode & needed) and all(parent.stat().st_mode & stat.S_IXOTH for parent in real.parents)
