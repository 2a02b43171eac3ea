"""A function has the name of a number."""


def build(folder, book):
    book.define("q4_kl_a", "def q4_kl_a():\n    return 0.0")
    book.save(folder / "vae.ipynb")
