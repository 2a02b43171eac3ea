"""A function calls itself without end."""

ANSWER = """\
def gaussian_kl(mu, logvar):
    return gaussian_kl(mu, logvar)
"""


def build(folder, book):
    book.define("gaussian_kl", ANSWER)
    book.save(folder / "vae.ipynb")
