"""A number has the name of a function."""


def build(folder, book):
    book.define("gaussian_kl", "gaussian_kl = torch.zeros(3)")
    book.save(folder / "vae.ipynb")
