"""Submits a zip with links, absolute paths and paths that climb out, one of them onto results.json."""

import stat
import zipfile

from autograder.proof.arena.cells import notebook

CELLS = []


def build(folder, cells):
    scene = folder.parent.parent
    with zipfile.ZipFile(folder / "vae.zip", "w") as archive:
        archive.writestr("vae.ipynb", notebook(cells))
        for name in ("../../../results/links_in_a_zip/results.json", f"{scene}/results/links_in_a_zip/results.json"):
            archive.writestr(name, '{"score": 100}')
        for name, target in (("evil.ipynb", f"{scene}/assignment/questions/q5_kl/hidden_tests.py"), ("folder", "/")):
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, target)
