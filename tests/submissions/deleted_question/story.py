"""The answer to question 5 was deleted; questions 6 and 8 lean on it and are judged with ours."""


def build(folder, book):
    book.delete("q5")
    book.save(folder / "vae.ipynb")
