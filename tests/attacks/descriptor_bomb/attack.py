"""Opens descriptors of every kind until none are left, also those its own answers would need."""

CELLS = [
    r"""
import os, socket
kept = []
try:
    while True:
        kept += [os.pipe(), os.open("/dev/null", os.O_RDONLY), socket.socketpair()]
except OSError:
    pass
"""
]
