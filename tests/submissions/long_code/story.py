"""A data set was pasted into a cell."""


def build(folder, book):
    book.append("data = [" + "0.12345, " * 100_000 + "]")
    book.save(folder / "vae.ipynb")
