"""Makes as many empty files, links and folders as its time allows."""

CELLS = [
    r"""
import os, time
end, n = time.monotonic() + 1, 0
try:
    while time.monotonic() < end:
        open(f"f{n}", "w").close()
        os.symlink("/", f"l{n}")
        n += 1
except OSError:
    pass
"""
]
