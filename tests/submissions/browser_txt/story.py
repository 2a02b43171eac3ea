"""A browser took the notebook for text and called it so."""


def build(folder, book):
    book.save(folder / "vae.ipynb.txt")
