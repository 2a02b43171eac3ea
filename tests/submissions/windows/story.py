"""Saved on Windows: a byte order mark, and carriage returns in the file and in every cell."""


def build(folder, book):
    for cell in book.cells:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    (folder / "vae.ipynb").write_bytes(b"\xef\xbb\xbf" + book.text().replace("\n", "\r\n").encode())
