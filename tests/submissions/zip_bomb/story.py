"""Some megabytes of zip hold a gigabyte of spaces that call themselves a notebook."""

import zipfile


def build(folder, book):
    with zipfile.ZipFile(folder / "homework.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("vae.ipynb", "w", force_zip64=True) as member:
            for _ in range(1024):
                member.write(b" " * (1 << 20))
