"""Forks twice, leaves its session, ignores every signal, and hopes to outlive the grader."""

CELLS = [
    r"""
import os, signal, time
try:
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for number in signal.valid_signals():
                    try:
                        signal.signal(number, signal.SIG_IGN)
                    except OSError:
                        pass
                time.sleep(60)
            os._exit(0)
except OSError:
    pass
"""
]
