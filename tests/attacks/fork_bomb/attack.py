"""Forks without end, in Python and in the shell."""

CELLS = [
    r"""
import os
try:
    while True:
        os.fork()
except OSError:
    pass
""",
    r"""
import subprocess
try:
    subprocess.run(["/bin/sh", "-c", ":(){ :|:& };:"], timeout=2)
except Exception:
    pass
""",
]
