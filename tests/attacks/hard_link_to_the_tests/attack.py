"""Submits a hard link to the hidden tests as its notebook, so that an error message might quote them."""

import os

CELLS = []


def build(folder, cells):
    os.link(folder.parent.parent / "assignment/questions/q5_kl/hidden_tests.py", folder / "vae.ipynb")
