"""A function calls itself without end."""

KL = """\
def gaussian_kl(mu, logvar):
    return gaussian_kl(mu, logvar)
"""


def build(folder, book):
    book.define("gaussian_kl", KL)
    book.save(folder / "vae.ipynb")
