"""The upload of a zip was cut off."""

import zipfile


def build(folder, book):
    with zipfile.ZipFile(folder / "homework.zip", "w") as archive:
        archive.writestr("vae.ipynb", book.text())
    whole = (folder / "homework.zip").read_bytes()
    (folder / "homework.zip").write_bytes(whole[: len(whole) // 2])
