"""The file has no bytes: the disk was full."""


def build(folder, book):
    (folder / "vae.ipynb").write_bytes(b"")
