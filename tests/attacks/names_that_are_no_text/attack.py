"""Gives its process, and those that outlive it, names that are no text, so that whoever reads the list of processes stumbles."""

VICTIM = True
CELLS = [
    r"""
import ctypes, os, time
libc = ctypes.CDLL(None)
libc.prctl(15, b"\xff\xfe\nPPid:\t1\nUid:\t0", 0, 0, 0)
for _ in range(2):
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(60)
            os._exit(0)
    except OSError:
        pass
try:
    open("/proc/self/comm", "wb").write(b"\xff")
except OSError:
    pass
time.sleep(2)
"""
]
