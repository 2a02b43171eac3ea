"""Submits symbolic links to the hidden tests beside, and instead of, a notebook."""

from pathlib import Path

CELLS = []


def build(folder, cells):
    scene = folder.parent.parent
    (folder / "vae.ipynb").symlink_to(scene / "assignment/questions/q5_kl/hidden_tests.py")
    (folder / "tests").symlink_to(scene / "assignment")
    (folder / "metadata.ipynb").symlink_to(scene / "submission_metadata.json")
    Path(folder / "loop").symlink_to(folder)
