"""A browser took the notebook for JSON, downloaded it twice, and it was zipped."""

import zipfile


def build(folder, book):
    with zipfile.ZipFile(folder / "homework.zip", "w") as archive:
        archive.writestr("homework/VAE.IPYNB (1).json", book.text())
        archive.writestr("homework/notes.txt", "done at last")
