"""A cell of the student's own raises an error; it matters to no question."""


def build(folder, book):
    book.insert("1 / 0")
    book.save(folder / "vae.ipynb")
