"""Only the script was downloaded."""


def build(folder, book):
    (folder / "vae.py").write_text(book.code)
