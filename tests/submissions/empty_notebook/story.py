"""A new notebook, without any cell."""


def build(folder, book):
    book.cells.clear()
    book.save(folder / "vae.ipynb")
