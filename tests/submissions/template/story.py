"""The notebook as it was handed out."""

from book import Book


def build(folder, book):
    Book(book.assignment, solved=False).save(folder / "vae.ipynb")
