"""Submits folders nested so deep that walking them overflows the stack or the longest path."""

import os

from autograder.proof.arena.cells import notebook

CELLS = []


def build(folder, cells):
    (folder / "vae.ipynb").write_text(notebook(cells))
    (folder / ("d/" * 1900)).mkdir(parents=True) if False else None
    here = os.open(folder, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
