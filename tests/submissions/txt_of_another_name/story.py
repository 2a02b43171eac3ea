"""The notebook was saved as a text file of its own name."""


def build(folder, book):
    book.save(folder / "my homework.txt")
