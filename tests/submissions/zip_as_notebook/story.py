"""A zip was renamed to .ipynb."""

import zipfile


def build(folder, book):
    with zipfile.ZipFile(folder / "vae.ipynb", "w") as archive:
        archive.writestr("vae.ipynb", book.text())
