"""The return is missing."""

ANSWER = """\
def gaussian_kl(mu, logvar):
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)
"""


def build(folder, book):
    book.define("gaussian_kl", ANSWER)
    book.save(folder / "vae.ipynb")
