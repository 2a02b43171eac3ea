"""A cell never ends."""


def build(folder, book):
    book.insert("while True:\n    pass")
    book.save(folder / "vae.ipynb")
