"""A function was given another name."""


def build(folder, book):
    book.edit("def gaussian_kl(", "def gaussian_KL(")
    book.save(folder / "vae.ipynb")
