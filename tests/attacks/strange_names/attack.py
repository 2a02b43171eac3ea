"""Submits a notebook and files whose names climb out of folders, hold escapes or are no text."""

import os

from autograder.proof.arena.cells import notebook

CELLS = []


def build(folder, cells):
    (folder / "\x1b[31m..\\..\\results\n.ipynb").write_text(notebook(cells))
    for name in ("...", "$(touch pwned)", "`id`", "-rf", "a" * 250, "\u202egnp.exe"):
        (folder / name).write_text("x")
    with open(os.fsencode(folder) + b"/\xff\xfe", "w") as file:
        file.write("x")
