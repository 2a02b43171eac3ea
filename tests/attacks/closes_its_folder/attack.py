"""Leaves its working directory closed, with files nobody may remove."""

CELLS = [
    r"""
import os
os.makedirs("a/b/c")
open("a/b/c/file", "w").write("x")
for path in ("a/b/c/file", "a/b/c", "a/b", "a", "."):
    try:
        os.chmod(path, 0)
    except OSError:
        pass
"""
]
