"""Submits a small zip whose notebook unpacks to hundreds of megabytes."""

import zipfile

CELLS = []


def build(folder, cells):
    with zipfile.ZipFile(folder / "vae.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        with archive.open("vae.ipynb", "w", force_zip64=True) as file:
            for _ in range(300):
                file.write(b" " * (1 << 20))
