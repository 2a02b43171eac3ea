"""An editor on Windows saved the notebook in UTF-16."""


def build(folder, book):
    (folder / "vae.ipynb").write_text(book.text(), encoding="utf-16")
