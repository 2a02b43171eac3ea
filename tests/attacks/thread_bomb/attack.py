"""Starts threads without end."""

CELLS = [
    r"""
import _thread, threading, time
threading.stack_size(1 << 16)
gate = threading.Lock()
gate.acquire()
started = 0
try:
    while started < 20000:
        _thread.start_new_thread(gate.acquire, ())
        started += 1
except Exception:
    pass
"""
]
