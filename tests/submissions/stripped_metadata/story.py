"""An editor threw away ids, tags and all metadata."""


def build(folder, book):
    book.metadata.clear()
    for cell in book.cells:
        del cell["id"]
        cell["metadata"] = {}
    book.save(folder / "vae.ipynb")
