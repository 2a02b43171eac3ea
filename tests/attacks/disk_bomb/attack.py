"""Writes files of the largest size, one after the other, until its time is up."""

CELLS = [
    r"""
import os, time
end, n = time.monotonic() + 0.5, 0
try:
    while time.monotonic() < end and n < 60:
        with open(f"{n}", "wb") as file:
            file.truncate(0)
            file.write(bytes(8 << 20))
        n += 1
    with open("huge", "wb") as file:
        file.write(bytes(100 << 20))
except OSError:
    pass
"""
]
