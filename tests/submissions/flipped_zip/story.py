"""A byte of a zip was damaged on its way: its check sum does not fit."""

import zipfile


def build(folder, book):
    with zipfile.ZipFile(folder / "homework.zip", "w") as archive:
        archive.writestr("vae.ipynb", book.text())
    whole = bytearray((folder / "homework.zip").read_bytes())
    whole[1000] ^= 1
    (folder / "homework.zip").write_bytes(whole)
