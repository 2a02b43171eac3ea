"""The notebook was zipped."""

import zipfile


def build(folder, book):
    with zipfile.ZipFile(folder / "homework.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("homework/vae.ipynb", book.text())
        archive.writestr("__MACOSX/homework/._vae.ipynb", b"\x00\x05\x16\x07")
