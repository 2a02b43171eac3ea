"""A cell ends the process the hard way."""


def build(folder, book):
    book.insert("import os\nos._exit(0)")
    book.save(folder / "vae.ipynb")
