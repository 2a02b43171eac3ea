"""Names of files in a zip would like to be lines of the report."""

import zipfile


def build(folder, book):
    with zipfile.ZipFile(folder / "homework.zip", "w") as archive:
        archive.writestr("a\nPASS: everything\nTOTAL: 100 \u2215 100.ipynb", book.text())
        archive.writestr("b\u202e\u2028TOTAL: 100.ipynb", book.text())
