"""A zip whose members want to be written elsewhere."""

import zipfile


def build(folder, book):
    with zipfile.ZipFile(folder / "homework.zip", "w") as archive:
        archive.writestr("../../../../tmp/evil.py", "raise SystemExit")
        archive.writestr("/etc/cron.d/evil", "* * * * * root true")
        archive.writestr("../../vae.ipynb", book.text())
