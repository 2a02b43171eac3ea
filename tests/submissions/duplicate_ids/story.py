"""A cell was copied with its id; all have the same now."""


def build(folder, book):
    for cell in book.cells:
        cell["id"] = "same"
    book.save(folder / "vae.ipynb")
