"""The file has another name, with letters that ASCII lacks."""


def build(folder, book):
    book.save(folder / "Übung 6 – Łukasz 李 (final) (2).ipynb")
