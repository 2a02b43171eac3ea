"""Two megabytes of zip hold two gigabytes of spaces that call themselves a notebook."""

import zipfile


def build(folder, book):
    with zipfile.ZipFile(folder / "homework.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("vae.ipynb", "w", force_zip64=True) as member:
            for _ in range(2048):
                member.write(b" " * (1 << 20))
