"""The notebook of last week's assignment, which says so."""


def build(folder, book):
    book.edit("# Assignment: vae", "# Assignment: gan")
    book.save(folder / "vae.ipynb")
