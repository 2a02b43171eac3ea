"""Signals every process it can think of, to end the grading of another student, or of everybody."""

VICTIM = True
OTTER = "no results"
OTTER_CELLS = ["import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"]
CELLS = [
    r"""
import os, signal, time
mine = os.getpid()
end = time.monotonic() + 1.2
while time.monotonic() < end:
    for pid in [os.getppid(), *range(mine - 300, mine + 300)]:
        if pid > 1 and pid != mine:
            for how in (signal.SIGKILL, signal.SIGSTOP):
                try:
                    os.kill(pid, how)
                except OSError:
                    pass
    for group in (0, -1, -os.getppid()):
        try:
            if group != 0:
                os.kill(group, signal.SIGSTOP)
        except OSError:
            pass
    time.sleep(0.05)
"""
]
