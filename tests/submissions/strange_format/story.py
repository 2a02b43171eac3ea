"""The notebook's format is a list of lists of lists."""


def build(folder, book):
    deep = "[" * 900 + "]" * 900
    (folder / "vae.ipynb").write_text(book.text().replace('"nbformat": 4', f'"nbformat": {deep}'), encoding="utf-8")
