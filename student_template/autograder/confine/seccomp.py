"""A seccomp filter: the system calls a student's process is refused, whatever its uid.

The filter is a small BPF program, assembled here by hand; it needs nothing but libc. Refusals come back as EPERM, so
that honest code sees a PermissionError and goes on. Calls younger than this list, and those of another architecture
(i386, x32), come back as ENOSYS, on which libraries fall back to an older call. A few are *ignored*: they come back
as done and are not, since honest code makes them in passing (shutil.copy also copies the mode).

What Landlock does not judge is refused to everybody: a file's mode, owner, times, attributes, and its length unless it
is opened to write. Two kinds of process are told apart. One with a uid of its own may start processes and signal them.
One that *kept* its uid could signal the grader, so it may signal nobody but itself, and start no process
(RLIMIT_NPROC does not bind root). Threads stay allowed.
"""

import ctypes
import errno
import os
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder.confine.libc import (
    PR_SET_CHILD_SUBREAPER,
    PR_SET_DUMPABLE,
    PR_SET_PDEATHSIG,
    PR_SET_SECCOMP,
    SECCOMP_MODE_FILTER,
    prctl,
)

# name:number on x86_64:number on aarch64 ("-" where the architecture has no such call).
REFUSED = {
    "talk to the network, or to another program's socket": """
        socket:41:198 connect:42:203 bind:49:200 listen:50:201 accept:43:202 accept4:288:242""",
    "look into another process, or through the kernel": """
        ptrace:101:117 process_vm_readv:310:270 process_vm_writev:311:271 kcmp:312:272 perf_event_open:298:241
        userfaultfd:323:282 bpf:321:280 lookup_dcookie:212:18 move_pages:279:239 migrate_pages:256:238""",
    "change a file by another way than opening it to write: Landlock does not judge these, or did not before Linux 6.2": """
        chown:92:- fchown:93:55 lchown:94:- fchownat:260:54 utime:132:- utimes:235:- futimesat:261:- utimensat:280:88
        setxattr:188:5 lsetxattr:189:6 fsetxattr:190:7 removexattr:197:14 lremovexattr:198:15 fremovexattr:199:16
        truncate:76:45""",
    "use the keys of the session": "add_key:248:217 request_key:249:218 keyctl:250:219",
    "enter or make namespaces, mount": """
        unshare:272:97 setns:308:268 mount:165:40 umount2:166:39 pivot_root:155:41 chroot:161:51 swapon:167:224
        swapoff:168:225 quotactl:179:60 acct:163:89""",
    "open or watch files by another way than their path": """
        name_to_handle_at:303:264 open_by_handle_at:304:265 fanotify_init:300:262 fanotify_mark:301:263
        inotify_init:253:- inotify_init1:294:26 inotify_add_watch:254:27""",
    "leave behind what outlives the process": """
        shmget:29:194 shmat:30:196 shmctl:31:195 msgget:68:186 msgsnd:69:189 msgrcv:70:188 msgctl:71:187 semget:64:190
        semop:65:193 semtimedop:220:192 semctl:66:191 mq_open:240:180 mq_unlink:241:181""",
    "hold memory that no limit counts": "memfd_create:319:279",
    "change the kernel or the machine": """
        kexec_load:246:104 kexec_file_load:320:294 init_module:175:105 finit_module:313:273 delete_module:176:106
        create_module:174:- reboot:169:142 syslog:103:116 settimeofday:164:170 clock_settime:227:112 adjtimex:159:171
        clock_adjtime:305:266 sethostname:170:161 setdomainname:171:162 iopl:172:- ioperm:173:- modify_ldt:154:-
        vhangup:153:58 nfsservctl:180:42 uselib:134:- _sysctl:156:- personality:135:92 ioprio_set:251:30
        setpriority:141:140""",
}
# A lock on a file that everybody may read is a signal to everybody.
IGNORED = "flock:73:32 chmod:90:- fchmod:91:52 fchmodat:268:53"
UNSUPPORTED = (
    "getxattr:191:8 lgetxattr:192:9 fgetxattr:193:10 listxattr:194:11 llistxattr:195:12 flistxattr:196:13"  # said of a file system
)
REFUSED_WITH_A_KEPT_UID = {
    "start processes (clone, for threads, is judged by its flags)": "fork:57:- vfork:58:-",
    "signal a thread without naming its process": "tkill:200:130",
}
JUDGED_BY_ARGUMENTS = """
    socketpair:53:199 sendto:44:206 clone:56:220 ioctl:16:29 fcntl:72:25 prctl:157:167 prlimit64:302:261 kill:62:129
    tgkill:234:131 rt_sigqueueinfo:129:138 rt_tgsigqueueinfo:297:240 sched_setaffinity:203:122
    sched_setscheduler:144:119 sched_setparam:142:118 sched_setattr:314:274 open:2:- openat:257:56"""

# From here on a call has the same number everywhere. The list is of those allowed, so clone3 and openat2 (whose flags lie out of a
# filter's sight), io_uring, pidfd_*, the new mount calls, fchmodat2, setxattrat and all that is yet to come are refused.
FIRST_COMMON_NUMBER = 424
ALLOWED_COMMON = {
    "close_range": 436,
    "faccessat2": 439,
    "epoll_pwait2": 441,
    "futex_waitv": 449,
    "cachestat": 451,
    "futex_wake": 454,
    "futex_wait": 455,
    "futex_requeue": 456,
    "mseal": 462,
}

# What the header files call them; Python has no names for these.
CLONE_THREAD = 0x00010000
CLONE_FOREIGN = 0x7E028000  # CLONE_NEWNS … CLONE_NEWNET, and CLONE_PARENT: a child that would be our parent's
TERMINAL_REQUESTS, TIOCSTI, TIOCLINUX = 0x5400, 0x5412, 0x541C  # those two type into somebody's terminal
F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY = 8, 10, 15, 1024, 1026  # the first three send signals
LOCKS = (5, 6, 7, 36, 37, 38)  # F_GETLK, F_SETLK, F_SETLKW, and the same of open files; ignored as flock is

NEITHER = os.O_ACCMODE  # opened neither to read nor to write
EMPTIED = (os.O_TRUNC | os.O_RDONLY, os.O_TRUNC | NEITHER)  # at first Landlock asked nothing of who opens like this

LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06  # BPF's operation codes
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
REFUSAL = errno.EPERM
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16  # offsets in struct seccomp_data
WORD = 0xFFFFFFFF


Instruction = tuple[int, int, int, int]  # operation, steps to jump if true, if false, operand


@dataclass(frozen=True)
class Machine:
    """An architecture we have a table for."""

    audit: int
    column: int


MACHINES = {"x86_64": Machine(0xC000003E, 0), "aarch64": Machine(0xC00000B7, 1)}


@dataclass(frozen=True)
class Argument:
    """A condition on one argument: `argument & mask` must be one of `only`, and none of `never`; else `answer`, or a refusal."""

    argument: int
    only: tuple[int, ...] = ()
    never: tuple[int, ...] = ()
    mask: int = WORD
    upper_half: bool = False
    answer: int | None = None


def numbers(table: str, machine: Machine) -> dict[str, int]:
    """The calls of a table that this machine has, with their numbers."""
    rows = (entry.split(":") for entry in table.split())
    return {name: int(columns[machine.column]) for name, *columns in rows if columns[machine.column] != "-"}


def answers(machine: Machine, kept_uid: bool) -> dict[int, int]:
    """Every call that gets the same answer whatever its arguments: an error, or 0 for one that is ignored."""
    tables = [*((table, REFUSAL) for table in REFUSED.values()), (IGNORED, 0), (UNSUPPORTED, errno.ENOTSUP)]
    if kept_uid:
        tables += [(table, REFUSAL) for table in REFUSED_WITH_A_KEPT_UID.values()]
    return {number: answer for table, answer in tables for number in numbers(table, machine).values()}


def argument_checks(pid: int, kept_uid: bool) -> dict[str, list[Argument]]:
    """The calls that honest code needs, and what must hold of their arguments."""
    oneself = [Argument(0, only=(0, pid))]
    not_everyone = [Argument(0, only=(pid,))] if kept_uid else [Argument(0, never=(WORD,))]  # WORD is pid -1
    namespaces = [Argument(0, only=(0,), mask=CLONE_FOREIGN)]
    unwritten = Argument(2, never=(NEITHER, *EMPTIED), mask=os.O_ACCMODE | os.O_TRUNC)
    threads = [Argument(0, only=(CLONE_THREAD,), mask=CLONE_THREAD)] if kept_uid else []
    return {
        # A datagram socket could still be sent anywhere by name. asyncio wants a pair of streams for itself.
        "socketpair": [Argument(0, only=(socket.AF_UNIX,)), Argument(1, only=(socket.SOCK_STREAM,), mask=0xF)],
        "sendto": [Argument(4, only=(0,)), Argument(4, only=(0,), upper_half=True)],  # send() is sendto() without address
        "clone": namespaces + threads,
        "ioctl": [Argument(1, only=(TERMINAL_REQUESTS,), mask=0xFF00), Argument(1, never=(TIOCSTI, TIOCLINUX))],
        "fcntl": [Argument(1, never=(F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY)), Argument(1, never=LOCKS, answer=0)],
        "prctl": [Argument(0, never=(PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER))],
        "kill": not_everyone,
        "rt_sigqueueinfo": not_everyone,
        **({"tgkill": not_everyone, "rt_tgsigqueueinfo": not_everyone} if kept_uid else {}),
        "open": [replace(unwritten, argument=1)],
        "openat": [unwritten],
        **dict.fromkeys(("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"), oneself),
    }


def program(machine: Machine, pid: int, kept_uid: bool) -> list[Instruction]:
    """The whole filter: architecture, then young calls, then refused ones, then those judged by their arguments."""
    code: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (EQUAL, 1, 0, machine.audit),
        _answer(errno.ENOSYS),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    young: list[Instruction] = []
    for number in ALLOWED_COMMON.values():
        young += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    young.append(_answer(errno.ENOSYS))
    code += [(AT_LEAST, 0, len(young), FIRST_COMMON_NUMBER), *young]  # an x32 call has bit 30 set: young as well
    for number, answer in answers(machine, kept_uid).items():
        code += [(EQUAL, 0, 1, number), _answer(answer)]
    judged = numbers(JUDGED_BY_ARGUMENTS, machine)
    for name, checks in argument_checks(pid, kept_uid).items():
        if name not in judged:  # aarch64 has no open
            continue
        block = [step for check in checks for step in _assemble(check)] + [(RETURN, 0, 0, ALLOW)]
        code += [(EQUAL, 0, len(block), judged[name]), *block]
    return [*code, (RETURN, 0, 0, ALLOW)]


def _answer(error: int) -> Instruction:
    return (RETURN, 0, 0, ERRNO | error)


def _assemble(check: Argument) -> Iterator[Instruction]:
    """Falls through when the check holds."""
    yield (LOAD, 0, 0, ARGUMENTS_AT + 8 * check.argument + 4 * check.upper_half)  # both machines are little-endian
    yield (AND, 0, 0, check.mask)
    refusal = _answer(REFUSAL if check.answer is None else check.answer)
    for value in check.never:
        yield (EQUAL, 0, 1, value)
        yield refusal
    for left, value in zip(range(len(check.only), 0, -1), check.only, strict=True):
        yield (EQUAL, left, 0, value)
    if check.only:
        yield refusal


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def this_machine() -> Machine | None:
    """The table's column for the running interpreter; None where we have none (another machine, 32 bits)."""
    return MACHINES.get(os.uname().machine) if ctypes.sizeof(ctypes.c_void_p) == 8 else None


def install(pid: int, kept_uid: bool) -> None:
    """Put this thread, and all that it starts, under the filter for good. Needs no_new_privs."""
    machine = this_machine()
    if machine is None:
        raise OSError(errno.ENOSYS, f"no table of system calls for {os.uname().machine}")
    load(program(machine, pid, kept_uid))


def load(instructions: list[Instruction]) -> None:
    """Hand a program to the kernel."""
    code = b"".join(struct.pack("HBBI", *step) for step in instructions)
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(_Program(len(instructions), code)))
