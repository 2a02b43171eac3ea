"""Everything is answered as we answer it."""


def build(folder, book):
    book.save(folder / "vae.ipynb")
