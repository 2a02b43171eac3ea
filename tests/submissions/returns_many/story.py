"""A function returns thousands of tensors."""

KL = """\
def gaussian_kl(mu, logvar):
    return [mu.sum()] * 2000
"""


def build(folder, book):
    book.define("gaussian_kl", KL)
    book.save(folder / "vae.ipynb")
